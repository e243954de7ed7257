// The terminology of a pack: resources as JSON and tables that stand for resources.
#include "kangqu/core/utf8.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = std::size_t{64} << 20U;

std::vector<std::string_view> Split(std::string_view line) {
    std::vector<std::string_view> cells;
    while (true) {
        const std::size_t tab = line.find('\t');
        cells.push_back(line.substr(0, tab));
        if (tab == std::string_view::npos) {
            return cells;
        }
        line.remove_prefix(tab + 1);
    }
}

// A table taken apart: "#! key value" lines, a line of column names, rows.
class Table {
public:
    struct Row {
        int line = 0;
        std::vector<std::string_view> cells;
    };

    static core::Result<Table> Read(std::string_view text, const std::string& where) {
        Table table(where);
        int number = 0;
        while (!text.empty()) {
            ++number;
            const std::size_t end = std::min(text.find('\n'), text.size());
            std::string_view line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (line.ends_with('\r')) {
                line.remove_suffix(1);
            }
            KQ_TRY(table.Take(line, number));
        }
        if (table.columns_.empty()) {
            return table.Wrong(number, "a line of column names");
        }
        return table;
    }

    // Empty when the head does not have it.
    std::string Head(std::string_view key) const {
        const auto found = head_.find(key);
        return found == head_.end() ? "" : found->second;
    }
    const std::vector<std::string>& columns() const { return columns_; }
    const std::vector<Row>& rows() const { return rows_; }
    std::string_view Cell(const Row& row, std::string_view column) const {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (columns_[i] == column) {
                return row.cells[i];
            }
        }
        return {};
    }
    bool Has(std::string_view column) const {
        return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
    }
    core::Error Wrong(int line, const std::string& what) const {
        const std::string name = fs::path(where_).filename().string();
        return core::At(
            MakeError(ErrorCode::kTerminologyElement, name, what),
            where_ + ":" + std::to_string(line)
        );
    }

private:
    explicit Table(std::string where) : where_(std::move(where)) {}

    core::Status Take(std::string_view line, int number) {
        if (line.starts_with("#! ")) {
            line.remove_prefix(3);
            const std::size_t space = line.find(' ');
            if (space == std::string_view::npos) {
                return Wrong(number, "#! key value");
            }
            head_.emplace(line.substr(0, space), line.substr(space + 1));
            return {};
        }
        if (line.empty() || line.starts_with('#')) {
            return {};
        }
        const auto cells = Split(line);
        if (columns_.empty()) {
            columns_.assign(cells.begin(), cells.end());
            return {};
        }
        if (cells.size() != columns_.size()) {
            return Wrong(number, std::to_string(columns_.size()) + " columns");
        }
        rows_.push_back({number, cells});
        return {};
    }

    std::string where_;
    std::map<std::string, std::string, std::less<>> head_;
    std::vector<std::string> columns_;
    std::vector<Row> rows_;
};

void WriteHead(const Table& table, const char* type, JsonWriter& out) {
    out.BeginObject().Field("resourceType", type).Field("id", table.Head("id"));
    const std::string language = table.Head("language");
    out.Field("language", language.empty() ? "zh-CN" : language);
    if (!table.Head("from").empty() || !table.Head("to").empty()) {
        out.Key("extension").BeginArray().BeginObject();
        out.Field("url", "http://hl7.org/fhir/StructureDefinition/resource-effectivePeriod");
        out.Key("valuePeriod").BeginObject();
        for (const auto& [key, name] : {std::pair("from", "start"), std::pair("to", "end")}) {
            if (const std::string day = table.Head(key); !day.empty()) {
                out.Field(name, day);
            }
        }
        out.EndObject().EndObject().EndArray();
    }
    out.Field("url", table.Head("url"));
    for (const char* key : {"version", "name", "title"}) {
        if (const std::string value = table.Head(key); !value.empty()) {
            out.Field(key, value);
        }
    }
    out.Field("status", "active").Field("experimental", false);
    for (const auto& [key, name] :
         {std::pair("publisher", "publisher"), std::pair("source", "description")}) {
        if (const std::string value = table.Head(key); !value.empty()) {
            out.Field(name, value);
        }
    }
}

