#include "catalog.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>
#include <cstdio>

namespace kangqu::synth {
namespace {

template <typename Rows>
std::size_t IndexOf(const Rows& rows, std::string_view key) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [key](const auto& row) { return row.key == key; });
    if (found == rows.end()) {
        std::fprintf(stderr, "synth: no row %.*s\n", static_cast<int>(key.size()), key.data());
    }
    KQ_CHECK(found != rows.end(), "a table names a row that does not exist");
    return static_cast<std::size_t>(found - rows.begin());
}

Rule RuleOf(std::string_view text) {
    if (text == "age") {
        return Rule::kAge;
    }
    if (text == "yearly") {
        return Rule::kYearly;
    }
    KQ_CHECK(text == "pregnancy" || text == "after-birth", "a service has no such rule");
    return text == "pregnancy" ? Rule::kPregnancy : Rule::kAfterBirth;
}

}  // namespace

std::vector<std::string_view> Words(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty() && text != "-") {
        const std::size_t blank = text.find(' ');
        words.push_back(text.substr(0, blank));
        text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    }
    return words;
}

Catalog::Catalog() {
    ReadObservations();
    for (const Row& row : RowsOf("seasons")) {
        season_keys_.push_back(row[0]);
        std::array<int, 12>& months = seasons.emplace_back();
        for (std::size_t i = 0; i < months.size(); ++i) {
            months[i] = NumberOf(row[i + 1]);
        }
    }
    for (const Row& row : RowsOf("medications")) {
        medications.push_back({row[0], row[1], row[2], row[3], NumberOf(row[4]), NumberOf(row[5])});
    }
    ReadDiagnoses();
    ReadAdmissions();
    ReadServices();
    ReadDeaths();
    for (const Row& row : RowsOf("growth")) {
        GrowthRow& made = growth_.emplace_back();
        made.measure = row[0];
        made.male = row[1] == "m";
        made.month = NumberOf(row[2]);
        for (std::size_t i = 0; i < made.values.size(); ++i) {
            made.values[i] = NumberOf(row[i + 3]);
        }
    }
}

std::size_t Catalog::PanelOf(std::string_view key) const {
    return IndexOf(panels, key);
}

std::size_t Catalog::ObservationOf(std::string_view key) const {
    return IndexOf(observations, key);
}

std::vector<std::size_t> Catalog::DrugsOf(std::string_view keys) const {
    std::vector<std::size_t> drugs;
    for (const std::string_view key : Words(keys)) {
        drugs.push_back(IndexOf(medications, key));
    }
    return drugs;
}

void Catalog::ReadObservations() {
    for (const Row& row : RowsOf("observations")) {
        ObservationRow& made = observations.emplace_back();
        made.key = row[0];
        made.system = row[1];
        made.code = row[2];
        made.text = row[3];
        made.unit = row[4];
        made.category = row[5];
        made.local = row[6];
        made.growth = row[7];
        int* const numbers[] = {
            &made.decimals,
            &made.mean[1],
            &made.mean[0],
            &made.slope,
            &made.between,
            &made.within,
            &made.low,
            &made.high,
            &made.normal_low,
            &made.normal_high,
            &made.round_to,
            &made.rounded_per_mille};
        std::size_t at = 8;
        for (int* const number : numbers) {
            *number = NumberOf(row[at++]);
        }
    }
    panels.push_back({"-", {}});
    for (const Row& row : RowsOf("panels")) {
        Panel& panel = panels.emplace_back();
        panel.key = row[0];
        for (const std::string_view key : Words(row[1])) {
            panel.observations.push_back(ObservationOf(key));
        }
    }
}

void Catalog::ReadDiagnoses() {
    for (const Row& row : RowsOf("diagnoses")) {
        DiagnosisRow& made = diagnoses.emplace_back();
        made.code = row[0];
        made.text = row[1];
        made.weight = NumberOf(row[2]);
        made.from = NumberOf(row[3]);
        made.to = NumberOf(row[4]);
        const auto season = std::find(season_keys_.begin(), season_keys_.end(), row[5]);
        KQ_CHECK(season != season_keys_.end(), "a diagnosis names a season that does not exist");
        made.season = static_cast<std::size_t>(season - season_keys_.begin());
        made.setting = row[6];
        made.panel = PanelOf(row[7]);
        made.drugs = DrugsOf(row[8]);
        made.report_hours = NumberOf(row[9]);
    }
}

void Catalog::ReadAdmissions() {
    for (const Row& row : RowsOf("admissions")) {
        AdmissionRow& made = admissions.emplace_back();
        made.code = row[0];
        made.text = row[1];
        made.others = Words(row[7]);
        made.procedure = row[8];
        made.procedure_text = row[9];
        made.operation_yuan = NumberOf(row[10]);
        made.yuan_per_day = NumberOf(row[11]);
        made.panel = PanelOf(row[12]);
        made.drugs = DrugsOf(row[13]);
    }
}

void Catalog::ReadServices() {
    for (const Row& row : RowsOf("services")) {
        ServiceRow& made = services.emplace_back();
        made.key = row[0];
        made.rule = RuleOf(row[1]);
        made.who = row[2];
        made.sex = row[3];
        made.from = NumberOf(row[4]);
        made.to = NumberOf(row[5]);
        made.every = NumberOf(row[6]);
        made.coverage_per_mille = NumberOf(row[7]);
        made.first_month = NumberOf(row[8]);
        made.last_month = NumberOf(row[9]);
        made.place = row[10];
        made.type = row[11];
        made.text = row[12];
        made.panel = PanelOf(row[13]);
    }
}

void Catalog::ReadDeaths() {
    for (const Row& row : RowsOf("death-causes")) {
        DeathRow& made = deaths.emplace_back();
        made.sex = row[0];
        made.from = NumberOf(row[1]);
        made.to = NumberOf(row[2]);
        made.weight = NumberOf(row[3]);
        made.group = row[4];
        for (const std::string_view word : Words(row[5])) {
            const std::size_t equals = word.find('=');
            made.chain.push_back({word.substr(0, equals), word.substr(equals + 1)});
        }
    }
}

int Catalog::Growth(std::string_view measure, bool male, int days, int thousandths) const {
    // Months of 30.4375 days, in thousandths.
    const std::int64_t month = std::int64_t{days} * 10'000'000 / 304'375;
    const GrowthRow* before = nullptr;
    const GrowthRow* after = nullptr;
    for (const GrowthRow& row : growth_) {
        if (row.measure != measure || row.male != male) {
            continue;
        }
        if (std::int64_t{row.month} * 1000 <= month) {
            before = &row;
        } else if (after == nullptr) {
            after = &row;
        }
    }
    KQ_CHECK(before != nullptr, "a growth measure has no rows");
    const auto at = [thousandths](const GrowthRow& row) -> std::int64_t {
        const int place = std::clamp(thousandths + 3000, 0, 5999);
        const auto low = static_cast<std::size_t>(place / 1000);
        const std::int64_t step = row.values[low + 1] - row.values[low];
        return row.values[low] + step * (place % 1000) / 1000;
    };
    if (after == nullptr) {
        return static_cast<int>(at(*before));
    }
    const std::int64_t span = std::int64_t{after->month - before->month} * 1000;
    const std::int64_t gone = month - std::int64_t{before->month} * 1000;
    return static_cast<int>(at(*before) + (at(*after) - at(*before)) * gone / span);
}

}  // namespace kangqu::synth
