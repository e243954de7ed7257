#include "kangqu/expression/cql.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

// All resources of a bundle, as one patient's records.
class BundleSource final : public DataSource {
public:
    explicit BundleSource(core::JsonNode bundle) {
        const core::JsonNode list = bundle["entry"];
        for (core::JsonNode entry = list.first(); entry; entry = entry.next()) {
            resources_.push_back(entry["resource"]);
        }
    }
    core::JsonNode patient() const {
        for (const core::JsonNode& resource : resources_) {
            if (resource["resourceType"].text() == "Patient") {
                return resource;
            }
        }
        return {};
    }
    void Retrieve(fhir::TypeNumber type, const CodeFilter&, const Visitor& visit) const override {
        for (const core::JsonNode& resource : resources_) {
            if (resource["resourceType"].text() == fhir::TypeOf(type).name) {
                visit(resource);
            }
        }
    }

private:
    std::vector<core::JsonNode> resources_;
};

class NoSource final : public DataSource {
public:
    void Retrieve(fhir::TypeNumber, const CodeFilter&, const Visitor&) const override {}
};

std::string Shown(const Value& value) {
    if (value.is(Kind::kBoolean)) {
        return value.boolean() ? "true" : "false";
    }
    if (value.is(Kind::kInteger)) {
        return std::to_string(value.integer());
    }
    if (value.is(Kind::kDecimal)) {
        return value.decimal().ToString();
    }
    if (value.is(Kind::kString)) {
        return std::string(value.text());
    }
    if (value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime)) {
        return value.temporal().ToString();
    }
    if (value.is(Kind::kNode)) {
        return std::string(value.node().text());
    }
    if (value.is(Kind::kList)) {
        std::string out = "{";
        for (const Value& item : value.items()) {
            out += (out.size() > 1 ? "," : "") + Shown(item);
        }
        return out + "}";
    }
    if (value.is(Kind::kInterval)) {
        return "[" + Shown(value.interval().low) + "," + Shown(value.interval().high) + "]";
    }
    return value.is_null() ? "null" : "?";
}

std::string Answer(const std::string& expression, const std::string& library = {}) {
    const auto compiled = CompileCqlExpression(expression, library);
    if (!compiled.ok()) {
        return "! " + compiled.error().Line();
    }
    Environment environment;
    environment.now = *core::Temporal::ParseDateTime("2026-11-22T14:30:00.000+08:00");
    CqlSession session(**compiled, environment);
    const NoSource source;
    session.Begin({}, source);
    const auto value = session.Evaluate(*(*compiled)->Find("expression"));
    return value.ok() ? Shown(*value) : "! " + value.error().Line();
}

struct Row {
    const char* expression;
    const char* expected;
};

