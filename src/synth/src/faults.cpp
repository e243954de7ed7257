#include "faults.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/json.hpp"

#include "tables.hpp"

namespace kangqu::synth {
namespace {

constexpr std::array<std::string_view, kFaults> kKeys = {
    "repeated-values",
    "after-death",
    "in-hospital",
    "late-entry",
    "missing-value",
    "wrong-value",
    "local-code",
    "late-report",
    "broken-message"};

}  // namespace

std::string_view KeyOf(Fault fault) noexcept {
    return kKeys[static_cast<std::size_t>(fault)];
}

FaultRates::FaultRates() {
    const std::vector<Row> rows = RowsOf("faults");
    for (std::size_t i = 0; i < kFaults; ++i) {
        bool found = false;
        for (const Row& row : rows) {
            if (row[0] == kKeys[i]) {
                rates_[i] = NumberOf(row[1]);
                texts_[i] = row[2];
                found = true;
            }
        }
        KQ_CHECK(found, "a fault has no rate");
    }
}

void FaultLog::Add(Fault fault, std::string_view type, std::string_view id) {
    const auto at = static_cast<std::size_t>(fault);
    ++counts_[at];
    std::string& items = items_[at];
    if (!items.empty()) {
        items += ',';
    }
    items.append("\"").append(type).append("/").append(id).append("\"");
}

void FaultLog::Append(const FaultLog& later) {
    for (std::size_t i = 0; i < kFaults; ++i) {
        chances_[i] += later.chances_[i];
        counts_[i] += later.counts_[i];
        if (!items_[i].empty() && !later.items_[i].empty()) {
            items_[i] += ',';
        }
        items_[i] += later.items_[i];
    }
}

std::string FaultLog::Json(const FaultRates& rates) const {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginArray();
    for (std::size_t i = 0; i < kFaults; ++i) {
        const auto fault = static_cast<Fault>(i);
        writer.BeginObject().Field("fault", kKeys[i]).Field("text", rates.TextOf(fault));
        writer.Field("ratePerMillion", rates[fault]).Field("chances", chances_[i]);
        writer.Field("count", counts_[i]).Key("items").Raw("[" + items_[i] + "]").EndObject();
    }
    writer.EndArray();
    return out;
}

}  // namespace kangqu::synth
