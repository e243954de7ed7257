#include "kangqu/api/schema.hpp"

#include "kangqu/core/json.hpp"

namespace kangqu::api {

Schema Schema::Type(std::string_view name) {
    return Schema(R"({"type":")" + std::string(name) + R"("})");
}

Schema Schema::Enum(std::initializer_list<std::string_view> values) {
    std::string text = R"({"type":"string","enum":)";
    core::JsonWriter json(text);
    json.BeginArray();
    for (const std::string_view value : values) {
        json.String(value);
    }
    json.EndArray();
    return Schema(text + "}");
}

Schema Schema::Array(const Schema& item) {
    return Schema(R"({"type":"array","items":)" + item.json_ + "}");
}

Schema Schema::Object(const std::vector<Member>& members) {
    std::string text;
    core::JsonWriter json(text);
    json.BeginObject().Field("type", "object").Key("properties").BeginObject();
    for (const Member& member : members) {
        json.Key(member.name).Raw(member.schema.json_);
    }
    json.EndObject().Key("required").BeginArray();
    for (const Member& member : members) {
        if (!member.schema.optional_) {
            json.String(member.name);
        }
    }
    json.EndArray().EndObject();
    return Schema(text);
}

Schema Schema::Nullable() const {
    Schema copy(R"({"anyOf":[)" + json_ + R"(,{"type":"null"}]})");
    copy.optional_ = optional_;
    return copy;
}

Schema Schema::Optional() const {
    Schema copy = *this;
    copy.optional_ = true;
    return copy;
}

}  // namespace kangqu::api
