#include "resident_json.hpp"

#include <algorithm>

namespace kangqu::api {

using core::JsonWriter;

std::string_view NameOf(timeline::Sex sex) {
    switch (sex) {
        case timeline::Sex::kMale:
            return "male";
        case timeline::Sex::kFemale:
            return "female";
        case timeline::Sex::kOther:
            return "other";
        case timeline::Sex::kUnknown:
            break;
    }
    return "unknown";
}

void WriteUnit(
    JsonWriter& writer,
    const timeline::Organizations& organizations,
    std::string_view id
) {
    if (id.empty()) {
        writer.Null();
        return;
    }
    writer.BeginObject().Field("id", id).Field("name", organizations.NameOf(id)).EndObject();
}

Schema UnitSchema() {
    return Schema::Object({{"id", Schema::String()}, {"name", Schema::String()}});
}

void WriteResidentRow(
    JsonWriter& writer,
    const timeline::Resident& resident,
    const timeline::Organizations& organizations,
    core::CivilDate today,
    const std::function<void(JsonWriter&)>& more
) {
    writer.BeginObject().Field("id", resident.id).Field("name", resident.name);
    writer.Field("sex", NameOf(resident.sex)).Key("birthDate");
    if (resident.birth) {
        writer.String(core::FormatDate(*resident.birth));
        const core::CivilDate until = resident.death ? *resident.death : today;
        writer.Field("age", static_cast<std::int64_t>(core::AgeInYears(*resident.birth, until)));
    } else {
        writer.Null().Key("age").Null();
    }
    writer.Field("idNumber", timeline::Masked(resident.citizen_id));
    writer.Field("phone", timeline::Masked(resident.phone)).Key("unit");
    WriteUnit(writer, organizations, resident.organization);
    writer.Field("community", resident.community);
    if (more) {
        more(writer);
    }
    writer.EndObject();
}

Schema ResidentRowSchema(std::vector<Schema::Member> more) {
    std::vector<Schema::Member> members = {
        {"id", Schema::String()},
        {"name", Schema::String()},
        {"sex", Schema::Enum({"male", "female", "other", "unknown"})},
        {"birthDate", Schema::Date().Nullable()},
        {"age", Schema::Integer().Nullable()},
        {"idNumber", Schema::String()},
        {"phone", Schema::String()},
        {"unit", UnitSchema().Nullable()},
        {"community", Schema::String()},
    };
    members.insert(members.end(), more.begin(), more.end());
    return Schema::Object(members);
}

core::Result<std::pair<timeline::Order, bool>> ParseOrder(std::string_view text) {
    const bool descending = text.starts_with('-');
    const std::string_view name = descending ? text.substr(1) : text;
    constexpr std::pair<std::string_view, timeline::Order> kOrders[] = {
        {"name", timeline::Order::kName},
        {"age", timeline::Order::kAge},
        {"unit", timeline::Order::kUnit},
        {"id", timeline::Order::kId},
    };
    for (const auto& [known, order] : kOrders) {
        if (known == name) {
            return std::pair(order, descending);
        }
    }
    return core::MakeError(core::ErrorCode::kInvalidArgument, "sort", "name, age, unit, id");
}

std::function<bool(const timeline::Resident&)>
OfUnit(const timeline::Organizations& organizations, std::string_view unit) {
    if (unit.empty()) {
        return [](const timeline::Resident&) {
            return true;
        };
    }
    return [units = organizations.Subtree(unit)](const timeline::Resident& resident) {
        return std::binary_search(units.begin(), units.end(), resident.organization);
    };
}

}  // namespace kangqu::api
