#include "support.hpp"

namespace kangqu::validate {
namespace {

using test::Check;
using test::Found;
using test::With;

constexpr const char* kUrl = "http://example.org/StructureDefinition/p";

// A profile of `type` with the elements of a differential.
std::string Profile(
    const std::string& type,
    const std::string& elements,
    const std::string& url = kUrl,
    const std::string& base = ""
) {
    return R"({"resourceType":"StructureDefinition","url":")" + url +
           R"(","name":"P","status":"active","kind":"resource","abstract":false,"type":")" + type +
           R"(","baseDefinition":")" +
           (base.empty() ? "http://hl7.org/fhir/StructureDefinition/" + type : base) +
           R"(","derivation":"constraint","differential":{"element":[)" + elements + "]}}";
}

Found Against(
    const std::vector<std::string>& structures,
    const std::string& json,
    const Codes* codes = nullptr
) {
    Options options;
    options.profiles = {kUrl};
    return Check(json, *With(structures, codes), options);
}

std::string Patient(const std::string& rest) {
    return R"({"resourceType":"Patient")" + rest + "}";
}

TEST(Profile, CountsElements) {
    const std::string profile = Profile(
        "Patient",
        R"({"path":"Patient.name","min":1},{"path":"Patient.name.family","min":1},)"
        R"({"path":"Patient.photo","max":"0"},{"path":"Patient.deceased[x]","min":1},)"
        R"({"path":"Patient.address","max":"1"})"
    );
    EXPECT_EQ(
        Against({profile}, Patient("")),
        (Found{"error too-few @Patient.name", "error too-few @Patient.deceased"})
    );
    EXPECT_EQ(
        Against(
            {profile},
            Patient(
                R"(,"name":[{"family":"a"},{"text":"b"}],"deceasedBoolean":true,"photo":[{"title":"a"}],)"
                R"("address":[{"text":"a"},{"text":"b"}])"
            )
        ),
        (Found{
            "error too-few @Patient.name[1].family",
            "error too-many @Patient.photo",
            "error too-many @Patient.address"})
    );
    // An id and extensions alone count too.
    EXPECT_EQ(
        Against({profile}, Patient(R"(,"name":[{"_family":{"id":"x"}}],"deceasedBoolean":false)")),
        Found{}
    );
}

TEST(Profile, ComparesFixedValuesAndPatterns) {
    const std::string profile = Profile(
        "Patient",
        R"({"path":"Patient.gender","fixedCode":"female"},)"
        R"({"path":"Patient.maritalStatus","patternCodeableConcept":{"coding":[{"system":"urn:m","code":"M"}]}},)"
        R"({"path":"Patient.name","fixedHumanName":{"family":"a","given":["b"]}})"
    );
    EXPECT_EQ(
        Against(
            {profile},
            Patient(
                R"(,"gender":"female","name":[{"given":["b"],"family":"a"}],)"
                R"("maritalStatus":{"text":"x","coding":[{"code":"y"},{"system":"urn:m","code":"M","display":"z"}]})"
            )
        ),
        Found{}
    );
    EXPECT_EQ(
        Against(
            {profile},
            Patient(R"(,"gender":"male","name":[{"given":["b","c"],"family":"a"}],)"
                    R"("maritalStatus":{"coding":[{"system":"urn:n","code":"M"}]})")
        ),
        (Found{
            "error fixed-value @Patient.gender",
            "error pattern-mismatch @Patient.maritalStatus",
            "error fixed-value @Patient.name[0]"})
    );
}

