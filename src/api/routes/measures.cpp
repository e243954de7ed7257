#include "kangqu/api/services.hpp"

#include "measure_view.hpp"
#include "resident_json.hpp"
#include "route_family.hpp"
#include <algorithm>
#include <cmath>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::Language;
using core::MakeError;
using measure::Counts;
using measure::Selection;

void WritePeriod(JsonWriter& writer, const PeriodChoice& choice, Language language) {
    writer.BeginObject().Field("id", choice.named.id).Field("name", choice.text.In(language));
    writer.Field("from", core::FormatDate(choice.named.period.from));
    writer.Field("to", core::FormatDate(choice.named.period.to));
    writer.Field("complete", choice.complete).EndObject();
}

Schema PeriodSchema() {
    return Schema::Object({
        {"id", Schema::String()},
        {"name", Schema::String()},
        {"from", Schema::Date()},
        {"to", Schema::Date()},
        {"complete", Schema::Boolean()},
    });
}

core::Result<Response> ListPeriods(const MeasureServices& services, const Request& request) {
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Key("periods").BeginArray();
    for (const PeriodChoice& choice : services.periods()) {
        WritePeriod(writer, choice, request.language);
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

// Two decimals, as a rate is printed.
void WritePercent(JsonWriter& writer, const Counts& counts) {
    const auto percent = counts.Percent();
    if (percent) {
        writer.Double(std::round(*percent * 100) / 100);
    } else {
        writer.Null();
    }
}

void WriteCounts(JsonWriter& writer, const Counts& counts) {
    writer.BeginObject().Field("initialPopulation", counts.initial_population);
    writer.Field("denominator", counts.denominator);
    writer.Field("denominatorExclusion", counts.excluded);
    writer.Field("numerator", counts.numerator).Field("notMet", counts.not_met);
    writer.Field("failed", counts.failed).EndObject();
}

// Residents by reason, among the excluded and among those not met.
void WriteReasons(
    JsonWriter& writer,
    const MeasureServices& services,
    const MeasureView& view,
    std::string_view id,
    Language language
) {
    const measure::Pack* pack = services.populations.PackOf(id);
    const std::vector<std::string> codes = services.populations.ReasonCodes(id);
    writer.BeginArray();
    for (const Selection selection : {Selection::kNotMet, Selection::kExcluded}) {
        for (std::size_t i = 0; i < codes.size(); ++i) {
            std::int64_t count = 0;
            for (const auto& [home, row] : view.rows) {
                const bool has = (row.standing.reasons >> i & 1U) != 0;
                count += has && IsIn(row.standing, selection) ? 1 : 0;
            }
            if (count == 0) {
                continue;
            }
            writer.BeginObject().Field("code", codes[i]);
            writer.Field("text", pack->Text("reason." + codes[i], language));
            writer.Field("population", NameOf(selection)).Field("count", count).EndObject();
        }
    }
    writer.EndArray();
}

void WriteStrata(JsonWriter& writer, const MeasureServices& services, const MeasureView& view) {
    writer.BeginArray();
    for (const auto& [organization, counts] : view.ByOrganization()) {
        writer.BeginObject().Key("unit");
        WriteUnit(writer, services.organizations, organization);
        writer.Field("denominator", counts.denominator).Field("numerator", counts.numerator);
        writer.Field("notMet", counts.not_met).Field("denominatorExclusion", counts.excluded);
        writer.Key("value");
        WritePercent(writer, counts);
        writer.EndObject();
    }
    writer.EndArray();
}

void WriteDefinition(
    JsonWriter& writer,
    const measure::Measure& measure,
    const measure::Pack& pack,
    Language language
) {
    const auto text = [&](std::string_view part) {
        return pack.Text("measure." + measure.id + "." + std::string(part), language);
    };
    writer.Field("id", measure.id).Field("name", text("name"));
    const bool zh = language == Language::kZh || measure.description_en.empty();
    writer.Field("description", zh ? measure.description : measure.description_en);
    writer.Field("numeratorText", text("numerator")).Field("denominatorText", text("denominator"));
    writer.Field("exclusionText", text("exclusion")).Field("source", text("source"));
    writer.Field("basis", text("basis")).Field("denominatorSource", text("denominator-source"));
    writer.Field("unit", "%").Field("increase", measure.increase).Field("packId", measure.pack);
    writer.Field("packVersion", measure.pack_version).Field("cql", measure.cql);
}

core::Result<Response> ReadMeasure(const MeasureServices& services, const Request& request) {
    const std::string_view id = request.Param("id");
    const measure::Measure* measure = services.populations.Find(id);
    const measure::Pack* pack = services.populations.PackOf(id);
    if (measure == nullptr || pack == nullptr) {
        return MakeError(ErrorCode::kMeasureUnknown, std::string(id));
    }
    KQ_ASSIGN(const PeriodChoice period, PeriodOf(request, services.periods));
    const bool ready = services.populations.ready();
    MeasureView view;
    if (ready) {
        KQ_ASSIGN(view, ViewOf(services, id, period.named.id, request.Query("unit").value_or("")));
    }
    const Counts counts = view.Count();
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject();
    WriteDefinition(writer, *measure, *pack, request.language);
    writer.Key("period");
    WritePeriod(writer, period, request.language);
    writer.Field("position", view.position);
    writer.Field("asOf", core::FormatInstant(services.populations.as_of())).Field("ready", ready);
    writer.Key("value");
    WritePercent(writer, counts);
    writer.Key("counts");
    WriteCounts(writer, counts);
    writer.Key("reasons");
    WriteReasons(writer, services, view, id, request.language);
    writer.Key("strata");
    WriteStrata(writer, services, view);
    writer.EndObject();
    return Response::Json(std::move(body));
}

// The residents of one population, held to one reason where one is named.
struct Wanted {
    Selection selection = Selection::kDenominator;
    std::uint64_t reason = 0;
};

core::Result<Wanted> WantedOf(const MeasureServices& services, const Request& request) {
    Wanted wanted;
    const std::string_view name = request.Query("population").value_or("denominator");
    const auto selection = measure::FindSelection(name);
    if (!selection) {
        return MakeError(
            ErrorCode::kInvalidArgument,
            "population",
            "denominator, numerator, not-met, denominator-exclusion, initial-population, failed"
        );
    }
    wanted.selection = *selection;
    const std::string_view reason = request.Query("reason").value_or("");
    if (!reason.empty()) {
        const auto codes = services.populations.ReasonCodes(request.Param("id"));
        const auto found = std::find(codes.begin(), codes.end(), reason);
        // A code that nobody has is a list without rows.
        const auto bit = static_cast<unsigned>(found - codes.begin());
        wanted.reason = found == codes.end() ? std::uint64_t{1} << 63U : std::uint64_t{1} << bit;
    }
    return wanted;
}

void WriteReasonsOf(
    JsonWriter& writer,
    const MeasureServices& services,
    std::string_view id,
    const measure::Standing& standing,
    Language language
) {
    const measure::Pack* pack = services.populations.PackOf(id);
    writer.Key("reasons").BeginArray();
    for (const std::string& code : services.populations.ReasonsOf(id, standing.reasons)) {
        writer.BeginObject().Field("code", code);
        writer.Field("text", pack->Text("reason." + code, language)).EndObject();
    }
    writer.EndArray();
}

core::Result<Response>
ListMeasureResidents(const MeasureServices& services, const Request& request) {
    const std::string_view id = request.Param("id");
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const PeriodChoice period, PeriodOf(request, services.periods));
    KQ_ASSIGN(const auto offset, request.QueryInt("offset", 0, 0, INT32_MAX));
    KQ_ASSIGN(const auto limit, request.QueryInt("limit", 100, 1, kMaxListPage));
    KQ_ASSIGN(const auto order, ParseOrder(request.Query("sort").value_or("name")));
    KQ_ASSIGN(const Wanted wanted, WantedOf(services, request));
    KQ_ASSIGN(
        const MeasureView view,
        ViewOf(services, id, period.named.id, request.Query("unit").value_or(""))
    );
    timeline::ListRequest list;
    list.include = [&](const timeline::Resident& resident) {
        const auto row = view.rows.find(resident.home);
        return row != view.rows.end() && IsIn(row->second.standing, wanted.selection) &&
               (wanted.reason == 0 || (row->second.standing.reasons & wanted.reason) != 0);
    };
    list.text = request.Query("q").value_or("");
    list.order = order.first;
    list.descending = order.second;
    list.offset = offset;
    list.limit = limit;
    const timeline::ListPage page =
        services.residents.List(list, timeline::Visibility(restriction));
    const core::CivilDate today = core::ChinaDate(services.clock.Now());
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("total", page.total).Field("visible", page.visible);
    writer.Field("offset", offset).Field("position", view.position);
    writer.Field("asOf", core::FormatInstant(services.populations.as_of()));
    writer.Key("items").BeginArray();
    for (const timeline::Resident& one : page.items) {
        WriteResidentRow(writer, one, services.organizations, today, [&](JsonWriter& row) {
            WriteReasonsOf(row, services, id, view.rows.at(one.home).standing, request.language);
        });
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

Schema ReasonSchema(std::vector<Schema::Member> more = {}) {
    std::vector<Schema::Member> members = {{"code", Schema::String()}, {"text", Schema::String()}};
    members.insert(members.end(), more.begin(), more.end());
    return Schema::Object(members);
}

Schema MeasureSchema() {
    const Schema counts = Schema::Object({
        {"initialPopulation", Schema::Integer()},
        {"denominator", Schema::Integer()},
        {"denominatorExclusion", Schema::Integer()},
        {"numerator", Schema::Integer()},
        {"notMet", Schema::Integer()},
        {"failed", Schema::Integer()},
    });
    const Schema stratum = Schema::Object({
        {"unit", UnitSchema().Nullable()},
        {"denominator", Schema::Integer()},
        {"numerator", Schema::Integer()},
        {"notMet", Schema::Integer()},
        {"denominatorExclusion", Schema::Integer()},
        {"value", Schema::Number().Nullable()},
    });
    std::vector<Schema::Member> members;
    for (const char* text :
         {"id",
          "name",
          "description",
          "numeratorText",
          "denominatorText",
          "exclusionText",
          "source",
          "basis",
          "denominatorSource",
          "unit",
          "packId",
          "packVersion",
          "cql"}) {
        members.push_back({text, Schema::String()});
    }
    const std::vector<Schema::Member> rest = {
        {"increase", Schema::Boolean()},
        {"period", PeriodSchema()},
        {"position", Schema::Integer()},
        {"asOf", Schema::Instant()},
        {"ready", Schema::Boolean()},
        {"value", Schema::Number().Nullable()},
        {"counts", counts},
        {"reasons",
         Schema::Array(ReasonSchema({{"population", Schema::String()}, {"count", Schema::Integer()}}
         ))},
        {"strata", Schema::Array(stratum)},
    };
    members.insert(members.end(), rest.begin(), rest.end());
    return Schema::Object(members);
}

Schema ListSchema() {
    return Schema::Object({
        {"total", Schema::Integer()},
        {"visible", Schema::Integer()},
        {"offset", Schema::Integer()},
        {"position", Schema::Integer()},
        {"asOf", Schema::Instant()},
        {"items", Schema::Array(ResidentRowSchema({{"reasons", Schema::Array(ReasonSchema())}}))},
    });
}

}  // namespace

void RegisterMeasures(Registry& registry, MeasureServices services) {
    RouteFamily<MeasureServices> family(registry, std::move(services));
    family.Get(
        "/api/periods",
        "listPeriods",
        {"统计期", "Periods"},
        {},
        {Schema::Object({{"periods", Schema::Array(PeriodSchema())}}), ListPeriods}
    );
    family.Get(
        "/api/measures/{id}",
        "readMeasure",
        {"指标口径与结果", "Definition and answer of a measure"},
        {UnitParameter(), PeriodParameter()},
        {MeasureSchema(), ReadMeasure}
    );
    family.Get(
        "/api/measures/{id}/residents",
        "listMeasureResidents",
        {"数字背后的居民", "The residents behind a number"},
        {UnitParameter(),
         PeriodParameter(),
         QueryText(
             "population",
             {"分母、分子、未达标或剔除",
              "denominator, numerator, not-met, denominator-exclusion, initial-population, failed"}
         ),
         QueryText("reason", {"原因代码", "Reason code"}),
         QueryText(
             "q",
             {"姓名、拼音、证件号后几位或电话", "Name, pinyin, tail of the id number, or phone"}
         ),
         QueryText(
             "sort", {"name、age、unit、id，前加 - 为降序", "name, age, unit, id; - for descending"}
         ),
         QueryNumber("offset", {"起始行", "First row"}),
         QueryNumber("limit", {"行数", "Rows"})},
        {ListSchema(), ListMeasureResidents}
    );
}

}  // namespace kangqu::api
