#include "kangqu/expression/fhirpath.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

constexpr const char* kPatient = R"({"resourceType":"Patient","id":"p1","active":true,
 "name":[{"use":"official","family":"王","given":["小","明"]},{"use":"usual","given":["阿明"]}],
 "birthDate":"1974-12-25","_birthDate":{"extension":[{"url":"urn:time","valueDateTime":"1974-12-25T14:35:45+08:00"}]},
 "deceasedBoolean":false,"managingOrganization":{"reference":"Organization/o1"},
 "generalPractitioner":[{"reference":"Practitioner/d1"},{"reference":"Organization/o2"}],
 "multipleBirthInteger":2,
 "contact":[{"name":{"family":"李"}}]})";

struct Row {
    const char* expression;
    const char* expected;  // items separated by blanks; "!" an error
};

std::string Shown(const Value& value) {
    if (value.is(Kind::kNode)) {
        return std::string(value.node().is_object() ? value.node().raw() : value.node().text());
    }
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
    return value.temporal().ToString();
}

std::string Answer(const char* expression, FhirPathOptions options = {}) {
    const auto document = core::JsonDocument::Parse(kPatient);
    const fhir::TypeNumber type = fhir::FindType("Patient");
    const auto path = FhirPath::Compile(expression, type, options);
    if (!path.ok()) {
        return "! " + path.error().Line();
    }
    Arena arena;
    const auto items = path->Evaluate(document.value()->root(), type, Environment{}, arena);
    if (!items.ok()) {
        return "! " + items.error().Line();
    }
    std::string out;
    for (const Value& item : *items) {
        out += (out.empty() ? "" : " ") + Shown(item);
    }
    return out;
}

TEST(FhirPath, AnswersAsExpected) {
    const std::vector<Row> rows = {
        {"Patient.name.given", "小 明 阿明"},
        {"name.where(use = 'usual').given", "阿明"},
        {"name[0].family", "王"},
        {"Resource.id | DomainResource.id", "p1"},
        {"birthDate", "1974-12-25"},
        {"birthDate.extension('urn:time').value", "1974-12-25T14:35:45+08:00"},
        {"deceased", "false"},
        {"deceased.ofType(boolean)", "false"},
        {"(deceased as dateTime)", ""},
        {"deceased is boolean", "true"},
        {"multipleBirth", "2"},
        {"generalPractitioner.where(resolve() is Practitioner).reference", "Practitioner/d1"},
        {"contact.name.family", "李"},
        {"name.given.first() = '小' and active", "true"},
        {"name.exists(use = 'old')", "false"},
        {"name.select(given | family).count()", "4"},
        {"birthDate > @1970", "true"},
        {"birthDate + 1 month", "1975-01-25"},
        {"1 + 2 * 3.0", "7.0"},
        {"{} = 1", ""},
        {"name.given.where($index = 1)", "明"},
        {"Patient.name.given.where(length() > 1)", "阿明"},
        {"2 'kg' > 1500 'g'", "true"},
        {"children().count()", "11"},
        {"(1 | 2 | 3).aggregate($this + $total, 0)", "6"},
        {"%resource.id", "p1"},
        {"iif(active, 'yes', 'no')", "yes"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(Answer(row.expression), row.expected) << row.expression;
    }
}

TEST(FhirPath, RefusesWithPlaceAndHint) {
    const std::vector<Row> rows = {
        {"name.given.",
         "! 1:12: The expression has a syntax error: expected a name, found the end."},
        {"name.where(use = 'x'",
         "! 1:21: The expression has a syntax error: expected \")\", found the end."},
        {"name.wher(true)",
         "! 1:6: The expression names \"wher()\", which does not exist (where?)."},
        {"name.first(1)",
         "! 1:6: The expression does not type-check: first() takes 0 to 0 arguments, not 1."},
        {"name.single()",
         "! 1:6: The expression cannot be evaluated: one item is needed here, there are 2."},
        {"@2026-02-30",
         "! 1:1: The expression has a syntax error: @2026-02-30 is no date or time."},
        {"'a' > 1",
         "! 1:5: The expression cannot be evaluated: String cannot be compared with Integer."},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(Answer(row.expression), row.expected) << row.expression;
    }
    FhirPathOptions strict;
    strict.strict = true;
    EXPECT_EQ(
        Answer("name.givn", strict),
        "! 1:6: The expression names \"givn\", which does not exist (given?)."
    );
}

TEST(FhirPath, StopsAtItsLimits) {
    const auto document = core::JsonDocument::Parse(kPatient);
    const fhir::TypeNumber type = fhir::FindType("Patient");
    const auto path = FhirPath::Compile("name.given.select($this & 'x').count()", type);
    ASSERT_TRUE(path.ok());
    Environment environment;
    environment.limits.steps = 5;
    Arena arena;
    const auto items = path->Evaluate(document.value()->root(), type, environment, arena);
    ASSERT_FALSE(items.ok());
    EXPECT_EQ(items.error().code, core::ErrorCode::kExpressionLimit);
    EXPECT_FALSE(FhirPath::Compile(std::string(300, '(') + "1" + std::string(300, ')'), type).ok());
}

}  // namespace
}  // namespace kangqu::expression
