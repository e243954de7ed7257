#include "kangqu/measure/populations.hpp"

#include "kangqu/measure/subject.hpp"

#include <algorithm>
#include <set>
#include <thread>

namespace kangqu::measure {

using core::ErrorCode;
using core::MakeError;

std::optional<Selection> FindSelection(std::string_view name) noexcept {
    for (const Selection one :
         {Selection::kInitialPopulation,
          Selection::kDenominator,
          Selection::kNumerator,
          Selection::kNotMet,
          Selection::kExcluded,
          Selection::kFailed}) {
        if (NameOf(one) == name) {
            return one;
        }
    }
    return std::nullopt;
}

std::string_view NameOf(Selection selection) noexcept {
    switch (selection) {
        case Selection::kInitialPopulation:
            return "initial-population";
        case Selection::kDenominator:
            return "denominator";
        case Selection::kNumerator:
            return "numerator";
        case Selection::kNotMet:
            return "not-met";
        case Selection::kExcluded:
            return "denominator-exclusion";
        case Selection::kFailed:
            return "failed";
    }
    return {};
}

bool IsIn(const Standing& standing, Selection selection) noexcept {
    const std::uint8_t populations = standing.populations;
    const bool out = (populations & (kDenominatorExclusion | kDenominatorException)) != 0;
    const bool numerator =
        (populations & kNumerator) != 0 && (populations & kNumeratorExclusion) == 0;
    const bool denominator = (populations & kDenominator) != 0;
    switch (selection) {
        case Selection::kInitialPopulation:
            return (populations & kInitialPopulation) != 0;
        case Selection::kDenominator:
            return denominator && !out;
        case Selection::kNumerator:
            return denominator && !out && numerator;
        case Selection::kNotMet:
            return denominator && !out && !numerator;
        case Selection::kExcluded:
            return denominator && out;
        case Selection::kFailed:
            return standing.failed;
    }
    return false;
}

void Counts::Add(const Standing& standing) noexcept {
    const auto one = [&standing](Selection selection) -> std::int64_t {
        return IsIn(standing, selection) ? 1 : 0;
    };
    initial_population += one(Selection::kInitialPopulation);
    denominator += one(Selection::kDenominator);
    excluded += one(Selection::kExcluded);
    numerator += one(Selection::kNumerator);
    not_met += one(Selection::kNotMet);
    failed += one(Selection::kFailed);
}

std::optional<double> Counts::Percent() const noexcept {
    if (denominator == 0) {
        return std::nullopt;
    }
    return 100.0 * static_cast<double>(numerator) / static_cast<double>(denominator);
}

namespace {

using Judges = std::vector<std::unique_ptr<SubjectJudge>>;

// One judge for each measure and period, in the order of the table's slots.
core::Result<Judges> MakeJudges(
    const std::vector<const Measure*>& measures,
    const std::vector<NamedPeriod>& periods,
    core::InstantMs now,
    const std::shared_ptr<const terminology::Catalogue>& catalogue
) {
    Judges judges;
    for (const Measure* measure : measures) {
        for (const NamedPeriod& period : periods) {
            KQ_ASSIGN(auto judge, SubjectJudge::Make(*measure, period.period, now, catalogue));
            judges.push_back(std::move(judge));
        }
    }
    return judges;
}

}  // namespace

Populations::Populations(
    std::vector<Pack> packs,
    const core::Clock& clock,
    CatalogueSource catalogue
)
    : clock_(clock), catalogue_(std::move(catalogue)), packs_(std::move(packs)) {
    std::set<std::string> types = {"Patient"};
    bool any = false;
    for (const Pack& pack : packs_) {
        for (const Measure& measure : pack.measures) {
            measures_.push_back(&measure);
            const auto& read = TypesRead(measure);
            any = any || read.empty();
            types.insert(read.begin(), read.end());
        }
    }
    if (!any) {
        types_read_.assign(types.begin(), types.end());
    }
    reasons_.resize(measures_.size());
}

const Measure* Populations::Find(std::string_view id) const noexcept {
    for (const Measure* measure : measures_) {
        if (measure->id == id) {
            return measure;
        }
    }
    return nullptr;
}

const Pack* Populations::PackOf(std::string_view measure) const noexcept {
    for (const Pack& pack : packs_) {
        for (const Measure& one : pack.measures) {
            if (one.id == measure) {
                return &pack;
            }
        }
    }
    return nullptr;
}

std::uint64_t Populations::ReasonBits(std::size_t measure, const std::vector<std::string>& codes) {
    const std::lock_guard lock(reasons_mutex_);
    auto& known = reasons_[measure];
    std::uint64_t bits = 0;
    for (const std::string& code : codes) {
        auto found = std::find(known.begin(), known.end(), code);
        if (found == known.end()) {
            if (known.size() == kMaxReasons) {
                continue;
            }
            found = known.insert(known.end(), code);
        }
        bits |= std::uint64_t{1} << static_cast<unsigned>(found - known.begin());
    }
    return bits;
}

// Judges the residents [begin, end) by every measure in every period.
core::Status Populations::EvaluateHomes(
    store::Reader& reader,
    const std::vector<NamedPeriod>& periods,
    const store::Home* begin,
    const store::Home* end,
    std::vector<Change>& out
) {
    KQ_ASSIGN(const auto judges, MakeJudges(measures_, periods, clock_.Now(), CatalogueNow()));
    SubjectRecords records;
    for (const store::Home* home = begin; home != end; ++home) {
        records.Clear();
        core::Status added;
        KQ_TRY(reader.ScanHome(*home, [&](const store::Version& version) {
            const bool read =
                types_read_.empty() ||
                std::binary_search(types_read_.begin(), types_read_.end(), version.type);
            added = read ? records.Add(version.body) : core::Status{};
            return added.ok();
        }));
        KQ_TRY(added);
        for (std::size_t slot = 0; slot < judges.size(); ++slot) {
            Change change{slot, *home, std::nullopt};
            if (records.patient()) {
                const auto result = judges[slot]->Judge(records);
                Standing standing;
                standing.failed = !result.ok();
                if (result.ok()) {
                    standing.populations = result->populations;
                    standing.reasons = ReasonBits(slot / periods.size(), result->reasons);
                }
                if (standing.failed || standing.populations != 0) {
                    change.standing = standing;
                }
            }
            out.push_back(change);
        }
    }
    return {};
}

void Populations::Apply(const std::vector<Change>& changes, Table& table) {
    for (const Change& change : changes) {
        Standings& standings = table.standings[change.slot];
        if (change.standing) {
            standings[change.home] = *change.standing;
        } else {
            standings.erase(change.home);
        }
    }
}

core::Status Populations::EvaluateAll(
    store::Store& store,
    const std::vector<NamedPeriod>& periods,
    const std::vector<store::Home>& homes,
    int threads
) {
    const auto workers = static_cast<std::size_t>(std::max(1, threads));
    std::vector<std::vector<Change>> changes(workers);
    std::vector<core::Status> statuses(workers);
    std::vector<std::unique_ptr<store::Reader>> readers;
    for (std::size_t i = 0; i < workers; ++i) {
        KQ_ASSIGN(auto reader, store.Read());
        readers.push_back(std::move(reader));
    }
    // The oldest of the snapshots: what came later is evaluated again as a change.
    const store::Position position = readers.front()->position();
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < workers; ++i) {
        running.emplace_back([&, i] {
            const store::Home* begin = homes.data() + homes.size() * i / workers;
            const store::Home* end = homes.data() + homes.size() * (i + 1) / workers;
            statuses[i] = EvaluateHomes(*readers[i], periods, begin, end, changes[i]);
        });
    }
    for (std::thread& thread : running) {
        thread.join();
    }
    for (core::Status& status : statuses) {
        KQ_TRY(std::move(status));
    }
    Table table;
    table.periods = periods;
    table.standings.resize(measures_.size() * periods.size());
    for (const auto& part : changes) {
        Apply(part, table);
    }
    const std::unique_lock lock(mutex_);
    table_ = std::move(table);
    position_ = position;
    as_of_ = clock_.Now();
    ready_ = true;
    return {};
}

