#include "kangqu/fhir/resource.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::fhir {
namespace {

using core::ErrorCode;

std::vector<core::Error> Check(std::string text, std::string path = {}) {
    const auto document = core::JsonDocument::Parse(std::move(text));
    EXPECT_TRUE(document.ok());
    return document.ok() ? CheckStructure(document.value()->root(), std::move(path))
                         : std::vector<core::Error>{};
}

struct Refusal {
    const char* text;
    ErrorCode code;
    const char* where;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.text;
}

class Refuses : public testing::TestWithParam<Refusal> {};

TEST_P(Refuses, WithOneErrorAtItsPlace) {
    const auto errors = Check(GetParam().text);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].code, GetParam().code) << errors[0].Line();
    EXPECT_EQ(errors[0].where, GetParam().where);
    EXPECT_EQ(errors[0].Text(core::Language::kZh).find('{'), std::string::npos);
}

constexpr Refusal kRefusals[] = {
    {R"({})", ErrorCode::kFhirNotResource, ""},
    {R"([])", ErrorCode::kFhirWrongKind, ""},
    {R"({"resourceType":7})", ErrorCode::kFhirNotResource, ""},
    {R"({"resourceType":"Patients"})", ErrorCode::kFhirUnknownType, ""},
    {R"({"resourceType":"DomainResource"})", ErrorCode::kFhirUnknownType, ""},
    {R"({"resourceType":"Patient","birthdate":"2000"})",
     ErrorCode::kFhirUnknownElement,
     "Patient.birthdate"},
    {R"({"resourceType":"Patient","_name":[]})", ErrorCode::kFhirUnknownElement, "Patient._name"},
    {R"({"resourceType":"Patient","contact":[{"resourceType":"Patient"}]})",
     ErrorCode::kFhirUnknownElement,
     "Patient.contact[0].resourceType"},
    {R"({"resourceType":"Patient","name":{"family":"李"}})",
     ErrorCode::kFhirWrongKind,
     "Patient.name"},
    {R"({"resourceType":"Patient","name":["李"]})", ErrorCode::kFhirWrongKind, "Patient.name[0]"},
    {R"({"resourceType":"Patient","birthDate":["2000"]})",
     ErrorCode::kFhirWrongKind,
     "Patient.birthDate"},
    {R"({"resourceType":"Patient","active":"true"})", ErrorCode::kFhirWrongKind, "Patient.active"},
    {R"({"resourceType":"Patient","active":null})", ErrorCode::kFhirWrongKind, "Patient.active"},
    {R"({"resourceType":"Patient","birthDate":20000101})",
     ErrorCode::kFhirWrongKind,
     "Patient.birthDate"},
    {R"({"resourceType":"Patient","name":[]})", ErrorCode::kFhirEmpty, "Patient.name"},
    {R"({"resourceType":"Patient","name":[{}]})", ErrorCode::kFhirEmpty, "Patient.name[0]"},
    {R"({"resourceType":"Patient","gender":""})", ErrorCode::kFhirEmpty, "Patient.gender"},
    {R"({"resourceType":"Patient","name":[{"given":["a",null]}]})",
     ErrorCode::kFhirEmpty,
     "Patient.name[0].given[1]"},
    {R"({"resourceType":"Patient","name":[null]})", ErrorCode::kFhirEmpty, "Patient.name[0]"},
    {R"({"resourceType":"Patient","name":[{"_given":[null]}]})",
     ErrorCode::kFhirEmpty,
     "Patient.name[0].given"},
    {R"({"resourceType":"Patient","_birthDate":{}})", ErrorCode::kFhirEmpty, "Patient.birthDate"},
    {R"({"resourceType":"Patient","_birthDate":{"extension":[{"valueString":"x"}]}})",
     ErrorCode::kFhirMissingElement,
     "Patient.birthDate.extension[0].url"},
    {R"({"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"})",
     ErrorCode::kFhirChoiceTwice,
     "Patient.deceased"},
    {R"({"resourceType":"Patient","link":[{"type":"seealso"}]})",
     ErrorCode::kFhirMissingElement,
     "Patient.link[0].other"},
    {R"({"resourceType":"Observation","status":"final"})",
     ErrorCode::kFhirMissingElement,
     "Observation.code"},
    {R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
        "valueQuantity":{"value":"1"}})",
     ErrorCode::kFhirWrongKind,
     "Observation.value.ofType(Quantity).value"},
    {R"({"resourceType":"Questionnaire","status":"draft","item":[{"type":"string"}]})",
     ErrorCode::kFhirMissingElement,
     "Questionnaire.item[0].linkId"},
    {R"({"resourceType":"Patient","contained":[{"resourceType":"Organization","active":1}]})",
     ErrorCode::kFhirWrongKind,
     "Patient.contained[0].active"},
    {R"({"resourceType":"Bundle","type":"batch","entry":[{"fullUrl":"urn:x:1"},
        {"resource":{"resourceType":"Patient","birthDate":"2001-02-29"}}]})",
     ErrorCode::kFhirBadValue,
     "Bundle.entry[1].resource.birthDate"},
    {R"({"resourceType":"Bundle","type":"batch","entry":[{"resource":{"name":"x"}}]})",
     ErrorCode::kFhirNotResource,
     "Bundle.entry[0].resource"},
    {R"({"resourceType":"Bundle","type":"batch-response","entry":[{"response":{"status":"200",
        "outcome":{"resourceType":"Patient"}}}]})",
     ErrorCode::kFhirWrongKind,
     "Bundle.entry[0].response.outcome"},
};