core::Status CheckHead(const Table& table, std::initializer_list<const char*> needed) {
    for (const char* key : needed) {
        if (table.Head(key).empty()) {
            return table.Wrong(1, std::string("#! ") + key);
        }
    }
    for (const char* key : {"from", "to"}) {
        const std::string day = table.Head(key);
        if (!day.empty() && !core::ParseDate(day)) {
            return table.Wrong(1, std::string("#! ") + key);
        }
    }
    return {};
}

// Columns with a meaning of their own; every other one is a property.
bool IsOwnColumn(std::string_view column) {
    return column == "code" || column == "display" || column == "display_en" ||
           column == "definition" || column == "alias";
}

// The property that a column becomes, and the type of its values.
std::pair<std::string_view, const char*> PropertyOf(std::string_view column) {
    if (column == "from") {
        return {"effectiveDate", "valueDateTime"};
    }
    if (column == "to") {
        return {"retirementDate", "valueDateTime"};
    }
    if (column == "abstract") {
        return {"notSelectable", "valueBoolean"};
    }
    if (column == "parent" || column == "status") {
        return {column, "valueCode"};
    }
    return {column, "valueString"};
}

void WriteDesignation(JsonWriter& out, const char* language, std::string_view value) {
    out.BeginObject().Field("language", language).Field("value", value).EndObject();
}

core::Status WriteConcept(const Table& table, const Table::Row& row, JsonWriter& out) {
    const std::string_view code = table.Cell(row, "code");
    if (code.empty() || table.Cell(row, "display").empty()) {
        return table.Wrong(row.line, "code, display");
    }
    out.BeginObject().Field("code", code).Field("display", table.Cell(row, "display"));
    if (const std::string_view text = table.Cell(row, "definition"); !text.empty()) {
        out.Field("definition", text);
    }
    const std::string_view english = table.Cell(row, "display_en");
    const std::string_view alias = table.Cell(row, "alias");
    if (!english.empty() || !alias.empty()) {
        out.Key("designation").BeginArray();
        if (!english.empty()) {
            WriteDesignation(out, "en", english);
        }
        if (!alias.empty()) {
            WriteDesignation(out, "zh-CN", alias);
        }
        out.EndArray();
    }
    bool any = false;
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        const std::string_view value = row.cells[i];
        if (value.empty() || IsOwnColumn(table.columns()[i])) {
            continue;
        }
        if (!any) {
            out.Key("property").BeginArray();
            any = true;
        }
        const auto [name, type] = PropertyOf(table.columns()[i]);
        if (type == std::string_view("valueDateTime") && !core::ParseDate(value)) {
            return table.Wrong(row.line, table.columns()[i]);
        }
        out.BeginObject().Field("code", name);
        if (type == std::string_view("valueBoolean")) {
            out.Field(type, value == "true");
        } else {
            out.Field(type, value);
        }
        out.EndObject();
    }
    if (any) {
        out.EndArray();
    }
    out.EndObject();
    return {};
}

core::Result<std::string> WriteCodeSystem(const Table& table) {
    std::string json;
    JsonWriter out(json);
    WriteHead(table, "CodeSystem", out);
    out.Field("caseSensitive", true);
    if (const std::string set = table.Head("valueset"); !set.empty()) {
        out.Field("valueSet", set);
    }
    if (table.Has("parent")) {
        out.Field("hierarchyMeaning", "is-a");
    }
    const std::string content = table.Head("content");
    out.Field("content", content.empty() ? "complete" : content);
    out.Key("concept").BeginArray();
    std::map<std::string_view, int> seen;
    for (const Table::Row& row : table.rows()) {
        if (!seen.emplace(table.Cell(row, "code"), row.line).second) {
            return table.Wrong(row.line, "code " + std::string(table.Cell(row, "code")));
        }
        KQ_TRY(WriteConcept(table, row, out));
    }
    for (const Table::Row& row : table.rows()) {
        const std::string_view parent = table.Cell(row, "parent");
        if (!parent.empty() && !seen.contains(parent)) {
            return table.Wrong(row.line, "parent " + std::string(parent));
        }
    }
    out.EndArray().EndObject();
    return json;
}

