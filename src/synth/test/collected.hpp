#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/synth/synth.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::synth {

// Keeps everything that was put.
class CollectingSink final : public SynthSink {
public:
    core::Status Put(std::string_view type, std::string_view json) override {
        lines.emplace_back(type, json);
        return {};
    }
    std::vector<std::pair<std::string, std::string>> lines;
};

struct Collected {
    SynthSummary summary;
    std::vector<std::pair<std::string, std::string>> lines;
};

inline Collected Collect(const SynthOptions& options) {
    CollectingSink sink;
    auto summary = Generate(options, sink);
    EXPECT_TRUE(summary.ok()) << (summary.ok() ? "" : summary.error().Line());
    return {std::move(summary).value(), std::move(sink.lines)};
}

inline std::unique_ptr<const core::JsonDocument> Parsed(const std::string& json) {
    auto document = core::JsonDocument::Parse(json);
    EXPECT_TRUE(document.ok()) << json;
    return std::move(document).value();
}

// One district that several tests look at.
inline const Collected& Sample() {
    static const Collected kSample = Collect({3000, 7, 5, {2025, 12, 31}});
    return kSample;
}

// One in full, with faults and outbreaks.
inline const Collected& FullSample() {
    static const Collected kSample = Collect({1500, 7, 5, {2025, 12, 31}, 1000, 1});
    return kSample;
}

}  // namespace kangqu::synth