TEST(Profile, NarrowsTypesAndRanges) {
    const std::string profile = Profile(
        "Observation",
        R"({"path":"Observation.value[x]","type":[{"code":"Quantity"},{"code":"string"}]},)"
        R"({"path":"Observation.valueQuantity.value","minValueDecimal":1,"maxValueDecimal":10.5},)"
        R"({"path":"Observation.valueString","maxLength":2},)"
        R"({"path":"Observation.subject","type":[{"code":"Reference","targetProfile":)"
        R"(["http://hl7.org/fhir/StructureDefinition/Patient"]}]})"
    );
    const auto observation = [](const std::string& rest) {
        return R"({"resourceType":"Observation","status":"final","code":{"text":"a"},)" + rest +
               "}";
    };
    EXPECT_EQ(
        Against(
            {profile},
            observation(R"("valueQuantity":{"value":10.50},"subject":{"reference":"Patient/1"})")
        ),
        Found{}
    );
    EXPECT_EQ(
        Against(
            {profile},
            observation(R"("valueQuantity":{"value":0.99},"subject":{"reference":"Group/1"})")
        ),
        (Found{
            "error out-of-range @Observation.value.ofType(Quantity).value",
            "error reference-target @Observation.subject"})
    );
    EXPECT_EQ(
        Against({profile}, observation(R"("valueString":"中文字")")),
        Found{"error text-too-long @Observation.value.ofType(string)"}
    );
    EXPECT_EQ(
        Against({profile}, observation(R"("valueInteger":1)")),
        Found{"error type-not-allowed @Observation.value.ofType(integer)"}
    );
}

TEST(Profile, EvaluatesItsInvariantsAndBindings) {
    const std::string profile = Profile(
        "Patient",
        R"({"path":"Patient","constraint":[{"key":"p-1","severity":"warning","human":"a","expression":"name.count() > 1"}]},)"
        R"j({"path":"Patient.name","constraint":[{"key":"p-2","severity":"error","human":"a","expression":"family.exists()"}]},)j"
        R"j({"path":"Patient.birthDate","constraint":[{"key":"p-3","severity":"error","human":"a","expression":"nonsense("}]},)j"
        R"({"path":"Patient.language","binding":{"strength":"required","valueSet":"urn:set"}})"
    );
    const test::FewCodes codes({"urn:set||zh"}, {"urn:set"});
    EXPECT_EQ(
        Against(
            {profile},
            Patient(R"(,"language":"en","name":[{"text":"a"}],"birthDate":"1970")"),
            &codes
        ),
        (Found{
            "warning invariant-failed @Patient",
            "error invariant-failed @Patient.name[0]",
            "warning invariant-not-evaluated @Patient.birthDate",
            "error code-not-in-value-set @Patient.language"})
    );
}

std::string Identifier(const std::string& system) {
    return R"({"system":")" + system + R"(","value":"1"})";
}

std::string Sliced(const std::string& slicing) {
    return Profile(
        "Patient",
        R"({"path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],)" +
            slicing +
            R"(},"min":1},{"id":"Patient.identifier:a","path":"Patient.identifier","sliceName":"a","min":1,"max":"1"},)"
            R"({"id":"Patient.identifier:a.system","path":"Patient.identifier.system","fixedUri":"urn:a"},)"
            R"({"id":"Patient.identifier:a.value","path":"Patient.identifier.value","maxLength":1},)"
            R"({"id":"Patient.identifier:b","path":"Patient.identifier","sliceName":"b"},)"
            R"({"id":"Patient.identifier:b.system","path":"Patient.identifier.system","fixedUri":"urn:b"})"
    );
}

Found Slices(const std::string& slicing, const std::vector<std::string>& systems) {
    std::string list;
    for (const std::string& system : systems) {
        list += (list.empty() ? "" : ",") + Identifier(system);
    }
    return Against({Sliced(slicing)}, Patient(R"(,"identifier":[)" + list + "]"));
}

TEST(Slicing, CountsEachSliceByTheValueThatTellsThemApart) {
    const std::string open = R"("rules":"open")";
    EXPECT_EQ(Slices(open, {"urn:x", "urn:a", "urn:b", "urn:b"}), Found{});
    EXPECT_EQ(Slices(open, {"urn:b"}), Found{"error too-few @Patient.identifier"});
    EXPECT_EQ(Slices(open, {"urn:a", "urn:a"}), Found{"error too-many @Patient.identifier"});
}

