#pragma once

#include "faults.hpp"
#include "programme.hpp"
#include "resident.hpp"
#include "tables.hpp"
#include "vaccination.hpp"
#include <optional>
#include <string_view>
#include <vector>

namespace kangqu::synth {

struct Contract {
    Day from = 0;
    Day to = 0;  // included; of the running one it lies after the window
};

struct Exam {
    Day day = 0;
    int weight_hg = 0;  // tenths of a kilogram
    int height_cm = 0;
    int glucose_tenths = 0;  // of mmol/l
};

struct Visit {
    Day day = 0;
    std::size_t diagnosis = 0;  // row of the table
    std::optional<std::size_t> hospital;
};

// Days in hospital.
struct Stay {
    Day from = 0;
    Day to = 0;              // included
    std::size_t reason = 0;  // row of the table of admissions
    std::size_t hospital = 0;
};

// What happens to one resident.
struct Course {
    std::vector<Contract> contracts;
    std::vector<ProgrammeCourse> programmes;  // in the order of the table, one each at most
    std::vector<Exam> exams;
    std::vector<Visit> visits;
    std::vector<Dose> doses;
    std::vector<Stay> stays;

    const ProgrammeCourse* Of(std::size_t programme) const noexcept;
};

// Weight, height and glucose of somebody of this sex and age.
Exam DrawExam(Random& random, const Resident& resident, Day day);

class CourseMaker {
public:
    CourseMaker(
        std::uint64_t seed,
        const Window& window,
        const District& district,
        const Programmes& programmes
    );
    // Faults put in are counted in `faults`; their resources are named where they are written.
    Course Make(const Resident& resident, FaultLog& faults) const;

private:
    void DrawStays(const Resident& resident, Course& course) const;
    void DrawProgrammes(const Resident& resident, Course& course, FaultLog& faults) const;
    void Fabricate(const Resident& resident, Course& course, FaultLog& faults) const;
    void DrawContracts(const Resident& resident, Course& course) const;
    void DrawElderlyExams(const Resident& resident, Course& course) const;
    void DrawVisits(const Resident& resident, Course& course) const;

    std::uint64_t seed_;
    const Window& window_;
    const District& district_;
    const Programmes& programmes_;
    FaultRates fault_rates_;
    Vaccination vaccination_;
    struct Diagnosis {
        int weight;
        int from;
        int to;
    };
    std::size_t DrawDiagnosis(Random& random, int age) const;
    std::vector<Diagnosis> diagnoses_;
    struct Admission {
        bool male;
        bool female;
        int from;
        int to;
        std::int64_t per_million;  // a year
        int days;
    };
    std::vector<Admission> admissions_;
};

}  // namespace kangqu::synth
