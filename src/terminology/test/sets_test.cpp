// Value sets over small code systems: compose, filters, expansion, validation.
#include "kangqu/terminology/terminology.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace kangqu::terminology {
namespace {

constexpr const char* kAnimals =
    R"({"resourceType":"CodeSystem","id":"animals","url":"urn:t:animals",
"version":"1","name":"Animals","status":"active","language":"zh-CN","content":"complete","caseSensitive":true,
"property":[{"code":"legs","type":"integer"}],
"concept":[
 {"code":"animal","display":"动物","property":[{"code":"notSelectable","valueBoolean":true}],"concept":[
  {"code":"mammal","display":"哺乳动物","designation":[{"language":"en","value":"Mammal"}],"concept":[
   {"code":"cat","display":"猫","designation":[{"language":"en","value":"Cat"}],"property":[{"code":"legs","valueInteger":4}]},
   {"code":"whale","display":"鲸","designation":[{"language":"en","value":"Whale"}],"property":[{"code":"legs","valueInteger":0}]}]},
  {"code":"bird","display":"鸟","property":[{"code":"legs","valueInteger":2}],"concept":[
   {"code":"dodo","display":"渡渡鸟","property":[{"code":"retirementDate","valueDateTime":"1700-01-01"}]}]}]},
 {"code":"platypus","display":"鸭嘴兽","property":[{"code":"parent","valueCode":"mammal"},{"code":"parent","valueCode":"bird"}]}]})";

std::string Set(const std::string& id, const std::string& compose) {
    return R"({"resourceType":"ValueSet","id":")" + id + R"(","url":"urn:t:)" + id +
           R"(","status":"active","compose":)" + compose + "}";
}
std::string Filtered(const std::string& id, const std::string& filter) {
    return Set(id, R"({"include":[{"system":"urn:t:animals","filter":[)" + filter + "]}]}");
}

class Sets : public ::testing::Test {
protected:
    void Add(const std::string& json, Layer layer = Layer::kPack) {
        const auto status = terminology_.Add(layer, {{json, "test"}});
        ASSERT_TRUE(status.ok()) << status.error().Line();
    }
    void SetUp() override { Add(kAnimals); }
    std::string Expanded(
        const std::string& id,
        std::vector<std::pair<std::string, std::string>> parameters = {}
    ) {
        parameters.insert(parameters.begin(), {"url", "urn:t:" + id});
        return Codes(Answer(terminology_, "ValueSet", "expand", parameters));
    }
    Terminology terminology_{TestClock()};
};

TEST_F(Sets, FiltersChooseByHierarchyAndProperty) {
    struct Case {
        const char* filter;
        const char* codes;
    };
    const std::vector<Case> cases = {
        {R"({"property":"concept","op":"is-a","value":"mammal"})", "4: mammal cat whale platypus"},
        {R"({"property":"concept","op":"descendent-of","value":"mammal"})",
         "3: cat whale platypus"},
        {R"({"property":"concept","op":"is-not-a","value":"mammal"})", "3: animal bird dodo"},
        {R"({"property":"concept","op":"child-of","value":"animal"})", "2: mammal bird"},
        {R"({"property":"concept","op":"generalizes","value":"platypus"})",
         "4: animal mammal bird platypus"},
        {R"({"property":"legs","op":"=","value":"4"})", "1: cat"},
        {R"({"property":"legs","op":"in","value":"0,2"})", "2: whale bird"},
        {R"({"property":"legs","op":"exists","value":"false"})", "4: animal mammal dodo platypus"},
        {R"({"property":"code","op":"regex","value":"[a-d]..d?o?"})", "3: cat bird dodo"},
        {R"({"property":"display","op":"regex","value":".*鸟"})", "2: bird dodo"},
        {R"({"property":"concept","op":"in","value":"cat,dodo"})", "2: cat dodo"},
        {R"({"property":"concept","op":"not-in","value":"cat,dodo"})",
         "5: animal mammal whale bird platypus"},
        {R"({"property":"parent","op":"=","value":"bird"})", "2: dodo platypus"},
    };
    int number = 0;
    for (const Case& one : cases) {
        const std::string id = "f" + std::to_string(number++);
        Add(Filtered(id, one.filter));
        EXPECT_EQ(Expanded(id), one.codes) << one.filter;
    }
}

