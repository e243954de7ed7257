#include "kangqu/measure/pack.hpp"

#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"

#include "logic.hpp"
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kangqu::measure {

namespace {

namespace fs = std::filesystem;
using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

constexpr std::pair<Population, std::string_view> kNames[] = {
    {kInitialPopulation, "initial-population"},
    {kDenominator, "denominator"},
    {kDenominatorExclusion, "denominator-exclusion"},
    {kNumerator, "numerator"},
    {kNumeratorExclusion, "numerator-exclusion"},
    {kDenominatorException, "denominator-exception"},
};

core::Error Invalid(const std::string& where, std::string why) {
    const fs::path path(where);
    return core::At(
        MakeError(ErrorCode::kPackInvalid, path.parent_path().filename().string(), std::move(why)),
        where
    );
}

core::Result<std::string> ReadText(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return MakeError(ErrorCode::kFileUnreadable, path.string(), "no such file");
    }
    std::ostringstream buffer;
    buffer << in.rdbuf();
    std::string text = buffer.str();
    if (text.size() > kMaxPackFile) {
        return core::At(
            MakeError(
                ErrorCode::kTooLarge,
                std::to_string(text.size()) + " B",
                std::to_string(kMaxPackFile) + " B"
            ),
            path.string()
        );
    }
    if (const auto bad = core::FindInvalidUtf8(text)) {
        return core::At(MakeError(ErrorCode::kNotUtf8, std::to_string(*bad)), path.string());
    }
    return std::string(core::WithoutBom(text));
}

core::Result<std::unique_ptr<const core::JsonDocument>> ReadJson(const fs::path& path) {
    KQ_ASSIGN(std::string text, ReadText(path));
    auto document = core::JsonDocument::Parse(std::move(text));
    if (!document.ok()) {
        return core::At(std::move(document).error(), path.string());
    }
    return document;
}

std::vector<fs::path> FilesIn(const fs::path& folder, std::string_view extension) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() == extension) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string ExtensionCode(JsonNode resource, std::string_view url) {
    for (JsonNode one = resource["extension"].first(); one; one = one.next()) {
        if (one["url"].text() == url) {
            return std::string(one["valueCode"].text());
        }
    }
    return {};
}

// The text of the translation extension for `language` of a primitive, or empty.
std::string TranslationOf(JsonNode sibling, std::string_view language) {
    for (JsonNode one = sibling["extension"].first(); one; one = one.next()) {
        if (one["url"].text() != "http://hl7.org/fhir/StructureDefinition/translation") {
            continue;
        }
        std::string_view lang;
        JsonNode content;
        for (JsonNode part = one["extension"].first(); part; part = part.next()) {
            if (part["url"].text() == "lang") {
                lang = part["valueCode"].text();
            } else if (part["url"].text() == "content") {
                content = part["valueMarkdown"] ? part["valueMarkdown"] : part["valueString"];
            }
        }
        if (lang == language) {
            return std::string(content.text());
        }
    }
    return {};
}

// "key<TAB>text" lines; empty lines and # lines are for the reader.
core::Status ReadTexts(const fs::path& path, std::map<std::string, std::string, std::less<>>& out) {
    KQ_ASSIGN(const std::string text, ReadText(path));
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        if (line.empty() || line[0] == '#') {
            continue;
        }
        const std::size_t tab = line.find('\t');
        if (tab == std::string::npos || tab == 0 || tab + 1 == line.size()) {
            return Invalid(path.string() + ":" + std::to_string(number), "key<TAB>text");
        }
        if (!out.emplace(line.substr(0, tab), line.substr(tab + 1)).second) {
            return Invalid(
                path.string() + ":" + std::to_string(number), line.substr(0, tab) + " occurs twice"
            );
        }
    }
    return {};
}