// All codes of the table that can be chosen.
std::string WriteValueSet(const Table& table) {
    std::string json;
    JsonWriter out(json);
    out.BeginObject().Field("resourceType", "ValueSet").Field("id", table.Head("id"));
    out.Field("url", table.Head("valueset")).Field("version", table.Head("version"));
    out.Field("name", table.Head("name")).Field("title", table.Head("title"));
    out.Field("status", "active").Key("compose").BeginObject().Key("include").BeginArray();
    out.BeginObject().Field("system", table.Head("url"));
    if (table.Has("abstract")) {
        out.Key("filter").BeginArray().BeginObject();
        out.Field("property", "notSelectable").Field("op", "exists").Field("value", "false");
        out.EndObject().EndArray();
    }
    out.EndObject().EndArray().EndObject().EndObject();
    return json;
}

core::Result<std::string> WriteConceptMap(const Table& table) {
    std::string json;
    JsonWriter out(json);
    WriteHead(table, "ConceptMap", out);
    out.Key("group").BeginArray().BeginObject();
    for (const char* key : {"source", "sourceVersion", "target", "targetVersion"}) {
        const std::string value =
            table.Head(key == std::string_view("source") ? "sourceSystem" : key);
        if (!value.empty()) {
            out.Field(key, value);
        }
    }
    out.Key("element").BeginArray();
    for (const Table::Row& row : table.rows()) {
        const std::string_view source = table.Cell(row, "source");
        const std::string_view target = table.Cell(row, "target");
        const std::string_view equivalence = table.Cell(row, "equivalence");
        if (source.empty() || equivalence.empty() ||
            (target.empty() && equivalence != "unmatched")) {
            return table.Wrong(row.line, "source, target, equivalence");
        }
        out.BeginObject().Field("code", source).Key("target").BeginArray().BeginObject();
        if (!target.empty()) {
            out.Field("code", target);
        }
        out.Field("equivalence", equivalence);
        if (const std::string_view comment = table.Cell(row, "comment"); !comment.empty()) {
            out.Field("comment", comment);
        }
        out.EndObject().EndArray().EndObject();
    }
    out.EndArray().EndObject().EndArray().EndObject();
    return json;
}

core::Result<std::string> ReadText(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return MakeError(ErrorCode::kFileUnreadable, path.string(), "no such file");
    }
    std::ostringstream buffer;
    buffer << in.rdbuf();
    std::string text = buffer.str();
    if (text.size() > kMaxFile) {
        return core::At(
            MakeError(ErrorCode::kTooLarge, std::to_string(text.size()), std::to_string(kMaxFile)),
            path.string()
        );
    }
    if (const auto bad = core::FindInvalidUtf8(text)) {
        return core::At(MakeError(ErrorCode::kNotUtf8, std::to_string(*bad)), path.string());
    }
    return std::string(core::WithoutBom(text));
}

}  // namespace

core::Result<std::vector<Terminology::Source>>
ReadTable(std::string_view text, const std::string& where) {
    KQ_ASSIGN(const Table table, Table::Read(text, where));
    std::vector<Terminology::Source> out;
    const std::string type = table.Head("type");
    if (type == "CodeSystem") {
        KQ_TRY(CheckHead(table, {"id", "url", "version", "name", "title", "source"}));
        KQ_ASSIGN(std::string json, WriteCodeSystem(table));
        out.push_back({std::move(json), where});
        if (!table.Head("valueset").empty()) {
            out.push_back({WriteValueSet(table), where});
        }
        return out;
    }
    if (type == "ConceptMap") {
        KQ_TRY(CheckHead(table, {"id", "url", "version", "sourceSystem", "target", "source"}));
        KQ_ASSIGN(std::string json, WriteConceptMap(table));
        out.push_back({std::move(json), where});
        return out;
    }
    return table.Wrong(1, "#! type CodeSystem, ConceptMap");
}

core::Result<std::vector<Terminology::Source>> ReadPackTerminology(const std::string& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / "terminology", error)) {
        if (entry.path().extension() == ".json" || entry.path().extension() == ".tsv") {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    std::vector<Terminology::Source> out;
    for (const fs::path& file : files) {
        KQ_ASSIGN(std::string text, ReadText(file));
        if (file.extension() == ".json") {
            out.push_back({std::move(text), file.string()});
            continue;
        }
        KQ_ASSIGN(auto resources, ReadTable(text, file.string()));
        std::move(resources.begin(), resources.end(), std::back_inserter(out));
    }
    return out;
}

}  // namespace kangqu::terminology
