// Published suites. A case that is refused or not understood counts as failed; the test fails below
// the level reached so far.
#include "kangqu/expression/batch.hpp"
#include "kangqu/expression/cql.hpp"
#include "kangqu/expression/fhirpath.hpp"
#include "kangqu/fhir/xml.hpp"

#include "xml_input.hpp"
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

using test::Xml;
using test::XmlReader;

const std::string kSuites = std::string(KANGQU_SOURCE_DIR) + "/../shared/suites/";
constexpr core::InstantMs kNow = 1'795'336'200'000;  // 2026-11-22T14:30:00+08:00

// Cases that pass today.
constexpr int kFhirPathReached = 932;
constexpr int kCqlReached = 771;

std::string Slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string Trimmed(const std::string& text) {
    const std::size_t from = text.find_first_not_of(" \t\r\n");
    const std::size_t to = text.find_last_not_of(" \t\r\n");
    return from == std::string::npos ? std::string() : text.substr(from, to - from + 1);
}

std::string ValueText(const Value& value) {
    if (value.is(Kind::kNode)) {
        return std::string(value.node().text());
    }
    std::string text = CqlLiteral(value);
    if (value.is(Kind::kString)) {
        return std::string(value.text());
    }
    return text;
}

std::string WithoutSigns(std::string text) {
    text.erase(0, text.starts_with("@T") ? 2 : text.starts_with("@") ? 1 : 0);
    if (!text.empty() && text.back() == 'T') {
        text.pop_back();
    }
    return text;
}

bool SameText(const Value& value, const Xml& output) {
    const std::string expected = Trimmed(output.text);
    const std::string got = ValueText(value);
    const std::string type = output.attribute("type");
    const bool system_kind =
        (type == "boolean" && value.is(Kind::kBoolean)) ||
        (type == "integer" && value.is(Kind::kInteger)) ||
        (type == "decimal" && (value.is(Kind::kDecimal) || value.is(Kind::kInteger))) ||
        (type == "string" && value.is(Kind::kString)) ||
        (type == "date" && value.is(Kind::kDate)) ||
        (type == "dateTime" && value.is(Kind::kDateTime)) ||
        (type == "time" && value.is(Kind::kTime)) ||
        (type == "Quantity" && value.is(Kind::kQuantity)) || type.empty();
    const bool node_kind = value.is(Kind::kNode) && fhir::TypeOf(value.type()).name == type;
    if (!system_kind && !node_kind) {
        return false;
    }
    const auto x = core::Decimal::Parse(got);
    const auto y = core::Decimal::Parse(expected);
    return (x && y && *x == *y) || WithoutSigns(got) == WithoutSigns(expected);
}

struct Inputs {
    std::map<std::string, std::unique_ptr<const core::JsonDocument>> documents;
    core::JsonNode Load(const std::string& name) {
        if (name.empty()) {
            return {};
        }
        auto& document = documents[name];
        if (document == nullptr) {
            std::string text = Slurp(kSuites + "fhirpath/inputs/" + name);
            if (name.ends_with(".xml")) {
                auto json = fhir::JsonFromXml(text);
                EXPECT_TRUE(json.ok()) << name << " " << json.error().Line();
                text = *std::move(json);
            }
            auto parsed = core::JsonDocument::Parse(text);
            EXPECT_TRUE(parsed.ok()) << name << " " << parsed.error().Line();
            document = std::move(*parsed);
        }
        return document->root();
    }
};

// Empty when the case passes, else what was found.
std::string RunFhirPath(const Xml& one, Inputs& inputs) {
    const Xml& expression = *one.child("expression");
    const std::string invalid = expression.attribute("invalid");
    FhirPathOptions options;
    options.strict = one.attribute("mode") == "strict" || invalid == "semantic";
    const core::JsonNode resource = inputs.Load(one.attribute("inputfile"));
    const fhir::TypeNumber type = fhir::FindResourceType(resource["resourceType"].text());
    const auto path = FhirPath::Compile(Trimmed(expression.text), type, options);
    if (!path.ok()) {
        return invalid.empty() ? path.error().Line() : "";
    }
    Environment environment;
    environment.now = core::Temporal::OfInstant(kNow, core::kChinaOffsetMinutes);
    Arena arena;
    const auto items = path->Evaluate(resource, type, environment, arena);
    if (!items.ok()) {
        return invalid.empty() ? items.error().Line() : "";
    }
    if (!invalid.empty()) {
        return "no error";
    }
    std::vector<const Xml*> outputs;
    for (const Xml& child : one.children) {
        if (child.name == "output") {
            outputs.push_back(&child);
        }
    }
    if (one.attribute("predicate") == "true") {
        const bool truth = !items->empty();
        return outputs.size() == 1 && Trimmed(outputs[0]->text) == (truth ? "true" : "false")
                   ? ""
                   : "predicate";
    }
    std::string got;
    for (const Value& item : *items) {
        got += "[" + ValueText(item) + "]";
    }
    if (items->size() != outputs.size()) {
        return got + " count";
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (!SameText((*items)[i], *outputs[i])) {
            return got + " wanted " + Trimmed(outputs[i]->text) + " " +
                   outputs[i]->attribute("type");
        }
    }
    return {};
}

