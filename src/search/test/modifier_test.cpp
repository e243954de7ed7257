// Every kind of parameter with its modifiers and prefixes: what is asked, and what is found.
#include "shelf.hpp"

namespace kangqu::search {
namespace {

// Two residents, what was seen of them, and who saw it.
const std::vector<std::string> kRecords = {
    R"({"resourceType":"Patient","id":"zhang","active":true,"gender":"male","birthDate":"1950-03-01",
        "meta":{"tag":[{"system":"urn:t","code":"vip"}],"profile":["http://p/a|1.0"],"source":"urn:src"},
        "identifier":[{"type":{"coding":[{"system":"urn:ty","code":"MR"}],"text":"病案号"},
                       "system":"urn:id","value":"X-1"}],
        "name":[{"family":"張","given":["三丰"],"text":"張三丰"}],
        "address":[{"city":"上海","text":"浦东新区 Ａｖｅ"}],
        "generalPractitioner":[{"reference":"Practitioner/li"}],
        "managingOrganization":{"reference":"Organization/o1"},
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">咳嗽 <b>三</b> 天</div>"}})",
    R"({"resourceType":"Patient","id":"wang","active":false,"gender":"female","birthDate":"1980-07",
        "name":[{"family":"O'Brien","given":["Zoë"]}],"deceasedDateTime":"2020-05-01",
        "managingOrganization":{"identifier":{"system":"urn:org","value":"77"}}})",
    R"({"resourceType":"Practitioner","id":"li","name":[{"text":"李四"}],"gender":"female"})",
    R"({"resourceType":"Organization","id":"o1","name":"一院","partOf":{"reference":"Organization/o2"}})",
    R"({"resourceType":"Organization","id":"o2","name":"总院"})",
    R"({"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"AMB"},
        "subject":{"reference":"Patient/zhang"},"serviceProvider":{"reference":"Organization/o1"},
        "period":{"start":"2024-01-10T08:00:00+08:00","end":"2024-01-10T09:00:00+08:00"}})",
    R"({"resourceType":"Encounter","id":"e2","status":"in-progress","class":{"code":"IMP"},
        "subject":{"reference":"Patient/wang"},"period":{"start":"2024-02-01T00:00:00+08:00"}})",
    R"({"resourceType":"Observation","id":"weight","status":"final",
        "code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"Body Weight"}],"text":"体重"},
        "subject":{"reference":"Patient/zhang"},"encounter":{"reference":"Encounter/e1"},
        "performer":[{"reference":"Practitioner/li"}],"effectiveDateTime":"2024-01-10T08:30:00+08:00",
        "valueQuantity":{"value":70.5,"unit":"公斤","system":"http://unitsofmeasure.org","code":"kg"}})",
    R"({"resourceType":"Observation","id":"pressure","status":"final",
        "code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},
        "subject":{"reference":"Patient/zhang"},"effectiveDateTime":"2024-01",
        "component":[
          {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},
           "valueQuantity":{"value":140,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
          {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},
           "valueQuantity":{"value":90,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]})",
    R"({"resourceType":"Observation","id":"smoking","status":"amended",
        "code":{"coding":[{"system":"http://loinc.org","code":"72166-2"}]},
        "subject":{"reference":"Patient/wang"},"effectivePeriod":{"start":"2023-12-01","end":"2024-01-31"},
        "valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"266919005"}],"text":"Never smoked"}})",
    R"({"resourceType":"Observation","id":"note","status":"final","code":{"coding":[{"code":"n"}]},
        "subject":{"reference":"Patient/wang"},"valueString":"Äpfel essen"})",
    R"({"resourceType":"Observation","id":"money","status":"final","code":{"coding":[{"code":"m"}]},
        "subject":{"reference":"Patient/wang"},"valueQuantity":{"value":3,"unit":"盒"}})",
    R"({"resourceType":"Condition","id":"cough","code":{"coding":[{"system":"urn:icd","code":"R05","display":"咳嗽"}]},
        "subject":{"reference":"Patient/zhang"},"onsetDateTime":"2024-01-09","recordedDate":"2024-01-10"})",
    R"({"resourceType":"ValueSet","id":"v1","status":"active","url":"http://x/fhir/vs/a"})",
    R"({"resourceType":"ValueSet","id":"v2","status":"draft","url":"http://x/fhir/vs/a/b",
        "useContext":[{"code":{"system":"urn:uc","code":"age"},"valueQuantity":{"value":65,"unit":"a",
          "system":"http://unitsofmeasure.org","code":"a"}}]})",
    R"({"resourceType":"DocumentReference","id":"d1","status":"current","content":[{"attachment":{"url":"http://a/b"}}],
        "relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/d2"}}]})",
    R"({"resourceType":"DocumentReference","id":"d2","status":"superseded","content":[{"attachment":{"url":"http://a/c"}}]})",
    R"({"resourceType":"Location","id":"near","name":"站","position":{"latitude":31.23,"longitude":121.47}})",
    R"({"resourceType":"Location","id":"far","name":"远","position":{"latitude":39.9,"longitude":116.4}})",
    R"({"resourceType":"RiskAssessment","id":"r1","status":"final","subject":{"reference":"Patient/zhang"},
        "prediction":[{"probabilityDecimal":0.25}]})",
    R"({"resourceType":"List","id":"l1","status":"current","mode":"working",
        "entry":[{"item":{"reference":"Patient/wang"}},{"item":{"reference":"Condition/cough"}}]})",
    R"({"resourceType":"Provenance","id":"pv","target":[{"reference":"Observation/weight"}],
        "recorded":"2024-01-10T08:31:00+08:00","agent":[{"who":{"reference":"Practitioner/li"}}]})",
};