TEST(Slicing, KeepsClosedOrderedAndOpenAtEnd) {
    EXPECT_EQ(
        Slices(R"("rules":"closed")", {"urn:a", "urn:x"}),
        Found{"error slice-unmatched @Patient.identifier[1]"}
    );
    EXPECT_EQ(
        Slices(R"("rules":"open","ordered":true)", {"urn:b", "urn:x", "urn:a"}),
        Found{"error slice-order @Patient.identifier[2]"}
    );
    EXPECT_EQ(Slices(R"("rules":"openAtEnd")", {"urn:b", "urn:a", "urn:x"}), Found{});
    EXPECT_EQ(
        Slices(R"("rules":"openAtEnd")", {"urn:x", "urn:a"}),
        Found{"error slice-order @Patient.identifier[1]"}
    );
}

TEST(Slicing, ByPatternExistenceTypeAndProfile) {
    const auto sliced = [](const std::string& discriminator, const std::string& rest) {
        return Profile(
            "Observation",
            R"({"path":"Observation.component","slicing":{"discriminator":[)" + discriminator +
                R"(],"rules":"closed"}},{"id":"Observation.component:s","path":"Observation.component","sliceName":"s"},)" +
                rest
        );
    };
    const auto component = [](const std::string& rest) {
        return R"({"resourceType":"Observation","status":"final","code":{"text":"o"},"component":[)" +
               rest + "]}";
    };
    const Found unmatched = {"error slice-unmatched @Observation.component[1]"};
    const std::string two =
        R"({"code":{"coding":[{"system":"urn:l","code":"1"}]},"valueQuantity":{"value":1}},)"
        R"({"code":{"coding":[{"system":"urn:l","code":"2"}]},"valueString":"x","interpretation":[{"text":"a"}]})";
    EXPECT_EQ(
        Against(
            {sliced(
                R"({"type":"pattern","path":"code"})",
                R"({"id":"Observation.component:s.code","path":"Observation.component.code","patternCodeableConcept":{"coding":[{"code":"1"}]}})"
            )},
            component(two)
        ),
        unmatched
    );
    EXPECT_EQ(
        Against(
            {sliced(
                R"({"type":"exists","path":"interpretation"})",
                R"({"id":"Observation.component:s.interpretation","path":"Observation.component.interpretation","max":"0"})"
            )},
            component(two)
        ),
        unmatched
    );
    EXPECT_EQ(
        Against(
            {sliced(
                R"({"type":"type","path":"value"})",
                R"({"id":"Observation.component:s.value[x]","path":"Observation.component.value[x]","type":[{"code":"Quantity"}]})"
            )},
            component(two)
        ),
        unmatched
    );
}

TEST(Slicing, OfAChoiceByTypeAlsoInShort) {
    const std::string profile = Profile(
        "Observation",
        R"({"path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"closed"}},)"
        R"({"id":"Observation.value[x]:valueQuantity","path":"Observation.value[x]","sliceName":"valueQuantity","type":[{"code":"Quantity"}]},)"
        R"({"id":"Observation.value[x]:valueQuantity.code","path":"Observation.value[x].code","min":1})"
    );
    const auto observation = [](const std::string& rest) {
        return R"({"resourceType":"Observation","status":"final","code":{"text":"a"},)" + rest +
               "}";
    };
    EXPECT_EQ(
        Against({profile}, observation(R"("valueQuantity":{"value":1})")),
        Found{"error too-few @Observation.value.ofType(Quantity).code"}
    );
    EXPECT_EQ(
        Against({profile}, observation(R"("valueString":"a")")),
        Found{"error slice-unmatched @Observation.value.ofType(string)"}
    );
}

