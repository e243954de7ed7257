#include "kangqu/search/query.hpp"

#include "shelf.hpp"

namespace kangqu::search {
namespace {

using Ids = std::vector<std::string>;
using core::ErrorCode;

class Query : public testing::Test {
protected:
    void SetUp() override {
        shelf_.Put({
            R"({"resourceType":"Organization","id":"o1","name":"北关街道社区卫生服务中心"})",
            R"({"resourceType":"Patient","id":"p1","name":[{"family":"张","given":["三"]}],
                "gender":"male","birthDate":"1950-03-01","active":true,
                "identifier":[{"system":"urn:id","value":"110101195003010011"},
                    {"system":"urn:no","value":"7"}],
                "telecom":[{"system":"phone","value":"13800000001"}],
                "managingOrganization":{"reference":"Organization/o1"}})",
            R"({"resourceType":"Patient","id":"p2","name":[{"text":"李四"},
                {"family":"Müller","given":["Anna"]}],
                "gender":"female","birthDate":"1980","deceasedBoolean":false,
                "identifier":[{"system":"urn:no","value":"8"},{"value":"plain"}]})",
            R"({"resourceType":"Patient","id":"p3","name":[{"text":"张三丰"}],"gender":"male",
                "deceasedDateTime":"2020-05-05T10:00:00+08:00"})",
            R"({"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"AMB"},
                "subject":{"reference":"Patient/p1"},
                "period":{"start":"2024-01-01T08:00:00+08:00","end":"2024-01-03T08:00:00+08:00"}})",
            Observation("b1", "p1", "8480-6", "2024-01-02T09:30:00+08:00", "150"),
            Observation("b2", "p1", "8480-6", "2024-06-01", "138.5"),
            Observation("b3", "p2", "8480-6", "2023-06-01T00:30:00+08:00", "120"),
            Observation("b4", "p2", "8462-4", "2024-01-02T09:30:00.250+08:00", "80"),
            R"({"resourceType":"Observation","id":"b5","status":"preliminary",
                "code":{"coding":[{"code":"8480-6"}]},"valueString":"未测",
                "focus":[{"reference":"http://elsewhere.cn/fhir/Device/d1"}]})",
            R"({"resourceType":"QuestionnaireResponse","id":"q1","status":"completed",
                "questionnaire":"http://x.cn/Questionnaire/a|2.0",
                "subject":{"reference":"Patient/p1"}})",
            R"({"resourceType":"ValueSet","id":"v1","status":"active","url":"http://x.cn/vs"})",
            R"({"resourceType":"RiskAssessment","id":"r1","status":"final",
                "subject":{"reference":"Patient/p1"},
                "prediction":[{"probabilityDecimal":0.25}]})",
        });
    }

    static std::string Observation(
        const std::string& id,
        const std::string& patient,
        const std::string& code,
        const std::string& when,
        const std::string& value
    ) {
        return R"({"resourceType":"Observation","id":")" + id +
               R"(","status":"final","code":{"coding":[{"system":"http://loinc.org","code":")" +
               code + R"("}]},"subject":{"reference":"Patient/)" + patient +
               R"("},"effectiveDateTime":")" + when + R"(","valueQuantity":{"value":)" + value +
               R"(,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}})";
    }

    Ids Find(const std::string& type, const std::string& name, const std::string& value) {
        return shelf_.Find(type, {{name, value}});
    }

    static ErrorCode
    Refused(const std::string& type, const std::string& name, const std::string& value) {
        const auto compiled = Compile(type, {{name, value}}, Restriction::System());
        EXPECT_FALSE(compiled.ok()) << name << '=' << value;
        return compiled.ok() ? ErrorCode::kInternal : compiled.error().code;
    }

    Shelf shelf_;
};

