#include "kangqu/api/services.hpp"
#include "kangqu/resident/chart.hpp"

#include "resident_json.hpp"
#include "route_family.hpp"
#include <algorithm>
#include <map>

namespace kangqu::api {

namespace {

using core::JsonWriter;
using resident::Chart;
using resident::TimelineItem;

constexpr std::int64_t kTimelinePage = 200;

core::Status Refresh(const ResidentServices& services) {
    KQ_ASSIGN(const auto reader, services.records.store().Read());
    KQ_TRY(services.organizations.Refresh(*reader));
    return services.residents.Refresh(*reader);
}

core::Result<Response> ListResidents(const ResidentServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const auto offset, request.QueryInt("offset", 0, 0, INT32_MAX));
    KQ_ASSIGN(const auto limit, request.QueryInt("limit", 100, 1, kMaxListPage));
    KQ_ASSIGN(const auto order, ParseOrder(request.Query("sort").value_or("name")));
    KQ_TRY(Refresh(services));
    timeline::ListRequest list;
    const timeline::Visibility visibility(restriction);
    // The register of residents shows what the reader may see; a number's own list counts the rest
    // too.
    list.include = [&visibility,
                    unit = OfUnit(services.organizations, request.Query("unit").value_or(""))](
                       const timeline::Resident& one
                   ) {
        return visibility.Sees(one) && unit(one);
    };
    list.text = request.Query("q").value_or("");
    list.order = order.first;
    list.descending = order.second;
    list.offset = offset;
    list.limit = limit;
    const timeline::ListPage page = services.residents.List(list, visibility);
    const core::CivilDate today = core::ChinaDate(services.clock.Now());
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("total", page.total).Field("offset", offset);
    writer.Field("position", page.position).Key("items").BeginArray();
    for (const timeline::Resident& one : page.items) {
        WriteResidentRow(writer, one, services.organizations, today);
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

core::Result<Chart> ChartOf(const ResidentServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const auto reader, services.records.store().Read());
    KQ_TRY(services.organizations.Refresh(*reader));
    return resident::ReadChart(*reader, restriction, request.Param("id"));
}

void WriteNullable(JsonWriter& writer, std::string_view key, std::string_view value) {
    writer.Key(key);
    if (value.empty()) {
        writer.Null();
    } else {
        writer.String(value);
    }
}

void WriteAge(JsonWriter& writer, const Chart& chart, core::CivilDate today) {
    const auto birth = core::ParseDate(chart.birth_date);
    const auto death = core::ParseDate(chart.death_date);
    writer.Key("age");
    if (birth) {
        writer.Int(core::AgeInYears(*birth, death ? *death : today));
    } else {
        writer.Null();
    }
}

core::Result<Response> ReadBanner(const ResidentServices& services, const Request& request) {
    KQ_ASSIGN(const Chart chart, ChartOf(services, request));
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("id", chart.id).Field("name", chart.name);
    writer.Field("sex", chart.gender.empty() ? "unknown" : chart.gender);
    WriteNullable(writer, "birthDate", chart.birth_date);
    WriteAge(writer, chart, core::ChinaDate(services.clock.Now()));
    WriteNullable(writer, "deceased", chart.death_date);
    writer.Field("idNumber", timeline::Masked(chart.citizen_id));
    writer.Field("phone", timeline::Masked(chart.phone));
    writer.Field("address", chart.address).Key("unit");
    WriteUnit(writer, services.organizations, chart.organization);
    writer.Field("community", chart.community).Field("recordNumber", chart.record_number);
    writer.Field("synthetic", chart.synthetic).Key("tags").BeginArray();
    for (const resident::Tag& tag : chart.tags) {
        writer.BeginObject().Field("code", tag.code).Field("text", tag.text).EndObject();
    }
    writer.EndArray().Key("contract");
    if (chart.contract) {
        writer.BeginObject().Field("team", chart.contract->team);
        writer.Field("doctor", chart.contract->doctor);
        WriteNullable(writer, "from", chart.contract->from);
        WriteNullable(writer, "to", chart.contract->to);
        writer.EndObject();
    } else {
        writer.Null();
    }
    writer.Field("version", chart.version).Field("lastUpdated", core::FormatInstant(chart.updated));
    writer.Field("position", chart.position).EndObject();
    return Response::Json(std::move(body));
}

std::string_view KindText(std::string_view kind, core::Language language) {
    struct Text {
        std::string_view kind;
        std::string_view zh;
        std::string_view en;
    };
    static constexpr Text kTexts[] = {
        {"encounter", "就诊随访", "Encounters"},
        {"observation", "检查测量", "Observations"},
        {"condition", "诊断", "Conditions"},
        {"episode", "管理与签约", "Enrolments"},
        {"procedure", "操作", "Procedures"},
        {"immunization", "预防接种", "Immunisations"},
        {"medication", "用药", "Medication"},
        {"document", "文书报告", "Documents"},
    };
    for (const Text& text : kTexts) {
        if (text.kind == kind) {
            return language == core::Language::kZh ? text.zh : text.en;
        }
    }
    return language == core::Language::kZh ? "其他" : "Other";
}

std::string_view FlagText(resident::Value::Flag flag) {
    return flag == resident::Value::Flag::kHigh ? "high" : "low";
}

void WriteItem(
    JsonWriter& writer,
    const TimelineItem& item,
    const timeline::Organizations& organizations
) {
    writer.BeginObject().Field("id", item.type + "/" + item.id).Field("kind", item.kind);
    WriteNullable(writer, "date", item.date);
    WriteNullable(writer, "end", item.end);
    writer.Field("title", item.title).Field("detail", item.detail).Key("unit");
    WriteUnit(writer, organizations, item.organization);
    writer.Key("values").BeginArray();
    for (const resident::Value& value : item.values) {
        writer.BeginObject().Field("name", value.name).Field("value", value.value);
        writer.Field("unit", value.unit).Key("flag");
        if (value.flag == resident::Value::Flag::kNone) {
            writer.Null();
        } else {
            writer.String(FlagText(value.flag));
        }
        writer.EndObject();
    }
    writer.EndArray().Key("resource").BeginObject().Field("type", item.type).Field("id", item.id);
    writer.Field("version", item.version).EndObject().EndObject();
}

core::Result<Response> ReadTimeline(const ResidentServices& services, const Request& request) {
    KQ_ASSIGN(const auto offset, request.QueryInt("offset", 0, 0, INT32_MAX));
    KQ_ASSIGN(const auto limit, request.QueryInt("limit", kTimelinePage, 1, kMaxListPage));
    KQ_ASSIGN(const Chart chart, ChartOf(services, request));
    const std::string_view kind = request.Query("kind").value_or("");
    std::map<std::string, std::int64_t> kinds;
    std::vector<const TimelineItem*> items;
    for (const TimelineItem& item : chart.timeline) {
        ++kinds[item.kind];
        if (kind.empty() || kind == item.kind) {
            items.push_back(&item);
        }
    }
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("total", static_cast<std::int64_t>(items.size()));
    writer.Field("position", chart.position).Key("kinds").BeginArray();
    for (const auto& [name, count] : kinds) {
        writer.BeginObject().Field("kind", name).Field("text", KindText(name, request.language));
        writer.Field("count", count).EndObject();
    }
    writer.EndArray().Key("items").BeginArray();
    const std::size_t from = std::min(items.size(), static_cast<std::size_t>(offset));
    const std::size_t to = std::min(items.size(), from + static_cast<std::size_t>(limit));
    for (std::size_t i = from; i < to; ++i) {
        WriteItem(writer, *items[i], services.organizations);
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

// A class of WS 218 or a kind of our own, as the few words the unit picker draws.
std::string_view UnitKind(const timeline::Organization& organization) {
    const std::string& kind = organization.kind;
    for (const std::string_view known : {"commission", "centre", "station", "hospital", "cdc"}) {
        if (kind == known) {
            return known;
        }
    }
    if (kind.starts_with("A")) {
        return "hospital";
    }
    if (kind.starts_with("B2")) {
        return "station";
    }
    if (kind.starts_with("B") || kind.starts_with("C")) {
        return "centre";
    }
    return "other";
}

core::Result<Response> ListUnits(const ResidentServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_TRY(Refresh(services));
    const bool may = restriction.MayEver("Organization", search::Action::kRead);
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Key("units").BeginArray();
    for (const auto& one :
         may ? services.organizations.Tree() : std::vector<timeline::Organization>{}) {
        writer.BeginObject().Field("id", one.id).Field("name", one.name);
        writer.Field("kind", UnitKind(one));
        WriteNullable(writer, "parent", one.parent);
        writer.EndObject();
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

Schema BannerSchema() {
    return Schema::Object({
        {"id", Schema::String()},
        {"name", Schema::String()},
        {"sex", Schema::Enum({"male", "female", "other", "unknown"})},
        {"birthDate", Schema::Date().Nullable()},
        {"age", Schema::Integer().Nullable()},
        {"deceased", Schema::Date().Nullable()},
        {"idNumber", Schema::String()},
        {"phone", Schema::String()},
        {"address", Schema::String()},
        {"unit", UnitSchema().Nullable()},
        {"community", Schema::String()},
        {"recordNumber", Schema::String()},
        {"synthetic", Schema::Boolean()},
        {"tags",
         Schema::Array(Schema::Object({{"code", Schema::String()}, {"text", Schema::String()}}))},
        {"contract",
         Schema::Object({{"team", Schema::String()},
                         {"doctor", Schema::String()},
                         {"from", Schema::Date().Nullable()},
                         {"to", Schema::Date().Nullable()}}
         ).Nullable()},
        {"version", Schema::Integer()},
        {"lastUpdated", Schema::Instant()},
        {"position", Schema::Integer()},
    });
}

Schema TimelineSchema() {
    const Schema value = Schema::Object({
        {"name", Schema::String()},
        {"value", Schema::String()},
        {"unit", Schema::String()},
        {"flag", Schema::Enum({"high", "low"}).Nullable()},
    });
    const Schema item = Schema::Object({
        {"id", Schema::String()},
        {"kind", Schema::String()},
        {"date", Schema::String().Nullable()},
        {"end", Schema::String().Nullable()},
        {"title", Schema::String()},
        {"detail", Schema::String()},
        {"unit", UnitSchema().Nullable()},
        {"values", Schema::Array(value)},
        {"resource",
         Schema::Object(
             {{"type", Schema::String()}, {"id", Schema::String()}, {"version", Schema::Integer()}}
         )},
    });
    return Schema::Object({
        {"total", Schema::Integer()},
        {"position", Schema::Integer()},
        {"kinds",
         Schema::Array(Schema::Object(
             {{"kind", Schema::String()}, {"text", Schema::String()}, {"count", Schema::Integer()}}
         ))},
        {"items", Schema::Array(item)},
    });
}

Schema ListSchema() {
    return Schema::Object({
        {"total", Schema::Integer()},
        {"offset", Schema::Integer()},
        {"position", Schema::Integer()},
        {"items", Schema::Array(ResidentRowSchema())},
    });
}

}  // namespace

void RegisterResidents(Registry& registry, ResidentServices services) {
    RouteFamily<ResidentServices> family(registry, std::move(services));
    const Schema units = Schema::Array(Schema::Object({
        {"id", Schema::String()},
        {"name", Schema::String()},
        {"kind", Schema::String()},
        {"parent", Schema::String().Nullable()},
    }));
    family.Get(
        "/api/units",
        "listUnits",
        {"机构树", "Organisations as a tree"},
        {},
        {Schema::Object({{"units", units}}), ListUnits}
    );
    family.Get(
        "/api/residents",
        "listResidents",
        {"居民列表", "Residents"},
        {QueryText(
             "q",
             {"姓名、拼音、证件号后几位或电话", "Name, pinyin, tail of the id number, or phone"}
         ),
         UnitParameter(),
         QueryText(
             "sort", {"name、age、unit、id，前加 - 为降序", "name, age, unit, id; - for descending"}
         ),
         QueryNumber("offset", {"起始行", "First row"}),
         QueryNumber("limit", {"行数", "Rows"})},
        {ListSchema(), ListResidents}
    );
    family.Get(
        "/api/residents/{id}",
        "readResident",
        {"居民概要", "A resident's banner"},
        {},
        {BannerSchema(), ReadBanner}
    );
    family.Get(
        "/api/residents/{id}/timeline",
        "readTimeline",
        {"居民健康时间轴", "A resident's timeline"},
        {QueryText("kind", {"类别", "Kind"}),
         QueryNumber("offset", {"起始条", "First item"}),
         QueryNumber("limit", {"条数", "Items"})},
        {TimelineSchema(), ReadTimeline}
    );
}

}  // namespace kangqu::api
