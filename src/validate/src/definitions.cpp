#include "kangqu/validate/definitions.hpp"

#include "embedded.hpp"
#include <string>

#include <zlib.h>

namespace kangqu::validate {

namespace {

std::string Unpacked() {
    std::string text(kEmbeddedSize, '\0');
    z_stream stream{};
    // 16: a gzip header.
    KQ_CHECK(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK, "zlib");
    stream.next_in = const_cast<Bytef*>(kEmbedded.data());  // zlib does not write there
    stream.avail_in = static_cast<uInt>(kEmbedded.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    const int done = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    KQ_CHECK(done == Z_STREAM_END && stream.avail_out == 0, "the built-in definitions are broken");
    return text;
}

}  // namespace

Definitions::Definitions() {
    auto document = core::JsonDocument::Parse(Unpacked());
    KQ_CHECK(document.ok(), "the built-in definitions are broken");
    const core::JsonNode root = (*document)->root();
    for (core::JsonNode one = root["structures"].first(); one; one = one.next()) {
        AddResource(one);
        if (one["snapshot"]) {
            bases_.push_back(one);
        }
    }
    documents_.push_back(*std::move(document));
}

void Definitions::Add(std::unique_ptr<const core::JsonDocument> document) {
    const core::JsonNode root = document->root();
    if (root["resourceType"].text() == "Bundle") {
        const core::JsonNode entries = root["entry"];
        for (core::JsonNode entry = entries.first(); entry; entry = entry.next()) {
            AddResource(entry["resource"]);
        }
    } else {
        AddResource(root);
    }
    documents_.push_back(std::move(document));
}

void Definitions::AddResource(core::JsonNode resource) {
    const std::string_view url = resource["url"].text();
    const std::string_view type = resource["resourceType"].text();
    if (type == "StructureDefinition" && !url.empty()) {
        structures_[url] = resource;
    } else if (type == "Questionnaire" && !url.empty()) {
        questionnaires_[url] = resource;
    }
}

core::JsonNode Definitions::Find(const Index& index, std::string_view canonical) noexcept {
    const auto found = index.find(canonical.substr(0, canonical.find('|')));
    return found == index.end() ? core::JsonNode() : found->second;
}

core::JsonNode Definitions::Structure(std::string_view canonical) const noexcept {
    return Find(structures_, canonical);
}

core::JsonNode Definitions::Questionnaire(std::string_view canonical) const noexcept {
    return Find(questionnaires_, canonical);
}

}  // namespace kangqu::validate