TEST_F(Query, Tokens) {
    EXPECT_EQ(Find("Observation", "code", "8480-6"), (Ids{"b1", "b2", "b3", "b5"}));
    EXPECT_EQ(Find("Observation", "code", "http://loinc.org|8480-6"), (Ids{"b1", "b2", "b3"}));
    EXPECT_EQ(Find("Observation", "code", "|8480-6"), Ids{"b5"});
    EXPECT_EQ(Find("Observation", "code", "http://loinc.org|"), (Ids{"b1", "b2", "b3", "b4"}));
    EXPECT_EQ(Find("Observation", "code", "8462-4,|8480-6"), (Ids{"b4", "b5"}));
    EXPECT_EQ(Find("Observation", "code", "8480"), Ids{});
    EXPECT_EQ(Find("Observation", "code:not", "http://loinc.org|8480-6"), (Ids{"b4", "b5"}));
    EXPECT_EQ(Find("Observation", "code:not", "unheard-of").size(), 5U);
    EXPECT_EQ(Find("Observation", "combo-code", "8462-4"), Ids{"b4"});
    EXPECT_EQ(Find("Patient", "identifier", "urn:no|7"), Ids{"p1"});
    EXPECT_EQ(Find("Patient", "identifier", "urn:id|7"), Ids{});
    EXPECT_EQ(Find("Patient", "identifier", "|plain"), Ids{"p2"});
    EXPECT_EQ(Find("Patient", "identifier", "urn:no|"), (Ids{"p1", "p2"}));
    EXPECT_EQ(Find("Patient", "gender", "male"), (Ids{"p1", "p3"}));
    EXPECT_EQ(
        Find("Patient", "gender", "http://hl7.org/fhir/administrative-gender|female"), Ids{"p2"}
    );
    EXPECT_EQ(Find("Patient", "active", "true"), Ids{"p1"});
    EXPECT_EQ(Find("Patient", "phone", "13800000001"), Ids{"p1"});
    EXPECT_EQ(Find("Patient", "email", "13800000001"), Ids{});
    EXPECT_EQ(Find("Patient", "deceased", "true"), Ids{"p3"});
    EXPECT_EQ(Find("Patient", "deceased", "false"), (Ids{"p1", "p2"}));
}

TEST_F(Query, Strings) {
    EXPECT_EQ(Find("Patient", "name", "张三"), (Ids{"p1", "p3"}));
    EXPECT_EQ(Find("Patient", "name", "张"), (Ids{"p1", "p3"}));
    EXPECT_EQ(Find("Patient", "name", "三"), Ids{"p1"});
    EXPECT_EQ(Find("Patient", "name:contains", "三"), (Ids{"p1", "p3"}));
    EXPECT_EQ(Find("Patient", "name", "zhangsan"), (Ids{"p1", "p3"}));
    EXPECT_EQ(Find("Patient", "name", "zs"), (Ids{"p1", "p3"}));
    EXPECT_EQ(Find("Patient", "name", "zsf"), Ids{"p3"});
    EXPECT_EQ(Find("Patient", "name:exact", "zhangsan"), Ids{});
    EXPECT_EQ(Find("Patient", "name:exact", "张三"), Ids{"p1"});
    EXPECT_EQ(Find("Patient", "family", "muller"), Ids{"p2"});
    EXPECT_EQ(Find("Patient", "family", "MÜL"), Ids{"p2"});
    EXPECT_EQ(Find("Patient", "family:exact", "Müller"), Ids{"p2"});
    EXPECT_EQ(Find("Patient", "family:exact", "müller"), Ids{});
    EXPECT_EQ(Find("Patient", "phonetic", "李"), Ids{"p2"});
    EXPECT_EQ(Find("Observation", "value-string", "未"), Ids{"b5"});
    EXPECT_EQ(Find("Patient", "name", "李,无"), Ids{"p2"});
    EXPECT_EQ(Find("Organization", "name", "北关"), Ids{"o1"});
}

