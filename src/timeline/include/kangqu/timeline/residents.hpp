#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::timeline {

// Identifier systems of a Chinese resident (OIDs of WS 365 / WS/T 500 documents).
constexpr std::string_view kCitizenIdSystem = "urn:oid:2.16.156.10011.1.3";
constexpr std::string_view kHealthRecordSystem = "urn:oid:2.16.156.10011.1.2";

enum class Sex : std::uint8_t { kUnknown, kMale, kFemale, kOther };

// One resident as a list shows it. About 330 bytes with its texts.
struct Resident {
    store::Home home = 0;
    std::string id;
    std::string name;
    std::string pinyin;    // "zhangsan"
    std::string initials;  // "zs"
    std::string order;     // "zhang san"
    std::string citizen_id;
    std::string phone;
    std::string organization;  // id of Patient.managingOrganization
    std::string community;     // Patient.address.line or text
    std::optional<core::CivilDate> birth;
    std::optional<core::CivilDate> death;
    Sex sex = Sex::kUnknown;
    bool synthetic = false;
};

// The residents one reader may see, from the Patient grants of a Restriction.
class Visibility {
public:
    explicit Visibility(const search::Restriction& restriction);
    bool Sees(const Resident& resident) const;
    bool everything() const noexcept { return everything_; }

private:
    bool everything_ = false;
    std::vector<std::string> organizations_;  // sorted
    std::vector<std::string> patients_;
};

enum class Order : std::uint8_t { kName, kAge, kUnit, kId };

struct ListRequest {
    // Which residents; null: all. Called under the lock: keep it to a set test.
    std::function<bool(const Resident&)> include;
    // Part of a name, pinyin or initials; four or more digits (and X): tail of the id number or
    // part of the phone.
    std::string text;
    Order order = Order::kName;
    bool descending = false;
    std::int64_t offset = 0;
    std::int64_t limit = 100;
};

struct ListPage {
    std::int64_t total = 0;    // match, seen or not
    std::int64_t visible = 0;  // match and may be seen
    std::vector<Resident> items;
    store::Position position = 0;
};

// All residents with a Patient record. Thread-safe: Refresh takes the lock for writing only while
// it puts rows in place.
class Residents {
public:
    // Brings the columns to the newest position of `reader`'s store: all homes at first, then the
    // changed ones.
    core::Status Refresh(store::Reader& reader);
    store::Position position() const;
    std::int64_t size() const;

    ListPage List(const ListRequest& request, const Visibility& visibility) const;
    std::optional<Resident> Find(store::Home home) const;
    std::optional<Resident> FindId(std::string_view id) const;
    // Walks all rows under the read lock.
    void Visit(const std::function<void(const Resident&)>& visit) const;

private:
    core::Status RefreshAll(store::Reader& reader);
    void Put(Resident resident);
    void Remove(store::Home home);

    mutable std::shared_mutex mutex_;
    std::vector<Resident> rows_;
    std::unordered_map<store::Home, std::size_t> by_home_;
    std::unordered_map<std::string, std::size_t> by_id_;
    store::Position position_ = 0;
    bool filled_ = false;
};

// A Patient's row.
Resident ResidentOf(store::Home home, std::string_view id, std::string_view body);

// First 3 and last 4 characters, * between; shorter than 9 characters: all *.
std::string Masked(std::string_view text);

}  // namespace kangqu::timeline
