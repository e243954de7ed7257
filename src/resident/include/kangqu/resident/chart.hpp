#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/records.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"
#include "kangqu/timeline/organizations.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::resident {

// Most items of one timeline; older ones are counted, not shown.
constexpr std::size_t kMaxTimelineItems = 20'000;

// A measured value on the timeline.
struct Value {
    std::string name;
    std::string value;  // digits as sent
    std::string unit;
    enum class Flag : std::uint8_t { kNone, kHigh, kLow } flag = Flag::kNone;
};

struct TimelineItem {
    std::string kind;  // encounter observation condition episode procedure immunization medication
                       // document other
    std::string date;  // as sent, YYYY-MM-DD at least where the record gives a day; empty when it
                       // gives none
    std::string end;
    std::string title;
    std::string detail;
    std::string organization;  // id
    std::vector<Value> values;
    std::string type;
    std::string id;
    std::int64_t version = 0;
};

struct Tag {
    std::string code;
    std::string text;
};

struct Contract {
    std::string team;
    std::string doctor;
    std::string from;
    std::string to;
};

struct Chart {
    std::string id;
    std::string name;
    std::string gender;
    std::string birth_date;
    std::string death_date;
    std::string citizen_id;  // as the Restriction shows it
    std::string phone;
    std::string address;
    std::string community;
    std::string record_number;
    std::string organization;
    bool synthetic = false;
    std::vector<Tag> tags;  // active episodes of care, by code
    std::optional<Contract> contract;
    std::int64_t version = 0;
    core::InstantMs updated = 0;
    std::vector<TimelineItem> timeline;  // newest first
    store::Position position = 0;
};

// The chart of one resident; kNotFound when there is none or the reader may not see it.
core::Result<Chart> ReadChart(
    store::Reader& reader,
    const search::Restriction& restriction,
    std::string_view patient_id
);

// What a record is on the timeline; nothing for records that carry no event of their own.
std::optional<TimelineItem> ItemOf(core::JsonNode resource);

}  // namespace kangqu::resident
