#include "life.hpp"
#include <algorithm>

namespace kangqu::synth {

bool LifeWriter::Concerns(const ServiceRow& row, Day day) const {
    if (row.sex != "-" && (row.sex == "m") != resident_->male) {
        return false;
    }
    if (row.who == "all") {
        return true;
    }
    if (row.who == "pupil") {
        const std::size_t street = world_.district.communities[resident_->community].street;
        return world_.sites.SchoolOf(*resident_, street, day).has_value();
    }
    for (const ProgrammeCourse& course : course_->programmes) {
        const Programme& programme = world_.programmes[course.programme];
        if (programme.key == row.who) {
            return course.enrolled && *course.enrolled <= day &&
                   (!course.ended || *course.ended > day);
        }
    }
    return false;
}

std::string_view LifeWriter::PlaceOf(const ServiceRow& row, Day day) const {
    if (row.place == "hospital") {
        const auto& hospitals = world_.district.hospitals;
        const auto at = static_cast<std::size_t>(resident_->household) % hospitals.size();
        return world_.district.institutions[hospitals[at]].id;
    }
    if (row.place == "maternal") {
        return world_.district.institutions[world_.district.maternal].id;
    }
    if (row.place == "school") {
        const std::size_t street = world_.district.communities[resident_->community].street;
        const auto school = world_.sites.SchoolOf(*resident_, street, day);
        if (school) {
            return world_.sites[*school].id;
        }
    }
    return world_.district.institutions[resident_->site].id;
}

void LifeWriter::WriteService(const ServiceRow& row, Day day, Random& random) {
    const Event event = Begin(day, random.Between(96, 192) * 5, PlaceOf(row, day), "-s");
    EndEncounter("encounter-service.json", row.type, row.text);
    ObservePanel(event, row.panel);
}

void LifeWriter::WriteByAge(const ServiceRow& row, std::size_t index) {
    const Day due = resident_->birth + row.from;
    if (due > resident_->last_day || due + row.to < resident_->first_day) {
        return;
    }
    Random random = Stream_(Stream::kService, index);
    const bool given = random.PerMille(row.coverage_per_mille);
    // Most come soon, some late: the smaller of two draws.
    const int late = std::min(random.Between(0, row.to), random.Between(0, row.to));
    const Day day = due + late;
    if (given && resident_->Here(day) && Concerns(row, day)) {
        WriteService(row, day, random);
    }
}

void LifeWriter::WriteYearly(const ServiceRow& row, std::size_t index) {
    Random random = Stream_(Stream::kService, index);
    const Window& window = world_.window;
    // Somebody's turn, where not every year.
    const int turn = random.Between(0, row.every - 1);
    for (int year = window.first_year; year <= window.last_year; ++year) {
        const bool given = random.PerMille(row.coverage_per_mille);
        const int month = random.Between(row.first_month, row.last_month);
        const Day day =
            core::DaysOf({year, month, 1}) + random.Between(0, core::DaysInMonth(year, month) - 1);
        const int age = AgeOn(resident_->birth, day);
        if (given && (year + turn) % row.every == 0 && age >= row.from && age <= row.to &&
            day <= window.until && resident_->Here(day) && Concerns(row, day)) {
            WriteService(row, day, random);
        }
    }
}

void LifeWriter::WriteServices() {
    const auto& rows = world_.catalog.services;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].rule == Rule::kAge) {
            WriteByAge(rows[i], i);
        } else if (rows[i].rule == Rule::kYearly) {
            WriteYearly(rows[i], i);
        }
    }
}

}  // namespace kangqu::synth
