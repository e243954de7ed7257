// Lookup, subsumption, translation, editions and tables.
#include "kangqu/terminology/terminology.hpp"

#include "support.hpp"
#include <algorithm>

#include <gtest/gtest.h>

namespace kangqu::terminology {
namespace {

// Tables with bars for tabs.
constexpr const char* kOld = R"(# for the reader
#! type CodeSystem
#! id regions-old
#! url urn:t:regions
#! version 2020
#! name Regions
#! title 区划
#! source made up
#! to 2021-06-30
#! valueset urn:t:vs:regions
code|display|display_en|parent
10|甲市|City A|
1001|子区|Zi|10
)";
constexpr const char* kNew = R"(#! type CodeSystem
#! id regions-new
#! url urn:t:regions
#! version 2021
#! name Regions
#! title 区划
#! source made up
#! from 2021-07-01
code|display|display_en|parent|from|to|abstract|level
10|甲市|City A||||true|市
1001|子区|Zi|10||2022-01-01||区
1002|丑区|Chou|10|2022-01-01|||区
)";
constexpr const char* kMap = R"(#! type ConceptMap
#! id old-to-new
#! url urn:t:map
#! version 1
#! sourceSystem urn:t:left
#! target urn:t:right
#! source made up
source|target|equivalence|comment
A1|B1|equivalent|
A2|B2|wider|made of two
A2|B3|wider|
A3||unmatched|
)";

class Maps : public ::testing::Test {
protected:
    void AddTable(const char* text) {
        std::string tabs = text;
        std::replace(tabs.begin(), tabs.end(), '|', '\t');
        auto sources = ReadTable(tabs, "table.tsv");
        ASSERT_TRUE(sources.ok()) << sources.error().Line();
        const auto status = terminology_.Add(Layer::kPack, std::move(*sources));
        ASSERT_TRUE(status.ok()) << status.error().Line();
    }
    void SetUp() override {
        AddTable(kOld);
        AddTable(kNew);
        AddTable(kMap);
    }
    std::string Ask(
        const std::string& type,
        const std::string& name,
        const std::vector<std::pair<std::string, std::string>>& parameters
    ) {
        return Answer(terminology_, type, name, parameters);
    }
    Terminology terminology_{TestClock()};
};

TEST_F(Maps, AnEditionIsChosenByDay) {
    const auto lookup = [&](const char* code, const char* date) {
        std::vector<std::pair<std::string, std::string>> parameters = {
            {"system", "urn:t:regions"}, {"code", code}};
        if (*date != '\0') {
            parameters.emplace_back("date", date);
        }
        return Ask("CodeSystem", "lookup", parameters);
    };
    EXPECT_NE(lookup("1001", "2021-01-01").find(R"("valueString":"2020")"), std::string::npos);
    EXPECT_NE(lookup("1001", "").find(R"("valueString":"2021")"), std::string::npos);
    EXPECT_NE(lookup("1002", "2021-01-01").find("no code"), std::string::npos);
    EXPECT_NE(lookup("1002", "2023").find("Chou"), std::string::npos);
    EXPECT_NE(lookup("1001", "not a day").find("date"), std::string::npos);
    const std::string inactive = lookup("1001", "2023-01-01");
    EXPECT_NE(
        inactive.find(
            R"({"name":"code","valueCode":"inactive"},{"name":"value","valueBoolean":true})"
        ),
        std::string::npos
    ) << inactive;
    const std::string old_edition = Ask(
        "CodeSystem", "lookup", {{"system", "urn:t:regions"}, {"version", "2020"}, {"code", "1001"}}
    );
    EXPECT_NE(old_edition.find(R"("valueString":"2020")"), std::string::npos);
}

TEST_F(Maps, LookupTellsHierarchyAndProperties) {
    const std::string all =
        Ask("CodeSystem", "lookup", {{"system", "urn:t:regions"}, {"code", "1002"}});
    EXPECT_NE(all.find(R"("valueString":"区")"), std::string::npos) << all;
    EXPECT_NE(all.find(R"({"name":"code","valueCode":"parent"})"), std::string::npos);
    const std::string one =
        Ask("CodeSystem",
            "lookup",
            {{"system", "urn:t:regions"}, {"code", "1002"}, {"property", "level"}});
    EXPECT_EQ(one.find(R"("valueCode":"parent")"), std::string::npos);
    EXPECT_NE(
        Ask("CodeSystem", "lookup", {{"system", "urn:t:none"}, {"code", "1"}}
        ).find("no code system"),
        std::string::npos
    );
}