class TestKnowledge final : public Knowledge {
public:
    core::Result<std::vector<Coded>> CodesOf(std::string_view value_set, std::size_t limit)
        const override {
        if (value_set != "http://x/vitals" || limit < 2) {
            return core::MakeError(core::ErrorCode::kNotFound, std::string(value_set));
        }
        return std::vector<Coded>{{"http://loinc.org", "29463-7"}, {"http://loinc.org", "85354-9"}};
    }
    core::Result<std::vector<Coded>> Below(const Coded& coded, std::size_t) const override {
        return std::vector<Coded>{coded, {coded.system, "R05"}};
    }
    core::Result<std::vector<Coded>> Above(const Coded& coded, std::size_t) const override {
        return std::vector<Coded>{coded};
    }
};

struct Case {
    std::string type;
    std::string query;
    std::string found;  // ids in alphabetical order
};

std::string Joined(const std::vector<std::string>& ids) {
    std::string out;
    for (const std::string& id : ids) {
        out += (out.empty() ? "" : " ") + id;
    }
    return out;
}

class Modifiers : public testing::Test {
protected:
    void SetUp() override { shelf_.Put(kRecords); }

    void Check(const std::vector<Case>& cases) {
        SearchOptions options;
        options.knowledge = &knowledge_;
        options.now = 1'706'745'600'000;  // 2024-02-01T08:00+08:00
        for (const Case& one : cases) {
            const auto query = Shelf::Query(one.query);
            const auto found = shelf_.Find(one.type, query, Restriction::System(), options);
            EXPECT_EQ(Joined(found), one.found) << one.type << '?' << one.query;
            const auto total = shelf_.Total(one.type, query, Restriction::System(), options);
            EXPECT_EQ(total, static_cast<std::int64_t>(found.size()))
                << one.type << '?' << one.query;
        }
    }

    Shelf shelf_;
    TestKnowledge knowledge_;
};

