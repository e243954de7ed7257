#pragma once

#include "condition.hpp"
#include <cstdint>
#include <string>
#include <vector>

namespace kangqu::search {

// The records that a plan's criteria and Restriction leave: one criterion's rows that the search
// goes through, and the tests of each row.
class Selection {
public:
    // Rows up to which a criterion's rows are gathered before they are put in order.
    static constexpr std::int64_t kManyRows = 20'000;

    Selection(const CompiledSearch::Plan& plan, store::Reader& reader, int depth)
        : plan_(plan), reader_(reader), conditions_(plan, reader, depth) {}

    // Makes the conditions and chooses the one that leads.
    core::Status Prepare();
    // No record can be found.
    bool nothing() const noexcept { return nothing_; }
    const std::string& alias() const noexcept { return conditions_.alias(); }
    // Rows that the leading criterion has, counted up to kManyRows + 1; that many when none leads.
    std::int64_t count() const noexcept { return count_; }
    // Goes through all records of the type instead of a criterion's rows.
    void LeadByRecords();

    // "rows d" to select from.
    const Sql& from() const noexcept { return from_; }
    const std::vector<const Criterion*>& own_dates() const noexcept { return own_dates_; }
    // All tests but those of the type's own date; the Restriction is one of them.
    core::Result<std::vector<Sql>> Tests(Extent extent);
    core::Result<Sql> OwnDate(const Criterion& criterion, Span span) {
        return conditions_.OwnDate(criterion, span);
    }

    // For selections inside others, all tests in one condition.

    // "SELECT columns FROM rows WHERE tests".
    core::Result<Sql> Records(std::string_view columns, Extent extent);
    // The same with another table joined; each result once.
    core::Result<Sql> Joined(std::string_view columns, const Sql& join);
    // True of a row under alias() that the plan selects, whatever leads.
    core::Result<Sql> TestOf();

    // kSearchTooCostly when finding `wanted` rows would walk through too many.
    core::Status CheckCost(std::int64_t wanted);
    // The same for walking through all.
    core::Status CheckCostOfAll();
    // The same even where nothing is tested.
    core::Status CheckRows();

private:
    core::Status Collect();
    core::Status Lead();
    core::Result<std::int64_t> CountUpTo(const Sql& rows, std::int64_t limit);
    core::Result<Sql> Walked();
    core::Error TooCostly() const;

    const CompiledSearch::Plan& plan_;
    store::Reader& reader_;
    Conditions conditions_;
    std::vector<Condition> all_;
    std::vector<const Criterion*> own_dates_;
    std::size_t lead_ = SIZE_MAX;
    std::int64_t count_ = 0;
    Sql from_;
    std::int64_t type_ = 0;
    bool nothing_ = false;
};

}  // namespace kangqu::search
