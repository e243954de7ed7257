#include "kangqu/records/records.hpp"

#include "planned.hpp"
#include <condition_variable>
#include <mutex>

namespace kangqu::records {

using core::ErrorCode;
using core::MakeError;

namespace {

// A change on its way through the writer.
struct Attempted {
    Planned planned;
    Receipt receipt;
    bool stale = false;
};

core::Status Attempt(
    store::Writer& writer,
    const search::Indexer& indexer,
    const search::Restriction& restriction,
    Attempted& attempted
) {
    KQ_ASSIGN(const bool holds, StillHolds(writer, restriction, attempted.planned));
    attempted.stale = !holds;
    if (!holds) {
        return {};
    }
    Unit unit(writer, indexer, restriction);
    auto receipt = Perform(unit, attempted.planned);
    if (!receipt.ok()) {
        return Within(std::move(receipt).error(), attempted.planned.path);
    }
    attempted.receipt = std::move(receipt).value();
    return {};
}

// Waits for units handed to the writer together.
class Together {
public:
    explicit Together(std::size_t count) : waiting_(count), outcomes_(count) {}
    void Done(std::size_t index, core::Status status) {
        const std::lock_guard lock(mutex_);
        outcomes_[index] = std::move(status);
        if (--waiting_ == 0) {
            all_done_.notify_all();
        }
    }
    const std::vector<core::Status>& Wait() {
        std::unique_lock lock(mutex_);
        all_done_.wait(lock, [this] { return waiting_ == 0; });
        return outcomes_;
    }

private:
    std::mutex mutex_;
    std::condition_variable all_done_;
    std::size_t waiting_;
    std::vector<core::Status> outcomes_;
};

}  // namespace

core::Result<Receipt> Records::Apply(const search::Restriction& restriction, const Change& change) {
    for (int attempt = 0; attempt < kTries; ++attempt) {
        Attempted attempted;
        {
            KQ_ASSIGN(const auto reader, store_.Read());
            Planner planner(*reader, indexer_, ids_, restriction);
            auto planned = planner.Identify(change);
            if (!planned.ok()) {
                return Within(std::move(planned).error(), change.path);
            }
            attempted.planned = std::move(planned).value();
            const auto filled = planner.Fill(change, change.resource, attempted.planned);
            if (!filled.ok()) {
                return Within(filled.error(), change.path);
            }
        }
        if (attempted.planned.settled) {
            return *attempted.planned.settled;
        }
        KQ_TRY(store_.Write([&](store::Writer& writer) {
            return Attempt(writer, indexer_, restriction, attempted);
        }));
        if (!attempted.stale) {
            return std::move(attempted.receipt);
        }
    }
    return MakeError(ErrorCode::kBusy);
}

std::vector<core::Result<Receipt>>
Records::ApplyEach(const search::Restriction& restriction, const std::vector<Change>& changes) {
    std::vector<core::Result<Receipt>> results;
    std::vector<Attempted> attempts(changes.size());
    std::vector<std::size_t> sent;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        results.emplace_back(MakeError(ErrorCode::kBusy));
        const auto plan = [&]() -> core::Status {
            KQ_ASSIGN(const auto reader, store_.Read());
            Planner planner(*reader, indexer_, ids_, restriction);
            KQ_ASSIGN(attempts[i].planned, planner.Identify(changes[i]));
            return planner.Fill(changes[i], changes[i].resource, attempts[i].planned);
        };
        const core::Status planned = plan();
        if (!planned.ok()) {
            results[i] = Within(planned.error(), changes[i].path);
        } else if (attempts[i].planned.settled) {
            results[i] = *attempts[i].planned.settled;
        } else {
            sent.push_back(i);
        }
    }
    Together together(sent.size());
    for (std::size_t n = 0; n < sent.size(); ++n) {
        Attempted& attempted = attempts[sent[n]];
        store_.WriteLater(
            [&](store::Writer& writer) {
                return Attempt(writer, indexer_, restriction, attempted);
            },
            [&together, n](const core::Result<store::Position>& done) {
                together.Done(n, done.ok() ? core::Status{} : core::Status{done.error()});
            }
        );
    }
    const std::vector<core::Status> none;
    const std::vector<core::Status>& outcomes = sent.empty() ? none : together.Wait();
    for (std::size_t n = 0; n < sent.size(); ++n) {
        const std::size_t i = sent[n];
        if (!outcomes[n].ok()) {
            results[i] = outcomes[n].error();
        } else if (attempts[i].stale) {
            results[i] = Apply(restriction, changes[i]);
        } else {
            results[i] = std::move(attempts[i].receipt);
        }
    }
    return results;
}

}  // namespace kangqu::records
