#include "kangqu/api/account_gate.hpp"
#include "kangqu/core/json.hpp"

#include <utility>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;

constexpr std::size_t kSmallBody = 4'096;

void WriteOptional(JsonWriter& json, std::string_view key, const std::string& value) {
    json.Key(key);
    if (value.empty()) {
        json.Null();
    } else {
        json.String(value);
    }
}

std::string RoleName(
    const AccessServices& services,
    const access::Principal& principal,
    core::Language language
) {
    const access::Role* role = services.roles.Find(principal.role);
    return role != nullptr ? role->Name(language) : principal.display_name;
}

void WriteWorkplace(JsonWriter& json, const access::Workplace& workplace) {
    json.Key("workplace").BeginObject().Key("menu").BeginArray();
    for (const std::string& entry : workplace.menu) {
        json.String(entry);
    }
    json.EndArray().Key("home").BeginArray();
    for (const auto& part : workplace.home) {
        json.BeginObject().Field("part", part.part).Field("show", part.show).EndObject();
    }
    json.EndArray().EndObject();
}

std::string SessionJson(
    const AccessServices& services,
    const access::Principal& principal,
    core::Language language
) {
    std::string text;
    JsonWriter json(text);
    json.BeginObject().Key("user").BeginObject();
    json.Field("name", principal.name).Field("displayName", principal.display_name);
    json.Field("role", principal.role);
    json.Field("roleName", RoleName(services, principal, language));
    json.Key("organization");
    if (principal.organization.empty()) {
        json.Null();
    } else {
        const std::string name = services.organization_name
                                     ? services.organization_name(principal.organization)
                                     : principal.organization;
        json.BeginObject().Field("id", principal.organization).Field("name", name).EndObject();
    }
    WriteOptional(json, "practitioner", principal.practitioner);
    json.Key("abilities").BeginArray();
    for (const std::string& ability : principal.abilities) {
        json.String(ability);
    }
    json.EndArray().EndObject().Field("authRequired", services.auth_required);
    WriteWorkplace(json, services.roles.WorkplaceOf(principal));
    json.EndObject();
    return text;
}

Schema SessionSchema() {
    const Schema organization =
        Schema::Object({{"id", Schema::String()}, {"name", Schema::String()}});
    const Schema user = Schema::Object(
        {{"name", Schema::String()},
         {"displayName", Schema::String()},
         {"role", Schema::String()},
         {"roleName", Schema::String()},
         {"organization", organization.Nullable()},
         {"practitioner", Schema::String().Nullable()},
         {"abilities", Schema::Array(Schema::String())}}
    );
    const Schema part = Schema::Object({{"part", Schema::String()}, {"show", Schema::String()}});
    const Schema workplace =
        Schema::Object({{"menu", Schema::Array(Schema::String())}, {"home", Schema::Array(part)}});
    return Schema::Object(
        {{"user", user}, {"authRequired", Schema::Boolean()}, {"workplace", workplace}}
    );
}

std::string Cookie(const AccessServices& services, const std::string& token, bool ended) {
    std::string cookie = std::string(kSessionCookie) + "=" + token;
    cookie += "; Path=/; HttpOnly; SameSite=Strict";
    cookie += services.tls ? "; Secure" : "";
    return cookie + (ended ? "; Max-Age=0" : "");
}

// A required text member of a small JSON object.
core::Result<std::string> Text(core::JsonNode root, std::string_view key) {
    if (!root[key].is_string()) {
        return MakeError(ErrorCode::kInvalidArgument, std::string(key), "string");
    }
    return std::string(root[key].text());
}

Route ReadSession(const AccessServices& services) {
    Route route;
    route.path = "/api/session";
    route.id = "readSession";
    route.summary = {"查看当前登录", "see who is signed in"};
    route.answer = {{"application/json", SessionSchema()}};
    route.handler = [services](const Request& request) -> core::Result<Response> {
        return Response::Json(SessionJson(services, *request.principal, request.language));
    };
    return route;
}

core::Result<Response> SignIn(const AccessServices& services, const Request& request) {
    if (!services.auth_required) {
        return Response::Json(SessionJson(services, *request.principal, request.language));
    }
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(request.body));
    KQ_ASSIGN(const std::string name, Text(document->root(), "name"));
    KQ_ASSIGN(const std::string password, Text(document->root(), "password"));
    KQ_ASSIGN(const auto account, services.accounts.Verify(name, password, request.remote));
    // A token from before the sign-in must not become a signed-in one: always a new token.
    const auto old = CookieValue(request.Header("cookie"), kSessionCookie);
    if (!old.empty()) {
        KQ_TRY(services.sessions.End(old));
    }
    KQ_ASSIGN(const std::string token, services.sessions.Begin(account.name, request.remote));
    access::Principal principal;
    principal.name = account.name;
    principal.display_name = account.display_name;
    principal.role = account.role;
    principal.organization = account.organization;
    principal.practitioner = account.practitioner;
    if (const access::Role* role = services.roles.Find(account.role)) {
        principal.abilities = role->abilities;
    }
    Response response = Response::Json(SessionJson(services, principal, request.language));
    response.Set("Set-Cookie", Cookie(services, token, false));
    return response;
}