TEST_F(Modifiers, Token) {
    Check({
        {"Observation", "code=29463-7", "weight"},
        {"Observation", "code=http://loinc.org|29463-7", "weight"},
        {"Observation", "code=http://loinc.org|", "pressure smoking weight"},
        {"Observation", "code=|n", "note"},
        {"Observation", "code=urn:other|29463-7", ""},
        {"Observation", "code=29463-7,n", "note weight"},
        {"Observation", "code:not=29463-7,n", "money pressure smoking"},
        {"Observation", "code:text=weight", "weight"},
        {"Observation", "code:text=体重", "weight"},
        {"Observation", "code:text=體重", "weight"},
        {"Observation", "value-concept:text=never", "smoking"},
        {"Observation", "code:in=http://x/vitals", "pressure weight"},
        {"Observation", "code:not-in=http://x/vitals", "money note smoking"},
        {"Condition", "code:below=urn:icd|R00-R09", "cough"},
        {"Condition", "code:above=urn:icd|R05", "cough"},
        {"Observation", "code:missing=false&status=amended", "smoking"},
        {"Observation", "value-concept:missing=true", "money note pressure weight"},
        {"Patient", "identifier=X-1", "zhang"},
        {"Patient", "identifier=urn:id|X-1", "zhang"},
        {"Patient", "identifier:of-type=urn:ty|MR|X-1", "zhang"},
        {"Patient", "identifier:of-type=urn:ty|SS|X-1", ""},
        {"Patient", "identifier:text=病案", "zhang"},
        {"Patient", "active=true", "zhang"},
        {"Patient", "active=http://terminology.hl7.org/CodeSystem/special-values|true", "zhang"},
        {"Patient", "gender:not=male", "wang"},
        {"Patient", "deceased=true", "wang"},
        {"Patient", "_tag=urn:t|vip", "zhang"},
        {"Patient", "_tag:missing=true", "wang"},
        {"Patient", "_security=x", ""},
        {"Observation", "combo-code=8480-6", "pressure"},
    });
}

TEST_F(Modifiers, String) {
    Check({
        {"Patient", "family=张", "zhang"},
        {"Patient", "family=張", "zhang"},
        {"Patient", "name=张三", "zhang"},
        {"Patient", "name=三", "zhang"},
        {"Patient", "name=丰", ""},
        {"Patient", "name:contains=丰", "zhang"},
        {"Patient", "name:exact=張三丰", "zhang"},
        {"Patient", "name:exact=张三丰", ""},
        {"Patient", "name=zhangsanfeng", "zhang"},
        {"Patient", "name=zsf", "zhang"},
        {"Patient", "name-pinyin=zhang san", "zhang"},
        {"Patient", "name-pinyin=zsf", ""},
        {"Patient", "name-initials=zs", "zhang"},
        {"Patient", "name-initials=zhang", ""},
        {"Patient", "given=ZOE", "wang"},
        {"Patient", "given:exact=Zoë", "wang"},
        {"Patient", "given:exact=zoe", ""},
        {"Patient", "address=浦东新区 ave", "zhang"},
        {"Patient", "address-city=上海,北京", "zhang"},
        {"Patient", "address:missing=true", "wang"},
        {"Observation", "value-string=apfel", "note"},
        {"Observation", "value-string:contains=ESSEN", "note"},
        {"Patient", "name:missing=false", "wang zhang"},
    });
}

TEST_F(Modifiers, Date) {
    Check({
        {"Patient", "birthdate=1950-03-01", "zhang"},
        {"Patient", "birthdate=1950", "zhang"},
        {"Patient", "birthdate=1980-07-15", ""},
        {"Patient", "birthdate=ap1980-07-15", "wang"},
        {"Patient", "birthdate=lt1960", "zhang"},
        {"Patient", "birthdate=ge1980-07", "wang"},
        {"Patient", "birthdate=gt1980-07", ""},
        {"Patient", "birthdate=ne1950-03-01", "wang"},
        {"Patient", "birthdate=sa1950-03-01", "wang"},
        {"Patient", "birthdate=eb1980-07", "zhang"},
        {"Patient", "death-date=2020", "wang"},
        {"Patient", "death-date=ge2021", ""},
        {"Patient", "death-date:missing=true", "zhang"},
        {"Encounter", "date=2024-01-10", "e1"},
        {"Encounter", "date=ge2024-03", "e2"},
        {"Encounter", "date=sa2024-01-15", "e2"},
        {"Encounter", "date=eb2024-02", "e1"},
        {"Encounter", "date=2024-01-10T08:30:00+08:00", ""},
        {"Encounter", "date=ap2024-01-10T08:30", "e1"},
        {"Observation", "date=2024-01", "pressure weight"},
        {"Observation", "date=le2023-12-15", "smoking"},
        {"Observation", "date=2024-01-10T00:30:00Z", "weight"},
        {"Observation", "date=2024-01-10T08:30", "weight"},
        {"Observation", "date:missing=true", "money note"},
        {"Condition", "recorded-date=2024-01-10", "cough"},
        {"Condition", "recorded-date=lt2024-01-10", ""},
        {"Condition", "onset-date=2024-01-09&recorded-date=ge2024", "cough"},
        {"Observation", "_lastUpdated=ge2000", "money note pressure smoking weight"},
        {"Observation", "_lastUpdated=lt2000", ""},
    });
}

