#include "truth.hpp"

#include "kangqu/core/json.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kGroupYears = 5;
constexpr std::size_t kGroups = 21;  // the last one is open: 100 and over

bool Within(std::optional<Day> day, Day last) {
    return day && *day <= last;
}

bool Before(std::optional<Day> day, Day first) {
    return day && *day < first;
}

struct Service {
    int follow_ups = 0;
    int face_to_face = 0;
    bool examined = false;
};

Service
ServiceIn(const Course& course, const ProgrammeCourse& programme, Day from, Day first, Day last) {
    Service service;
    for (const FollowUp& follow_up : programme.follow_ups) {
        if (follow_up.day >= from && follow_up.day <= last) {
            ++service.follow_ups;
            service.face_to_face += follow_up.contact == Contact::kTelephone ? 0 : 1;
        }
    }
    service.examined = std::any_of(course.exams.begin(), course.exams.end(), [&](const Exam& e) {
        return e.day >= first && e.day <= last;
    });
    return service;
}

void AddReasonsNotMet(const Service& service, int due, bool no_exam, Verdict& verdict) {
    if (service.follow_ups == 0) {
        verdict.reasons.emplace_back("no-follow-up");
    } else if (service.follow_ups < due) {
        verdict.reasons.emplace_back("follow-ups-missing");
    } else if (service.face_to_face < due) {
        verdict.reasons.emplace_back("not-face-to-face");
    }
    if (no_exam) {
        verdict.reasons.emplace_back("no-annual-exam");
    }
}

}  // namespace

Verdict JudgeProgramme(
    const Norm& norm,
    const Resident& resident,
    const Course& course,
    const ProgrammeCourse& programme,
    Day first,
    Day last
) {
    Verdict verdict;
    if (!programme.enrolled) {
        return verdict;
    }
    verdict.counted = *programme.enrolled <= last && !Before(programme.ended, first) &&
                      !Before(resident.died, first) && !Before(resident.moved, first) &&
                      AgeOn(resident.birth, last) >= norm.minimum_age;
    if (!verdict.counted) {
        return verdict;
    }
    if (Within(resident.died, last)) {
        verdict.reasons.emplace_back("died");
    }
    if (Within(resident.moved, last)) {
        verdict.reasons.emplace_back("moved-out");
    }
    if (MonthsBetween(*programme.enrolled, last + 1) < norm.months_before_judged) {
        verdict.reasons.emplace_back("enrolled-late");
    }
    verdict.excluded = !verdict.reasons.empty();
    if (verdict.excluded) {
        return verdict;
    }
    const Day from = std::max(*programme.enrolled, first);
    const int due = FollowUpsDue(norm, from, last + 1);
    const Service service = ServiceIn(course, programme, from, first, last);
    const bool no_exam = MonthsBetween(from, last + 1) >= norm.months_for_exam && !service.examined;
    verdict.met = service.face_to_face >= due && !no_exam;
    if (!verdict.met) {
        AddReasonsNotMet(service, due, no_exam, verdict);
        if (Within(programme.ended, last)) {
            verdict.reasons.emplace_back(CodeOf(programme.end_reason));
        }
    }
    return verdict;
}

Verdict JudgeContract(const Resident& resident, const Course& course, Day first, Day last) {
    Verdict verdict;
    verdict.counted = resident.residence != Residence::kFloating && resident.birth <= last &&
                      !Within(resident.died, last) && !Before(resident.moved, first);
    verdict.excluded = verdict.counted && Within(resident.moved, last);
    if (verdict.excluded) {
        verdict.reasons.emplace_back("moved-out");
    }
    if (!verdict.counted || verdict.excluded) {
        return verdict;
    }
    bool begun = false;
    for (const Contract& contract : course.contracts) {
        begun = begun || contract.from <= last;
        verdict.met = verdict.met || (contract.from <= last && contract.to >= last);
    }
    if (!verdict.met) {
        verdict.reasons.emplace_back(begun ? "contract-expired" : "never-contracted");
    }
    return verdict;
}

void Truth::Count::Add(const Verdict& verdict) {
    denominator += verdict.counted ? 1 : 0;
    exclusion += verdict.excluded ? 1 : 0;
    numerator += verdict.met ? 1 : 0;
}

void Truth::YearCount::Add(const Verdict& verdict, std::size_t institution) {
    all.Add(verdict);
    by_institution[institution].Add(verdict);
    for (const std::string_view reason : verdict.reasons) {
        const auto found = reasons.find(reason);
        if (found == reasons.end()) {
            reasons.emplace(reason, 1);
        } else {
            ++found->second;
        }
    }
}

