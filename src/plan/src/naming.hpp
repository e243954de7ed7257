#pragma once

#include "text.hpp"
#include <string>
#include <vector>

namespace kangqu::plan {

// What a target is about: the folded words the rules look at, and the name shown.
struct Subject {
    std::u32string key;
    std::string name;
    // Put together from the sentence, not printed as it stands.
    bool composed = false;
    bool empty() const noexcept { return key.empty(); }
};

Subject MakeSubject(const SourceText& source, std::initializer_list<View> parts);
Subject Extended(Subject subject, View suffix);

// Without words of hope and of doing before the name: 力争 确保 基本实现 ...
View WithoutHope(View words) noexcept;
// Without 全区 全市 ... before the name.
View WithoutScope(View words) noexcept;
// Ends in a word that already says what is measured as a share: 率 比例 水平 ...
bool NamesShare(View words) noexcept;
// Ends in a word that says a number of things or a size: 数 量 面积 ...
bool NamesAmount(View words) noexcept;
// Begins with a word of doing: 推进 加强 ... Such a sentence part has no subject.
bool BeginsWithAction(View words) noexcept;

// "甲率和乙率" is two names; "社区甲和乙患者某某率" too.
std::vector<Subject> SplitSubjects(const SourceText& source, View words);

// Names and units belong together: "每千人口床位" counts 张/千人, "人均场地面积" 平方米/人.
// `unit` is the printed unit with its denominator behind a slash.
std::string FinishedUnit(View name, std::u32string unit);
// The name with what the unit adds: "比例" for a percentage of a thing, "次数", "数".
Subject FinishedName(Subject subject, View unit);

}  // namespace kangqu::plan
