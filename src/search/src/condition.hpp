#pragma once

#include "dialect.hpp"
#include "grant.hpp"
#include "plan.hpp"
#include "sql.hpp"
#include <optional>
#include <vector>

namespace kangqu::search {

// What a criterion is in SQL, with the numbers of its texts looked up. The row under test has an
// alias that knows span, at, home and key.
struct Condition {
    // True of the row when the criterion holds.
    Sql test = Sql(kNever);
    // Rows (span, at, home, key) that fulfil it, each once; empty when it cannot lead a search.
    Sql rows;
    // The same rows, some perhaps more than once, that can be counted up to a limit; empty when
    // even that is long work.
    Sql probe;
    // The rows stand in the order of their places, so the first of them cost little.
    bool streams = false;
    // The same rows in the order of their places where `rows` are not; may be empty.
    Sql stream;
    // Nothing of what it asks for was ever stored, so no record fulfils it.
    bool impossible = false;
    // Rank among criteria that match about as many rows: lower leads.
    int rank = 3;
};

// Makes conditions of one search, or of one inside it (`depth`), against one reader.
class Conditions {
public:
    Conditions(const CompiledSearch::Plan& plan, store::Reader& reader, int depth)
        : plan_(plan), reader_(reader), depth_(depth), alias_("d" + std::to_string(depth)) {}

    core::Result<Condition> Of(const Node& node);
    // Of a criterion about the type's own date, for rows of one length class.
    core::Result<Sql> OwnDate(const Criterion& criterion, Span span);
    // What the Restriction admits. Everything: an empty test.
    core::Result<Sql> Admitted(Extent extent);
    // The same as rows that can lead, when they are those of few residents.
    core::Result<Condition> AdmittedRows();

    bool IsOwnDate(const Node& node) const;
    const std::string& alias() const noexcept { return alias_; }

private:
    // A full key of the token or reference table.
    struct Key {
        std::int64_t parameter;
        std::int64_t first;   // code or type
        std::int64_t second;  // system or target
    };
    // Keys alike but for one member: the code of a token, the target of a reference.
    struct KeyGroup {
        std::int64_t parameter;
        std::int64_t fixed;  // system or type
        std::vector<std::int64_t> numbers;
    };
    using Source = Parameter::Via;

    core::Result<Condition> OfCriterion(const Criterion& criterion);
    core::Result<Condition> AnyOf(const std::vector<Node>& nodes);
    core::Result<Condition> AllOf(const std::vector<Node>& nodes);
    core::Result<Condition> Missing(const Criterion& criterion);
    core::Result<Condition> Ids(const std::vector<std::string>& ids);
    core::Result<Condition> List(const std::vector<std::string>& ids);
    core::Result<Condition> Near(const Node& node);
    core::Result<Condition> Chain(const Node& node);
    core::Result<Condition> Has(const Node& node);
    core::Result<Sql> ChangeTimes(const ChangeTime& time);
    core::Result<std::int64_t> FirstChangeAt(core::InstantMs when);
    core::Result<Condition> OwnDateOfAny(const Criterion& criterion);

    std::vector<Source> SourcesOf(const Parameter& parameter) const;
    core::Result<std::int64_t> NumberOf(const Source& source, Facet facet = Facet::kItself);
    // "t is a row of the record under test", by the whole key and by the record's key alone.
    std::string SameRecord(std::string_view row) const;
    std::string SameKey(std::string_view row) const;
    Sql Exists(std::string_view table, const Sql& where) const;
    Sql ExistsByKey(std::string_view table, const Sql& where) const;

    core::Status TokenKeys(
        std::int64_t parameter,
        const Value& value,
        std::vector<Key>& keys,
        std::vector<Sql>& whole_systems
    );
    core::Status TextKeys(std::int64_t parameter, const Value& value, std::vector<Key>& keys);
    core::Status
    UriKeys(std::int64_t parameter, const Value& value, bool below, std::vector<Key>& keys);
    core::Status ReferenceKeys(const Source& source, const Value& value, std::vector<Key>& keys);
    core::Result<Condition> Keyed(const Criterion& criterion);
    void AddKeys(bool token, const std::vector<Key>& keys, Condition& out) const;
    void AddStreamedKeys(std::string_view table, const std::vector<Key>& keys, Condition& out)
        const;
    Sql KeyTest(bool token, const std::vector<Key>& keys) const;
    static std::vector<KeyGroup> Grouped(bool token, const std::vector<Key>& keys);
    // Records with these keys.
    core::Result<Condition> OfRecords(std::vector<std::int64_t> keys);

    core::Result<Condition> Strings(const Criterion& criterion);
    core::Result<Condition> Dates(const Criterion& criterion);
    core::Result<Condition> Amounts(const Criterion& criterion);
    core::Result<std::vector<Sql>>
    AmountTests(std::int64_t parameter, const Value& value, bool each_unit);
    core::Result<Condition> Pairs(const Criterion& criterion);
    core::Result<std::vector<Sql>>
    PairTests(const Source& source, const Criterion& criterion, const Value& value);
    core::Result<Sql> SecondOfPair(const Criterion& criterion, const Value& value);
    core::Result<std::vector<std::int64_t>>
    Skip(std::string_view column, const Sql& table_and_fixed, std::int64_t from, std::int64_t upto);

    const CompiledSearch::Plan& plan_;
    store::Reader& reader_;
    int depth_;
    std::string alias_;
};

// "(low, high) compares with the interval as the prefix says".
Sql Comparison(std::string_view low, std::string_view high, Prefix prefix, Interval searched);
// The same for a number and the range of what was written; `column` is a column.
Sql NumberComparison(std::string_view column, const Value& value);
Sql Selected(std::string_view table, const Sql& where, bool distinct);

}  // namespace kangqu::search
