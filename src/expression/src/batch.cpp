#include "kangqu/expression/batch.hpp"

#include "kangqu/expression/fhirpath.hpp"
#include "kangqu/fhir/xml.hpp"

#include "conversion.hpp"
#include "navigate.hpp"
#include <fstream>
#include <sstream>

namespace kangqu::expression {

namespace {

using core::JsonNode;
using core::JsonWriter;

constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20U;

// {"id":...,"error":"..."}; the id as it came.
std::string ErrorLine(JsonNode id, const core::Error& error) {
    std::string out;
    JsonWriter writer(out);
    writer.BeginObject().Key("id");
    id ? writer.Node(id) : writer.Null();
    writer.Field("error", error.Line()).EndObject();
    return out;
}

core::Result<std::string> ReadFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return core::MakeError(core::ErrorCode::kFileUnreadable, path, "no such file");
    }
    std::ostringstream text;
    text << in.rdbuf();
    std::string out = std::move(text).str();
    if (out.size() > kMaxFileBytes) {
        return core::MakeError(
            core::ErrorCode::kTooLarge, std::to_string(out.size()), std::to_string(kMaxFileBytes)
        );
    }
    return fhir::LooksLikeXml(out) ? fhir::JsonFromXml(out) : std::move(out);
}

void WriteQuantity(JsonWriter& writer, const Quantity& quantity) {
    writer.BeginObject().Key("value").Raw(quantity.value.ToString());
    writer.Field("unit", quantity.unit);
    writer.Field("code", quantity.unit).EndObject();
}

void WriteItem(JsonWriter& writer, const Value& item) {
    if (item.is(Kind::kNode)) {
        item.node() ? writer.Node(item.node()) : writer.Null();
    } else if (item.is(Kind::kBoolean)) {
        writer.Bool(item.boolean());
    } else if (item.is(Kind::kInteger) || item.is(Kind::kLong)) {
        writer.Int(item.integer());
    } else if (item.is(Kind::kDecimal)) {
        writer.Raw(item.decimal().ToString());
    } else if (item.is(Kind::kQuantity)) {
        WriteQuantity(writer, item.quantity());
    } else if (item.is(Kind::kTuple)) {
        writer.BeginObject();
        for (std::size_t i = 0; i < item.tuple().names.size(); ++i) {
            writer.Key(item.tuple().names[i]);
            WriteItem(writer, item.tuple().values[i]);
        }
        writer.EndObject();
    } else {
        writer.String(TextOf(item).value_or(CqlLiteral(item)));
    }
}

std::string TypeText(const Value& item) {
    const std::string name = TypeNameOf(item);
    return item.is(Kind::kNode) ? name : "System." + name;
}

std::string ResultLine(JsonNode id, const std::vector<Value>& items) {
    std::string out;
    JsonWriter writer(out);
    writer.BeginObject().Key("id");
    id ? writer.Node(id) : writer.Null();
    writer.Key("result").BeginArray();
    for (const Value& item : items) {
        WriteItem(writer, item);
    }
    writer.EndArray().Key("types").BeginArray();
    for (const Value& item : items) {
        writer.String(TypeText(item));
    }
    writer.EndArray().EndObject();
    return out;
}

// A JSON value as a variable: scalars as System values, resources as elements.
Value VariableValue(JsonNode json) {
    if (json.is_boolean()) {
        return Value::Boolean(json.boolean());
    }
    if (json.is_number()) {
        const auto whole = json.integer();
        const auto number = core::Decimal::Parse(json.text());
        return whole ? Value::Integer(*whole) : number ? Value::Decimal(*number) : Value();
    }
    if (json.is_string()) {
        return Value::String(json.text());
    }
    return NodeOf(json, Known().resource);
}

