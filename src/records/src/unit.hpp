#pragma once

#include "kangqu/records/prepare.hpp"
#include "kangqu/records/records.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace kangqu::records {

// What must hold of the record before it is written.
struct Precondition {
    bool must_be_new = false;
    std::optional<std::int64_t> version;
};

// The steps of one unit of work, on the writer's thread. An error of any step means that the unit's
// savepoint must be rolled back: return it from the unit.
class Unit {
public:
    Unit(
        store::Writer& writer,
        const search::Indexer& indexer,
        const search::Restriction& restriction
    )
        : writer_(writer), indexer_(indexer), restriction_(restriction) {}

    core::Result<Receipt> Write(const Prepared& prepared, const Precondition& precondition);
    core::Result<Receipt>
    Delete(std::string_view type, std::string_view id, std::optional<std::int64_t> version);

private:
    // `told`: the action a denial names.
    core::Status Admit(
        search::Action action,
        std::string_view type,
        const store::Placement& at,
        search::Action told
    );

    store::Writer& writer_;
    const search::Indexer& indexer_;
    const search::Restriction& restriction_;
};

// What a denied writer tried, the same in every language: "PUT Patient".
std::string Attempt(search::Action action, std::string_view type);

// "Patient/p1"
std::string LocalName(std::string_view type, std::string_view id);

}  // namespace kangqu::records
