#include "postgres/lease.hpp"
#include "postgres/postgres_store.hpp"
#include "postgres/schema.hpp"
#include <algorithm>
#include <chrono>
#include <thread>

namespace kangqu::store::postgres {

namespace {

// A commit whose session was lost is looked up for this long before its callers are told that it
// failed.
constexpr std::chrono::seconds kLookUp{15};
constexpr std::chrono::milliseconds kBetweenTries{200};
// The planner's figures are renewed when the store has grown by half since the last time.
constexpr Position kFirstAnalyze = 1'000;
constexpr std::size_t kSmallestFilter = 4'000'000;

// A server that is told not to flush is not obeyed; stronger settings than ours stay.
constexpr const char* kWriterSettings =
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off';"
    "SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '10s'";

}  // namespace

core::Status PostgresGroups::Start() {
    KQ_TRY(Connect());
    return LoadDictionaries();
}

core::Status PostgresGroups::Connect() {
    writes_.reset();
    connection_.reset();
    KQ_ASSIGN(connection_, Connection::Open(url_, Patience()));
    KQ_TRY(PlaceSchema(*connection_));
    KQ_TRY(TakeLease(*connection_, session_, NameOf(url_)));
    session_ = PQbackendPID(connection_->handle());
    KQ_TRY(connection_->Execute(kWriterSettings));
    KQ_TRY(Migrate(*connection_));
    KQ_ASSIGN(tables_, PlaceIndexTables(*connection_, wanted_));
    KQ_ASSIGN(const Counters counters, BeginEpoch(*connection_, found_));
    if (!fill_) {
        const auto things = static_cast<std::size_t>(counters.text + counters.key);
        fill_ = std::make_unique<FilterFill>(url_, std::max(2 * things, kSmallestFilter));
    }
    writes_ = std::make_unique<Writes>(*connection_, codec_, tables_, fill_->filter(), counters);
    last_position_ = counters.change;
    return writes_->Prepare();
}

core::Status PostgresGroups::Reconnect() {
    const Counters mine = writes_ ? writes_->counters() : found_;
    last_position_ = position();
    core::Status done = Connect();
    if (!done.ok()) {
        writes_.reset();
        return done;
    }
    // Whoever wrote meanwhile brought ids and texts that the filter does not know.
    if (found_.epoch != mine.epoch) {
        fill_.reset();
        return Connect();
    }
    return {};
}

core::Status PostgresGroups::Begin() {
    lost_ = false;
    if (!writes_ || fenced_ || !connection_->alive()) {
        KQ_TRY(Reconnect());
        fenced_ = false;
    }
    writes_->BeginGroup(clock_.Now());
    return {};
}

core::Status PostgresGroups::Run(const Work& work) {
    writes_->BeginUnit();
    UnitSession<Writes, Writes> session(*writes_, *writes_);
    core::Status done = work(session);
    if (done.ok()) {
        done = session.spoilt();
    }
    if (done.ok()) {
        done = writes_->KeepUnit();
        lost_ = !done.ok();
        return done;
    }
    const core::ErrorCode code = done.error().code;
    const bool storage = code == core::ErrorCode::kStoreFull || code == core::ErrorCode::kStoreIo ||
                         code == core::ErrorCode::kStoreUnavailable;
    if (storage || !writes_->DropUnit().ok()) {
        lost_ = true;
    }
    return done;
}

core::Status PostgresGroups::Finish() {
    core::Status done = writes_->FinishGroup();
    fenced_ = !done.ok() && done.error().code == core::ErrorCode::kStoreTakenOver;
    return done;
}

core::Status PostgresGroups::Commit() {
    core::Status done = writes_->CommitGroup();
    if (done.ok() || connection_->alive()) {
        return done;
    }
    // Cut off between COMMIT and its answer: only the server knows.
    const Counters mine = writes_->counters();
    const auto end = std::chrono::steady_clock::now() + kLookUp;
    do {
        if (Reconnect().ok()) {
            const bool kept = found_.groups == mine.groups + 1 && found_.change == mine.change;
            if (kept) {
                writes_->BeginGroup(clock_.Now());
                return {};
            }
            return done;
        }
        std::this_thread::sleep_for(kBetweenTries);
    } while (std::chrono::steady_clock::now() < end);
    return done;
}

void PostgresGroups::Rest(bool idle) {
    if (!writes_ || !connection_->alive()) {
        return;
    }
    const Position position = writes_->position();
    if (idle && position >= kFirstAnalyze && position > analyzed_at_ + analyzed_at_ / 2) {
        analyzed_at_ = position;
        (void)connection_->Execute("ANALYZE");
    }
    // Without a dictionary bodies are larger, nothing else: a failure here is not worth an error.
    (void)Train();
}

core::Status PostgresGroups::LoadDictionaries() {
    KQ_ASSIGN(const Rows rows, connection_->Run("SELECT number, body FROM dictionary", Params()));
    for (int row = 0; row < rows.size(); ++row) {
        KQ_TRY(codec_.AddDictionary(rows.Integer(row, 0), rows.Bytes(row, 1)));
    }
    return {};
}

core::Status PostgresGroups::Train() {
    const Position position = writes_->position();
    const std::int64_t number = training_.Due(position, codec_.newest_dictionary());
    if (number == 0) {
        return {};
    }
    KQ_ASSIGN(
        const Rows rows,
        connection_->Run(
            "SELECT body FROM version WHERE change % ? = 0 AND body IS NOT NULL",
            Params().Add(Training::StepOf(position))
        )
    );
    std::vector<std::string> samples;
    for (int row = 0; row < rows.size(); ++row) {
        KQ_ASSIGN(std::string body, codec_.Unpack(rows.Bytes(row, 0)));
        samples.push_back(std::move(body));
    }
    const std::string dictionary = BodyCodec::Train(samples);
    if (dictionary.empty()) {
        return {};
    }
    KQ_TRY(connection_->Run(
        "INSERT INTO dictionary (number, body) VALUES (?, ?)",
        Params().Add(number).AddBytes(dictionary)
    ));
    return codec_.AddDictionary(number, dictionary);
}

}  // namespace kangqu::store::postgres