TEST_F(Sets, IncludesExcludesAndImports) {
    Add(Set(
        "four",
        R"({"include":[{"system":"urn:t:animals","filter":[{"property":"legs","op":"=","value":"4"}]},
        {"system":"urn:t:other","concept":[{"code":"table","display":"Table"}]}]})"
    ));
    EXPECT_EQ(Expanded("four"), "2: cat table");
    Add(Set("both", R"({"include":[{"system":"urn:t:animals","valueSet":["urn:t:four"]}]})"));
    EXPECT_EQ(Expanded("both"), "1: cat");
    Add(Set("import", R"({"include":[{"valueSet":["urn:t:four"]}],
        "exclude":[{"system":"urn:t:animals","concept":[{"code":"cat"}]}]})"));
    EXPECT_EQ(Expanded("import"), "1: table");
    Add(Set(
        "listed",
        R"({"include":[{"system":"urn:t:animals","concept":[{"code":"whale"},{"code":"cat","display":"Tom"}]}]})"
    ));
    EXPECT_EQ(Expanded("listed"), "2: whale cat");
}

TEST_F(Sets, CyclesAndDepthEndInErrors) {
    Add(Set("a", R"({"include":[{"valueSet":["urn:t:b"]}]})"));
    Add(Set("b", R"({"include":[{"valueSet":["urn:t:a"]}]})"));
    EXPECT_NE(Expanded("a").find("imports itself"), std::string::npos) << Expanded("a");
    for (int i = 0; i < kMaxImportDepth + 5; ++i) {
        Add(
            Set("d" + std::to_string(i),
                R"({"include":[{"valueSet":["urn:t:d)" + std::to_string(i + 1) + R"("]}]})")
        );
    }
    EXPECT_NE(Expanded("d0").find("nested deeper"), std::string::npos) << Expanded("d0");
    EXPECT_EQ(
        terminology_.now()->Contains("urn:t:a", {}, "urn:t:animals", "cat"), Member::kUnknown
    );
}

TEST_F(Sets, ExpansionPagesFiltersAndSpeaks) {
    Add(Set("all", R"({"include":[{"system":"urn:t:animals"}]})"));
    EXPECT_EQ(Expanded("all"), "7: animal mammal cat whale bird dodo platypus");
    EXPECT_EQ(Expanded("all", {{"offset", "2"}, {"count", "2"}}), "7: cat whale");
    EXPECT_EQ(Expanded("all", {{"count", "0"}}), "7:");
    EXPECT_EQ(Expanded("all", {{"filter", "鸟"}}), "2: bird dodo");
    EXPECT_EQ(Expanded("all", {{"filter", "WHA"}}), "1: whale");
    EXPECT_EQ(
        Expanded("all", {{"activeOnly", "true"}}), "6: animal mammal cat whale bird platypus"
    );
    EXPECT_EQ(
        Expanded("all", {{"activeOnly", "true"}, {"date", "1650-01-01"}, {"filter", "dodo"}}),
        "1: dodo"
    );
    const std::string english =
        Answer(terminology_, "ValueSet", "expand", {{"url", "urn:t:all"}, {"filter", "cat"}});
    EXPECT_NE(english.find(R"("display":"Cat")"), std::string::npos) << english;
    const std::string chinese = Answer(
        terminology_,
        "ValueSet",
        "expand",
        {{"url", "urn:t:all"}, {"filter", "cat"}},
        core::Language::kZh
    );
    EXPECT_NE(chinese.find(R"("display":"猫")"), std::string::npos) << chinese;
    EXPECT_NE(Expanded("all", {{"count", "-1"}}).find("count"), std::string::npos);
}