INSTANTIATE_TEST_SUITE_P(Structure, Refuses, testing::ValuesIn(kRefusals));

TEST(Structure, AcceptsSiblingsOfPrimitives) {
    const char* const accepted[] = {
        R"({"resourceType":"Patient","_birthDate":{"id":"b1"}})",
        R"({"resourceType":"Patient","birthDate":"2000","_birthDate":{"extension":[
            {"url":"http://x.org/t","valueDateTime":"2000-01-01T10:00:00+08:00"}]}})",
        R"({"resourceType":"Patient","name":[{"given":["a",null],"_given":[null,{"id":"g"}]}]})",
        R"({"resourceType":"Patient","link":[{"other":{"display":"x"},"_type":{"id":"t"}}]})",
        R"({"resourceType":"Patient","text":{"status":"empty","div":"<div>无</div>"}})",
        R"({"resourceType":"Parameters","parameter":[{"name":"a","resource":
            {"resourceType":"Basic","code":{"text":"x"}}}]})",
        R"({"resourceType":"Questionnaire","status":"draft","item":[
            {"type":"display","text":"说明"}]})",
    };
    for (const char* const text : accepted) {
        for (const auto& error : Check(text)) {
            ADD_FAILURE() << error.Line();
        }
    }
}

TEST(Structure, BeginsWithTheGivenPath) {
    const auto errors =
        Check(R"({"resourceType":"Patient","active":1})", "Bundle.entry[3].resource");
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].where, "Bundle.entry[3].resource.active");
}

TEST(Structure, ListsTwentyErrorsAndCountsTheRest) {
    std::string text = R"({"resourceType":"Patient")";
    for (int i = 0; i < 25; ++i) {
        text += ",\"x" + std::to_string(i) + "\":1";
    }
    const auto errors = Check(text + "}");
    ASSERT_EQ(errors.size(), kMaxStructureErrors + 1);
    EXPECT_EQ(errors.back().code, ErrorCode::kFhirMoreErrors);
    EXPECT_EQ(errors.back().args[0], "5");
}

// One value of each format in an extension: value[x] has a row for nearly all of them.
struct Value {
    const char* element;
    const char* json;
    bool good;
};