void Truth::Count::Add(const Count& other) {
    denominator += other.denominator;
    exclusion += other.exclusion;
    numerator += other.numerator;
}

void Truth::YearCount::Add(const YearCount& other) {
    all.Add(other.all);
    for (std::size_t i = 0; i < by_institution.size(); ++i) {
        by_institution[i].Add(other.by_institution[i]);
    }
    for (const auto& [reason, count] : other.reasons) {
        reasons[reason] += count;
    }
}

Truth::Truth(const World& world)
    : world_(world),
      window_(world.window),
      district_(world.district),
      by_age_(kGroups),
      doses_(RowsOf("immunizations").size()) {
    YearCount empty;
    empty.by_institution.resize(district_.institutions.size());
    const auto years = static_cast<std::size_t>(window_.last_year - window_.first_year + 1);
    contracts_.assign(years, empty);
    programmes_.resize(world.programmes.size());
    for (ProgrammeCount& programme : programmes_) {
        programme.years.assign(years, empty);
    }
}

void Truth::Add(const Resident& resident, const Course& course) {
    ++residents_;
    detailed_ += resident.detailed ? 1 : 0;
    died_ += resident.died ? 1 : 0;
    moved_ += resident.moved ? 1 : 0;
    if (!resident.died && !resident.moved) {
        ++by_residence_[static_cast<std::size_t>(resident.residence)];
        const int age = AgeOn(resident.birth, window_.until);
        const auto group = std::min(kGroups - 1, static_cast<std::size_t>(age / kGroupYears));
        ++by_age_[group][resident.male ? 1 : 0];
    }
    for (const ProgrammeCourse& programme : course.programmes) {
        ++programmes_[programme.programme].diagnosed;
        programmes_[programme.programme].enrolled += programme.enrolled ? 1 : 0;
    }
    for (const Dose& dose : course.doses) {
        ++doses_[dose.row];
    }
    for (int year = window_.first_year; year <= window_.last_year; ++year) {
        const auto at = static_cast<std::size_t>(year - window_.first_year);
        const Day first = window_.FirstDay(year);
        const Day last = window_.LastDay(year);
        contracts_[at].Add(JudgeContract(resident, course, first, last), resident.site);
        for (const ProgrammeCourse& programme : course.programmes) {
            const Norm& norm = world_.programmes[programme.programme].norm;
            programmes_[programme.programme].years[at].Add(
                JudgeProgramme(norm, resident, course, programme, first, last), resident.site
            );
        }
    }
    AddMarginals(resident, course);
}

void Truth::Merge(const Truth& other) {
    residents_ += other.residents_;
    detailed_ += other.detailed_;
    died_ += other.died_;
    moved_ += other.moved_;
    for (std::size_t i = 0; i < by_residence_.size(); ++i) {
        by_residence_[i] += other.by_residence_[i];
    }
    for (std::size_t i = 0; i < by_age_.size(); ++i) {
        by_age_[i][0] += other.by_age_[i][0];
        by_age_[i][1] += other.by_age_[i][1];
    }
    for (std::size_t i = 0; i < contracts_.size(); ++i) {
        contracts_[i].Add(other.contracts_[i]);
    }
    for (std::size_t p = 0; p < programmes_.size(); ++p) {
        programmes_[p].diagnosed += other.programmes_[p].diagnosed;
        programmes_[p].enrolled += other.programmes_[p].enrolled;
        for (std::size_t i = 0; i < programmes_[p].years.size(); ++i) {
            programmes_[p].years[i].Add(other.programmes_[p].years[i]);
        }
    }
    for (std::size_t i = 0; i < doses_.size(); ++i) {
        doses_[i] += other.doses_[i];
    }
    marginals_.Merge(other.marginals_);
}

void Truth::WriteYears(std::string& out, const std::vector<YearCount>& years) const {
    core::JsonWriter writer(out);
    const auto write_count = [&writer](const Count& count) {
        writer.Field("denominator", count.denominator)
            .Field("denominatorExclusion", count.exclusion)
            .Field("numerator", count.numerator);
    };
    writer.BeginArray();
    for (std::size_t i = 0; i < years.size(); ++i) {
        const int year = window_.first_year + static_cast<int>(i);
        writer.BeginObject()
            .Field("from", core::FormatDate(core::CivilOf(window_.FirstDay(year))))
            .Field("to", core::FormatDate(core::CivilOf(window_.LastDay(year))));
        write_count(years[i].all);
        writer.Key("reasons").BeginObject();
        for (const auto& [reason, count] : years[i].reasons) {
            writer.Field(reason, count);
        }
        writer.EndObject().Key("byOrganization").BeginArray();
        for (std::size_t o = 0; o < years[i].by_institution.size(); ++o) {
            if (years[i].by_institution[o].denominator > 0) {
                writer.BeginObject().Field("id", district_.institutions[o].id);
                write_count(years[i].by_institution[o]);
                writer.EndObject();
            }
        }
        writer.EndArray().EndObject();
    }
    writer.EndArray();
}