TEST(Profile, ChecksExtensionsItNames) {
    const std::string extension =
        R"({"resourceType":"StructureDefinition","url":"urn:x","name":"X",)"
        R"("status":"active","kind":"complex-type","abstract":false,"type":"Extension",)"
        R"("context":[{"type":"element","expression":"Patient"}],)"
        R"("baseDefinition":"http://hl7.org/fhir/StructureDefinition/Extension",)"
        R"("derivation":"constraint","differential":{"element":[)"
        R"({"path":"Extension.url","fixedUri":"urn:x"},)"
        R"({"path":"Extension.value[x]","min":1,"type":[{"code":"string"}]}]}})";
    const std::string profile = Profile(
        "Patient",
        R"({"id":"Patient.extension:x","path":"Patient.extension","sliceName":"x","min":1,)"
        R"("type":[{"code":"Extension","profile":["urn:x"]}]})"
    );
    EXPECT_EQ(
        Against({profile, extension}, Patient("")), Found{"error too-few @Patient.extension"}
    );
    EXPECT_EQ(
        Against(
            {profile, extension}, Patient(R"(,"extension":[{"url":"urn:x","valueString":"a"}])")
        ),
        Found{}
    );
    EXPECT_EQ(
        Against({profile, extension}, Patient(R"(,"extension":[{"url":"urn:x","valueCode":"a"}])")),
        Found{"error type-not-allowed @Patient.extension[0].value.ofType(code)"}
    );
}

TEST(Profile, BuildsOnOtherProfiles) {
    const std::string base = Profile("Patient", R"({"path":"Patient.name","min":1})", "urn:base");
    const std::string derived =
        Profile("Patient", R"({"path":"Patient.birthDate","min":1})", kUrl, "urn:base");
    EXPECT_EQ(
        Against({base, derived}, Patient("")),
        (Found{"error too-few @Patient.name", "error too-few @Patient.birthDate"})
    );
}

TEST(Profile, ChecksTypesByTheirProfiles) {
    const std::string name =
        R"({"resourceType":"StructureDefinition","url":"urn:name","name":"N",)"
        R"("status":"active","kind":"complex-type","abstract":false,"type":"HumanName",)"
        R"("baseDefinition":"http://hl7.org/fhir/StructureDefinition/HumanName",)"
        R"("derivation":"constraint","differential":{"element":[)"
        R"({"path":"HumanName.family","min":1}]}})";
    const std::string profile = Profile(
        "Patient", R"({"path":"Patient.name","type":[{"code":"HumanName","profile":["urn:name"]}]})"
    );
    EXPECT_EQ(
        Against({profile, name}, Patient(R"(,"name":[{"family":"a"},{"text":"b"}])")),
        Found{"error too-few @Patient.name[1].family"}
    );
}

TEST(Profile, IsTakenFromMetaToo) {
    const auto validator = With({Profile("Patient", R"({"path":"Patient.name","min":1})")});
    const std::string json =
        Patient(R"(,"meta":{"profile":[")" + std::string(kUrl) + R"(","urn:no"]})");
    EXPECT_EQ(
        Check(json, *validator),
        (Found{"error too-few @Patient.name", "warning profile-unknown @Patient"})
    );
    Options options;
    options.meta_profiles = false;
    EXPECT_EQ(Check(json, *validator, options), Found{});
}

TEST(Profile, ThatIsBrokenOrOfAnotherTypeIsSaidSo) {
    EXPECT_EQ(
        Against({Profile("Patient", R"({"path":"Patient.nam","min":1})")}, Patient("")),
        Found{"error profile-invalid @Patient"}
    );
    EXPECT_EQ(
        Against({Profile("Group", R"({"path":"Group.name","min":1})")}, Patient("")),
        Found{"error profile-type @Patient"}
    );
    EXPECT_EQ(
        Against({Profile("Patient", "", kUrl, "urn:nowhere")}, Patient("")),
        Found{"error profile-invalid @Patient"}
    );
    // Based on itself.
    EXPECT_EQ(
        Against(
            {Profile("Patient", R"({"path":"Patient.name","min":1})", kUrl, kUrl)}, Patient("")
        ),
        Found{"error profile-invalid @Patient"}
    );
}

