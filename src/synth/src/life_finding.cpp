#include "life.hpp"
#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kPersonalAge = 20;  // means of the table are of this age
constexpr int kGrowthDays = 1856;
constexpr int kLateEntryFrom = 20;
constexpr int kLateEntryTo = 90;
constexpr int kPayableOfAHundred = 62;

}  // namespace

int LifeWriter::ValueOf(const ObservationRow& row, std::size_t observation, Day day) {
    // What is the person's own stays theirs: it has its stream for each observation.
    Random own = Stream_(Stream::kTrait, 16 + observation);
    const int days = static_cast<int>(day - resident_->birth);
    if (row.growth != "-" && days <= kGrowthDays) {
        const int place = own.Bell(900) + values_.Bell(90);
        return world_.catalog.Growth(row.growth, resident_->male, days, place);
    }
    const int decades = (days / 365 - kPersonalAge) * row.slope / 10;
    int value = row.mean[resident_->male ? 1 : 0] + decades + own.Bell(row.between) +
                values_.Bell(row.within);
    if (row.round_to > 0 && values_.PerMille(row.rounded_per_mille)) {
        value = (value + row.round_to / 2) / row.round_to * row.round_to;
    }
    return std::clamp(value, row.low, row.high);
}

// Sets the value, or what stands in its place; true when a fault was put in.
bool LifeWriter::SetFaultyValue(const ObservationRow& row, int value) {
    FaultLog& log = emitter_.chunk().faults;
    fill_.Clear(Slot::reason);
    const std::string_view id = fill_[Slot::id];
    if (log.Draw(faults_, Fault::kMissingValue, world_.fault_rates)) {
        log.Add(Fault::kMissingValue, "Observation", id);
        fill_.Clear(Slot::value);
        fill_.Set(Slot::reason, "unknown");
        return true;
    }
    if (log.Draw(faults_, Fault::kWrongValue, world_.fault_rates)) {
        log.Add(Fault::kWrongValue, "Observation", id);
        fill_.SetFixed(Slot::value, std::int64_t{value} * 10, row.decimals);
        return true;
    }
    fill_.SetFixed(Slot::value, value, row.decimals);
    return false;
}

void LifeWriter::SetCode(const ObservationRow& row, const Event& event) {
    FaultLog& log = emitter_.chunk().faults;
    fill_.Set(Slot::system, row.system);
    fill_.Set(Slot::code, row.code);
    if (row.local != "-" && log.Draw(faults_, Fault::kLocalCode, world_.fault_rates)) {
        log.Add(Fault::kLocalCode, "Observation", fill_[Slot::id]);
        fill_.Join(Slot::system, {"urn:kangqu:local:", event.org});
        fill_.Set(Slot::code, row.local);
    }
}

void LifeWriter::Observe(const Event& event, std::size_t observation, std::string_view suffix) {
    const ObservationRow& row = world_.catalog.observations[observation];
    fill_.Join(Slot::id, {event.id, "-", suffix.empty() ? row.key : suffix});
    SetCode(row, event);
    fill_.Set(Slot::text, row.text);
    fill_.Set(Slot::unit, row.unit);
    fill_.Set(Slot::category, row.category);
    const int value = ValueOf(row, observation, event.day);
    const bool faulty = SetFaultyValue(row, value);
    fill_.Clear(Slot::low);
    fill_.Clear(Slot::high);
    fill_.Clear(Slot::flag);
    if (row.normal_high > 0 && !faulty && row.growth == "-") {
        fill_.SetFixed(Slot::low, row.normal_low, row.decimals);
        fill_.SetFixed(Slot::high, row.normal_high, row.decimals);
        fill_.Set(Slot::flag, value < row.normal_low ? "L" : value > row.normal_high ? "H" : "N");
    }
    FaultLog& log = emitter_.chunk().faults;
    fill_.SetTime(Slot::issued, event.day, event.minute + 40);
    if (log.Draw(faults_, Fault::kLateEntry, world_.fault_rates)) {
        const Day entered = event.day + faults_.Between(kLateEntryFrom, kLateEntryTo);
        if (entered <= world_.window.until) {
            log.Add(Fault::kLateEntry, "Observation", fill_[Slot::id]);
            fill_.SetTime(Slot::issued, entered, 16 * 60 + 30);
        }
    }
    emitter_.Put(observation_, fill_);
}

void LifeWriter::ObservePanel(const Event& event, std::size_t panel) {
    for (const std::size_t observation : world_.catalog.panels[panel].observations) {
        Observe(event, observation, {});
    }
}

void LifeWriter::ObserveCode(
    const Event& event,
    std::string_view kind,
    std::string_view key,
    std::string_view value
) {
    fill_.Join(Slot::id, {event.id, "-", kind});
    fill_.Set(Slot::code, kind);
    fill_.Set(Slot::text, world_.texts[kind]);
    fill_.Join(Slot::system, {"urn:kangqu:", kind});
    fill_.Set(Slot::code2, key);
    fill_.Set(Slot::text2, value);
    emitter_.Put(coded_, fill_);
    fill_.Clear(Slot::code2);
    fill_.Clear(Slot::text2);
}

void LifeWriter::Prescribe(const Event& event, const std::vector<std::size_t>& drugs) {
    for (const std::size_t drug : drugs) {
        const MedicationRow& row = world_.catalog.medications[drug];
        fill_.Join(Slot::id, {event.id, "-rx-", row.key});
        fill_.Set(Slot::code, row.code);
        fill_.Set(Slot::text, row.text);
        fill_.Set(Slot::dose, row.dose);
        fill_.SetInt(Slot::days, row.days);
        emitter_.Put(medication_, fill_);
    }
}

void LifeWriter::Claim(const Event& event, std::int64_t fen, std::string_view kind) {
    fill_.Join(Slot::id, {event.id, "-claim"});
    fill_.Set(Slot::kind, kind);
    fill_.SetFixed(Slot::total, fen, 2);
    const std::int64_t paid = fen * kPayableOfAHundred / 100;
    fill_.SetFixed(Slot::part, paid, 2);
    fill_.SetFixed(Slot::part2, fen - paid, 2);
    emitter_.Put(claim_, fill_);
}

}  // namespace kangqu::synth