Route BeginSession(const AccessServices& services) {
    Route route;
    route.method = Method::kPost;
    route.path = "/api/session";
    route.id = "beginSession";
    route.summary = {"登录", "sign in"};
    route.request = {
        {"application/json",
         Schema::Object({{"name", Schema::String()}, {"password", Schema::String()}})}};
    route.answer = {{"application/json", SessionSchema()}};
    route.cost = Cost::kSignIn;
    route.needs = Needs::kNothing;
    route.body_limit = kSmallBody;
    route.handler = [services](const Request& request) {
        return SignIn(services, request);
    };
    return route;
}

Route EndSession(const AccessServices& services) {
    Route route;
    route.method = Method::kDelete;
    route.path = "/api/session";
    route.id = "endSession";
    route.summary = {"退出登录", "sign out"};
    route.answer_status = 204;
    route.cost = Cost::kWrite;
    route.needs = Needs::kNothing;
    route.handler = [services](const Request& request) -> core::Result<Response> {
        KQ_TRY(services.sessions.End(CookieValue(request.Header("cookie"), kSessionCookie)));
        Response response = Response::NoContent();
        response.Set("Set-Cookie", Cookie(services, "", true));
        return response;
    };
    return route;
}

core::Result<Response> ChangePassword(const AccessServices& services, const Request& request) {
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(request.body));
    KQ_ASSIGN(const std::string before, Text(document->root(), "password"));
    KQ_ASSIGN(const std::string after, Text(document->root(), "newPassword"));
    const std::string& name = request.principal->name;
    KQ_TRY(services.accounts.Verify(name, before, request.remote));
    KQ_TRY(services.accounts.SetPassword(name, after));
    KQ_TRY(services.sessions.EndAll(name));
    KQ_ASSIGN(const std::string token, services.sessions.Begin(name, request.remote));
    Response response = Response::NoContent();
    response.Set("Set-Cookie", Cookie(services, token, false));
    return response;
}

Route NewPassword(const AccessServices& services) {
    Route route;
    route.method = Method::kPost;
    route.path = "/api/session/password";
    route.id = "changePassword";
    route.summary = {"修改自己的密码", "change your own password"};
    route.request = {
        {"application/json",
         Schema::Object({{"password", Schema::String()}, {"newPassword", Schema::String()}})}};
    route.answer_status = 204;
    route.cost = Cost::kSignIn;
    route.body_limit = kSmallBody;
    route.handler = [services](const Request& request) {
        return ChangePassword(services, request);
    };
    return route;
}

Route ListSessions(const AccessServices& services) {
    Route route;
    route.path = "/api/sessions";
    route.id = "listSessions";
    route.summary = {"查看自己的登录", "list where you are signed in"};
    const Schema one = Schema::Object(
        {{"address", Schema::String()}, {"opened", Schema::Instant()}, {"seen", Schema::Instant()}}
    );
    route.answer = {{"application/json", Schema::Object({{"sessions", Schema::Array(one)}})}};
    route.handler = [services](const Request& request) -> core::Result<Response> {
        std::string text;
        JsonWriter json(text);
        json.BeginObject().Key("sessions").BeginArray();
        for (const access::Session& session : services.sessions.List(request.principal->name)) {
            json.BeginObject().Field("address", session.address);
            json.Field("opened", core::FormatInstant(session.opened));
            json.Field("seen", core::FormatInstant(session.seen)).EndObject();
        }
        json.EndArray().EndObject();
        return Response::Json(std::move(text));
    };
    return route;
}

Route EndSessions(const AccessServices& services) {
    Route route;
    route.method = Method::kDelete;
    route.path = "/api/sessions";
    route.id = "endSessions";
    route.summary = {"在所有设备上退出登录", "sign out everywhere"};
    route.answer_status = 204;
    route.cost = Cost::kWrite;
    route.handler = [services](const Request& request) -> core::Result<Response> {
        KQ_TRY(services.sessions.EndAll(request.principal->name));
        Response response = Response::NoContent();
        response.Set("Set-Cookie", Cookie(services, "", true));
        return response;
    };
    return route;
}

}  // namespace

void RegisterSession(Registry& registry, AccessServices services) {
    registry.Add(ReadSession(services));
    registry.Add(BeginSession(services));
    registry.Add(EndSession(services));
    registry.Add(NewPassword(services));
    registry.Add(ListSessions(services));
    registry.Add(EndSessions(services));
}

}  // namespace kangqu::api