core::Status ReadPopulations(JsonNode root, const std::string& where, LogicSource& source) {
    if (root["group"].size() != 1) {
        return Invalid(where, "a measure has exactly one group");
    }
    for (JsonNode one = root["group"][0]["population"].first(); one; one = one.next()) {
        const std::string_view code = one["code"]["coding"][0]["code"].text();
        const std::uint8_t bit = FindPopulation(code);
        const std::string_view expression = one["criteria"]["expression"].text();
        if (bit == 0 || expression.empty()) {
            return Invalid(where, "population " + std::string(code) + " is not understood");
        }
        source.populations.emplace_back(bit, expression);
    }
    for (const Population needed : {kInitialPopulation, kDenominator, kNumerator}) {
        const bool there =
            std::any_of(source.populations.begin(), source.populations.end(), [&](const auto& one) {
                return one.first == needed;
            });
        if (!there) {
            return Invalid(where, "population " + std::string(NameOf(needed)) + " is missing");
        }
    }
    for (JsonNode one = root["supplementalData"].first(); one; one = one.next()) {
        const std::string_view kind = one["code"]["text"].text();
        if (kind.starts_with("reasons-")) {
            source.reasons.emplace_back(one["criteria"]["expression"].text());
        }
    }
    return {};
}

core::Result<Measure> MeasureOf(JsonNode root, LogicSource source, const std::string& where) {
    if (root["resourceType"].text() != "Measure" || root["id"].text().empty()) {
        return Invalid(where, "not a Measure with an id");
    }
    const std::string_view scoring = root["scoring"]["coding"][0]["code"].text();
    if (scoring != "proportion") {
        return Invalid(where, "scoring " + std::string(scoring) + " is not supported");
    }
    KQ_TRY(ReadPopulations(root, where, source));
    Measure measure;
    measure.id = root["id"].text();
    measure.url = root["url"].text();
    measure.version = root["version"].text();
    measure.title = root["title"].text();
    measure.description = root["description"].text();
    measure.description_en = TranslationOf(root["_description"], "en");
    measure.denominator_source = ExtensionCode(root, "urn:kangqu:ext:denominator-source");
    measure.basis = ExtensionCode(root, "urn:kangqu:ext:basis");
    measure.increase = root["improvementNotation"]["coding"][0]["code"].text() != "decrease";
    measure.cql = source.cql;
    KQ_ASSIGN(measure.logic, Logic::Make(source));
    return measure;
}

// The CQL of the library with this url, as the pack's Library resources say.
core::Status FindLibrary(const fs::path& folder, std::string_view url, LogicSource& source) {
    url = url.substr(0, url.find('|'));
    for (const fs::path& file : FilesIn(folder / "libraries", ".json")) {
        KQ_ASSIGN(const auto document, ReadJson(file));
        const JsonNode root = document->root();
        if (root["url"].text() != url) {
            continue;
        }
        for (JsonNode content = root["content"].first(); content; content = content.next()) {
            const fs::path name(content["url"].text());
            const bool inside = name.is_relative() && name.string().find("..") == std::string::npos;
            if (content["contentType"].text() != "text/cql" || !inside) {
                continue;
            }
            source.file = (folder / name).string();
            KQ_ASSIGN(source.cql, ReadText(folder / name));
            return {};
        }
        return Invalid(file.string(), "content of type text/cql with a relative url is missing");
    }
    return Invalid((folder / "libraries").string(), "no library has the url " + std::string(url));
}

core::Status CheckTexts(const Pack& pack, const Measure& measure) {
    for (const std::string_view part :
         {"name",
          "numerator",
          "denominator",
          "exclusion",
          "denominator-source",
          "basis",
          "source"}) {
        const std::string key = "measure." + measure.id + "." + std::string(part);
        for (const bool zh : {true, false}) {
            if (!(zh ? pack.zh : pack.en).contains(key)) {
                return Invalid(
                    pack.folder + "/i18n/" + (zh ? "zh.tsv" : "en.tsv"),
                    "text " + key + " is missing"
                );
            }
        }
    }
    return {};
}

}  // namespace

