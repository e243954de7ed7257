#include "fhir_searchset.hpp"

#include "kangqu/fhir/resource.hpp"
#include "kangqu/records/records.hpp"

namespace kangqu::api {

namespace {

std::string EncodeQuery(std::string_view text) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(kHex[byte >> 4U]);
        out.push_back(kHex[byte & 0xFU]);
    }
    return out;
}

}  // namespace

SearchSet::SearchSet(
    store::Reader& reader,
    const search::Restriction& restriction,
    std::string base,
    search::Shape shape
)
    : reader_(reader),
      restriction_(restriction),
      base_(std::move(base)),
      shape_(std::move(shape)),
      writer_(body_) {}

void SearchSet::Begin(std::optional<std::int64_t> total) {
    writer_.BeginObject().Field("resourceType", "Bundle").Field("type", "searchset");
    if (total) {
        writer_.Field("total", *total);
    }
    writer_.Key("link").BeginArray();
}

void SearchSet::Link(
    std::string_view relation,
    const std::string& path,
    const std::vector<std::pair<std::string, std::string>>& parameters
) {
    std::string url = path;
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        url += separator + EncodeQuery(name) + "=" + EncodeQuery(value);
        separator = '&';
    }
    writer_.BeginObject().Field("relation", relation).Field("url", url).EndObject();
}

void SearchSet::BeginEntries() {
    if (!entries_) {
        entries_ = true;
        writer_.EndArray().Key("entry").BeginArray();
    }
}

core::Status SearchSet::Entries(const std::vector<search::Place>& places, std::string_view mode) {
    for (const auto& [home, key] : places) {
        KQ_ASSIGN(const auto version, reader_.Current(home, key));
        if (!version || version->method == store::Method::kDelete) {
            continue;
        }
        BeginEntries();
        records::Record record = records::Records::Show(restriction_, *version);
        KQ_ASSIGN(const std::string json, search::Shaped(std::move(record.json), shape_));
        writer_.BeginObject().Field("fullUrl", base_ + "/" + record.type + "/" + record.id);
        writer_.Key("resource").Raw(json);
        writer_.Key("search").BeginObject().Field("mode", mode).EndObject().EndObject();
    }
    return {};
}

void SearchSet::Outcome(const std::vector<core::Error>& errors, core::Language language) {
    BeginEntries();
    writer_.BeginObject().Key("resource").BeginObject();
    writer_.Field("resourceType", "OperationOutcome").Key("issue").BeginArray();
    for (const core::Error& error : errors) {
        writer_.BeginObject().Field("severity", "warning").Field("code", "not-supported");
        writer_.Key("details").BeginObject().Field("text", error.Text(language));
        writer_.EndObject().EndObject();
    }
    writer_.EndArray().EndObject();
    writer_.Key("search").BeginObject().Field("mode", "outcome").EndObject().EndObject();
}

std::string SearchSet::End() {
    writer_.EndArray().EndObject();
    return std::move(body_);
}

}  // namespace kangqu::api
