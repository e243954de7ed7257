#include "life.hpp"
#include <algorithm>
#include <cstdio>

namespace kangqu::synth {
namespace {

constexpr int kTermDays = 280;
constexpr int kFirstWeeksKnown = 56;
constexpr int kBirthSpread = 680;  // grams

}  // namespace

void LifeWriter::WritePregnancies(const std::vector<const Resident*>& household) {
    Random random = Stream_(Stream::kPregnancy);
    const Window& window = world_.window;
    int number = 0;
    Day last_birth = -1;
    for (const Resident* child : household) {
        if (child->mother == resident_->number && child->birth >= window.from &&
            child->birth != last_birth && resident_->Here(child->birth)) {
            last_birth = child->birth;
            WritePregnancy(random, child->birth, child, ++number);
        }
    }
    // Pregnancies that end early.
    for (int year = window.first_year; year <= window.last_year; ++year) {
        const Day day = window.FirstDay(year) + random.Between(100, 340);
        const int age = AgeOn(resident_->birth, day);
        const bool lost = random.PerMille(world_.catalog.rules.Number("pregnancy-loss"));
        const bool apart = last_birth < 0 || day > last_birth + 500 || day < last_birth - 500;
        if (lost && apart && age >= 20 && age <= 42 && resident_->Here(day)) {
            WritePregnancy(random, day, nullptr, ++number);
            return;
        }
    }
}

void LifeWriter::WritePregnancy(Random& random, Day end, const Resident* child, int number) {
    const int days = child != nullptr ? kTermDays - 4 + random.Bell(9) : random.Between(50, 110);
    const Day start = end - days;
    const Day known = std::max(resident_->first_day, start + kFirstWeeksKnown);
    const auto maternal = world_.district.maternal;
    Event event =
        Begin(std::min(known, end), 9 * 60 + 30, world_.district.institutions[maternal].id, "-g");
    fill_.Join(Slot::id, {resident_->id, "-g", std::to_string(number), "-episode"});
    fill_.SetDate(Slot::from, std::min(known, end));
    fill_.SetDate(Slot::until, end);
    fill_.SetInt(Slot::number, number);
    const std::string outcome = child == nullptr ? "outcome.loss" : "outcome.live-birth";
    fill_.Set(Slot::code, std::string_view(outcome == "outcome.loss" ? "loss" : "live-birth"));
    fill_.Set(Slot::text, world_.texts[outcome]);
    emitter_.Put("pregnancy.json", fill_);
    fill_.Keep(Slot::id, event.id);
    EndEncounter("encounter-service.json", "pregnancy-book", world_.texts["pregnancy-book"]);
    // The colour of risk; the text of the row gives share and, with a blank before it, the colour.
    const int age = AgeOn(resident_->birth, end);
    const int drawn = random.Between(0, 999) + (age >= 35 ? 250 : 0);
    const char* const risk = drawn < 620    ? "green"
                             : drawn < 930  ? "yellow"
                             : drawn < 1190 ? "orange"
                             : drawn < 1230 ? "red"
                                            : "purple";
    ObserveCode(event, "pregnancy-risk", risk, world_.texts["risk." + std::string(risk)]);
    marginals_.Add(
        Mark::risk,
        drawn < 620    ? 0
        : drawn < 930  ? 1
        : drawn < 1190 ? 2
        : drawn < 1230 ? 3
                       : 4
    );
    const auto& services = world_.catalog.services;
    for (std::size_t i = 0; i < services.size(); ++i) {
        const ServiceRow& row = services[i];
        const bool before = row.rule == Rule::kPregnancy;
        if (!before && (row.rule != Rule::kAfterBirth || child == nullptr)) {
            continue;
        }
        const Day day = (before ? start : end) + row.from + random.Between(0, row.to);
        const bool given = random.PerMille(row.coverage_per_mille);
        if (given && (!before || day < end) && day > known && resident_->Here(day)) {
            WriteService(row, day, random);
        }
    }
    if (child != nullptr) {
        WriteDelivery(random, end);
    }
}

void LifeWriter::WriteDelivery(Random& random, Day day) {
    const auto maternal = world_.district.maternal;
    Event event =
        Begin(day, random.Between(10, 1300), world_.district.institutions[maternal].id, "-b");
    const bool surgery = random.PerMille(world_.catalog.rules.Number("caesarean"));
    fill_.Set(Slot::code, surgery ? "caesarean" : "vaginal");
    fill_.Set(Slot::text, world_.texts[surgery ? "delivery.caesarean" : "delivery.vaginal"]);
    EndEncounter("encounter-delivery.json", "delivery", world_.texts["delivery"]);
    fill_.Join(Slot::id, {event.id, "-op"});
    fill_.Set(Slot::code, surgery ? "74.1" : "73.59");
    fill_.SetTime(Slot::when, event.day, event.minute);
    fill_.SetTime(Slot::end, event.day, event.minute + 45);
    emitter_.Put("procedure.json", fill_);
    marginals_.Add(Mark::delivery, surgery ? 1 : 0);
}

void LifeWriter::WriteBirth() {
    fill_.Join(Slot::id, {resident_->id, "-mother"});
    char mother[24];
    std::snprintf(mother, sizeof mother, "r%07lld", static_cast<long long>(resident_->mother));
    fill_.Keep(Slot::head, mother);
    emitter_.Put("related-mother.json", fill_);
    // Grams: early ones are lighter; twins share.
    Random random = Stream_(Stream::kPregnancy, 1);
    const bool early = random.PerMille(world_.catalog.rules.Number("early-births"));
    const int grams = std::max(
        700, 3320 + random.Bell(kBirthSpread) - (resident_->twin ? 700 : 0) - (early ? 750 : 0)
    );
    fill_.Join(Slot::id, {resident_->id, "-birth-weight"});
    fill_.SetInt(Slot::value, grams);
    fill_.SetDate(Slot::date, resident_->birth);
    emitter_.Put("birth-weight.json", fill_);
    marginals_.Add(Mark::birth_weight, static_cast<std::size_t>(grams / 250));
}

}  // namespace kangqu::synth
