#include "notification.hpp"

#include "kangqu/core/ids.hpp"

namespace kangqu::subscription {

namespace {

using core::JsonWriter;

constexpr std::string_view kProfiles =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/";

// An event with what its receiver may see of it.
struct Shown {
    Event event;
    bool visible = false;
    std::string json;
};

core::Result<std::vector<Shown>> ShowEvents(
    records::Records& records,
    const search::Restriction& restriction,
    const Notice& notice
) {
    std::vector<Shown> shown;
    for (const Event& event : notice.events) {
        Shown one{event, false, {}};
        if (event.method == store::Method::kDelete) {
            const auto history = records.History(restriction, {event.type, event.id, 0, 1, {}, {}});
            one.visible = history.ok();
        } else {
            auto record = records.ReadVersion(restriction, event.type, event.id, event.version);
            one.visible = record.ok();
            if (record.ok() && notice.content == Content::kFull) {
                one.json = std::move(record->json);
            }
        }
        shown.push_back(std::move(one));
    }
    return shown;
}

void WriteParameter(
    JsonWriter& writer,
    std::string_view name,
    std::string_view type,
    std::string_view value
) {
    writer.BeginObject().Field("name", name).Field(type, value).EndObject();
}

void WriteReference(JsonWriter& writer, std::string_view name, const std::string& reference) {
    writer.BeginObject().Field("name", name).Key("valueReference").BeginObject();
    writer.Field("reference", reference).EndObject().EndObject();
}

void WriteStatus(JsonWriter& writer, const Notice& notice, const std::vector<Shown>& shown) {
    const std::string self = std::string(notice.base) + "/Subscription/" + notice.channel.id;
    writer.BeginObject().Field("resourceType", "Parameters");
    writer.Key("meta").BeginObject().Key("profile").BeginArray();
    writer.String(std::string(kProfiles) + "backport-subscription-status-r4");
    writer.EndArray().EndObject().Key("parameter").BeginArray();
    WriteReference(writer, "subscription", self);
    WriteParameter(writer, "topic", "valueCanonical", notice.channel.topic);
    WriteParameter(writer, "status", "valueCode", notice.channel.status);
    WriteParameter(writer, "type", "valueCode", notice.kind);
    WriteParameter(
        writer,
        "events-since-subscription-start",
        "valueString",
        std::to_string(notice.standing.events)
    );
    for (const Shown& one : shown) {
        writer.BeginObject().Field("name", "notification-event").Key("part").BeginArray();
        WriteParameter(writer, "event-number", "valueString", std::to_string(one.event.number));
        WriteParameter(writer, "timestamp", "valueInstant", core::FormatInstant(one.event.at));
        if (notice.content != Content::kEmpty && one.visible) {
            WriteReference(
                writer,
                "focus",
                std::string(notice.base) + "/" + one.event.type + "/" + one.event.id
            );
        }
        writer.EndArray().EndObject();
    }
    writer.EndArray().EndObject();
}

void WriteFocus(JsonWriter& writer, const Notice& notice, const Shown& one) {
    const std::string local = one.event.type + "/" + one.event.id;
    const bool created = one.event.method == store::Method::kCreate;
    const bool deleted = one.event.method == store::Method::kDelete;
    writer.BeginObject().Field("fullUrl", std::string(notice.base) + "/" + local);
    if (!one.json.empty()) {
        writer.Key("resource").Raw(one.json);
    }
    writer.Key("request").BeginObject();
    writer.Field("method", created ? "POST" : deleted ? "DELETE" : "PUT");
    writer.Field("url", created ? one.event.type : local).EndObject();
    writer.Key("response").BeginObject();
    writer.Field("status", created ? "201" : deleted ? "204" : "200").EndObject().EndObject();
}

}  // namespace

core::Result<std::string> NoticeBundle(
    records::Records& records,
    const search::Restriction& restriction,
    const Notice& notice,
    core::InstantMs now
) {
    KQ_ASSIGN(const auto shown, ShowEvents(records, restriction, notice));
    std::string text;
    JsonWriter writer(text);
    writer.BeginObject().Field("resourceType", "Bundle").Key("meta").BeginObject();
    writer.Key("profile").BeginArray();
    writer.String(std::string(kProfiles) + "backport-subscription-notification-r4");
    writer.EndArray().EndObject();
    writer.Field("type", "history").Field("timestamp", core::FormatInstant(now));
    writer.Key("entry").BeginArray().BeginObject();
    const std::string self = std::string(notice.base) + "/Subscription/" + notice.channel.id;
    writer.Field("fullUrl", self + "/$status");
    WriteStatus(writer.Key("resource"), notice, shown);
    writer.Key("request").BeginObject().Field("method", "GET");
    writer.Field("url", self + "/$status").EndObject();
    writer.Key("response").BeginObject().Field("status", "200").EndObject().EndObject();
    for (const Shown& one : shown) {
        if (notice.content != Content::kEmpty && one.visible) {
            WriteFocus(writer, notice, one);
        }
    }
    writer.EndArray().EndObject();
    return text;
}

}  // namespace kangqu::subscription
