#include "kangqu/expression/batch.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

constexpr core::InstantMs kNow = 1'795'336'200'000;  // 2026-11-22T14:30:00+08:00

struct Row {
    const char* line;
    const char* expected;
};

TEST(FhirPathBatch, AnswersLineByLine) {
    const std::vector<Row> rows = {
        {R"j({"id":1,"expression":"1 + 1.50"})j",
         R"j({"id":1,"result":[2.50],"types":["System.Decimal"]})j"},
        {R"j({"id":"a","expression":"name","resource":{"resourceType":"Patient","name":[{"family":"王"}]}})j",
         R"j({"id":"a","result":[{"family":"王"}],"types":["FHIR.HumanName"]})j"},
        {R"j({"id":2,"expression":"@2026-11-22 | @T10:30"})j",
         R"j({"id":2,"result":["2026-11-22","10:30"],"types":["System.Date","System.Time"]})j"},
        {R"j({"id":3,"expression":"4.0 'mg'"})j",
         R"j({"id":3,"result":[{"value":4.0,"unit":"mg","code":"mg"}],"types":["System.Quantity"]})j"},
        {R"j({"id":4,"expression":"%limit + 1","variables":{"limit":5}})j",
         R"j({"id":4,"result":[6],"types":["System.Integer"]})j"},
        {R"j({"id":5,"expression":"given","context":"Patient.name","resource":)j"
         R"j({"resourceType":"Patient","name":[{"given":["a"]},{"given":["b"]}]}})j",
         R"j({"id":5,"result":["a","b"],"types":["FHIR.string","FHIR.string"]})j"},
        {R"j({"id":6,"expression":"today()"})j",
         R"j({"id":6,"result":["2026-11-22"],"types":["System.Date"]})j"},
        {R"j({"id":7,"expression":"name.givn","mode":"strict","resource":{"resourceType":"Patient"}})j",
         R"j({"id":7,"error":"1:6: The expression names \"givn\", which does not exist (given?)."})j"},
        {R"j({"id":8,"expression":"1","file":"nowhere.json"})j",
         R"j({"id":8,"error":"Cannot read file /tmp/nowhere.json: no such file."})j"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(FhirPathBatchLine(row.line, "/tmp", kNow), row.expected);
    }
    EXPECT_NE(FhirPathBatchLine("not json", "", kNow).find("\"error\""), std::string::npos);
}

TEST(FhirPathBatch, ReadsFilesInXml) {
    const std::string folder = ::testing::TempDir();
    std::ofstream(folder + "/p.xml")
        << "<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"王\"/>"
           "</name></Patient>";
    EXPECT_EQ(
        FhirPathBatchLine(R"({"id":1,"expression":"name.family","file":"p.xml"})", folder, kNow),
        R"({"id":1,"result":["王"],"types":["FHIR.string"]})"
    );
}

TEST(CqlBatch, AnswersLineByLine) {
    const std::vector<Row> rows = {
        {R"j({"id":1,"expression":"1.50 + 1"})j", R"j({"id":1,"result":"2.50"})j"},
        {R"j({"id":2,"expression":"Interval[1, 10)"})j",
         R"j({"id":2,"result":"Interval[1, 10)"})j"},
        {R"j({"id":3,"expression":"'a\\'b'"})j", R"j({"id":3,"result":"'a\\'b'"})j"},
        {R"j({"id":4,"expression":"{1, null}"})j", R"j({"id":4,"result":"{1, null}"})j"},
        {R"j({"id":5,"expression":"Tuple { a: 1, b: 'x' }"})j",
         R"j({"id":5,"result":"Tuple { a: 1, b: 'x' }"})j"},
        {R"j({"id":6,"expression":"DateTime(2014, 1, 1)"})j",
         R"j({"id":6,"result":"@2014-01-01T"})j"},
        {R"j({"id":7,"expression":"Now()","now":"2014-01-01T10:00:00.000Z"})j",
         R"j({"id":7,"result":"@2014-01-01T10:00:00.000+00:00"})j"},
        {R"j({"id":8,"expression":"Limit * 2","library":"parameter Limit Integer default 4"})j",
         R"j({"id":8,"result":"8"})j"},
        {R"j({"id":9,"expression":"5L"})j", R"j({"id":9,"result":"5L"})j"},
        {R"j({"id":10,"expression":"1 +"})j",
         R"j({"id":10,"error":"1:23: The expression has a syntax error: )j"
         R"j(expected an expression, found the end."})j"},
        {R"j({"id":11,"expression":"@T10:00"})j", R"j({"id":11,"result":"@T10:00"})j"},
        {R"j({"id":12,"expression":"3 days"})j", R"j({"id":12,"result":"3 days"})j"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(CqlBatchLine(row.line, kNow), row.expected);
    }
}

TEST(CqlRun, WritesOneRowAPatient) {
    const auto document = core::JsonDocument::Parse(R"j([
        {"resourceType":"Patient","id":"p1","birthDate":"1960-01-01"},
        {"resourceType":"Encounter","id":"e1","status":"finished","subject":{"reference":"Patient/p1"},
         "period":{"start":"2025-05-01T09:00:00+08:00"}},
        {"resourceType":"Patient","id":"p2","birthDate":"2001-01-01"},
        {"resourceType":"Organization","id":"o"}])j");
    std::vector<core::JsonNode> resources;
    for (core::JsonNode one = document.value()->root().first(); one; one = one.next()) {
        resources.push_back(one);
    }
    const auto subjects = GroupByPatient(resources);
    ASSERT_EQ(subjects.size(), 2U);
    const auto library = CompileCql(
        "parameter \"Measurement Period\" Interval<DateTime>\ncontext Patient\n"
        "define \"Old\": AgeInYearsAt(end of \"Measurement Period\") >= 60\n"
        "define \"Visits\": [Encounter] E where E.period.\"start\".value in \"Measurement "
        "Period\"\n"
        "define \"Text\": 'a, \"b\"'\n"
        "define private \"Hidden\": 1\n"
        "define \"Wrong\": singleton from {1, 2}\n"
    );
    ASSERT_TRUE(library.ok()) << library.error().Line();
    CqlRunOptions options;
    options.period = {{2025, 1, 1}, {2025, 12, 31}};
    options.environment.now = core::Temporal::OfInstant(kNow, core::kChinaOffsetMinutes);
    std::string out;
    ASSERT_TRUE(CqlRunCsv(**library, subjects, options, [&](std::string_view line) {
                    out += line;
                }).ok());
    EXPECT_EQ(
        out,
        "patient_id,Old,Visits,Text,Wrong\n"
        "p1,true,{e1},\"a, \"\"b\"\"\",\"#7:17: The expression cannot be evaluated: one item is "
        "needed "
        "here, there are 2.\"\n"
        "p2,false,{},\"a, \"\"b\"\"\",\"#7:17: The expression cannot be evaluated: one item is "
        "needed "
        "here, there are 2.\"\n"
    );
}

}  // namespace
}  // namespace kangqu::expression