TEST_F(Modifiers, NumberAndQuantity) {
    Check({
        {"RiskAssessment", "probability=0.25", "r1"},
        {"RiskAssessment", "probability=0.3", "r1"},
        {"RiskAssessment", "probability=gt0.25", ""},
        {"RiskAssessment", "probability=ap0.27", "r1"},
        {"RiskAssessment", "probability=sa0.2", "r1"},
        {"RiskAssessment", "probability=eb0.2", ""},
        {"Observation", "value-quantity=70.5", "weight"},
        {"Observation", "value-quantity=71", "weight"},
        {"Observation", "value-quantity=70.50", "weight"},
        {"Observation", "value-quantity=70.6", ""},
        {"Observation", "value-quantity=gt70.5", ""},
        {"Observation", "value-quantity=ge70.5", "weight"},
        {"Observation", "value-quantity=ap72", "weight"},
        {"Observation", "value-quantity=70.5|http://unitsofmeasure.org|kg", "weight"},
        {"Observation", "value-quantity=70500|http://unitsofmeasure.org|g", "weight"},
        {"Observation", "value-quantity=ge70.5|http://unitsofmeasure.org|kg", "weight"},
        {"Observation", "value-quantity=gt70500|http://unitsofmeasure.org|g", ""},
        {"Observation", "value-quantity=lt0.08|http://unitsofmeasure.org|t", "weight"},
        {"Observation", "value-quantity=70.5||kg", "weight"},
        {"Observation", "value-quantity=70.5||公斤", "weight"},
        {"Observation", "value-quantity=70.5||g", ""},
        {"Observation", "value-quantity=70.5|http://unitsofmeasure.org|m", ""},
        {"Observation", "value-quantity=3||盒", "money"},
        {"Observation", "value-quantity=le3,ge70", "money weight"},
        {"Observation", "combo-value-quantity=gt100", "pressure"},
        {"Observation", "value-quantity:missing=true", "note pressure smoking"},
    });
}

TEST_F(Modifiers, ReferenceChainAndHas) {
    Check({
        {"Observation", "subject=Patient/zhang", "pressure weight"},
        {"Observation", "subject=zhang", "pressure weight"},
        {"Observation", "subject:Patient=zhang", "pressure weight"},
        {"Observation", "patient=wang", "money note smoking"},
        {"Observation", "encounter:missing=true", "money note pressure smoking"},
        {"Observation", "patient:missing=true", ""},
        {"Patient", "organization:identifier=urn:org|77", "wang"},
        {"Observation", "subject:Patient.name=张", "pressure weight"},
        {"Observation", "subject.name=张", "pressure weight"},
        {"Observation", "patient.gender=female", "money note smoking"},
        {"Observation", "encounter.class=AMB", "weight"},
        {"Observation", "patient.general-practitioner.name=李", "pressure weight"},
        {"Observation", "encounter.service-provider.partof.name=总", "weight"},
        {"Observation", "patient.birthdate=lt1960&code=29463-7", "weight"},
        {"Observation", "patient.gender:not=male", "money note smoking"},
        {"Patient", "_has:Observation:patient:code=29463-7", "zhang"},
        {"Patient", "_has:Observation:subject:date=2024-01-10", "zhang"},
        {"Patient",
         "_has:Observation:patient:_has:Provenance:target:agent=Practitioner/li",
         "zhang"},
        {"Practitioner", "_has:Observation:performer:subject:Patient.name=张", "li"},
        {"Encounter", "subject._has:Condition:patient:code=R05", "e1"},
        {"Patient", "_has:Condition:patient:code:missing=false", "zhang"},
        {"ValueSet", "url=http://x/fhir/vs/a", "v1"},
        {"ValueSet", "url:below=http://x/fhir/vs", "v1 v2"},
        {"ValueSet", "url:below=http://x/fhir/v", ""},
        {"ValueSet", "url:above=http://x/fhir/vs/a/b/c", "v1 v2"},
        {"Patient", "_profile=http://p/a|1.0", "zhang"},
        {"Patient", "_profile=http://p/a", "zhang"},
        {"Patient", "_source=urn:src", "zhang"},
    });
}

