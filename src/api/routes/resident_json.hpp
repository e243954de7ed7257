#pragma once

#include "kangqu/api/schema.hpp"
#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/timeline/organizations.hpp"
#include "kangqu/timeline/residents.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace kangqu::api {

// Largest page of a list.
constexpr std::int64_t kMaxListPage = 500;

// One row of a list of residents; id number and phone always masked. `more` may add members.
void WriteResidentRow(
    core::JsonWriter& writer,
    const timeline::Resident& resident,
    const timeline::Organizations& organizations,
    core::CivilDate today,
    const std::function<void(core::JsonWriter&)>& more = nullptr
);
Schema ResidentRowSchema(std::vector<Schema::Member> more = {});

// {"id","name"} of an organisation, or null.
void WriteUnit(
    core::JsonWriter& writer,
    const timeline::Organizations& organizations,
    std::string_view id
);
Schema UnitSchema();

std::string_view NameOf(timeline::Sex sex);

// "name", "-age", "unit", "id"; kInvalidArgument for anything else.
core::Result<std::pair<timeline::Order, bool>> ParseOrder(std::string_view text);

// True for residents of `unit` or below; everything when `unit` is empty.
std::function<bool(const timeline::Resident&)>
OfUnit(const timeline::Organizations& organizations, std::string_view unit);

}  // namespace kangqu::api
