#include "kangqu/search/index.hpp"

#include "kangqu/fhir/resource.hpp"

#include "extract.hpp"
#include "interval.hpp"
#include "parameters.hpp"
#include <algorithm>

namespace kangqu::search {

namespace {

using core::JsonNode;
using fhir::TypeNumber;

// FNV-1a. Gives records without a date of their own places spread over 2^40, so that few share one.
std::int64_t ScatteredPlace(std::string_view bytes) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : bytes) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    return static_cast<std::int64_t>((hash ^ (hash >> 40U)) & 0xFFFFFFFFFFU);
}

Span SpanOf(const std::vector<Interval>& own) noexcept {
    if (own.empty()) {
        return Span::kNone;
    }
    if (own.size() == 1) {
        for (std::size_t at = 0; at < kSpanMs.size(); ++at) {
            if (own[0].high - own[0].low == kSpanMs[at]) {
                return static_cast<Span>(at);
            }
        }
    }
    return Span::kOther;
}

// What a compartment element may hold without speaking of a resident: a literal reference to
// another type. A bare identifier, a display, a contained or a not yet resolved target may be one.
bool MaySpeakOfPatient(JsonNode reference) {
    const fhir::Reference target = fhir::ParseReference(reference["reference"].text());
    return target.type.empty() || target.type == "Patient";
}

bool SpeaksOfPatient(const Parameters& parameters, JsonNode resource, TypeNumber type) {
    for (const JsonNode node : fhir::ReferencesOf(resource)) {
        if (fhir::ParseReference(node.text()).type == "Patient") {
            return true;
        }
    }
    bool speaks = false;
    for (const Path& path : parameters.CompartmentPaths(type)) {
        Walk(path, resource, [&](JsonNode value) { speaks = speaks || MaySpeakOfPatient(value); });
    }
    return speaks;
}

class TableIndexer final : public Indexer {
public:
    explicit TableIndexer(const Parameters& parameters) : parameters_(parameters) {}

    core::Result<PreparedIndex> Prepare(JsonNode resource, TypeNumber type) const override {
        PreparedIndex prepared;
        prepared.type = type;
        prepared.rows.reserve(16);
        const Parameter* const own_date = parameters_.OwnDate(type);
        std::vector<Interval> own;
        std::vector<Interval> intervals;
        for (const std::uint16_t number : parameters_.Of(type)) {
            const Parameter& parameter = parameters_.at(number);
            if (!parameter.vias.empty()) {
                continue;
            }
            intervals.clear();
            Extract(parameter, number, resource, prepared.rows, intervals);
            if (&parameter == own_date) {
                own = intervals;
            }
            if (&parameter != own_date || SpanOf(own) == Span::kOther) {
                AddDates(number, intervals, prepared.rows);
            }
        }
        Place(resource, own, prepared);
        prepared.speaks_of_patient = SpeaksOfPatient(parameters_, resource, type);
        if (fhir::TypeOf(type).name == "Patient") {
            const auto manager =
                fhir::ParseReference(resource["managingOrganization"]["reference"].text());
            if (manager.kind == fhir::Reference::Kind::kLocal && manager.type == "Organization") {
                prepared.organization = manager.id;
            }
        }
        return prepared;
    }

    core::Result<std::vector<store::IndexRow>>
    Finish(store::Writer& writer, const PreparedIndex& prepared) const override {
        std::vector<store::IndexRow> out;
        out.reserve(prepared.rows.size() + 2);
        KQ_ASSIGN(const auto type, writer.Intern(fhir::TypeOf(prepared.type).name));
        out.push_back(
            {kRecordTable,
             {type, prepared.span, prepared.at, std::int64_t{prepared.speaks_of_patient}}}
        );
        if (!prepared.organization.empty()) {
            KQ_ASSIGN(
                const auto organization, writer.Reserve("Organization", prepared.organization, 0)
            );
            out.push_back({kManagedTable, {organization.key}});
        }
        for (const PreparedIndex::Row& row : prepared.rows) {
            KQ_ASSIGN(store::IndexRow finished, FinishRow(writer, prepared, row));
            out.push_back(std::move(finished));
        }
        return out;
    }

private:
    static void AddDates(
        std::uint16_t parameter,
        const std::vector<Interval>& intervals,
        std::vector<PreparedIndex::Row>& out
    ) {
        for (const Interval interval : intervals) {
            PreparedIndex::Row& row = out.emplace_back();
            row.table = kDateTable;
            row.parameter = parameter;
            row.low = interval.low;
            row.high = interval.high;
        }
    }