TEST_F(Modifiers, CompositeAndSpecial) {
    Check({
        {"Observation", "code-value-quantity=29463-7$70.5", "weight"},
        {"Observation", "code-value-quantity=http://loinc.org|29463-7$gt70||kg", "weight"},
        {"Observation", "code-value-quantity=29463-7$gt71", ""},
        {"Observation", "component-code-value-quantity=8480-6$gt130", "pressure"},
        {"Observation", "component-code-value-quantity=8462-4$gt130", ""},
        {"Observation", "combo-code-value-quantity=8480-6$140,29463-7$70.5", "pressure weight"},
        {"Observation",
         "component-code-value-quantity=8462-4$ge90|http://unitsofmeasure.org|mm[Hg]",
         "pressure"},
        {"Observation", "code-value-concept=72166-2$266919005", "smoking"},
        {"Observation", "code-value-concept=72166-2$http://snomed.info/sct|266919005", "smoking"},
        {"Observation", "code-value-concept=72166-2$1", ""},
        {"Observation", "code-value-string=n$apfel", "note"},
        {"Observation", "code-value-string=29463-7$apfel", ""},
        {"ValueSet", "context-type-quantity=age$gt60||a", "v2"},
        {"ValueSet", "context-type-quantity=age$lt60||a", ""},
        {"DocumentReference", "relationship=replaces$DocumentReference/d2", "d1"},
        {"DocumentReference", "relationship=appends$DocumentReference/d2", ""},
        {"Location", "near=31.2|121.4|20|km", "near"},
        {"Location", "near=31.2|121.4|2000", "far near"},
        {"Location", "near=31.2|121.4|10|m", ""},
    });
}

TEST_F(Modifiers, ListTextAndFilter) {
    Check({
        {"Patient", "_list=l1", "wang"},
        {"Condition", "_list=l1", "cough"},
        {"Patient", "_list=none", ""},
        {"Patient", "_id=zhang,nobody", "zhang"},
        {"Patient", "_text=咳嗽", "zhang"},
        {"Patient", "_text=xhtml", ""},
        {"Patient", "_content=浦东新区 男", ""},
        {"Patient", "_content=浦东新区 male", "zhang"},
        {"Patient", "_filter=gender eq male", "zhang"},
        {"Patient", "_filter=gender eq male or birthdate gt 1970", "wang zhang"},
        {"Patient", "_filter=not (gender eq male) and active eq false", "wang"},
        {"Patient", "_filter=name co \"丰\"", "zhang"},
        {"Patient", "_filter=deceased pr true and gender ne male", "wang"},
        {"Observation", "_filter=value-quantity ge 70||kg", "weight"},
        {"Observation", "_filter=patient re Patient/wang and status eq amended", "smoking"},
        {"Observation",
         "_filter=date ge 2024-01-10 and date lt 2024-02",
         "pressure smoking weight"},
    });
}

TEST_F(Modifiers, Refused) {
    const auto refused = [&](const std::string& type, const std::string& query) {
        return shelf_.Refused(type, Shelf::Query(query));
    };
    EXPECT_EQ(refused("Patient", "shoe=1"), "search-unknown-parameter");
    EXPECT_EQ(refused("Patient", "gender:exact=male"), "search-unknown-parameter");
    EXPECT_EQ(refused("Patient", "name:not=a"), "search-unknown-parameter");
    EXPECT_EQ(refused("Patient", "gender:of-type=a|b|c"), "search-unknown-parameter");
    EXPECT_EQ(refused("Patient", "gender.name=x"), "search-unknown-parameter");
    EXPECT_EQ(refused("Patient", "_has:Observation:code:code=x"), "search-unknown-parameter");
    EXPECT_EQ(refused("Patient", "_has:Shoe:x:y=x"), "search-unknown-parameter");
    EXPECT_EQ(refused("Observation", "subject:Shoe.name=x"), "search-unknown-parameter");
    EXPECT_EQ(refused("Observation", "encounter:Patient=x"), "");
    EXPECT_EQ(refused("Patient", "birthdate=xx1"), "search-bad-value");
    EXPECT_EQ(refused("Patient", "name:missing=maybe"), "search-bad-value");
    EXPECT_EQ(refused("Observation", "code-value-quantity=a"), "search-bad-value");
    EXPECT_EQ(refused("Observation", "value-quantity=5|kg"), "search-bad-value");
    EXPECT_EQ(refused("Location", "near=91|0"), "search-bad-value");
    EXPECT_EQ(refused("Patient", "_filter=gender zz male"), "search-bad-value");
    EXPECT_EQ(refused("Patient", "_filter=(gender eq male"), "search-bad-value");
    EXPECT_EQ(refused("Patient", "_include=Patient:name"), "search-bad-value");
    EXPECT_EQ(refused("Patient", "_sort=shoe"), "search-bad-value");
    EXPECT_EQ(refused("Patient", "_elements=shoe"), "search-bad-value");
    EXPECT_EQ(refused("Observation", "code:in=http://x/unknown"), "not-supported");
    EXPECT_EQ(refused("Patient", "_cursor=p_1_2_3_4_5"), "search-bad-value");
}

