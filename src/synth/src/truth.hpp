#pragma once

#include "kangqu/synth/synth.hpp"

#include "chunk.hpp"
#include "course.hpp"
#include "faults.hpp"
#include "life.hpp"
#include "marginals.hpp"
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
    const ProgrammeCourse& programme,
    Day first,
    Day last
);
Verdict JudgeContract(const Resident& resident, const Course& course, Day first, Day last);

// What is known only when everything is written.
struct Written {
    TypeCounts resources;
    FaultLog faults;
    std::vector<std::string> cases;  // by outbreak
    std::vector<std::int64_t> case_counts;
};

// Gathers counts while residents are made; one for each thread, merged at the end. Memory: years
// times institutions times programmes.
class Truth {
public:
    explicit Truth(const World& world);
    void Add(const Resident& resident, const Course& course);
    void Merge(const Truth& other);
    std::string Json(const Written& written) const;
    Marginals& marginals() noexcept { return marginals_; }
    const Marginals& marginals() const noexcept { return marginals_; }

private:
    struct Count {
        std::int64_t denominator = 0;
        std::int64_t exclusion = 0;
        std::int64_t numerator = 0;
        void Add(const Verdict& verdict);
        void Add(const Count& other);
    };
    struct YearCount {
        Count all;
        std::vector<Count> by_institution;
        std::map<std::string, std::int64_t, std::less<>> reasons;
        void Add(const Verdict& verdict, std::size_t institution);
        void Add(const YearCount& other);
    };
    struct ProgrammeCount {
        std::int64_t diagnosed = 0;
        std::int64_t enrolled = 0;
        std::vector<YearCount> years;
    };
    void AddMarginals(const Resident& resident, const Course& course);
    void AddProgrammeMarginals(const Resident& resident, const ProgrammeCourse& course);
    std::string ProgrammesJson() const;
    std::string OutbreaksJson(const Written& written) const;
    void WriteYears(std::string& out, const std::vector<YearCount>& years) const;
    void WriteResidents(std::string& out) const;

    const World& world_;
    const Window& window_;
    const District& district_;
    std::int64_t residents_ = 0;
    std::int64_t detailed_ = 0;
    std::int64_t died_ = 0;
    std::int64_t moved_ = 0;
    std::array<std::int64_t, 3> by_residence_{};
    std::vector<std::array<std::int64_t, 2>> by_age_;  // five-year groups; female, male
    std::vector<YearCount> contracts_;
    std::vector<ProgrammeCount> programmes_;
    std::vector<std::int64_t> doses_;  // by row of the table
    Marginals marginals_;
};

}  // namespace kangqu::synth