void Cases(const Xml& xml, std::vector<const Xml*>& out) {
    if (xml.name == "test") {
        out.push_back(&xml);
    }
    for (const Xml& child : xml.children) {
        Cases(child, out);
    }
}

bool Verbose() {
    return std::getenv("KANGQU_SUITE_VERBOSE") != nullptr;
}

TEST(Suites, FhirPathR4) {
    const std::string text = Slurp(kSuites + "fhirpath/tests-fhir-r4.xml");
    if (text.empty()) {
        GTEST_SKIP() << "the FHIRPath suite is not here: " << kSuites;
    }
    const Xml suite = XmlReader(text).Read();
    std::vector<const Xml*> cases;
    Cases(suite, cases);
    Inputs inputs;
    int passed = 0;
    for (const Xml* one : cases) {
        const std::string wrong = RunFhirPath(*one, inputs);
        passed += wrong.empty() ? 1 : 0;
        if (!wrong.empty() && Verbose()) {
            std::printf(
                "%s: %s -> %s\n",
                std::string(one->attribute("name")).c_str(),
                std::string(Trimmed(one->child("expression")->text)).c_str(),
                wrong.c_str()
            );
        }
    }
    std::printf("FHIRPath R4: %d / %zu\n", static_cast<int>(passed), cases.size());
    EXPECT_GE(passed, kFhirPathReached);
}

// The answer to a CQL text with the library declarations of the suite; "!" for an error.
std::string CqlAnswer(const std::string& expression) {
    const auto library = CompileCqlExpression(expression);
    if (!library.ok()) {
        return "! " + library.error().Line();
    }
    class NoRecords final : public DataSource {
    public:
        void Retrieve(fhir::TypeNumber, const CodeFilter&, const Visitor&) const override {}
    };
    Environment environment;
    environment.now = core::Temporal::OfInstant(kNow, core::kChinaOffsetMinutes);
    CqlSession session(**library, environment);
    const NoRecords records;
    session.Begin({}, records);
    const auto value = session.Evaluate(0);
    return value.ok() ? CqlLiteral(*value) : "! " + value.error().Line();
}

std::string RunCql(const Xml& one) {
    const Xml& expression = *one.child("expression");
    const std::string invalid = expression.attribute("invalid");
    const std::string got = CqlAnswer(Trimmed(expression.text));
    if (!invalid.empty() && invalid != "false") {
        return got.starts_with("!") ? "" : "no error: " + got;
    }
    if (got.starts_with("!")) {
        return got;
    }
    const Xml* output = one.child("output");
    if (output == nullptr) {
        return {};
    }
    const std::string wanted = Trimmed(output->text);
    const std::string normal = CqlAnswer(wanted);
    if (got == normal || got == wanted) {
        return {};
    }
    // The same value written otherwise.
    const std::string same = CqlAnswer("(" + got + ") ~ (" + wanted + ")");
    return same == "true" ? "" : got + " wanted " + wanted;
}

TEST(Suites, Cql) {
    const std::string folder = kSuites + "cql";
    if (!std::filesystem::exists(folder)) {
        GTEST_SKIP() << "the CQL suite is not here: " << folder;
    }
    int passed = 0;
    int all = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".xml") {
            continue;
        }
        const std::string text = Slurp(entry.path().string());
        const Xml suite = XmlReader(text).Read();
        std::vector<const Xml*> cases;
        Cases(suite, cases);
        for (const Xml* one : cases) {
            const std::string wrong = RunCql(*one);
            ++all;
            passed += wrong.empty() ? 1 : 0;
            if (!wrong.empty() && Verbose()) {
                std::printf(
                    "%s: %s -> %s\n",
                    std::string(one->attribute("name")).c_str(),
                    std::string(Trimmed(one->child("expression")->text)).c_str(),
                    wrong.c_str()
                );
            }
        }
    }
    std::printf("CQL: %d / %d\n", static_cast<int>(passed), static_cast<int>(all));
    EXPECT_GE(passed, kCqlReached);
}

}  // namespace
}  // namespace kangqu::expression
