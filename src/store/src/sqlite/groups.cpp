#include "sqlite/sqlite_store.hpp"
#include <algorithm>

namespace kangqu::store::sqlite {

namespace {

// A checkpoint happens at this size of the log even under load, and at the smaller one when nobody
// waits. Larger logs write each changed page of the file less often; see
// docs/adr/0002-store-schema.md for the figures.
constexpr int kCheckpointPages = 16'384;
constexpr int kIdleCheckpointPages = 1'000;

int OnCommit(void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
}

}  // namespace

SqliteGroups::SqliteGroups(
    Connection& connection,
    BodyCodec& codec,
    const core::Clock& clock,
    Writes& writes
)
    : connection_(connection), codec_(codec), clock_(clock), writes_(writes) {
    sqlite3_wal_hook(connection_.handle(), OnCommit, &wal_pages_);
}

SqliteGroups::~SqliteGroups() {
    sqlite3_wal_hook(connection_.handle(), nullptr, nullptr);
}

core::Status SqliteGroups::Begin() {
    if (suspect_) {
        KQ_TRY(Repair());
        suspect_ = false;
    }
    lost_ = false;
    return writes_.BeginGroup(clock_.Now());
}

// After a failed flush the log may hold the frames of the failed group, whole but not durable; a
// crash could bring them back although their callers were told that nothing was kept. Overwriting
// them with a commit of our own ends that before anything else is written.
core::Status SqliteGroups::Repair() {
    return connection_.Execute(
        "INSERT INTO counter (name, value) VALUES ('repairs', 1)"
        " ON CONFLICT (name) DO UPDATE SET value = value + 1"
    );
}

core::Status SqliteGroups::Run(const Work& work) {
    KQ_TRY(writes_.BeginUnit());
    UnitSession session(writes_, writes_.reads());
    core::Status done = work(session);
    if (done.ok()) {
        done = session.spoilt();
    }
    if (done.ok()) {
        done = writes_.KeepUnit();
        lost_ = !done.ok();
        return done;
    }
    const core::ErrorCode code = done.error().code;
    const bool storage = code == core::ErrorCode::kStoreFull || code == core::ErrorCode::kStoreIo;
    if (storage || !connection_.in_transaction() || !writes_.DropUnit().ok()) {
        lost_ = true;
    }
    return done;
}

core::Status SqliteGroups::Finish() {
    return writes_.FinishGroup();
}

core::Status SqliteGroups::Commit() {
    core::Status done = writes_.CommitGroup();
    suspect_ = !done.ok();
    return done;
}

void SqliteGroups::Rollback() {
    writes_.RollbackGroup();
}

void SqliteGroups::Rest(bool idle) {
    if (wal_pages_ >= (idle ? kIdleCheckpointPages : kCheckpointPages)) {
        Checkpoint();
    }
    // Without a dictionary bodies are larger, nothing else: a failure here is not worth an error.
    (void)Train();
}

// Never on another connection: a reset of the log that races with a checkpoint elsewhere is a known
// fault of the SQLite in use. PASSIVE does not wait for readers; what they hold back is done later.
void SqliteGroups::Checkpoint() {
    int pages = 0;
    int done = 0;
    const int code = sqlite3_wal_checkpoint_v2(
        connection_.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &done
    );
    if (code == SQLITE_OK && pages == done) {
        wal_pages_ = 0;
    }
}

core::Status SqliteGroups::Train() {
    const Position position = writes_.position();
    const std::int64_t number = training_.Due(position, codec_.newest_dictionary());
    if (number == 0) {
        return {};
    }
    std::vector<std::string> samples;
    const Position step = Training::StepOf(position);
    for (Position change = step; change <= position; change += step) {
        KQ_ASSIGN(std::optional<Version> version, writes_.reads().AtChange(change));
        if (version && !version->body.empty()) {
            samples.push_back(std::move(version->body));
        }
    }
    const std::string dictionary = BodyCodec::Train(samples);
    if (dictionary.empty()) {
        return {};
    }
    {
        KQ_ASSIGN(
            Statement insert,
            connection_.Prepare("INSERT INTO dictionary (number, body) VALUES (?1, ?2)")
        );
        insert.Bind(1, number).BindBlob(2, dictionary);
        KQ_TRY(insert.Run());
    }
    return codec_.AddDictionary(number, dictionary);
}

}  // namespace kangqu::store::sqlite
