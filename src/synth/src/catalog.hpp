#pragma once

#include "resident.hpp"
#include "tables.hpp"
#include <array>
#include <string_view>
#include <vector>

namespace kangqu::synth {

// Names separated by blanks, "-" for none.
std::vector<std::string_view> Words(std::string_view text);

// Something that is measured. Numbers are in the last decimal that is written.
struct ObservationRow {
    std::string_view key;
    std::string_view system;
    std::string_view code;
    std::string_view text;
    std::string_view unit;
    std::string_view category;
    std::string_view local;   // code of an institution's own list
    std::string_view growth;  // measure of the growth table, "-" for none
    int decimals = 0;
    std::array<int, 2> mean{};  // of 20-year-olds; female, male
    int slope = 0;              // a decade of age
    int between = 0;
    int within = 0;
    int low = 0;  // nothing below is written
    int high = 0;
    int normal_low = 0;  // reference range; none when both are 0
    int normal_high = 0;
    int round_to = 0;  // digit preference
    int rounded_per_mille = 0;
};

struct Panel {
    std::string_view key;
    std::vector<std::size_t> observations;
};

struct MedicationRow {
    std::string_view key;
    std::string_view code;
    std::string_view text;
    std::string_view dose;
    int days = 0;
    int price_fen = 0;
};

struct DiagnosisRow {
    std::string_view code;
    std::string_view text;
    int weight = 0;
    int from = 0;
    int to = 0;
    std::size_t season = 0;
    std::string_view setting;  // any, fever, hospital
    std::size_t panel = 0;     // into Catalog::panels
    std::vector<std::size_t> drugs;
    int report_hours = 0;  // 0: not notifiable
};

struct AdmissionRow {
    std::string_view code;
    std::string_view text;
    std::vector<std::string_view> others;  // code=text
    std::string_view procedure;            // or "-"
    std::string_view procedure_text;
    int operation_yuan = 0;
    int yuan_per_day = 0;
    std::size_t panel = 0;
    std::vector<std::size_t> drugs;
};

enum class Rule : std::uint8_t { kAge, kYearly, kPregnancy, kAfterBirth };

// A service of a programme: for whom, when, where, and what is found.
struct ServiceRow {
    std::string_view key;
    Rule rule = Rule::kAge;
    std::string_view who;  // all, pupil, or a programme's key
    std::string_view sex;
    int from = 0;   // age: days; yearly: years of age; pregnancy: day; after birth: day
    int to = 0;     // yearly: years; others: days the service may be late
    int every = 1;  // yearly: years
    int coverage_per_mille = 0;
    int first_month = 1;
    int last_month = 12;
    std::string_view place;  // site, hospital, school
    std::string_view type;
    std::string_view text;
    std::size_t panel = 0;
};

struct DeathRow {
    std::string_view sex;
    int from = 0;
    int to = 0;
    int weight = 0;
    std::string_view group;
    std::vector<std::array<std::string_view, 2>> chain;  // code, text; the immediate cause first
};

struct GrowthRow {
    std::string_view measure;
    bool male = false;
    int month = 0;
    std::array<int, 7> values{};  // z = -3 .. 3
};

// The tables of what can happen, read once. A reference to a row that is not there is a bug.
class Catalog {
public:
    Catalog();
    std::size_t PanelOf(std::string_view key) const;
    std::size_t ObservationOf(std::string_view key) const;
    std::vector<std::size_t> DrugsOf(std::string_view keys) const;
    // The value at an age, for a place of `thousandths` of a standard deviation from the median;
    // nothing over the table's ages.
    int Growth(std::string_view measure, bool male, int days, int thousandths) const;

    std::vector<ObservationRow> observations;
    std::vector<Panel> panels;  // the first one is empty
    std::vector<MedicationRow> medications;
    std::vector<std::array<int, 12>> seasons;
    std::vector<DiagnosisRow> diagnoses;
    std::vector<AdmissionRow> admissions;
    std::vector<ServiceRow> services;
    std::vector<DeathRow> deaths;
    Texts rules{"lives"};

private:
    void ReadObservations();
    void ReadDiagnoses();
    void ReadAdmissions();
    void ReadServices();
    void ReadDeaths();
    std::vector<std::string_view> season_keys_;
    std::vector<GrowthRow> growth_;
};

}  // namespace kangqu::synth
