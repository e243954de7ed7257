#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::api {

// A JSON Schema (2020-12, as OpenAPI 3.1 uses it), put together as text:
//   Schema::Object({{"id", Schema::String()}, {"reason", Schema::String().Nullable().Optional()}})
class Schema {
public:
    struct Member;

    static Schema Any() { return Schema("{}"); }
    static Schema String() { return Type("string"); }
    static Schema Integer() { return Type("integer"); }
    static Schema Number() { return Type("number"); }
    static Schema Boolean() { return Type("boolean"); }
    static Schema Date() { return Schema(R"({"type":"string","format":"date"})"); }
    static Schema Instant() { return Schema(R"({"type":"string","format":"date-time"})"); }
    static Schema Enum(std::initializer_list<std::string_view> values);
    static Schema Array(const Schema& item);
    // Members are required unless Optional().
    static Schema Object(const std::vector<Member>& members);
    // Any JSON Schema text; trusted to be one.
    static Schema Json(std::string text) { return Schema(std::move(text)); }

    Schema Nullable() const;
    Schema Optional() const;
    bool optional() const noexcept { return optional_; }
    const std::string& json() const noexcept { return json_; }

private:
    explicit Schema(std::string json) : json_(std::move(json)) {}
    static Schema Type(std::string_view name);
    std::string json_;
    bool optional_ = false;
};

struct Schema::Member {
    std::string name;
    Schema schema;
};

}  // namespace kangqu::api
