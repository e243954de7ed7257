#pragma once

#include "kangqu/plan/document.hpp"

#include "naming.hpp"
#include "quantity.hpp"
#include "text.hpp"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kangqu::plan {

// What a change or a new value starts from: "比2015年", "由2020年的21.3%", "在此基础上".
struct BasePhrase {
    bool found = false;
    std::optional<int> year;
    std::optional<double> value;
};
// Cuts the phrase off the end of a subject.
BasePhrase CutBase(View& subject);

// A grade at the end of a sentence part: where its verb and itself begin, and what stands between.
struct Grade {
    std::size_t verb = 0;
    std::size_t begin = 0;
    std::size_t length = 0;
    View between;
};
std::optional<Grade> GradeOf(View part);

// Reads the targets out of one task's sentences. Years and names carry over inside a sentence, as
// the genre has it: "到2030年,甲达到a,乙达到b;到2035年,分别达到c、d".
class IndicatorReader {
public:
    explicit IndicatorReader(const SourceText& source) : source_(source) {}

    // `paragraph` is folded text without number and clause.
    void Read(View paragraph);

    std::vector<Indicator> TakeIndicators() { return std::move(out_); }
    std::vector<Doubt> TakeDoubts() { return std::move(doubts_); }

private:
    // Words around a number: what it is compared with.
    struct Predicate {
        View subject;
        View qualifier;  // "中等强度" between verb and number
        View words;      // as printed, up to the number
        Comparator comparator = Comparator::kAtLeast;
        bool found = false;
        bool yearly = false;  // a change of every year
        View every;           // "/年" of "每年培训不少于2次"
        BasePhrase base;
    };
    struct Baseline {
        int year = 0;
        double value = 0;
    };

    void ReadSentence(View sentence);
    void ReadSegment(View segment);
    // A sentence without a year that goes on with measures right behind one with a year.
    bool GoesOn(const std::vector<View>& segments) const;
    // True when the segment gives the value of today ("2025年为68%") instead of a target.
    bool ReadBaseline(View head, View rest, const YearPhrase& years);
    void ReadPart(View part);

    // Each answers whether it understood the part.
    bool ReadMeasured(View part);
    bool ReadGrade(View part);
    bool EmitGrade(View part, const Grade& grade);
    bool ReadGrowth(View part);
    bool ReadFullCoverage(View part);
    bool ReadWhole(View part);
    bool ReadStatus(View part);
    bool ReadCovers(View part);
    bool ReadAll(View part);
    bool ReadEach(View part);
    bool ReadEverybody(View part);
    bool ReadShareOfThings(View part);
    bool ReadShareInside(View part);
    bool ReadCreation(View part);
    bool ReadAtLeastSome(View part);
    bool ReadHolding(View part);
    bool ReadSkill(View part);
    bool ReadHolds(View part);
    bool ReadFrequency(View part);
    bool ReadRank(View part);
    bool ReadNaturalBalance(View part);
    bool ReadTrend(View part);
    bool ReadElimination(View part);
    bool ReadZeroGrowth(View part);
    bool ReadWordedLimit(View part);
    void ReadTimeCircles(View segment);

    Predicate FindPredicate(View head) const;
    std::vector<Subject> SubjectsOf(View words, View unit);
    void EmitList(
        const std::vector<Subject>& subjects,
        const Predicate& predicate,
        const QuantityList& list,
        bool inherited
    );
    void EmitUnmatched(
        const std::vector<Subject>& names,
        const Predicate& predicate,
        const QuantityList& list
    );
    void EmitQuantity(
        const Subject& subject,
        const Predicate& predicate,
        const Quantity& quantity,
        View unit,
        const std::vector<int>& years,
        View words
    );
    // One indicator for each year of the context, or one without year.
    void Emit(const Subject& subject, Indicator facts, const std::vector<int>& years);
    void EmitShare(const Subject& subject, double percent, Comparator comparator, View words);
    std::string Printed(View words) const { return source_.Printed(words); }

    const SourceText& source_;
    std::vector<int> years_;
    std::vector<int> former_years_;  // of the sentence before, when it held targets
    bool carried_year_ = false;      // years_ are those
    View part_;                      // being read
    View sharing_;                   // "甲90%以上达到乙,60%达到丙": 甲
    View basis_;                     // "以街道为单位," waiting for its rate
    std::vector<Subject> names_;     // of the current year
    std::vector<Subject> prior_;     // of the year before it
    View held_;              // subject printed before a year in the middle: "甲到2030年达到"
    View carried_;           // "道路交通事故数," waiting for its predicate
    View rate_head_;         // "每千人口" for the further members of a list
    View frequency_object_;  // "健身活动" of "健身活动倡导街道每年组织1次"
    std::map<std::u32string, Baseline> baselines_;
    std::vector<Indicator> out_;
    std::vector<Doubt> doubts_;
};

}  // namespace kangqu::plan
