#include "condition.hpp"

#include "kangqu/fhir/resource.hpp"

#include <algorithm>
#include <cmath>

namespace kangqu::search {

namespace {

// Locations in the square around a searched circle.
constexpr int kMaxInSquare = 10'000;
constexpr double kEarthMetres = 6'371'008.8;
constexpr double kDegree = 3.14159265358979323846 / 180;

double Distance(double latitude, double longitude, double other_latitude, double other_longitude) {
    const double a = std::sin((other_latitude - latitude) * kDegree / 2);
    const double b = std::sin((other_longitude - longitude) * kDegree / 2);
    const double h =
        a * a + b * b * std::cos(latitude * kDegree) * std::cos(other_latitude * kDegree);
    return 2 * kEarthMetres * std::asin(std::min(1.0, std::sqrt(h)));
}

double RealOf(const store::SqlValue& value) noexcept {
    if (const auto* const real = std::get_if<double>(&value)) {
        return *real;
    }
    return static_cast<double>(IntegerOf(value));
}

}  // namespace

std::string Conditions::SameRecord(std::string_view row) const {
    const std::string t(row);
    return " AND " + t + ".span = " + alias_ + ".span AND " + t + ".at = " + alias_ + ".at" +
           SameKey(row);
}

std::string Conditions::SameKey(std::string_view row) const {
    const std::string t(row);
    return " AND " + t + ".home = " + alias_ + ".home AND " + t + ".key = " + alias_ + ".key";
}

Sql Conditions::Exists(std::string_view table, const Sql& where) const {
    return Sql("EXISTS (SELECT 1 FROM ")
        .Add(table)
        .Add(" t WHERE ")
        .Add(where)
        .Add(SameRecord("t"))
        .Add(")");
}

Sql Conditions::ExistsByKey(std::string_view table, const Sql& where) const {
    return Sql("EXISTS (SELECT 1 FROM ")
        .Add(table)
        .Add(" t WHERE ")
        .Add(where)
        .Add(SameKey("t"))
        .Add(")");
}

bool Conditions::IsOwnDate(const Node& node) const {
    if (node.kind != Node::Kind::kCriterion || node.criterion.modifier != Modifier::kNone) {
        return false;
    }
    const Parameter* const own = plan_.parameters->OwnDate(plan_.type);
    const auto sources = SourcesOf(*node.criterion.parameter);
    return own != nullptr && sources.size() == 1 &&
           &plan_.parameters->at(sources.front().parameter) == own;
}

std::vector<Parameter::Via> Conditions::SourcesOf(const Parameter& parameter) const {
    if (!parameter.vias.empty()) {
        return parameter.vias;
    }
    return {{plan_.parameters->NumberOf(parameter), fhir::kNoType}};
}

core::Result<std::int64_t> Conditions::NumberOf(const Source& source, Facet facet) {
    return reader_.Interned(
        plan_.parameters->at(source.parameter).names[static_cast<std::size_t>(facet)]
    );
}

core::Result<Condition> Conditions::Of(const Node& node) {
    switch (node.kind) {
        case Node::Kind::kAll:
            return AllOf(node.nodes);
        case Node::Kind::kAny:
            return AnyOf(node.nodes);
        case Node::Kind::kNot: {
            KQ_ASSIGN(const Condition inner, Of(node.nodes.front()));
            Condition out;
            out.test = Sql("NOT (").Add(inner.test).Add(")");
            return out;
        }
        case Node::Kind::kCriterion:
            return OfCriterion(node.criterion);
        case Node::Kind::kIds:
            return Ids(node.ids);
        case Node::Kind::kChanged: {
            Condition out;
            KQ_ASSIGN(out.test, ChangeTimes(node.changed));
            return out;
        }
        case Node::Kind::kChain:
            return Chain(node);
        case Node::Kind::kHas:
            return Has(node);
        case Node::Kind::kList:
            return List(node.ids);
        case Node::Kind::kNear:
            return Near(node);
    }
    return core::MakeError(core::ErrorCode::kInternal, "a criterion of no kind");
}

core::Result<Condition> Conditions::OfCriterion(const Criterion& criterion) {
    if (criterion.modifier == Modifier::kMissing) {
        return Missing(criterion);
    }
    Node node;
    node.kind = Node::Kind::kCriterion;
    node.criterion.parameter = criterion.parameter;
    if (criterion.parameter->table == kDateTable && IsOwnDate(node)) {
        return OwnDateOfAny(criterion);
    }
    if (criterion.modifier == Modifier::kIdentifier) {
        return Keyed(criterion);
    }
    switch (criterion.parameter->table) {
        case kTokenTable:
        case kReferenceTable:
            return Keyed(criterion);
        case kStringTable:
            return Strings(criterion);
        case kDateTable:
            return Dates(criterion);
        case kQuantityTable:
            return Amounts(criterion);
        case kPairTable:
            return Pairs(criterion);
        case kRecordTable:
        case kManagedTable:
        case kElsewhereTable:
            break;
    }
    return core::MakeError(core::ErrorCode::kInternal, "a parameter without a table");
}

core::Result<Condition> Conditions::AnyOf(const std::vector<Node>& nodes) {
    Condition out;
    std::vector<Sql> tests;
    bool leads = true;
    for (const Node& node : nodes) {
        KQ_ASSIGN(Condition one, Of(node));
        if (one.impossible) {
            continue;
        }
        tests.push_back(std::move(one.test));
        leads = leads && !one.rows.empty() && !one.probe.empty();
        if (leads) {
            out.rows.Join(" UNION ", Sql("SELECT * FROM (").Add(one.rows).Add(") u"));
            out.probe.Join(" UNION ALL ", Sql("SELECT * FROM (").Add(one.probe).Add(") u"));
        }
    }
    out.impossible = tests.empty();
    if (!leads) {
        out.rows = Sql();
        out.probe = Sql();
    }
    if (!tests.empty()) {
        out.test = InBrackets(" OR ", tests);
    }
    return out;
}

// Leads by its first part that can.
core::Result<Condition> Conditions::AllOf(const std::vector<Node>& nodes) {
    Condition out;
    std::vector<Sql> tests;
    for (const Node& node : nodes) {
        KQ_ASSIGN(Condition one, Of(node));
        out.impossible = out.impossible || one.impossible;
        tests.push_back(std::move(one.test));
    }
    if (!tests.empty() && !out.impossible) {
        out.test = InBrackets(" AND ", tests);
    }
    return out;
}

// The record table knows which parameters of a record have rows.
core::Result<Condition> Conditions::Missing(const Criterion& criterion) {
    std::int64_t bits = 0;
    std::vector<Sql> found;
    for (const Source& source : SourcesOf(*criterion.parameter)) {
        const Parameter& parameter = plan_.parameters->at(source.parameter);
        if (source.only == fhir::kNoType) {
            bits |= std::int64_t{1} << parameter.bit;
            continue;
        }
        KQ_ASSIGN(const auto number, NumberOf(source));
        KQ_ASSIGN(const auto type, reader_.Interned(fhir::TypeOf(source.only).name));
        found.push_back(ExistsByKey(
            "search_reference", Sql().Add("t.parameter = ? AND t.type = ?", number, type)
        ));
    }
    if (bits != 0) {
        found.push_back(ExistsByKey("search_record", Sql().Add("(t.present & ?) <> 0", bits)));
    }
    Condition out;
    out.test = InBrackets(" OR ", found);
    if (criterion.missing) {
        out.test = Sql("NOT ").Add(out.test);
    }
    return out;
}

core::Result<Condition> Conditions::OfRecords(std::vector<std::int64_t> keys) {
    Condition out;
    out.rank = 0;
    out.impossible = keys.empty();
    if (keys.empty()) {
        return out;
    }
    KQ_ASSIGN(const auto type, reader_.Interned(plan_.type_name));
    out.test = AmongNumbers(alias_ + ".key", keys);
    out.rows = Sql("SELECT t.span, t.at, t.home, t.key FROM search_record t WHERE ")
                   .Add(AmongNumbers("t.key", keys))
                   .Add(" AND t.type = ?", type);
    out.probe = out.rows;
    return out;
}

core::Result<Condition> Conditions::Ids(const std::vector<std::string>& ids) {
    std::vector<std::int64_t> keys;
    for (const std::string& id : ids) {
        KQ_ASSIGN(const auto at, reader_.Find(plan_.type_name, id));
        if (at) {
            keys.push_back(at->key);
        }
    }
    return OfRecords(std::move(keys));
}

// The records that a List the reader may see refers to.
core::Result<Condition> Conditions::List(const std::vector<std::string>& ids) {
    std::vector<std::int64_t> keys;
    KQ_ASSIGN(const auto parameter, reader_.Interned("List.item"));
    KQ_ASSIGN(const auto type, reader_.Interned(plan_.type_name));
    for (const std::string& id : ids) {
        KQ_ASSIGN(const auto at, reader_.Find("List", id));
        if (!at || at->version == 0 || at->deleted) {
            continue;
        }
        KQ_ASSIGN(
            const bool seen,
            Admits(reader_, plan_.restriction, Action::kRead, "List", at->home, at->key)
        );
        const Sql items = Sql().Add(
            "SELECT target FROM search_reference WHERE key = ? AND parameter = ? AND type = ?",
            at->key,
            parameter,
            type
        );
        KQ_TRY(!seen ? core::Status() : items.Run(reader_, [&](auto row) {
            keys.push_back(IntegerOf(row[0]));
            return true;
        }));
    }
    return OfRecords(std::move(keys));
}

core::Result<Condition> Conditions::Near(const Node& node) {
    KQ_ASSIGN(
        const auto parameter,
        NumberOf({plan_.parameters->NumberOf(*node.criterion.parameter), fhir::kNoType})
    );
    const double high = node.metres / kEarthMetres / kDegree;
    const Sql square = Sql().Add(
        "SELECT low, high, key FROM search_pair WHERE parameter = ? AND code = 0 AND low >= ?"
        " AND low <= ? LIMIT ?",
        parameter,
        node.latitude - high,
        node.latitude + high,
        std::int64_t{kMaxInSquare + 1}
    );
    std::vector<std::int64_t> keys;
    int seen = 0;
    KQ_TRY(square.Run(reader_, [&](auto row) {
        ++seen;
        if (Distance(node.latitude, node.longitude, RealOf(row[0]), RealOf(row[1])) <=
            node.metres) {
            keys.push_back(IntegerOf(row[2]));
        }
        return true;
    }));
    if (seen > kMaxInSquare) {
        return core::MakeError(
            core::ErrorCode::kSearchTooComplex, "near > " + std::to_string(kMaxInSquare)
        );
    }
    return OfRecords(std::move(keys));
}

// Times of changes never fall, so a time is a place in the feed.
core::Result<std::int64_t> Conditions::FirstChangeAt(core::InstantMs when) {
    std::int64_t low = 1;
    std::int64_t high = reader_.position() + 1;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        std::int64_t updated = INT64_MAX;
        const Sql probe = Sql().Add(
            "SELECT updated FROM version WHERE change >= ? ORDER BY change LIMIT 1", middle
        );
        KQ_TRY(probe.Run(reader_, [&](std::span<const store::SqlValue> row) {
            updated = IntegerOf(row[0]);
            return false;
        }));
        if (updated >= when) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

core::Result<Sql> Conditions::ChangeTimes(const ChangeTime& time) {
    std::vector<Sql> tests;
    for (const auto& [prefix, interval] : time.values) {
        KQ_ASSIGN(const auto low, FirstChangeAt(interval.low));
        KQ_ASSIGN(const auto high, FirstChangeAt(interval.high));
        tests.push_back(Comparison("c.change", "c.change + 1", prefix, {low, high}));
    }
    return Sql("EXISTS (SELECT 1 FROM current c WHERE c.home = " + alias_ +
               ".home AND c.key = " + alias_ + ".key AND ")
        .Add(InBrackets(" OR ", tests))
        .Add(")");
}

core::Result<Sql> Conditions::Admitted(Extent extent) {
    if (plan_.unrestricted) {
        return Sql();
    }
    std::vector<Sql> grants;
    for (const Grant& grant : plan_.grants) {
        KQ_ASSIGN(Sql test, GrantTest(reader_, grant, plan_.type_name, alias_, extent));
        grants.push_back(std::move(test));
    }
    if (grants.empty()) {
        grants.emplace_back(kNever);
    }
    return InBrackets(" OR ", grants);
}

core::Result<Condition> Conditions::AdmittedRows() {
    Condition out;
    if (plan_.unrestricted) {
        return out;
    }
    KQ_ASSIGN(const auto type, reader_.Interned(plan_.type_name));
    for (const Grant& grant : plan_.grants) {
        KQ_ASSIGN(const Sql rows, GrantRows(reader_, grant, type));
        if (rows.empty()) {
            return Condition();
        }
        out.rows.Join(" UNION ", rows);
    }
    out.probe = out.rows;
    return out;
}

}  // namespace kangqu::search
