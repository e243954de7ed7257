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

Span SpanOf(const std::vector<Interval>& own) noexcept {
    if (own.empty()) {
        return Span::kNone;
    }
    Interval whole = own.front();
    for (const Interval one : own) {
        whole = {std::min(whole.low, one.low), std::max(whole.high, one.high)};
    }
    const std::int64_t length = whole.high - whole.low;
    for (std::size_t at = 0; at < kSpanMs.size(); ++at) {
        const auto span = static_cast<Span>(at);
        if (IsFixed(span) ? own.size() == 1 && length == kSpanMs[at] : length <= kSpanMs[at]) {
            return span;
        }
    }
    return Span::kLong;
}

// What a compartment element may hold without speaking of a resident: a literal reference to
// another type. A bare identifier, a display, a contained or a not yet resolved target may be one.
bool MaySpeakOfPatient(JsonNode reference) {
    const fhir::Reference target = fhir::ParseReference(reference["reference"].text());
    return target.type.empty() || target.type == "Patient";
}

// Ids of the Patients to whose compartments a resource belongs, each once. A Patient is in no
// other's: a link between two says nothing of who may read both.
std::vector<std::string>
PatientsOf(const Parameters& parameters, JsonNode resource, TypeNumber type) {
    std::vector<std::string> ids;
    if (fhir::TypeOf(type).name == "Patient") {
        return ids;
    }
    for (const Path& path : parameters.CompartmentPaths(type)) {
        Walk(path, resource, [&](JsonNode value) {
            const auto target = fhir::ParseReference(value["reference"].text());
            if (target.kind == fhir::Reference::Kind::kLocal && target.type == "Patient" &&
                std::find(ids.begin(), ids.end(), target.id) == ids.end()) {
                ids.emplace_back(target.id);
            }
        });
    }
    return ids;
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
    TableIndexer(const Parameters& parameters, const Knowledge& knowledge)
        : parameters_(parameters), knowledge_(knowledge) {}

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
            const std::size_t before = prepared.rows.size();
            Extract(parameter, number, resource, knowledge_, prepared.rows, intervals);
            if (prepared.rows.size() > before || !intervals.empty()) {
                prepared.present |= std::int64_t{1} << parameter.bit;
            }
            if (&parameter == own_date) {
                own = intervals;
            }
            if (&parameter != own_date || HasDateRows(SpanOf(own))) {
                AddDates(number, intervals, prepared.rows);
            }
        }
        Place(own, prepared);
        prepared.speaks_of_patient = SpeaksOfPatient(parameters_, resource, type);
        prepared.patients = PatientsOf(parameters_, resource, type);
        if (fhir::TypeOf(type).name == "Patient") {
            const auto manager =
                fhir::ParseReference(resource["managingOrganization"]["reference"].text());
            if (manager.kind == fhir::Reference::Kind::kLocal && manager.type == "Organization") {
                prepared.organization = manager.id;
            }
        }
        return prepared;
    }

    core::Result<std::vector<store::IndexRow>> Finish(
        store::Writer& writer,
        const PreparedIndex& prepared,
        const store::Placement& placement
    ) const override {
        std::vector<store::IndexRow> out;
        out.reserve(prepared.rows.size() + 2);
        KQ_ASSIGN(const auto type, writer.Intern(fhir::TypeOf(prepared.type).name));
        const bool dated = prepared.span != static_cast<std::int64_t>(Span::kNone);
        const PlaceInTime place{prepared.span, dated ? prepared.at : placement.key};
        out.push_back(
            {kRecordTable,
             {type,
              place.span,
              place.at,
              std::int64_t{prepared.speaks_of_patient},
              prepared.present}}
        );
        if (!prepared.organization.empty()) {
            KQ_ASSIGN(
                const auto organization, writer.Reserve("Organization", prepared.organization, 0)
            );
            out.push_back({kManagedTable, {organization.key}});
        }
        KQ_TRY(FinishPatients(writer, prepared, placement, out));
        for (const PreparedIndex::Row& row : prepared.rows) {
            KQ_ASSIGN(store::IndexRow finished, FinishRow(writer, place, row));
            out.push_back(std::move(finished));
        }
        return out;
    }

