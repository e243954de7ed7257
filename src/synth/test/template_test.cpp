#include "template.hpp"

#include <gtest/gtest.h>

namespace kangqu::synth {
namespace {

std::string Made(const Template& made, const Fill& fill) {
    std::string out;
    made.Append(fill, out);
    return out;
}

TEST(Template, PutsSlotsAndMeta) {
    const Template made = Template::OfJson(
        R"({ "resourceType": "Basic", "id": "${id}", "code": { "text": "x-${code}-${code}" } })",
        R"({"tag":1})"
    );
    EXPECT_EQ(made.type(), "Basic");
    Fill fill;
    fill.Set(Slot::id, "b1");
    fill.Set(Slot::code, "c");
    EXPECT_EQ(
        Made(made, fill),
        R"({"resourceType":"Basic","id":"b1","meta":{"tag":1},"code":{"text":"x-c-c"}})"
    );
}

TEST(Template, WritesBareSlotsWithoutQuotes) {
    const Template made =
        Template::OfJson(R"({"a":"${#value}","b":["${#items}"],"c":"${value}"})", "");
    EXPECT_EQ(made.type(), "");
    Fill fill;
    fill.SetFixed(Slot::value, -1205, 2);
    fill.Set(Slot::items, R"({"x":1},{"x":2})");
    EXPECT_EQ(Made(made, fill), R"({"a":-12.05,"b":[{"x":1},{"x":2}],"c":"-12.05"})");
}

TEST(Template, LeavesOutMembersWithoutValue) {
    const Template made = Template::OfJson(
        R"({"a":1,"?flag:b":{"c":"${flag}","?text:d":"${text}"},"?unit:e":2,"f":3})", ""
    );
    Fill fill;
    EXPECT_EQ(Made(made, fill), R"({"a":1,"f":3})");
    fill.Set(Slot::flag, "H");
    EXPECT_EQ(Made(made, fill), R"({"a":1,"b":{"c":"H"},"f":3})");
    fill.Set(Slot::text, "t");
    fill.Set(Slot::unit, "kg");
    EXPECT_EQ(Made(made, fill), R"({"a":1,"b":{"c":"H","d":"t"},"e":2,"f":3})");
    fill.Clear(Slot::flag);
    EXPECT_EQ(Made(made, fill), R"({"a":1,"e":2,"f":3})");
}

TEST(Template, FillsPlainText) {
    const Template made = Template::OfText("MSH|^~\\&|${org}|\nPID|${name}");
    Fill fill;
    fill.Set(Slot::org, "o");
    fill.Set(Slot::name, "王𠮷");
    EXPECT_EQ(Made(made, fill), "MSH|^~\\&|o|\nPID|王𠮷");
}

TEST(Fill, WritesNumbersWithTheirDecimals) {
    Fill fill;
    const auto fixed = [&fill](std::int64_t value, int decimals) {
        fill.SetFixed(Slot::value, value, decimals);
        return std::string(fill[Slot::value]);
    };
    EXPECT_EQ(fixed(5, 2), "0.05");
    EXPECT_EQ(fixed(0, 1), "0.0");
    EXPECT_EQ(fixed(-5, 1), "-0.5");
    EXPECT_EQ(fixed(1234, 0), "1234");
    EXPECT_EQ(fixed(170500000, 6), "170.500000");
}

TEST(Fill, WritesDatesAndTimesOverMidnight) {
    const Day day = core::DaysOf({2024, 2, 28});
    EXPECT_EQ(DateText(day), "2024-02-28");
    EXPECT_EQ(TimeText(day, 8 * 60 + 5), "2024-02-28T08:05:00+08:00");
    EXPECT_EQ(TimeText(day, 24 * 60 + 1), "2024-02-29T00:01:00+08:00");
    EXPECT_EQ(TimeText(day, 3 * 24 * 60), "2024-03-02T00:00:00+08:00");
    Fill fill;
    fill.SetStamp(Slot::stamp, day, 61);
    EXPECT_EQ(fill[Slot::stamp], "20240228010100");
}

}  // namespace
}  // namespace kangqu::synth