TEST(Cql, AnswersAsExpected) {
    const std::vector<Row> rows = {
        {"1 + 2 * 3", "7"},
        {"if 1 < 2 then 'yes' else 'no'", "yes"},
        {"case when false then 1 when true then 2 else 3 end", "2"},
        {"case 5 when 4 then 'a' when 5 then 'b' else 'c' end", "b"},
        {"null = 1", "null"},
        {"not null is null", "false"},
        {"exists { null }", "false"},
        {"{1, 2, 3} X where X > 1 return X * 2", "{4,6}"},
        {"{3, 1, 2} X sort desc", "{3,2,1}"},
        {"{1, 1, 2} X return X", "{1,2}"},
        {"{1, 1, 2} X return all X", "{1,1,2}"},
        {"from {1, 2} A, {10, 20} B where A = 1 return A + B", "{11,21}"},
        {"{1, 2, 3} X aggregate Total starting 0: Total + X", "6"},
        {"{1, 2} X with {2, 3} Y such that X = Y", "{2}"},
        {"{1, 2} X without {2, 3} Y such that X = Y", "{1}"},
        {"{1, 2} X let Y: X + 1 return Y", "{2,3}"},
        {"5 in Interval[1, 5)", "false"},
        {"5 in Interval[1, 5]", "true"},
        {"Interval[1, 3] overlaps Interval[3, 5]", "true"},
        {"Interval[1, 2] meets before Interval[3, 5]", "true"},
        {"Interval[@2026-01-01, @2026-03-31] during Interval[@2026-01-01, @2026-12-31]", "true"},
        {"@2026-03-01 during Interval[@2026-01, @2026-12]", "true"},
        {"@2026-03-15 same month as @2026-03-01", "true"},
        {"@2026-03-15 3 days or less before @2026-03-17", "true"},
        {"@2026-03-15 within 1 day of @2026-03-17", "false"},
        {"@2026-03-15 on or before @2026-03-15", "true"},
        {"@2026-03-15 same day or before @2026-03-14", "false"},
        {"start of Interval(1, 5]", "2"},
        {"months between @2026-01-01 and @2026-12-31", "11"},
        {"years between @1990 and @2026-06-01 > 34", "true"},
        {"years between @1990 and @2026-06-01 > 35", "null"},
        {"difference in years between @2025-12-31 and @2026-01-01", "1"},
        {"@2026-01-31 + 1 month", "2026-02-28"},
        {"date from DateTime(2026, 11, 22, 10)", "2026-11-22"},
        {"year from Today()", "2026"},
        {"Max({1, 5, 3})", "5"},
        {"Count({1, null, 3})", "2"},
        {"Sum({1.5, 2})", "3.5"},
        {"First({})", "null"},
        {"Coalesce(null, 2)", "2"},
        {"flatten {{1, 2}, {3}}", "{1,2,3}"},
        {"{1, 2} union {2, 3}", "{1,2,3}"},
        {"Tuple { a: 1, b: 'x' }.b", "x"},
        {"{1, 2, 3}[1]", "2"},
        {"'a' in {'a', 'b'}", "true"},
        {"140 'mm[Hg]' < 150 'mm[Hg]'", "true"},
        {"Code { code: 'a', system: 's' } ~ Code { code: 'a', system: 's', display: 'x' }", "true"},
        {"(4 as Decimal) is null", "true"},
        {"convert 5 to String", "5"},
        {"ToInteger('12')", "12"},
        {"collapse { Interval[1, 3], Interval[4, 6], Interval[8, 9] }", "{[1,6],[8,9]}"},
        {"CalculateAgeInYearsAt(@2000-02-29, @2001-02-28)", "0"},
        {"3 between 1 and 5", "true"},
        {"{ 'x' } X where X is not null", "{x}"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(Answer(row.expression), row.expected) << row.expression;
    }
}

TEST(Cql, CallsDefinitionsFunctionsAndParameters) {
    const std::string library =
        "parameter \"Limit\" Integer default 3\n"
        "define function Twice(X Integer): X * 2\n"
        "define function Fact(N Integer): if N <= 1 then 1 else N * Fact(N - 1)\n"
        "define \"Six\": Twice(\"Limit\")\n";
    EXPECT_EQ(Answer("\"Six\" + 1", library), "7");
    EXPECT_EQ(Answer("Fact(5)", library), "120");
}

TEST(Cql, RefusesWithPlaceAndHint) {
    const std::vector<Row> rows = {
        {"1 +",
         "! 1:23: The expression has a syntax error: expected an expression, found the end."},
        {"Cuont({1})", "! 1:20: The expression names \"Cuont()\", which does not exist (Count?)."},
        {"\"Nothing\"", "! 1:20: The expression names \"Nothing\", which does not exist."},
        {"'a' + 1", "! 1:24: The expression does not type-check: String + Integer has no meaning."},
        {"1 and true",
         "! 1:22: The expression does not type-check: Integer and Boolean has no meaning."},
        {"[Pateint]", "! 1:20: The expression names \"Pateint\", which does not exist (Patient?)."},
        {"[Condition] C return C.recordDate",
         "! 1:43: The expression names \"Condition.recordDate\", which does not exist "
         "(recordedDate?)."},
        {"expression",
         "! 1:8: The expression does not type-check: \"expression\" is defined by itself."},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(Answer(row.expression), row.expected) << row.expression;
    }
}

TEST(Cql, IncludesOtherLibraries) {
    class Sources final : public LibrarySource {
    public:
        core::Result<std::string> Find(std::string_view name, std::string_view) const override {
            if (name != "Common") {
                return core::MakeError(core::ErrorCode::kNotFound, std::string(name));
            }
            return std::string(
                "library Common\ndefine \"One\": 1\ndefine function Add(A Integer, B Integer): A + "
                "B\n"
            );
        }
    };
    const Sources sources;
    const auto library =
        CompileCql("library Main include Common called C define X: C.Add(C.\"One\", 2)", &sources);
    ASSERT_TRUE(library.ok()) << library.error().Line();
    CqlSession session(**library, Environment{});
    const NoSource source;
    session.Begin({}, source);
    EXPECT_EQ(Shown(*session.Evaluate(0)), "3");
    EXPECT_FALSE(CompileCql("library Main include Other define X: 1", &sources).ok());
}

// The hypertension library over 2,000 patients, every row as another engine computed it.
TEST(Cql, AgreesWithTheReferenceOnHypertension) {
    const std::string folder = std::string(KANGQU_SOURCE_DIR) + "/../shared/engines/cql/";
    std::ifstream text(folder + "htn_control.cql");
    std::ifstream expected(folder + "htn_expected.csv");
    if (!text || !expected) {
        GTEST_SKIP() << "reference patients are not here: " << folder;
    }
    std::stringstream source;
    source << text.rdbuf();
    const auto library = CompileCql(source.str());
    ASSERT_TRUE(library.ok()) << library.error().Line();
    Environment environment;
    environment.now = *core::Temporal::ParseDateTime("2026-01-01T00:00:00.000Z");
    CqlSession session(**library, environment);
    const auto period = session.PeriodOfDays({2025, 1, 1}, {2025, 12, 31});
    ASSERT_TRUE(session.SetParameter("Measurement Period", period).ok());
    std::FILE* pipe = ::popen(("xz -dc " + folder + "htn_patients.ndjson.xz").c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string all;
    std::vector<char> buffer(1U << 16U);
    for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        all.append(buffer.data(), got);
    }
    ::pclose(pipe);
    std::istringstream lines(all);
    std::string row;
    std::getline(expected, row);
    std::string line;
    int count = 0;
    while (std::getline(lines, line) && std::getline(expected, row)) {
        const auto document = core::JsonDocument::Parse(line);
        ASSERT_TRUE(document.ok());
        const BundleSource bundle(document.value()->root());
        session.Begin(bundle.patient(), bundle);
        const auto get = [&](const char* name) {
            return session.Evaluate(*(*library)->Find(name));
        };
        std::string got(bundle.patient()["id"].text());
        for (const char* name :
             {"Initial Population", "Denominator", "Denominator Exclusion", "Numerator"}) {
            const auto value = get(name);
            ASSERT_TRUE(value.ok()) << value.error().Line();
            const bool met = value->is(Kind::kBoolean) && value->boolean();
            got += met ? ",true" : ",false";
        }
        got += "," + std::to_string(get("Followups")->items().size());
        const auto last = get("Last Systolic");
        got += "," + (last->is_null() ? std::string()
                                      : std::string(last->node()["valueQuantity"]["value"].text()));
        EXPECT_EQ(got, row);
        ++count;
    }
    EXPECT_EQ(count, 2000);
}

}  // namespace
}  // namespace kangqu::expression
