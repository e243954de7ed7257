// The functional tests of UCUM, when they are at hand.
#include "kangqu/terminology/ucum.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::terminology {
namespace {

struct Case {
    std::string section;
    std::map<std::string, std::string> attributes;
    const std::string& at(const std::string& name) const { return attributes.at(name); }
};

// The few entities that the file uses.
std::string Unescaped(std::string text) {
    for (const auto& [entity, character] : std::vector<std::pair<std::string, std::string>>{
             {"&quot;", "\""}, {"&amp;", "&"}, {"&#232;", "è"}}) {
        for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity)) {
            text.replace(at, entity.size(), character);
        }
    }
    return text;
}

// <section> ... <case a="b" .../> ... of a file without surprises.
std::vector<Case> ReadCases(std::string text) {
    for (std::size_t at = text.find("<!--"); at != std::string::npos; at = text.find("<!--", at)) {
        text.erase(at, text.find("-->", at) + 3 - at);
    }
    std::vector<Case> out;
    std::string section;
    for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
        const std::string tag = text.substr(at + 1, text.find_first_of(" \t>", at) - at - 1);
        if (tag != "case") {
            section = tag.starts_with('/') || tag == "entry" ? section : tag;
            continue;
        }
        Case one{section, {}};
        const std::size_t end = text.find("/>", at);
        for (std::size_t equal = text.find("=\"", at); equal < end;
             equal = text.find("=\"", text.find('"', equal + 2))) {
            const std::size_t start = text.find_last_of(" \t", equal) + 1;
            const std::size_t close = text.find('"', equal + 2);
            one.attributes[text.substr(start, equal - start)] =
                Unescaped(text.substr(equal + 2, close - equal - 2));
        }
        out.push_back(std::move(one));
    }
    return out;
}

// Equal to the digits that are stated.
bool Agrees(const std::string& value, const std::string& stated) {
    std::size_t digits = 0;
    for (const char c : stated.substr(0, stated.find_first_of("eE"))) {
        digits += (c >= '1' && c <= '9') || (c == '0' && digits > 0) ? 1U : 0U;
    }
    const long double a = std::stold(value);
    const long double b = std::stold(stated);
    return std::abs(a - b) <=
           std::abs(b) * 0.51L * std::pow(10.0L, 1 - static_cast<long double>(digits));
}

bool Passes(const Case& one) {
    if (one.section == "validation") {
        return Unit::Parse(one.at("unit")).ok() == (one.at("valid") == "true");
    }
    if (one.section == "conversion") {
        const auto value =
            ConvertQuantityText(one.at("value"), one.at("srcUnit"), one.at("dstUnit"));
        return value.ok() && Agrees(*value, one.at("outcome"));
    }
    if (one.section == "displayNameGeneration") {
        const std::string unit = one.at("unit").empty() ? "1" : one.at("unit");
        return Unit::Parse(unit)->Analysis() == one.at("display");
    }
    const bool divide = one.section == "division";
    const auto result =
        divide ? DivideQuantities(one.at("v1"), one.at("u1"), one.at("v2"), one.at("u2"))
               : MultiplyQuantities(one.at("v1"), one.at("u1"), one.at("v2"), one.at("u2"));
    const std::string unit = one.at("uRes").empty() ? "1" : one.at("uRes");
    if (!result.ok()) {
        return false;
    }
    const auto same = ConvertQuantityText(result->value, result->unit, unit);
    return same.ok() && Agrees(*same, one.at("vRes")) && result->unit == unit;
}

TEST(UcumSuite, AllFunctionalTestsPass) {
    std::ifstream file(KANGQU_SOURCE_DIR "/../shared/suites/ucum/UcumFunctionalTests.xml");
    if (!file) {
        GTEST_SKIP() << "the functional tests of UCUM are not at hand";
    }
    std::stringstream text;
    text << file.rdbuf();
    int cases = 0;
    for (const Case& one : ReadCases(text.str())) {
        ++cases;
        EXPECT_TRUE(Passes(one)) << one.section << " " << one.at("id");
    }
    EXPECT_EQ(cases, 573);
    RecordProperty("cases", cases);
    std::printf("%d cases\n", cases);
}

}  // namespace
}  // namespace kangqu::terminology
