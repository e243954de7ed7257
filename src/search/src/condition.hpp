#pragma once

#include "grant.hpp"
#include "plan.hpp"
#include "sql.hpp"
#include <optional>
#include <vector>

namespace kangqu::search {

// What a criterion is in SQL, with the numbers of its texts looked up. `d` is the row under test;
// it has span, at, home and key.
struct Condition {
    // True of d when the criterion holds.
    Sql test;
    // Rows (span, at, home, key) that fulfil it, each once; empty when it cannot lead a search.
    Sql rows;
    // The same rows, some perhaps more than once, as a stream that can be counted up to a limit.
    Sql probe;
    // Nothing of what it asks for was ever stored, so no record fulfils it.
    bool impossible = false;
    // Rank among criteria that match about as many rows: lower leads.
    int rank = 0;
};

// Makes conditions of one search against one reader.
class Conditions {
public:
    Conditions(const CompiledSearch::Plan& plan, store::Reader& reader)
        : plan_(plan), reader_(reader) {}

    // Of a criterion that is not about the type's own date.
    core::Result<Condition> Of(const Criterion& criterion);
    // Of a criterion about the type's own date, for rows of one length class.
    core::Result<Sql> OwnDate(const Criterion& criterion, Span span);
    // Of _lastUpdated.
    core::Result<Sql> ChangeTimes(const ChangeTime& time);
    // What the Restriction admits; empty when everything.
    core::Result<Sql> Admitted(Extent extent);

    bool IsOwnDate(const Criterion& criterion) const;

private:
    // A full key of the token or reference table.
    struct Key {
        std::int64_t parameter;
        std::int64_t first;   // code or type
        std::int64_t second;  // system or target
    };
    using Source = Parameter::Via;

    static void AddKeys(std::string_view table, const std::vector<Key>& keys, Condition& out);

    std::vector<Source> SourcesOf(const Criterion& criterion) const;
    core::Result<std::int64_t> NumberOf(const Parameter& parameter);
    core::Status TokenKeys(
        const Source& source,
        const Value& value,
        std::vector<Key>& keys,
        std::vector<Sql>& whole_systems
    );
    core::Status ReferenceKeys(const Source& source, const Value& value, std::vector<Key>& keys);
    core::Result<Condition> Keyed(const Criterion& criterion);
    core::Result<Condition> Strings(const Criterion& criterion);
    core::Result<Condition> Ranged(const Criterion& criterion);
    core::Result<std::int64_t> FirstChangeAt(core::InstantMs when);

    const CompiledSearch::Plan& plan_;
    store::Reader& reader_;
};

}  // namespace kangqu::search
