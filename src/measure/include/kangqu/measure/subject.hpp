#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/measure/pack.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::measure {

// One resident's records, parsed.
class SubjectRecords {
public:
    // A stored form needs no id; `id` is what the evaluation sees as Resource.id.
    core::Status Add(std::string_view json);
    void Clear();

    core::JsonNode patient() const noexcept { return patient_; }
    const std::vector<core::JsonNode>& resources() const noexcept { return resources_; }

private:
    std::vector<std::unique_ptr<const core::JsonDocument>> documents_;
    std::vector<core::JsonNode> resources_;
    core::JsonNode patient_;
};

struct SubjectResult {
    std::uint8_t populations = 0;      // bits of Population
    std::vector<std::string> reasons;  // codes, in the order the measure gives them
};

// Judges residents by one measure in one period, one after another. One thread; making one costs
// about as much as judging a few residents.
class SubjectJudge {
public:
    // `measure` outlives this object. `now` is the evaluation's clock. `catalogue` answers for
    // value sets; without one none is known.
    static core::Result<std::unique_ptr<SubjectJudge>> Make(
        const Measure& measure,
        const Period& period,
        core::InstantMs now,
        std::shared_ptr<const terminology::Catalogue> catalogue = nullptr
    );
    virtual ~SubjectJudge() = default;

    // A fault of the measure's logic on this resident's data is an Error (kExpressionRuntime...),
    // which the caller reports beside the number.
    virtual core::Result<SubjectResult> Judge(const SubjectRecords& records) = 0;
};

// Names of the resource types that the measure's logic reads; empty: any.
const std::vector<std::string>& TypesRead(const Measure& measure) noexcept;

}  // namespace kangqu::measure