TEST(Profile, PublishedOnesWork) {
    Options options;
    options.profiles = {"http://hl7.org/fhir/StructureDefinition/bodyweight"};
    const auto weight = [](const std::string& code, const std::string& unit) {
        return R"({"resourceType":"Observation","status":"final","category":[{"coding":[{"system":)"
               R"("http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],)"
               R"("code":{"coding":[{"system":"http://loinc.org","code":")" +
               code +
               R"("}]},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2026-11-22",)"
               R"("valueQuantity":{"value":60,"unit":"kg","system":"http://unitsofmeasure.org","code":")" +
               unit + R"("}})";
    };
    EXPECT_EQ(Check(weight("29463-7", "kg"), test::Base(), options), Found{});
    EXPECT_EQ(
        Check(weight("8302-2", "kg"), test::Base(), options),
        Found{"error too-few @Observation.code.coding"}
    );
}

std::string Response(const std::string& items) {
    return R"({"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"#q",)"
           R"("contained":[{"resourceType":"Questionnaire","id":"q","status":"active","item":[)"
           R"({"linkId":"g","type":"group","item":[{"linkId":"a","type":"integer","required":true}]},)"
           R"({"linkId":"c","type":"choice","answerOption":[{"valueCoding":{"code":"x"}},{"valueString":"y"}]},)"
           R"({"linkId":"s","type":"string","maxLength":2},)"
           R"({"linkId":"w","type":"string","required":true,"enableWhen":[{"question":"a","operator":">=","answerInteger":7}]}]}],"item":[)" +
           items + "]}";
}

TEST(Answers, FollowTheQuestionnaire) {
    const std::string group =
        R"({"linkId":"g","item":[{"linkId":"a","answer":[{"valueInteger":1}]}]})";
    EXPECT_EQ(
        Check(Response(
            group + R"(,{"linkId":"c","answer":[{"valueCoding":{"code":"x"}}]},)"
                    R"({"linkId":"s","answer":[{"valueString":"中文"}]})"
        )),
        Found{}
    );
    const std::pair<std::string, std::string> wrong[] = {
        {R"({"linkId":"g"})", ".item[0]"},
        {group + R"(,{"linkId":"c","answer":[{"valueCoding":{"code":"z"}}]})", ".item[1]"},
        {group + R"(,{"linkId":"s","answer":[{"valueString":"abc"}]})", ".item[1]"},
        {group + R"(,{"linkId":"s","answer":[{"valueInteger":1}]})", ".item[1]"},
        {group + R"(,{"linkId":"s","answer":[{"valueString":"a"},{"valueString":"b"}]})",
         ".item[1]"},
        {group + R"(,{"linkId":"z"})", ".item[1]"},
        {group + "," + group, ""},
        {group + R"(,{"linkId":"w","answer":[{"valueString":"a"}]})", ".item[1]"},
        {R"({"linkId":"g","item":[{"linkId":"a","answer":[{"valueInteger":7}]}]})", ""},
        {R"({"linkId":"g","answer":[{"valueInteger":1}],"item":[{"linkId":"a","answer":[{"valueInteger":1}]}]})",
         ".item[0]"},
    };
    std::string many;
    for (int i = 0; i < 50'000; ++i) {
        many += R"(,{"linkId":"s","answer":[{"valueString":"a"}]})";
    }
    EXPECT_EQ(Check(Response(group + many)), Found{"error answer-invalid @QuestionnaireResponse"});
    for (const auto& [items, where] : wrong) {
        const auto found = Check(Response(items));
        ASSERT_FALSE(found.empty()) << items;
        EXPECT_NE(
            std::find(
                found.begin(), found.end(), "error answer-invalid @QuestionnaireResponse" + where
            ),
            found.end()
        ) << items
          << found[0];
    }
}

}  // namespace
}  // namespace kangqu::validate