private:
    struct PlaceInTime {
        std::int64_t span;
        std::int64_t at;
    };

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

    static void Place(const std::vector<Interval>& own, PreparedIndex& out) {
        const Span span = SpanOf(own);
        out.span = static_cast<std::int64_t>(span);
        if (span == Span::kNone) {
            return;
        }
        out.at = std::min_element(own.begin(), own.end(), [](Interval a, Interval b) {
                     return a.low < b.low;
                 })->low;
    }

    // Patients who are not the record's home, and 0 when its home is a Patient it no longer speaks
    // of.
    static core::Status FinishPatients(
        store::Writer& writer,
        const PreparedIndex& prepared,
        const store::Placement& placement,
        std::vector<store::IndexRow>& out
    ) {
        bool at_home = placement.home == placement.key;
        for (const std::string& id : prepared.patients) {
            KQ_ASSIGN(const auto patient, writer.Reserve("Patient", id, 0));
            if (patient.home == placement.home) {
                at_home = true;
            } else {
                out.push_back({kElsewhereTable, {patient.home}});
            }
        }
        if (!at_home) {
            out.push_back({kElsewhereTable, {std::int64_t{0}}});
        }
        return {};
    }

    core::Result<store::IndexRow>
    FinishRow(store::Writer& writer, PlaceInTime place, const PreparedIndex::Row& row) const {
        KQ_ASSIGN(
            const auto parameter, writer.Intern(parameters_.at(row.parameter).names[row.facet])
        );
        std::int64_t scope = 0;
        if (!row.scope.empty() && row.table != kStringTable) {
            KQ_ASSIGN(scope, writer.Intern(row.scope));
        }
        store::IndexRow out{row.table, {parameter}};
        auto& values = out.values;
        const auto add_place = [&] {
            values.emplace_back(place.span);
            values.emplace_back(place.at);
        };
        switch (static_cast<Table>(row.table)) {
            case kTokenTable: {
                KQ_ASSIGN(const auto code, writer.Intern(row.text));
                values.insert(values.end(), {code, scope});
                add_place();
                break;
            }
            case kReferenceTable: {
                KQ_ASSIGN(const auto target, Target(writer, row.text, row.scope));
                values.insert(values.end(), {scope, target});
                add_place();
                break;
            }
            case kDateTable:
                add_place();
                values.insert(values.end(), {row.low, row.high});
                break;
            case kStringTable:
                values.insert(values.end(), {row.text, row.scope});
                add_place();
                break;
            case kQuantityTable:
                add_place();
                values.insert(
                    values.end(),
                    {row.value, UnitColumn(static_cast<UnitKind>(row.unit_kind), scope)}
                );
                break;
            case kPairTable: {
                KQ_TRY(FinishPair(writer, place, row, scope, values));
                break;
            }
            case kRecordTable:
            case kManagedTable:
            case kElsewhereTable:
                break;
        }
        return out;
    }

    static core::Status FinishPair(
        store::Writer& writer,
        PlaceInTime place,
        const PreparedIndex::Row& row,
        std::int64_t scope,
        std::vector<store::IndexValue>& values
    ) {
        std::int64_t code = 0;
        std::int64_t unit = 0;
        double low = row.value;
        double high = row.value_high;
        const auto kind = static_cast<PairKind>(row.low);
        if (kind != PairKind::kPlace) {
            KQ_ASSIGN(code, writer.Intern(row.text));
        }
        if (!row.scope2.empty()) {
            KQ_ASSIGN(unit, writer.Intern(row.scope2));
        }
        if (kind == PairKind::kAmount) {
            unit = UnitColumn(static_cast<UnitKind>(row.unit_kind), unit);
        } else if (kind != PairKind::kPlace) {
            std::int64_t second = 0;
            if (kind == PairKind::kCode) {
                KQ_ASSIGN(second, writer.Intern(row.text2));
            } else {
                KQ_ASSIGN(second, Target(writer, row.text2, row.scope2));
            }
            low = static_cast<double>(second);
            high = low;
        }
        values.insert(values.end(), {code, scope, place.span, place.at, low, high, unit});
        return {};
    }

    // A local reference is the target's key, reserved if nobody mentioned it yet; another one the
    // number of its text.
    static core::Result<std::int64_t>
    Target(store::Writer& writer, const std::string& text, const std::string& type) {
        if (type.empty()) {
            return writer.Intern(text);
        }
        KQ_ASSIGN(const auto target, writer.Reserve(type, text, 0));
        return target.key;
    }

    const Parameters& parameters_;
    const Knowledge& knowledge_;
};

}  // namespace

std::vector<store::IndexTable> IndexTables() {
    using Type = store::IndexColumn::Type;
    // Order as in Table. Every row of a record has the record's (span, at), so a row of one table
    // leads to those of the others by a full key.
    return {
        {"search_record",
         {{"type"}, {"span"}, {"at"}, {"speaks_of_patient"}, {"present"}},
         {{"key"}}},
        {"search_token", {{"parameter"}, {"code"}, {"system"}, {"span"}, {"at"}}, {}},
        {"search_reference",
         {{"parameter"}, {"type"}, {"target"}, {"span"}, {"at"}},
         {{"key", "parameter"}}},
        {"search_date",
         {{"parameter"}, {"span"}, {"at"}, {"low"}, {"high"}},
         {{"parameter", "low"}}},
        {"search_string",
         {{"parameter"}, {"text", Type::kText}, {"original", Type::kText}, {"span"}, {"at"}},
         {{"key", "parameter"}}},
        {"search_quantity",
         {{"parameter"}, {"span"}, {"at"}, {"value", Type::kReal}, {"unit"}},
         {{"parameter", "unit", "value"}}},
        {"search_managed", {{"organization"}}, {{"home", "organization"}}},
        // Values of composites side by side. `low` and `high` hold an amount, two numbers, the
        // number of a second code or the key of a second record; `unit` what belongs to it.
        {"search_pair",
         {{"parameter"},
          {"code"},
          {"system"},
          {"span"},
          {"at"},
          {"low", Type::kReal},
          {"high", Type::kReal},
          {"unit"}},
         {}},
        // Records that speak of patients who are not their home; patient 0 when the home is no
        // longer one of them.
        {"search_elsewhere", {{"patient"}}, {{"key"}}},
    };
}

core::Result<std::unique_ptr<const Indexer>> Indexer::Make(const Knowledge& knowledge) {
    const core::Result<Parameters>& parameters = Parameters::All();
    if (!parameters.ok()) {
        return parameters.error();
    }
    return std::unique_ptr<const Indexer>(new TableIndexer(parameters.value(), knowledge));
}

}  // namespace kangqu::search