TEST_F(Query, Dates) {
    EXPECT_EQ(Find("Observation", "date", "2024"), (Ids{"b1", "b2", "b4"}));
    EXPECT_EQ(Find("Observation", "date", "2024-01-02T09:30"), (Ids{"b1", "b4"}));
    EXPECT_EQ(Find("Observation", "date", "2024-01-02T01:30:00Z"), (Ids{"b1", "b4"}));
    EXPECT_EQ(Find("Observation", "date", "ne2024"), Ids{"b3"});
    EXPECT_EQ(Find("Observation", "date", "gt2024-01-02"), Ids{"b2"});
    EXPECT_EQ(Find("Observation", "date", "ge2024-01-02"), (Ids{"b1", "b2", "b4"}));
    EXPECT_EQ(Find("Observation", "date", "lt2024-01-02"), Ids{"b3"});
    EXPECT_EQ(Find("Observation", "date", "le2024-01-02"), (Ids{"b1", "b3", "b4"}));
    EXPECT_EQ(Find("Observation", "date", "2023-06-01"), Ids{"b3"});
    EXPECT_EQ(
        shelf_.Find("Observation", {{"date", "ge2023-06-01"}, {"date", "lt2024-02"}}),
        (Ids{"b1", "b3", "b4"})
    );
    EXPECT_EQ(Find("Encounter", "date", "2024-01"), Ids{"e1"});
    EXPECT_EQ(Find("Encounter", "date", "2024-01-02"), Ids{});
    EXPECT_EQ(Find("Encounter", "date", "gt2024-01-02"), Ids{"e1"});
    EXPECT_EQ(Find("Encounter", "date", "sa2024-01-01"), Ids{});
    EXPECT_EQ(Find("Encounter", "date", "sa2023"), Ids{"e1"});
    EXPECT_EQ(Find("Encounter", "date", "eb2024-01-04"), Ids{"e1"});
    EXPECT_EQ(Find("Patient", "birthdate", "1980"), Ids{"p2"});
    EXPECT_EQ(Find("Patient", "birthdate", "1950-03"), Ids{"p1"});
    EXPECT_EQ(Find("Patient", "birthdate", "lt1960,1980"), (Ids{"p1", "p2"}));
    EXPECT_EQ(Find("Patient", "death-date", "2020"), Ids{"p3"});
}

TEST_F(Query, References) {
    EXPECT_EQ(Find("Observation", "subject", "Patient/p1"), (Ids{"b1", "b2"}));
    EXPECT_EQ(Find("Observation", "subject", "p1"), (Ids{"b1", "b2"}));
    EXPECT_EQ(Find("Observation", "subject:Patient", "p2"), (Ids{"b3", "b4"}));
    EXPECT_EQ(Find("Observation", "subject:Group", "p2"), Ids{});
    EXPECT_EQ(Find("Observation", "patient", "Patient/p1"), (Ids{"b1", "b2"}));
    EXPECT_EQ(Find("Observation", "patient", "p1,p2"), (Ids{"b1", "b2", "b3", "b4"}));
    EXPECT_EQ(Find("Observation", "patient", "Group/p1"), Ids{});
    EXPECT_EQ(Find("Observation", "subject", "Patient/nobody"), Ids{});
    EXPECT_EQ(Find("Observation", "focus", "http://elsewhere.cn/fhir/Device/d1"), Ids{"b5"});
    EXPECT_EQ(Find("Patient", "organization", "Organization/o1"), Ids{"p1"});
    const std::string questionnaire = "http://x.cn/Questionnaire/a";
    EXPECT_EQ(Find("QuestionnaireResponse", "questionnaire", questionnaire), Ids{"q1"});
    EXPECT_EQ(Find("QuestionnaireResponse", "questionnaire", questionnaire + "\\|2.0"), Ids{"q1"});
    EXPECT_EQ(Find("QuestionnaireResponse", "questionnaire", questionnaire + "\\|1.0"), Ids{});
}

