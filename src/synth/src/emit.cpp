#include "emit.hpp"

namespace kangqu::synth {

std::string SyntheticMeta(const Texts& texts) {
    std::string meta;
    core::JsonWriter writer(meta);
    writer.BeginObject().Key("tag").BeginArray().BeginObject();
    writer.Field("system", "urn:kangqu:tag").Field("code", "synthetic");
    writer.Field("display", texts["tag.synthetic"]).EndObject().EndArray().EndObject();
    return meta;
}

Emitter::Emitter(const Texts& texts, const Templates& templates)
    : texts_(texts), templates_(templates), meta_(SyntheticMeta(texts)) {}

void Emitter::WriteTo(Chunk& chunk) {
    chunk_ = &chunk;
}

void Emitter::Put(const Template& made, const Fill& fill) {
    made.Append(fill, chunk_->bytes);
    chunk_->lines.push_back({made.type(), chunk_->bytes.size()});
}

core::JsonWriter& Emitter::Begin(std::string_view type, std::string_view id) {
    writer_.emplace(chunk_->bytes);
    type_ = type;
    writer_->BeginObject().Field("resourceType", type).Field("id", id);
    writer_->Key("meta").Raw(meta_);
    return *writer_;
}

void Emitter::End() {
    writer_->EndObject();
    chunk_->lines.push_back({type_, chunk_->bytes.size()});
}

void Emitter::Reference(std::string_view key, std::string_view type, std::string_view id) {
    std::string target(type);
    target.append("/").append(id);
    if (!key.empty()) {
        writer_->Key(key);
    }
    writer_->BeginObject().Field("reference", target).EndObject();
}

void Emitter::Concept(
    std::string_view key,
    std::string_view system,
    std::string_view code,
    std::string_view text
) {
    writer_->Key(key);
    ConceptElement(system, code, text);
}

void Emitter::ConceptElement(
    std::string_view system,
    std::string_view code,
    std::string_view text
) {
    writer_->BeginObject().Key("coding").BeginArray();
    Coding(system, code, text);
    writer_->EndArray();
    if (!text.empty()) {
        writer_->Field("text", text);
    }
    writer_->EndObject();
}

void Emitter::Coding(std::string_view system, std::string_view code, std::string_view text) {
    writer_->BeginObject().Field("system", system).Field("code", code);
    if (!text.empty()) {
        writer_->Field("display", text);
    }
    writer_->EndObject();
}

void Emitter::Identifier(
    std::string_view system,
    std::string_view value,
    std::string_view type_text
) {
    writer_->BeginObject().Key("type").BeginObject().Field("text", type_text).EndObject();
    writer_->Field("system", system).Field("value", value).EndObject();
}

}  // namespace kangqu::synth