TEST(Structure, PrimitiveFormats) {
    const Value values[] = {
        {"valueDate", R"("2024")", true},
        {"valueDate", R"("2024-02")", true},
        {"valueDate", R"("2024-02-29")", true},
        {"valueDate", R"("2023-02-29")", false},
        {"valueDate", R"("2024-13")", false},
        {"valueDate", R"("2024-1-1")", false},
        {"valueDate", R"("2024-01-01T10:00:00Z")", false},
        {"valueDate", R"("0000")", false},
        {"valueDate", R"("24")", false},
        {"valueDateTime", R"("2024-02")", true},
        {"valueDateTime", R"("2024-02-01T23:59:60.5-03:30")", true},
        {"valueDateTime", R"("2024-02-01T10:00:00")", false},
        {"valueDateTime", R"("2024-02-01T10:00Z")", false},
        {"valueDateTime", R"("2024-02-01T24:00:00Z")", false},
        {"valueDateTime", R"("2024-02-01T10:00:00+14:30")", false},
        {"valueDateTime", R"("2024-02T10:00:00Z")", false},
        {"valueInstant", R"("2024-02-01T10:00:00.123456789Z")", true},
        {"valueInstant", R"("2024-02-01")", false},
        {"valueInstant", R"("2024-02-01T10:00:00.Z")", false},
        {"valueTime", R"("10:00:00")", true},
        {"valueTime", R"("10:00:00.25")", true},
        {"valueTime", R"("10:00")", false},
        {"valueTime", R"("10:00:00Z")", false},
        {"valueTime", R"("10:60:00")", false},
        {"valueDecimal", "-1.00e-5", true},
        {"valueDecimal", R"("1.0")", false},
        {"valueInteger", "-2147483648", true},
        {"valueInteger", "2147483648", false},
        {"valueInteger", "1.0", false},
        {"valueInteger", "1e3", false},
        {"valueUnsignedInt", "0", true},
        {"valueUnsignedInt", "-1", false},
        {"valuePositiveInt", "1", true},
        {"valuePositiveInt", "0", false},
        {"valueId", R"("a-B.9")", true},
        {"valueId", R"("a_b")", false},
        {"valueCode", R"("a b")", true},
        {"valueCode", R"(" a")", false},
        {"valueCode", R"("a  b")", false},
        {"valueUri", R"("urn:x")", true},
        {"valueUri", R"("a b")", false},
        {"valueUrl", R"("http://例.cn/?q=1")", true},
        {"valueCanonical", R"("http://x.org/a|1.0")", true},
        {"valueOid", R"("urn:oid:2.16.156.10011")", true},
        {"valueOid", R"("urn:oid:3.1")", false},
        {"valueOid", R"("urn:oid:1.01")", false},
        {"valueOid", R"("1.2.3")", false},
        {"valueUuid", R"("urn:uuid:c757873d-ec9a-4326-a141-556f43239520")", true},
        {"valueUuid", R"("urn:uuid:c757873d-ec9a-4326-a141-556f4323952g")", false},
        {"valueUuid", R"("c757873d-ec9a-4326-a141-556f43239520")", false},
        {"valueBase64Binary", R"("aGVsbG8=")", true},
        {"valueBase64Binary", R"("aGVs\nbG8=")", true},
        {"valueBase64Binary", R"("aGVsbG8")", false},
        {"valueBase64Binary", R"("aG=sbG8=")", false},
        {"valueBase64Binary", R"("a-b_")", false},
        {"valueString", R"("一\n二\t三")", true},
        {"valueString", R"("a\u0000b")", false},
        {"valueString", R"("a\u001fb")", false},
        {"valueString", R"("  ")", false},
        {"valueMarkdown", R"("# 标题")", true},
        {"valueBoolean", "false", true},
        {"valueBoolean", "0", false},
    };
    for (const auto& [element, json, good] : values) {
        const auto errors = Check(
            std::string(R"({"resourceType":"Basic","code":{"text":"x"},"extension":[{"url":"u",")"
            ) +
            element + "\":" + json + "}]}"
        );
        EXPECT_EQ(errors.empty(), good) << element << ' ' << json;
        EXPECT_LE(errors.size(), 1U);
    }
}

TEST(Structure, StringsHaveALimit) {
    const std::string head = R"({"resourceType":"Patient","language":"zh","name":[{"text":")";
    EXPECT_TRUE(Check(head + std::string(1U << 20U, 'x') + "\"}]}").empty());
    const auto errors = Check(head + std::string((1U << 20U) + 1, 'x') + "\"}]}");
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_LT(errors[0].args[1].size(), 200U);
}

}  // namespace
}  // namespace kangqu::fhir
