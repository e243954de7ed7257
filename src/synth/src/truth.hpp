#pragma once

#include "kangqu/synth/synth.hpp"

#include "course.hpp"
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::synth {

// How one resident counts in one year.
struct Verdict {
    bool counted = false;  // in the denominator, before exclusions
    bool excluded = false;
    bool met = false;
    std::vector<std::string_view> reasons;  // why excluded, or why not met
};

// The same words as the packs' measures, judged on what was put in rather than on records.
Verdict JudgeProgramme(
    const Norm& norm,
    const Resident& resident,
    const Course& course,
    Day first,
    Day last
);
Verdict JudgeContract(const Resident& resident, const Course& course, Day first, Day last);

// Gathers counts while residents are made. Memory: years times institutions.
class Truth {
public:
    Truth(const Window& window, const District& district, const Norm& norm);
    void Add(const Resident& resident, const Course& course);
    // `resources` as in SynthSummary.
    std::string Json(
        const SynthOptions& options,
        std::string_view programme,
        const std::vector<std::pair<std::string, std::int64_t>>& resources
    ) const;

private:
    struct Count {
        std::int64_t denominator = 0;
        std::int64_t exclusion = 0;
        std::int64_t numerator = 0;
        void Add(const Verdict& verdict);
    };
    struct YearCount {
        Count all;
        std::vector<Count> by_institution;
        std::map<std::string, std::int64_t, std::less<>> reasons;
        void Add(const Verdict& verdict, std::size_t institution);
    };
    void WriteYears(std::string& out, const std::vector<YearCount>& years) const;
    void WriteResidents(std::string& out) const;

    const Window& window_;
    const District& district_;
    const Norm& norm_;
    std::int64_t residents_ = 0;
    std::int64_t died_ = 0;
    std::int64_t moved_ = 0;
    std::int64_t diagnosed_ = 0;
    std::int64_t enrolled_ = 0;
    std::array<std::int64_t, 3> by_residence_{};
    std::vector<std::array<std::int64_t, 2>> by_age_;  // five-year groups; female, male
    std::vector<YearCount> contracts_;
    std::vector<YearCount> programme_;
};

}  // namespace kangqu::synth