void Truth::WriteResidents(std::string& out) const {
    core::JsonWriter writer(out);
    writer.BeginObject()
        .Field("total", residents_)
        .Field("died", died_)
        .Field("movedAway", moved_)
        .Field("living", residents_ - died_ - moved_)
        .Field("detailed", detailed_);
    writer.Key("byResidence").BeginObject();
    for (const auto kind : {Residence::kRegistered, Residence::kResident, Residence::kFloating}) {
        writer.Field(CodeOf(kind), by_residence_[static_cast<std::size_t>(kind)]);
    }
    writer.EndObject().Key("byAge").BeginArray();
    for (std::size_t i = 0; i < by_age_.size(); ++i) {
        const auto from = static_cast<std::int64_t>(i) * kGroupYears;
        writer.BeginObject().Field("from", from);
        if (i + 1 < by_age_.size()) {
            writer.Field("to", from + kGroupYears - 1);
        }
        writer.Field("male", by_age_[i][1]).Field("female", by_age_[i][0]).EndObject();
    }
    writer.EndArray().EndObject();
}

std::string Truth::ProgrammesJson() const {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginArray();
    for (std::size_t p = 0; p < programmes_.size(); ++p) {
        if (!world_.programmes[p].core && detailed_ == 0) {
            continue;
        }
        std::string years;
        WriteYears(years, programmes_[p].years);
        writer.BeginObject().Field("code", world_.programmes[p].key);
        writer.Field("diagnosed", programmes_[p].diagnosed);
        writer.Field("enrolled", programmes_[p].enrolled);
        writer.Key("years").Raw(years).EndObject();
    }
    writer.EndArray();
    return out;
}

std::string Truth::OutbreaksJson(const Written& written) const {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginArray();
    const auto& outbreaks = world_.outbreaks.all();
    for (std::size_t i = 0; i < outbreaks.size() && detailed_ > 0; ++i) {
        const Outbreak& outbreak = outbreaks[i];
        const bool any = i < written.cases.size();
        writer.BeginObject().Field("key", outbreak.key).Field("shape", CodeOf(outbreak.shape));
        writer.Field("code", outbreak.code).Field("text", outbreak.text);
        writer.Field("place", outbreak.place_id).Field("outbreak", !outbreak.drill);
        writer.Field("from", DateText(outbreak.from)).Field("to", DateText(outbreak.to));
        writer.Field("attackPerMillion", outbreak.attack_per_million);
        writer.Field("cases", any ? written.case_counts[i] : 0);
        writer.Key("items").Raw(any ? "[" + written.cases[i] + "]" : "[]").EndObject();
    }
    writer.EndArray();
    return out;
}

std::string Truth::Json(const Written& written) const {
    const SynthOptions& options = world_.options;
    std::string residents;
    WriteResidents(residents);
    std::string contracts;
    WriteYears(contracts, contracts_);
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject().Key("options").BeginObject();
    writer.Field("residents", options.residents).Key("seed").Raw(std::to_string(options.seed));
    writer.Field("years", std::int64_t{options.years})
        .Field("until", core::FormatDate(options.until))
        .Field("detailedPerMille", std::int64_t{options.detailed_per_mille})
        .EndObject();
    writer.Key("resources").BeginObject();
    for (const auto& [type, count] : written.resources) {
        writer.Field(type, count);
    }
    writer.EndObject().Key("residents").Raw(residents);
    writer.Key("contracts").BeginObject().Key("years").Raw(contracts).EndObject();
    writer.Key("programmes").Raw(ProgrammesJson());
    writer.Key("immunizations").BeginArray();
    const std::vector<Row> rows = RowsOf("immunizations");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        writer.BeginObject().Field("code", rows[i][0]).Field("series", rows[i][2]);
        writer.Field("dose", std::int64_t{NumberOf(rows[i][3])}).Field("given", doses_[i]);
        writer.EndObject();
    }
    writer.EndArray().Key("outbreaks").Raw(OutbreaksJson(written));
    writer.Key("faults").Raw(detailed_ > 0 ? written.faults.Json(world_.fault_rates) : "[]");
    writer.Key("marginals").Raw(marginals_.Json()).EndObject();
    out += '\n';
    return out;
}

}  // namespace kangqu::synth
