#pragma once

#include "kangqu/terminology/terminology.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kangqu::terminology {

// 2026-11-22T10:00:00+08:00.
inline const core::FixedClock& TestClock() {
    static const core::FixedClock clock(*core::ParseInstant("2026-11-22T10:00:00.000+08:00"));
    return clock;
}

// The answer of an operation, or its error as text.
inline std::string Answer(
    const Terminology& terminology,
    const std::string& type,
    const std::string& name,
    const std::vector<std::pair<std::string, std::string>>& parameters,
    core::Language language = core::Language::kEn
) {
    Operation operation;
    operation.type = type;
    operation.name = name;
    operation.language = language;
    for (const auto& [key, value] : parameters) {
        operation.parameters.push_back({key, value, {}});
    }
    const auto answer = terminology.now()->Operate(operation);
    return answer.ok() ? *answer : answer.error().Line();
}

// The codes of an expansion, separated by spaces, with its total before them: "2: a b".
inline std::string Codes(const std::string& expansion) {
    const auto document = core::JsonDocument::Parse(expansion);
    if (!document.ok()) {
        return expansion;
    }
    const core::JsonNode root = (*document)->root()["expansion"];
    std::string out = std::string(root["total"].text()) + ":";
    const core::JsonNode contains = root["contains"];
    for (core::JsonNode one = contains.first(); one; one = one.next()) {
        out += " " + std::string(one["code"].text());
    }
    return out;
}

}  // namespace kangqu::terminology