TEST_F(Maps, SubsumptionHasFourOutcomes) {
    const auto outcome = [&](const char* a, const char* b) {
        return Ask(
            "CodeSystem", "subsumes", {{"system", "urn:t:regions"}, {"codeA", a}, {"codeB", b}}
        );
    };
    EXPECT_NE(outcome("10", "1001").find(R"("subsumes")"), std::string::npos);
    EXPECT_NE(outcome("1001", "10").find(R"("subsumed-by")"), std::string::npos);
    EXPECT_NE(outcome("10", "10").find(R"("equivalent")"), std::string::npos);
    EXPECT_NE(outcome("1001", "1002").find(R"("not-subsumed")"), std::string::npos);
    EXPECT_NE(outcome("10", "77").find("no code"), std::string::npos);
}

TEST_F(Maps, TranslationBothWays) {
    const auto translate = [&](std::vector<std::pair<std::string, std::string>> parameters) {
        return Ask("ConceptMap", "translate", parameters);
    };
    const std::string two =
        translate({{"url", "urn:t:map"}, {"system", "urn:t:left"}, {"code", "A2"}});
    EXPECT_NE(two.find("B2"), std::string::npos);
    EXPECT_NE(two.find("B3"), std::string::npos);
    EXPECT_NE(two.find(R"("valueCode":"wider")"), std::string::npos);
    const std::string back = translate(
        {{"url", "urn:t:map"}, {"system", "urn:t:right"}, {"code", "B2"}, {"reverse", "true"}}
    );
    EXPECT_NE(back.find(R"("code":"A2")"), std::string::npos) << back;
    EXPECT_NE(back.find(R"("valueCode":"narrower")"), std::string::npos);
    const std::string none =
        translate({{"url", "urn:t:map"}, {"system", "urn:t:left"}, {"code", "A3"}});
    EXPECT_NE(none.find(R"("name":"result","valueBoolean":false)"), std::string::npos);
    const std::string any =
        translate({{"system", "urn:t:left"}, {"code", "A1"}, {"targetsystem", "urn:t:right"}});
    EXPECT_NE(any.find("B1"), std::string::npos);
    EXPECT_NE(
        translate({{"url", "urn:t:gone"}, {"code", "A1"}}).find("no concept map"), std::string::npos
    );
}

TEST_F(Maps, UnmappedCodesGoWhereTheMapSays) {
    const auto add = [&](const char* id, const char* unmapped) {
        const std::string json =
            std::string(R"({"resourceType":"ConceptMap","id":")") + id + R"(","url":"urn:t:)" + id +
            R"(","status":"active","group":[{"source":"urn:t:left","target":"urn:t:right","element":[{"code":"zz","target":[{"code":"z","equivalence":"equal"}]}],"unmapped":)" +
            unmapped + "}]}";
        ASSERT_TRUE(terminology_.Add(Layer::kPack, {{json, id}}).ok());
    };
    add("other", R"({"mode":"other-map","url":"urn:t:map"})");
    add("fixed", R"({"mode":"fixed","code":"rest"})");
    add("same", R"({"mode":"provided"})");
    add("loop", R"({"mode":"other-map","url":"urn:t:loop"})");
    const auto translate = [&](const char* map) {
        return Ask(
            "ConceptMap",
            "translate",
            {{"url", std::string("urn:t:") + map}, {"system", "urn:t:left"}, {"code", "A1"}}
        );
    };
    EXPECT_NE(translate("other").find("B1"), std::string::npos);
    EXPECT_NE(translate("fixed").find("rest"), std::string::npos);
    EXPECT_NE(translate("same").find(R"("code":"A1")"), std::string::npos);
    EXPECT_NE(translate("loop").find("nested deeper"), std::string::npos) << translate("loop");
}

TEST_F(Maps, FaultsOfATableAreNamedByLine) {
    const auto wrong = [](const char* text) {
        const auto sources = ReadTable(text, "folder/x.tsv");
        return sources.ok() ? "" : sources.error().Line();
    };
    const std::string head =
        "#! type CodeSystem\n#! id a\n#! url u\n#! version 1\n#! name n\n#! title t\n#! source s\n";
    EXPECT_EQ(wrong((head + "code\tdisplay\na\tA\n").c_str()), "");
    EXPECT_NE(wrong((head + "code\tdisplay\na\n").c_str()).find("x.tsv:9"), std::string::npos);
    EXPECT_NE(
        wrong((head + "code\tdisplay\na\tA\na\tB\n").c_str()).find("x.tsv:10"), std::string::npos
    );
    EXPECT_NE(
        wrong((head + "code\tdisplay\tparent\na\tA\tb\n").c_str()).find("parent b"),
        std::string::npos
    );
    EXPECT_NE(
        wrong((head + "code\tdisplay\tfrom\na\tA\tyesterday\n").c_str()).find("from"),
        std::string::npos
    );
    EXPECT_NE(wrong("#! type CodeSystem\ncode\tdisplay\n").find("#! id"), std::string::npos);
    EXPECT_NE(wrong("#! type Patient\ncode\n").find("type"), std::string::npos);
}

}  // namespace
}  // namespace kangqu::terminology