TEST_F(Query, NumbersQuantitiesAndUris) {
    EXPECT_EQ(Find("Observation", "value-quantity", "150"), Ids{"b1"});
    EXPECT_EQ(Find("Observation", "value-quantity", "150||mmHg"), Ids{"b1"});
    EXPECT_EQ(
        Find("Observation", "value-quantity", "150|http://unitsofmeasure.org|mm[Hg]"), Ids{"b1"}
    );
    EXPECT_EQ(Find("Observation", "value-quantity", "150||kPa"), Ids{});
    EXPECT_EQ(Find("Observation", "value-quantity", "138"), Ids{});
    EXPECT_EQ(Find("Observation", "value-quantity", "139"), Ids{"b2"});
    EXPECT_EQ(Find("Observation", "value-quantity", "138.5"), Ids{"b2"});
    EXPECT_EQ(Find("Observation", "value-quantity", "1.5e2"), Ids{"b1"});
    EXPECT_EQ(Find("Observation", "value-quantity", "gt138.5"), Ids{"b1"});
    EXPECT_EQ(Find("Observation", "value-quantity", "ge138.5"), (Ids{"b1", "b2"}));
    EXPECT_EQ(Find("Observation", "value-quantity", "lt120"), Ids{"b4"});
    EXPECT_EQ(Find("Observation", "value-quantity", "le120"), (Ids{"b3", "b4"}));
    EXPECT_EQ(Find("Observation", "value-quantity", "ne120"), (Ids{"b1", "b2", "b4"}));
    EXPECT_EQ(Find("RiskAssessment", "probability", "gt0.2"), Ids{"r1"});
    EXPECT_EQ(Find("RiskAssessment", "probability", "0.2"), Ids{});
    EXPECT_EQ(Find("ValueSet", "url", "http://x.cn/vs"), Ids{"v1"});
    EXPECT_EQ(Find("ValueSet", "url", "http://x.cn/"), Ids{});
}

TEST_F(Query, Combines) {
    EXPECT_EQ(
        shelf_.Find(
            "Observation",
            {{"code", "8480-6"},
             {"patient", "p1"},
             {"date", "ge2024-02"},
             {"value-quantity", "lt140"}}
        ),
        Ids{"b2"}
    );
    EXPECT_EQ(
        shelf_.Find("Observation", {{"code", "8480-6"}, {"status", "preliminary"}}), Ids{"b5"}
    );
    EXPECT_EQ(shelf_.Find("Patient", {{"name", "张"}, {"birthdate", "lt1960"}}), Ids{"p1"});
    EXPECT_EQ(shelf_.Find("Patient", {{"name", "张"}, {"name", "三丰"}}), Ids{});
    EXPECT_EQ(shelf_.Total("Observation", {{"code", "8480-6"}, {"date", "2024"}}), 2);
    EXPECT_EQ(shelf_.Total("Observation", {}), 5);
    EXPECT_EQ(shelf_.Total("Observation", {{"code", "nothing"}}), 0);
    EXPECT_EQ(shelf_.Find("Basic", {}), Ids{});
}

TEST_F(Query, IdsAndTimes) {
    EXPECT_EQ(Find("Patient", "_id", "p2,p3,none"), (Ids{"p2", "p3"}));
    EXPECT_EQ(Find("Patient", "_id", "none"), Ids{});
    EXPECT_EQ(Find("Patient", "_id", "b1"), Ids{});
    EXPECT_EQ(shelf_.Find("Patient", {{"_id", "p1,p2"}, {"gender", "female"}}), Ids{"p2"});
    // Everything was written at 2026-09-21T22:13:20+08:00.
    EXPECT_EQ(Find("Patient", "_lastUpdated", "2026-09-21").size(), 3U);
    EXPECT_EQ(Find("Patient", "_lastUpdated", "ge2026-09-21T22:13:20").size(), 3U);
    EXPECT_EQ(Find("Patient", "_lastUpdated", "gt2026-09-21T22:13:20").size(), 0U);
    EXPECT_EQ(Find("Patient", "_lastUpdated", "lt2026-09-21T22:13:20").size(), 0U);
}