    static void Place(JsonNode resource, const std::vector<Interval>& own, PreparedIndex& out) {
        const Span span = SpanOf(own);
        out.span = static_cast<std::int64_t>(span);
        if (span == Span::kNone) {
            out.at = ScatteredPlace(resource.raw());
            return;
        }
        out.at = std::min_element(own.begin(), own.end(), [](Interval a, Interval b) {
                     return a.low < b.low;
                 })->low;
    }

    core::Result<store::IndexRow> FinishRow(
        store::Writer& writer,
        const PreparedIndex& prepared,
        const PreparedIndex::Row& row
    ) const {
        KQ_ASSIGN(const auto parameter, writer.Intern(parameters_.at(row.parameter).name));
        std::int64_t scope = 0;
        if (!row.scope.empty() && row.table != kStringTable) {
            KQ_ASSIGN(scope, writer.Intern(row.scope));
        }
        store::IndexRow out{row.table, {parameter}};
        auto& values = out.values;
        const auto place = [&] {
            values.emplace_back(prepared.span);
            values.emplace_back(prepared.at);
        };
        switch (static_cast<Table>(row.table)) {
            case kTokenTable: {
                KQ_ASSIGN(const auto code, writer.Intern(row.text));
                values.insert(values.end(), {code, scope});
                place();
                break;
            }
            case kReferenceTable: {
                KQ_ASSIGN(const auto target, Target(writer, row));
                values.insert(values.end(), {scope, target});
                place();
                break;
            }
            case kDateTable:
                place();
                values.insert(values.end(), {row.low, row.high});
                break;
            case kStringTable:
                values.insert(values.end(), {row.text, row.scope});
                place();
                break;
            case kQuantityTable:
                place();
                values.insert(values.end(), {row.value, scope});
                break;
            case kRecordTable:
            case kManagedTable:
                break;
        }
        return out;
    }

    // A local reference is the target's key, reserved if nobody mentioned it yet; another one the
    // number of its text.
    static core::Result<std::int64_t> Target(store::Writer& writer, const PreparedIndex::Row& row) {
        if (row.scope.empty()) {
            return writer.Intern(row.text);
        }
        KQ_ASSIGN(const auto target, writer.Reserve(row.scope, row.text, 0));
        return target.key;
    }

    const Parameters& parameters_;
};

}  // namespace

std::vector<store::IndexTable> IndexTables() {
    using Type = store::IndexColumn::Type;
    // Order as in Table. Every row of a record has the record's (span, at), so a row of one table
    // leads to those of the others by a full key.
    return {
        {"search_record", {{"type"}, {"span"}, {"at"}, {"speaks_of_patient"}}, {{"home", "key"}}},
        {"search_token", {{"parameter"}, {"code"}, {"system"}, {"span"}, {"at"}}, {}},
        {"search_reference", {{"parameter"}, {"type"}, {"target"}, {"span"}, {"at"}}, {}},
        {"search_date", {{"parameter"}, {"span"}, {"at"}, {"low"}, {"high"}}, {}},
        {"search_string",
         {{"parameter"}, {"text", Type::kText}, {"original", Type::kText}, {"span"}, {"at"}},
         {}},
        {"search_quantity",
         {{"parameter"}, {"span"}, {"at"}, {"value", Type::kReal}, {"unit"}},
         {}},
        {"search_managed", {{"organization"}}, {{"home", "organization"}}},
    };
}

core::Result<std::unique_ptr<const Indexer>> Indexer::Make() {
    const core::Result<Parameters>& parameters = Parameters::All();
    if (!parameters.ok()) {
        return parameters.error();
    }
    return std::unique_ptr<const Indexer>(new TableIndexer(parameters.value()));
}

}  // namespace kangqu::search
