#include "postgres/lease.hpp"

#include <chrono>
#include <thread>

namespace kangqu::store::postgres {

namespace {

// Advisory locks of a database are two numbers: ours, and the schema's.
constexpr const char* kLock = "SELECT pg_try_advisory_lock(19281, hashtext(current_schema()))";
constexpr int kTries = 20;
constexpr std::chrono::milliseconds kBetweenTries{250};

}  // namespace

core::Status TakeLease(Connection& connection, int old_session, const std::string& name) {
    if (old_session != 0) {
        KQ_TRY(connection.Execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND"
            " classid = 19281 AND granted AND pid = " +
            std::to_string(old_session)
        ));
    }
    for (int tries = 0; tries < kTries; ++tries) {
        const auto taken = connection.Text(kLock);
        KQ_TRY(taken);
        if (taken.value() == "t") {
            return {};
        }
        std::this_thread::sleep_for(kBetweenTries);
    }
    return core::MakeError(core::ErrorCode::kStoreTakenOver, name);
}

core::Result<Counters> BeginEpoch(Connection& connection, Counters& before) {
    KQ_ASSIGN(
        const Rows rows,
        connection.Run(
            "UPDATE writer SET epoch = epoch + 1 RETURNING epoch, groups, change, key, text, "
            "updated",
            Params()
        )
    );
    if (rows.size() != 1) {
        return core::MakeError(core::ErrorCode::kStoreCorrupt, "table writer");
    }
    const Counters now{
        rows.Integer(0, 0),
        rows.Integer(0, 1),
        rows.Integer(0, 2),
        rows.Integer(0, 3),
        rows.Integer(0, 4),
        rows.Integer(0, 5)};
    before = now;
    --before.epoch;
    return now;
}

}  // namespace kangqu::store::postgres
