#pragma once

#include "kangqu/api/schema.hpp"

#include "plan_store.hpp"
#include <string>
#include <vector>

namespace kangqu::api {

// What the review page draws: the text and, by place, what was read from it.
std::string ReviewJson(
    const StoredPlan& stored,
    const std::string& text,
    const plan::UnitNames& names,
    const std::vector<plan::LibraryEntry>& library,
    core::Language language
);
Schema ReviewSchema();

// Parts that other answers share.
void WriteTargetValue(core::JsonWriter& writer, const plan::TargetValue& value);
void WriteOptional(core::JsonWriter& writer, std::string_view key, const std::optional<int>& year);
void WriteOptional(
    core::JsonWriter& writer,
    std::string_view key,
    const std::optional<double>& number
);
Schema TargetValueSchema();

}  // namespace kangqu::api