TEST_F(Modifiers, LenientNamesWhatItLeavesOut) {
    SearchOptions options;
    options.lenient = true;
    const auto compiled =
        Compile("Patient", {{"shoe", "1"}, {"gender", "male"}}, Restriction::System(), options);
    ASSERT_TRUE(compiled.ok());
    EXPECT_EQ(compiled->ignored(), std::vector<std::string>{"shoe"});
    EXPECT_EQ(
        shelf_.Find("Patient", {{"shoe", "1"}, {"gender", "male"}}, Restriction::System(), options),
        std::vector<std::string>{"zhang"}
    );
}

TEST_F(Modifiers, Includes) {
    using Names = std::vector<std::string>;
    const auto included = [&](const std::string& type, const std::string& query) {
        return shelf_.Included(type, Shelf::Query(query));
    };
    EXPECT_EQ(
        included("Observation", "_id=weight&_include=Observation:subject"), Names{"Patient/zhang"}
    );
    EXPECT_EQ(included("Observation", "_id=weight&_include=Observation:subject:Group"), Names{});
    EXPECT_EQ(
        included("Observation", "_id=weight&_include=Observation:*"),
        (Names{"Encounter/e1", "Patient/zhang", "Practitioner/li"})
    );
    EXPECT_EQ(
        included(
            "Observation",
            "_id=weight&_include=Observation:encounter&_include:iterate=Encounter:service-provider"
            "&_include:iterate=Organization:partof"
        ),
        (Names{"Encounter/e1", "Organization/o1", "Organization/o2"})
    );
    EXPECT_EQ(
        included("Observation", "_id=weight&_revinclude=Provenance:target"), Names{"Provenance/pv"}
    );
    EXPECT_EQ(
        included(
            "Patient",
            "_id=zhang&_revinclude=Observation:patient&_revinclude:iterate=Provenance:target"
        ),
        (Names{"Observation/pressure", "Observation/weight", "Provenance/pv"})
    );
    EXPECT_EQ(included("Patient", "_id=wang&_include=Patient:organization"), Names{});
}

TEST_F(Modifiers, Sorts) {
    const auto order = [&](const std::string& type, const std::string& query) {
        return Joined(shelf_.FindInOrder(type, Shelf::Query(query + "&_count=1")));
    };
    EXPECT_EQ(order("Patient", "_sort=birthdate"), "zhang wang");
    EXPECT_EQ(order("Patient", "_sort=-birthdate"), "wang zhang");
    EXPECT_EQ(order("Patient", "_sort=gender"), "wang zhang");
    EXPECT_EQ(order("Patient", "_sort=-gender"), "zhang wang");
    EXPECT_EQ(order("Patient", "_sort=name"), "wang zhang");
    EXPECT_EQ(order("Patient", "_sort=death-date"), "wang zhang");
    EXPECT_EQ(order("Patient", "_sort=-death-date"), "wang zhang");
    EXPECT_EQ(order("Patient", "_sort=_id"), "wang zhang");
    EXPECT_EQ(order("Observation", "_sort=value-quantity"), "money weight pressure smoking note");
    EXPECT_EQ(order("Observation", "_sort=status,-date"), "smoking weight pressure note money");
    EXPECT_EQ(order("Observation", "_sort=patient,code"), "smoking money note weight pressure");
    EXPECT_EQ(order("Observation", "status=final&_sort=-date"), "weight pressure money note");
}