core::Status Populations::Refresh(
    store::Store& store,
    const std::vector<NamedPeriod>& periods,
    const std::function<std::vector<store::Home>()>& residents,
    int threads
) {
    const std::lock_guard one_at_a_time(refreshing_);
    bool all = false;
    store::Position from = 0;
    {
        const std::shared_lock lock(mutex_);
        all = !ready_ || !(table_.periods == periods);
        from = position_;
    }
    if (all) {
        KQ_TRY(EvaluateAll(store, periods, residents(), threads));
        return {};
    }
    KQ_ASSIGN(const auto reader, store.Read());
    if (reader->position() == from) {
        return {};
    }
    KQ_ASSIGN(const auto homes, reader->ChangedHomes(from, reader->position()));
    std::vector<Change> changes;
    KQ_TRY(EvaluateHomes(*reader, periods, homes.data(), homes.data() + homes.size(), changes));
    const std::unique_lock lock(mutex_);
    Apply(changes, table_);
    position_ = reader->position();
    as_of_ = clock_.Now();
    return {};
}

bool Populations::ready() const {
    const std::shared_lock lock(mutex_);
    return ready_;
}

store::Position Populations::position() const {
    const std::shared_lock lock(mutex_);
    return position_;
}

core::InstantMs Populations::as_of() const {
    const std::shared_lock lock(mutex_);
    return as_of_;
}

std::vector<NamedPeriod> Populations::periods() const {
    const std::shared_lock lock(mutex_);
    return table_.periods;
}

core::Result<store::Position> Populations::Visit(
    std::string_view measure,
    std::string_view period,
    const std::function<void(store::Home, const Standing&)>& visit
) const {
    std::size_t m = 0;
    while (m < measures_.size() && measures_[m]->id != measure) {
        ++m;
    }
    if (m == measures_.size()) {
        return MakeError(ErrorCode::kMeasureUnknown, std::string(measure));
    }
    const std::shared_lock lock(mutex_);
    if (!ready_) {
        return MakeError(ErrorCode::kMeasureNotReady, measures_[m]->title);
    }
    for (std::size_t p = 0; p < table_.periods.size(); ++p) {
        if (table_.periods[p].id != period) {
            continue;
        }
        for (const auto& [home, standing] : table_.standings[m * table_.periods.size() + p]) {
            visit(home, standing);
        }
        return position_;
    }
    return MakeError(ErrorCode::kInvalidArgument, "period", std::string(period));
}

std::vector<std::string> Populations::ReasonCodes(std::string_view measure) const {
    const std::lock_guard lock(reasons_mutex_);
    for (std::size_t m = 0; m < measures_.size(); ++m) {
        if (measures_[m]->id == measure) {
            return reasons_[m];
        }
    }
    return {};
}

std::vector<std::string> Populations::ReasonsOf(std::string_view measure, std::uint64_t reasons)
    const {
    const std::vector<std::string> codes = ReasonCodes(measure);
    std::vector<std::string> out;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if ((reasons >> i & 1U) != 0) {
            out.push_back(codes[i]);
        }
    }
    return out;
}

}  // namespace kangqu::measure
