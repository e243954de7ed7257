#include "emit.hpp"

#include <algorithm>
#include <cstdio>

namespace kangqu::synth {

Emitter::Emitter(SynthSink& sink, const Texts& texts) : sink_(sink), texts_(texts) {
    writer_.emplace(meta_);
    writer_->BeginObject().Key("tag").BeginArray();
    Coding("urn:kangqu:tag", "synthetic", texts_["tag.synthetic"]);
    writer_->EndArray().EndObject();
}

core::JsonWriter& Emitter::Begin(std::string_view type, std::string_view id) {
    buffer_.clear();
    writer_.emplace(buffer_);
    type_ = type;
    writer_->BeginObject().Field("resourceType", type).Field("id", id);
    writer_->Key("meta").Raw(meta_);
    return *writer_;
}

void Emitter::End() {
    writer_->EndObject();
    if (!status_) {
        return;
    }
    status_ = sink_.Put(type_, buffer_);
    if (!status_) {
        return;
    }
    const auto found = std::find_if(counts_.begin(), counts_.end(), [this](const auto& count) {
        return count.first == type_;
    });
    if (found == counts_.end()) {
        counts_.emplace_back(type_, 1);
    } else {
        ++found->second;
    }
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

std::string DateText(Day day) {
    return core::FormatDate(core::CivilOf(day));
}

std::string TimeText(Day day, int minute) {
    char buffer[24];
    std::snprintf(buffer, sizeof buffer, "T%02d:%02d:00+08:00", minute / 60 % 24, minute % 60);
    return DateText(day) + buffer;
}

}  // namespace kangqu::synth
