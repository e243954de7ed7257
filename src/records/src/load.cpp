#include "kangqu/records/records.hpp"

#include "transaction.hpp"
#include "unit.hpp"
#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace kangqu::records {

namespace {

using core::ErrorCode;
using core::MakeError;

// A line on its way: parsed and either one prepared resource or a bundle.
struct Line {
    std::unique_ptr<const core::JsonDocument> document;
    std::optional<Prepared> prepared;
    bool bundle = false;
};

core::Result<Line>
ReadLine(const LoadLine& source, const search::Indexer& indexer, core::IdSource& ids) {
    Line line;
    KQ_ASSIGN(line.document, core::JsonDocument::Parse(source.text));
    const core::JsonNode root = line.document->root();
    if (root["resourceType"].text() == "Bundle" && root["type"].text() != "document") {
        line.bundle = true;
        return line;
    }
    std::string id(root["id"].text());
    if (root["id"].missing()) {
        id = ids.Next();
    } else if (!core::IsFhirId(id)) {
        return core::At(
            MakeError(ErrorCode::kFhirBadValue, "id", id, "id"),
            std::string(root["resourceType"].text()) + ".id"
        );
    }
    KQ_ASSIGN(
        line.prepared,
        Prepare(indexer, root, std::move(id), std::string(root["resourceType"].text()))
    );
    return line;
}

// Units that are all queued before the first is waited for, so that they share flushes.
class Flight {
public:
    explicit Flight(store::Store& store) : store_(store) {}
    ~Flight() { Wait(); }
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;

    void Add(std::function<core::Status(store::Writer&)> work) {
        std::size_t place = 0;
        {
            const std::lock_guard lock(mutex_);
            place = outcomes_.size();
            outcomes_.emplace_back();
            ++flying_;
        }
        store_.WriteLater(std::move(work), [this, place](core::Result<store::Position> outcome) {
            const std::lock_guard lock(mutex_);
            if (!outcome.ok()) {
                outcomes_[place] = std::move(outcome).error();
            }
            --flying_;
            landed_.notify_all();
        });
    }
    // One outcome a unit, in the order of adding.
    const std::vector<core::Status>& Wait() {
        std::unique_lock lock(mutex_);
        landed_.wait(lock, [this] { return flying_ == 0; });
        return outcomes_;
    }

private:
    store::Store& store_;
    std::mutex mutex_;
    std::condition_variable landed_;
    std::vector<core::Status> outcomes_;
    int flying_ = 0;
};

}  // namespace

core::Result<std::vector<LoadAnswer>>
Records::Load(const search::Restriction& restriction, const std::vector<LoadLine>& lines) {
    std::vector<LoadAnswer> answers(lines.size());
    std::vector<std::pair<std::size_t, Line>> singles;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto line = ReadLine(lines[i], indexer_, ids_);
        if (!line.ok()) {
            answers[i].refused = std::move(line).error();
            continue;
        }
        if (!line->bundle) {
            singles.emplace_back(i, std::move(line).value());
            continue;
        }
        auto receipts =
            RunTransaction(store_, indexer_, ids_, restriction, line->document->root(), true);
        if (receipts.ok()) {
            answers[i].receipts = std::move(receipts).value();
        } else {
            answers[i].refused = std::move(receipts).error();
        }
    }
    // Under the program's own Restriction nothing but the store can fail a checked resource, so
    // many share a unit; otherwise each gets its own, so that one denial takes back one line.
    const std::size_t unit_size = restriction.is_system() ? kLoadUnit : 1;
    Flight flight(store_);
    for (std::size_t from = 0; from < singles.size(); from += unit_size) {
        const std::size_t to = std::min(singles.size(), from + unit_size);
        flight.Add([&, from, to](store::Writer& writer) -> core::Status {
            Unit unit(writer, indexer_, restriction);
            for (std::size_t i = from; i < to; ++i) {
                const auto& [position, line] = singles[i];
                KQ_ASSIGN(Receipt receipt, unit.Write(*line.prepared, {}));
                answers[position].receipts = {std::move(receipt)};
            }
            return {};
        });
    }
    const std::vector<core::Status>& written = flight.Wait();
    for (std::size_t unit = 0; unit < written.size(); ++unit) {
        if (!written[unit].ok() && restriction.is_system()) {
            return written[unit].error();
        }
        if (!written[unit].ok()) {
            answers[singles[unit * unit_size].first] = {written[unit].error(), {}};
        }
    }
    return answers;
}

}  // namespace kangqu::records