TEST_F(Modifiers, Compartment) {
    SearchOptions options;
    options.compartment = "zhang";
    EXPECT_EQ(
        Joined(shelf_.Find("Observation", {}, Restriction::System(), options)), "pressure weight"
    );
    EXPECT_EQ(
        Joined(shelf_.Find("Observation", {{"code", "29463-7"}}, Restriction::System(), options)),
        "weight"
    );
    EXPECT_EQ(shelf_.Refused("ValueSet", {}, Restriction::System(), options), "not-supported");
}

TEST_F(Modifiers, EverythingOfOne) {
    auto reader = shelf_.store().Read();
    EverythingQuery query;
    query.patient = "zhang";
    query.limit = 2;
    std::vector<std::string> all;
    std::vector<std::string> supporting;
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = Everything(**reader, query, Restriction::System());
        ASSERT_TRUE(page.ok());
        EXPECT_LE(page->hits.size(), 2U);
        for (const auto& name : Shelf::Names(**reader, page->hits)) {
            all.push_back(name);
        }
        for (const auto& name : Shelf::Names(**reader, page->supporting)) {
            supporting.push_back(name);
        }
        query.after = page->next;
        if (page->next == 0) {
            break;
        }
    }
    std::sort(all.begin(), all.end());
    EXPECT_EQ(
        Joined(all),
        "Condition/cough Encounter/e1 Observation/pressure Observation/weight Patient/zhang "
        "RiskAssessment/r1"
    );
    std::sort(supporting.begin(), supporting.end());
    supporting.erase(std::unique(supporting.begin(), supporting.end()), supporting.end());
    EXPECT_EQ(Joined(supporting), "Organization/o1 Practitioner/li");
    query = {};
    query.patient = "zhang";
    query.types = {"Observation"};
    query.start = DateInterval("2024-01-05")->first;
    query.end = DateInterval("2024-01-20")->second;
    const auto some = Everything(**reader, query, Restriction::System());
    EXPECT_EQ(
        Joined(Shelf::Names(**reader, some->hits)), "Observation/pressure Observation/weight"
    );
    query.start = DateInterval("2024-03-01")->first;
    query.end.reset();
    EXPECT_TRUE(Everything(**reader, query, Restriction::System())->hits.empty());
    query.patient = "nobody";
    EXPECT_FALSE(Everything(**reader, query, Restriction::System()).ok());
}

TEST(Shapes, KeepWhatIsAsked) {
    const std::string text =
        R"({"resourceType":"Observation","id":"a","meta":{"versionId":"1"},"text":{"status":"empty","div":"<div/>"},"status":"final","code":{"text":"x"},"note":[{"text":"y"}],"valueString":"z","component":[{"code":{"text":"c"},"valueString":"v","interpretation":[{"text":"i"}]}]})";
    const auto shaped = [&](Shape shape) {
        return Shaped(text, shape).value();
    };
    constexpr std::string_view kTag =
        R"({"versionId":"1","tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]})";
    const std::string begin =
        R"({"resourceType":"Observation","id":"a","meta":)" + std::string(kTag);
    Shape shape;
    EXPECT_EQ(shaped(shape), text);
    shape.elements = {"value"};
    EXPECT_EQ(shaped(shape), begin + R"(,"status":"final","code":{"text":"x"},"valueString":"z"})");
    shape.elements.clear();
    shape.summary = Shape::Summary::kText;
    EXPECT_EQ(
        shaped(shape),
        begin + R"(,"text":{"status":"empty","div":"<div/>"},"status":"final","code":{"text":"x"}})"
    );
    shape.summary = Shape::Summary::kData;
    EXPECT_EQ(
        shaped(shape),
        begin +
            R"(,"status":"final","code":{"text":"x"},"note":[{"text":"y"}],"valueString":"z","component":[{"code":{"text":"c"},"valueString":"v","interpretation":[{"text":"i"}]}]})"
    );
    shape.summary = Shape::Summary::kTrue;
    EXPECT_EQ(
        shaped(shape),
        begin +
            R"(,"status":"final","code":{"text":"x"},"valueString":"z","component":[{"code":{"text":"c"},"valueString":"v"}]})"
    );
}

}  // namespace
}  // namespace kangqu::search