// `kept` keeps the compiled expressions alive, to whose constants the values may point.
core::Result<std::vector<Value>> Run(
    JsonNode request,
    JsonNode resource,
    const Environment& environment,
    Arena& arena,
    std::vector<FhirPath>& kept
) {
    FhirPathOptions options;
    options.strict = request["mode"].text() == "strict";
    const fhir::TypeNumber type = fhir::FindResourceType(resource["resourceType"].text());
    std::vector<Value> inputs = {resource ? NodeOf(resource, type) : Value()};
    fhir::TypeNumber input_type = type;
    if (const JsonNode context = request["context"]; context && !context.text().empty()) {
        KQ_ASSIGN(const FhirPath path, FhirPath::Compile(context.text(), type, options));
        kept.push_back(path);
        KQ_ASSIGN(const auto items, path.Evaluate(inputs[0], environment, arena));
        inputs.assign(items.begin(), items.end());
        input_type = fhir::kNoType;
    }
    KQ_ASSIGN(
        const FhirPath path, FhirPath::Compile(request["expression"].text(), input_type, options)
    );
    kept.push_back(path);
    std::vector<Value> out;
    for (const Value& input : inputs) {
        KQ_ASSIGN(const auto items, path.Evaluate(input, environment, arena));
        out.insert(out.end(), items.begin(), items.end());
    }
    return out;
}

}  // namespace

std::string
FhirPathBatchLine(std::string_view line, const std::string& folder, core::InstantMs now) {
    const auto document = core::JsonDocument::Parse(std::string(line));
    if (!document.ok()) {
        return ErrorLine({}, document.error());
    }
    const JsonNode request = (*document)->root();
    const JsonNode id = request["id"];
    std::unique_ptr<const core::JsonDocument> file;
    JsonNode resource = request["resource"];
    if (const JsonNode name = request["file"]; name) {
        const bool absolute = name.text().starts_with('/') || folder.empty();
        auto text =
            ReadFile(absolute ? std::string(name.text()) : folder + "/" + std::string(name.text()));
        if (!text.ok()) {
            return ErrorLine(id, text.error());
        }
        auto parsed = core::JsonDocument::Parse(std::move(*text));
        if (!parsed.ok()) {
            return ErrorLine(id, parsed.error());
        }
        file = std::move(*parsed);
        resource = file->root();
    }
    std::vector<Variable> variables;
    for (JsonNode one = request["variables"].first(); one; one = one.next()) {
        variables.push_back({one.key(), VariableValue(one)});
    }
    Environment environment;
    environment.now = core::Temporal::OfInstant(now, core::kChinaOffsetMinutes);
    environment.resource = resource;
    environment.variables = variables;
    Arena arena;
    std::vector<FhirPath> kept;
    const auto items = Run(request, resource, environment, arena, kept);
    return items.ok() ? ResultLine(id, *items) : ErrorLine(id, items.error());
}

namespace {

class NoRecords final : public DataSource {
public:
    void Retrieve(fhir::TypeNumber, const CodeFilter&, const Visitor&) const override {}
};

}  // namespace

std::string CqlBatchLine(std::string_view line, core::InstantMs now) {
    const auto document = core::JsonDocument::Parse(std::string(line));
    if (!document.ok()) {
        return ErrorLine({}, document.error());
    }
    const JsonNode request = (*document)->root();
    const JsonNode id = request["id"];
    Environment environment;
    environment.now = core::Temporal::OfInstant(now, core::kChinaOffsetMinutes);
    if (const JsonNode given = request["now"]; given) {
        const auto moment = core::Temporal::ParseDateTime(given.text());
        if (!moment) {
            return ErrorLine(
                id,
                core::MakeError(core::ErrorCode::kInvalidArgument, "now", std::string(given.text()))
            );
        }
        environment.now = moment->Lowest(core::Precision::kMillisecond);
        environment.now.offset_minutes = moment->has_offset
                                             ? moment->offset_minutes
                                             : static_cast<std::int16_t>(core::kChinaOffsetMinutes);
        environment.now.has_offset = true;
    }
    const auto library =
        CompileCqlExpression(request["expression"].text(), request["library"].text());
    if (!library.ok()) {
        return ErrorLine(id, library.error());
    }
    CqlSession session(**library, environment);
    const NoRecords records;
    session.Begin({}, records);
    const auto value = session.Evaluate(*(*library)->Find("expression"));
    if (!value.ok()) {
        return ErrorLine(id, value.error());
    }
    std::string out;
    JsonWriter writer(out);
    writer.BeginObject().Key("id");
    id ? writer.Node(id) : writer.Null();
    writer.Field("result", CqlLiteral(*value)).EndObject();
    return out;
}

}  // namespace kangqu::expression
