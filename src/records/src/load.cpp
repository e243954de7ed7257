#include "kangqu/records/records.hpp"

#include "transaction.hpp"
#include "unit.hpp"

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
    for (std::size_t from = 0; from < singles.size(); from += unit_size) {
        const std::size_t to = std::min(singles.size(), from + unit_size);
        const auto written = store_.Write([&](store::Writer& writer) -> core::Status {
            Unit unit(writer, indexer_, restriction);
            for (std::size_t i = from; i < to; ++i) {
                const auto& [position, line] = singles[i];
                KQ_ASSIGN(Receipt receipt, unit.Write(*line.prepared, {}));
                answers[position].receipts = {std::move(receipt)};
            }
            return {};
        });
        if (!written.ok() && restriction.is_system()) {
            return written.error();
        }
        if (!written.ok()) {
            answers[singles[from].first] = {written.error(), {}};
        }
    }
    return answers;
}

}  // namespace kangqu::records