std::string_view NameOf(Population population) noexcept {
    for (const auto& [bit, name] : kNames) {
        if (bit == population) {
            return name;
        }
    }
    return {};
}

std::uint8_t FindPopulation(std::string_view name) noexcept {
    for (const auto& [bit, known] : kNames) {
        if (known == name) {
            return bit;
        }
    }
    return 0;
}

std::string Pack::Text(std::string_view key, core::Language language) const {
    const auto& texts = language == core::Language::kZh ? zh : en;
    const auto found = texts.find(key);
    return found == texts.end() ? std::string(key) : found->second;
}

core::Result<Pack> LoadPack(const std::string& folder) {
    const fs::path root(folder);
    KQ_ASSIGN(const auto manifest, ReadJson(root / "package.json"));
    Pack pack;
    pack.folder = folder;
    pack.name = manifest->root()["name"].text();
    pack.version = manifest->root()["version"].text();
    if (pack.name.empty() || pack.version.empty()) {
        return Invalid((root / "package.json").string(), "name or version is missing");
    }
    KQ_TRY(ReadTexts(root / "i18n" / "zh.tsv", pack.zh));
    KQ_TRY(ReadTexts(root / "i18n" / "en.tsv", pack.en));
    std::vector<std::string> texts;
    for (const fs::path& file : FilesIn(root / "cql", ".cql")) {
        KQ_ASSIGN(std::string text, ReadText(file));
        texts.push_back(std::move(text));
    }
    for (const fs::path& file : FilesIn(root / "measures", ".json")) {
        KQ_ASSIGN(const auto document, ReadJson(file));
        LogicSource source;
        source.includes = texts;
        KQ_TRY(FindLibrary(root, document->root()["library"][0].text(), source));
        KQ_ASSIGN(Measure measure, MeasureOf(document->root(), std::move(source), file.string()));
        measure.pack = pack.name;
        measure.pack_version = pack.version;
        KQ_TRY(CheckTexts(pack, measure));
        pack.measures.push_back(std::move(measure));
    }
    return pack;
}

core::Result<Measure> MakeMeasure(
    std::string_view measure_json,
    const std::vector<std::string>& libraries,
    const std::string& where
) {
    auto document = core::JsonDocument::Parse(std::string(measure_json));
    if (!document.ok()) {
        return core::At(std::move(document).error(), where);
    }
    const JsonNode root = (*document)->root();
    LogicSource source;
    source.includes = libraries;
    source.file = where;
    // The library whose name ends the canonical address, or the only one.
    std::string_view url = root["library"][0].text();
    url = url.substr(0, url.find('|'));
    for (const std::string& text : libraries) {
        const std::size_t at = text.find("library ");
        const std::string_view rest =
            at == std::string::npos ? "" : std::string_view(text).substr(at + 8);
        std::string_view name = rest.substr(0, rest.find_first_of(" \r\n"));
        name = name.substr(name.find_last_of('.') + 1);
        if (libraries.size() == 1 || (!name.empty() && url.ends_with(name))) {
            source.cql = text;
        }
    }
    if (source.cql.empty()) {
        return Invalid(where, "no library given is " + std::string(url));
    }
    return MeasureOf(root, std::move(source), where);
}

core::Result<std::vector<Pack>> LoadPacks(const std::string& folder) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (fs::exists(entry.path() / "package.json") && fs::exists(entry.path() / "measures")) {
            folders.push_back(entry.path());
        }
    }
    if (error) {
        return MakeError(ErrorCode::kFileUnreadable, folder, error.message());
    }
    std::sort(folders.begin(), folders.end());
    std::vector<Pack> packs;
    for (const fs::path& one : folders) {
        KQ_ASSIGN(Pack pack, LoadPack(one.string()));
        packs.push_back(std::move(pack));
    }
    return packs;
}

}  // namespace kangqu::measure
