#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::timeline {

struct Organization {
    std::string id;
    std::string name;
    std::string kind;    // code of the first Organization.type coding, as sent
    std::string parent;  // id of partOf, or empty
};

// All Organization records as a tree. Thread-safe.
class Organizations {
public:
    // Reads them again when any record changed that is no resident's: they are few.
    core::Status Refresh(store::Reader& reader);

    std::optional<Organization> Find(std::string_view id) const;
    // The name, or the id itself when there is no such record.
    std::string NameOf(std::string_view id) const;
    // `id` and everything below it, sorted by id; just `id` when it is unknown. Safe against
    // cycles.
    std::vector<std::string> Subtree(std::string_view id) const;
    // Parents before children, siblings by name.
    std::vector<Organization> Tree() const;

private:
    mutable std::shared_mutex mutex_;
    std::map<std::string, Organization, std::less<>> by_id_;
    store::Position position_ = -1;
};

}  // namespace kangqu::timeline