TEST_F(Sets, WhatCannotBeListedSaysWhy) {
    Add(Set("units", R"({"include":[{"system":"http://unitsofmeasure.org"}]})"));
    EXPECT_NE(Expanded("units").find("not here"), std::string::npos);
    const auto catalogue = terminology_.now();
    const auto units = [&](const char* code) {
        return catalogue->Contains("urn:t:units", {}, "http://unitsofmeasure.org", code);
    };
    EXPECT_EQ(units("mg/dL"), Member::kYes);
    EXPECT_EQ(units("mgdl"), Member::kNo);
    Add(Set(
        "snomed",
        R"({"include":[{"system":"urn:t:none","filter":[{"property":"concept","op":"is-a","value":"1"}]}]})"
    ));
    EXPECT_EQ(
        terminology_.now()->Contains("urn:t:snomed", {}, "urn:t:none", "1"), Member::kUnknown
    );
    Add(Filtered("bad-regex", R"({"property":"code","op":"regex","value":"(a"})"));
    EXPECT_NE(Expanded("bad-regex").find("filter"), std::string::npos);
    Add(Filtered("bad-op", R"({"property":"code","op":"sounds-like","value":"a"})"));
    EXPECT_NE(Expanded("bad-op").find("sounds-like"), std::string::npos);
}

TEST_F(Sets, ARegexThatWouldExplodeEndsAtOnce) {
    Add(Filtered("evil", R"({"property":"display","op":"regex","value":"(.*)*(.*)*(.*)*x"})"));
    EXPECT_EQ(Expanded("evil"), "0:");
    Add(Filtered(
        "huge", R"({"property":"code","op":"regex","value":"((a{1,1000}){1,1000}){1,1000}"})"
    ));
    EXPECT_NE(Expanded("huge").find("filter"), std::string::npos);
}

TEST_F(Sets, MembershipByAddressSystemAndCode) {
    Add(Filtered("mammals", R"({"property":"concept","op":"is-a","value":"mammal"})"));
    const auto catalogue = terminology_.now();
    EXPECT_EQ(catalogue->Contains("urn:t:mammals", {}, "urn:t:animals", "cat"), Member::kYes);
    EXPECT_EQ(catalogue->Contains("urn:t:mammals", {}, {}, "cat"), Member::kYes);
    EXPECT_EQ(catalogue->Contains("urn:t:mammals", {}, "urn:t:animals", "bird"), Member::kNo);
    EXPECT_EQ(catalogue->Contains("urn:t:mammals", {}, "urn:t:other", "cat"), Member::kNo);
    EXPECT_EQ(catalogue->Contains("urn:t:mammals", {}, {}, {}), Member::kNo);
    EXPECT_EQ(catalogue->Contains("urn:t:nothing", {}, {}, "cat"), Member::kUnknown);
}

TEST_F(Sets, ListsForConditions) {
    Add(Set("all", R"({"include":[{"system":"urn:t:animals"}]})"));
    const auto catalogue = terminology_.now();
    EXPECT_EQ(catalogue->ListMembers("urn:t:all", 100)->size(), 7U);
    EXPECT_EQ(
        catalogue->ListMembers("urn:t:all", 6).error().code, core::ErrorCode::kExpansionTooCostly
    );
    const auto below = catalogue->ListBelow({"urn:t:animals", "bird"}, 100);
    ASSERT_TRUE(below.ok());
    ASSERT_EQ(below->size(), 3U);
    EXPECT_EQ(below->at(0).code, "bird");
    EXPECT_EQ(below->at(2).code, "platypus");
    EXPECT_EQ(catalogue->ListAbove({"urn:t:animals", "platypus"}, 100)->size(), 4U);
    EXPECT_FALSE(catalogue->ListBelow({"urn:t:animals", "dog"}, 100).ok());
    EXPECT_FALSE(catalogue->ListBelow({"urn:t:none", "dog"}, 100).ok());
    const auto members = catalogue->FindMembers("urn:t:all", {});
    ASSERT_TRUE(members.ok());
    EXPECT_EQ(members->Contains("urn:t:animals", "cat"), Member::kYes);
    EXPECT_EQ(members->Contains({}, "dog"), Member::kNo);
    EXPECT_FALSE(catalogue->FindMembers("urn:t:no", {}).ok());
}

TEST_F(Sets, ValidateCodeJudgesDisplayAndDay) {
    Add(Set("all", R"({"include":[{"system":"urn:t:animals"}]})"));
    const auto valid = [&](std::vector<std::pair<std::string, std::string>> parameters) {
        parameters.insert(parameters.begin(), {"url", "urn:t:all"});
        const std::string answer = Answer(terminology_, "ValueSet", "validate-code", parameters);
        return answer.find(R"("name":"result","valueBoolean":true)") != std::string::npos;
    };
    EXPECT_TRUE(valid({{"system", "urn:t:animals"}, {"code", "cat"}}));
    EXPECT_TRUE(valid({{"code", "cat"}, {"display", "cat"}}));
    EXPECT_TRUE(valid({{"code", "cat"}, {"display", "猫"}}));
    EXPECT_FALSE(valid({{"code", "cat"}, {"display", "狗"}}));
    EXPECT_FALSE(valid({{"code", "dog"}}));
    EXPECT_TRUE(valid({{"code", "dodo"}}));
    EXPECT_FALSE(valid({{"code", "dodo"}, {"date", "2020-01-01"}}));
    EXPECT_TRUE(valid({{"code", "dodo"}, {"date", "1600-01-01"}}));
    EXPECT_FALSE(valid({{"code", "animal"}, {"abstract", "false"}}));
}

TEST_F(Sets, ResourcesOfARequestAreUsedAsSent) {
    const auto body = core::JsonDocument::Parse(
        R"({"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":)" +
        Set("sent", R"({"include":[{"system":"urn:t:animals","concept":[{"code":"cat"}]}]})") +
        R"(},{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"urn:t:animals","code":"dodo"},{"system":"urn:t:animals","code":"cat"}]}}]})"
    );
    ASSERT_TRUE(body.ok());
    Operation operation;
    operation.type = "ValueSet";
    operation.name = "validate-code";
    operation.parameters = ReadParameters((*body)->root());
    const auto answer = terminology_.now()->Operate(operation);
    ASSERT_TRUE(answer.ok()) << answer.error().Line();
    EXPECT_NE(answer->find("true"), std::string::npos) << *answer;
    operation.name = "expand";
    EXPECT_EQ(Codes(*terminology_.now()->Operate(operation)), "1: cat");
}

TEST_F(Sets, ALaterLayerAndASupplementCount) {
    std::string louder = kAnimals;
    louder.replace(louder.find("猫"), 3, "喵");
    Add(louder, Layer::kStore);
    const std::vector<std::pair<std::string, std::string>> cat = {
        {"system", "urn:t:animals"}, {"code", "cat"}};
    const auto lookup = [&] {
        return Answer(terminology_, "CodeSystem", "lookup", cat, core::Language::kZh);
    };
    EXPECT_NE(lookup().find("喵"), std::string::npos);
    terminology_.Remove(Layer::kStore, "CodeSystem", "animals");
    EXPECT_NE(lookup().find("猫"), std::string::npos);
    Add(R"({"resourceType":"CodeSystem","id":"more","url":"urn:t:more","status":"active","content":"supplement",
        "supplements":"urn:t:animals","concept":[{"code":"cat","designation":[{"language":"fr","value":"Chat"}]}]})"
    );
    EXPECT_NE(lookup().find("Chat"), std::string::npos);
}

TEST_F(Sets, ACodeNamedTwiceIsRefused) {
    Add(R"({"resourceType":"CodeSystem","id":"twice","url":"urn:t:twice","status":"active","content":"complete",
        "concept":[{"code":"a"},{"code":"a"}]})");
    const auto errors = terminology_.now()->Check(Layer::kPack);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].code, core::ErrorCode::kTerminologyElement);
    EXPECT_FALSE(terminology_.Add(Layer::kPack, {{R"({"resourceType":"Patient"})", "p"}}).ok());
    EXPECT_FALSE(terminology_.Add(Layer::kPack, {{"{", "p"}}).ok());
}

}  // namespace
}  // namespace kangqu::terminology