TEST_F(Query, SortsAndPages) {
    for (const char* const count : {"1", "2", "50"}) {
        const auto in_order = [&](const std::string& sort) {
            return shelf_.FindInOrder("Observation", {{"_sort", sort}, {"_count", count}});
        };
        EXPECT_EQ(in_order("date"), (Ids{"b3", "b1", "b4", "b2", "b5"}));
        EXPECT_EQ(in_order("-date"), (Ids{"b2", "b4", "b1", "b3", "b5"}));
        EXPECT_EQ(in_order("_id"), (Ids{"b1", "b2", "b3", "b4", "b5"}));
        EXPECT_EQ(in_order("-_id"), (Ids{"b5", "b4", "b3", "b2", "b1"}));
        EXPECT_EQ(in_order("_lastUpdated"), (Ids{"b1", "b2", "b3", "b4", "b5"}));
        EXPECT_EQ(in_order("-_lastUpdated"), (Ids{"b5", "b4", "b3", "b2", "b1"}));
        EXPECT_EQ(
            shelf_.Find("Observation", {{"_count", count}, {"date", "ge2024"}}),
            (Ids{"b1", "b2", "b4"})
        );
        EXPECT_EQ(shelf_.Find("Patient", {{"_count", count}, {"name", "张"}}), (Ids{"p1", "p3"}));
    }
}

TEST_F(Query, FollowsChanges) {
    shelf_.Put({Observation("b1", "p1", "8462-4", "2022-01-01", "90")});
    EXPECT_EQ(Find("Observation", "code", "8462-4"), (Ids{"b1", "b4"}));
    EXPECT_EQ(Find("Observation", "date", "2022"), Ids{"b1"});
    EXPECT_EQ(Find("Observation", "value-quantity", "150"), Ids{});
    shelf_.Remove("Observation", "b1");
    EXPECT_EQ(Find("Observation", "code", "8462-4"), Ids{"b4"});
    EXPECT_EQ(Find("Observation", "_id", "b1"), Ids{});
    EXPECT_EQ(shelf_.Total("Observation", {}), 4);
}

TEST_F(Query, RefusesWhatItDoesNotUnderstand) {
    EXPECT_EQ(Refused("Patient", "shoe-size", "43"), ErrorCode::kSearchUnknownParameter);
    EXPECT_EQ(Refused("Patient", "_unknown", "43"), ErrorCode::kSearchUnknownParameter);
    EXPECT_EQ(Refused("Patient", "name:phonetic", "a"), ErrorCode::kSearchUnknownParameter);
    EXPECT_EQ(Refused("Patient", "gender:exact", "a"), ErrorCode::kSearchUnknownParameter);
    EXPECT_EQ(Refused("Patient", "organization:Nothing", "a"), ErrorCode::kSearchUnknownParameter);
    EXPECT_EQ(Refused("Patients", "name", "a"), ErrorCode::kFhirUnknownType);
    EXPECT_EQ(Refused("Observation", "code-value-quantity", "a$x"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "birthdate", "1980-13"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "birthdate", "zz1980"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "gender", ""), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "gender", "male,"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "gender", "|"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "name", "\xFF"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "_count", "-1"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "_total", "some"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "_sort", "shoe"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "_cursor", "p_1"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Patient", "_cursor", "D_1_2_3_4"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Observation", "value-quantity", "1|2"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Observation", "value-quantity", "x"), ErrorCode::kSearchBadValue);
    EXPECT_EQ(Refused("Observation", "subject:Patient", "Group/1"), ErrorCode::kSearchBadValue);
    std::string many = "a";
    for (std::size_t i = 0; i < kMaxValues; ++i) {
        many += ",a";
    }
    EXPECT_EQ(Refused("Patient", "gender", many), ErrorCode::kSearchTooComplex);
    const Shelf::Parameters criteria(kMaxCriteria + 1, {"gender", "male"});
    const auto compiled = Compile("Patient", criteria, Restriction::System());
    ASSERT_FALSE(compiled.ok());
    EXPECT_EQ(compiled.error().code, ErrorCode::kSearchTooComplex);
}

}  // namespace
}  // namespace kangqu::search
