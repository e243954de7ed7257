#include "kangqu/api/account_gate.hpp"
#include "kangqu/core/json.hpp"

#include <utility>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;

constexpr std::size_t kSmallBody = 4'096;

Schema AccountSchema() {
    return Schema::Object(
        {{"name", Schema::String()},
         {"displayName", Schema::String()},
         {"role", Schema::String()},
         {"organization", Schema::String()},
         {"practitioner", Schema::String()},
         {"disabled", Schema::Boolean()},
         {"created", Schema::Instant()},
         {"passwordChanged", Schema::Instant()}}
    );
}

Schema PasswordSchema() {
    return Schema::Object({{"name", Schema::String()}, {"password", Schema::String()}});
}

std::string PasswordJson(const std::string& name, const std::string& password) {
    std::string text;
    JsonWriter(text).BeginObject().Field("name", name).Field("password", password).EndObject();
    return text;
}

// Account commands of the operator: through the socket in the data folder, nowhere else.
Route OperatorRoute(Method method, std::string path, std::string id, BothLanguages summary) {
    Route route;
    route.method = method;
    route.path = std::move(path);
    route.id = std::move(id);
    route.summary = std::move(summary);
    route.cost = Cost::kSignIn;
    route.needs = Needs::kSocketOnly;
    route.body_limit = kSmallBody;
    return route;
}

Route ListAccounts(const AccessServices& services) {
    Route route =
        OperatorRoute(Method::kGet, "/api/accounts", "listAccounts", {"列出账户", "list accounts"});
    route.answer = {
        {"application/json", Schema::Object({{"accounts", Schema::Array(AccountSchema())}})}};
    route.handler = [services](const Request&) -> core::Result<Response> {
        std::string text;
        JsonWriter json(text);
        json.BeginObject().Key("accounts").BeginArray();
        for (const access::Account& account : services.accounts.List()) {
            json.BeginObject().Field("name", account.name);
            json.Field("displayName", account.display_name).Field("role", account.role);
            json.Field("organization", account.organization);
            json.Field("practitioner", account.practitioner);
            json.Field("disabled", account.disabled);
            json.Field("created", core::FormatInstant(account.created));
            json.Field("passwordChanged", core::FormatInstant(account.password_changed));
            json.EndObject();
        }
        json.EndArray().EndObject();
        return Response::Json(std::move(text));
    };
    return route;
}

core::Result<Response> Add(const AccessServices& services, const Request& request) {
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(request.body));
    const core::JsonNode root = document->root();
    access::Account account;
    account.name = std::string(root["name"].text());
    account.display_name = std::string(root["displayName"].text());
    account.role = std::string(root["role"].text());
    account.organization = std::string(root["organization"].text());
    account.practitioner = std::string(root["practitioner"].text());
    if (account.display_name.empty()) {
        account.display_name = account.name;
    }
    const access::Role* role = services.roles.Find(account.role);
    if (role == nullptr) {
        return MakeError(ErrorCode::kUnknownRole, account.role);
    }
    if (role->NeedsOrganization() && account.organization.empty()) {
        return MakeError(ErrorCode::kInvalidArgument, "organization", account.role);
    }
    const std::string name = account.name;
    KQ_ASSIGN(const std::string password, services.accounts.Add(std::move(account)));
    return Response::Json(PasswordJson(name, password), 201);
}

Route AddAccount(const AccessServices& services) {
    Route route = OperatorRoute(
        Method::kPost,
        "/api/accounts",
        "addAccount",
        {"新建账户（返回生成的密码，仅此一次）",
         "add an account (answers its generated password, once)"}
    );
    route.request = {
        {"application/json",
         Schema::Object(
             {{"name", Schema::String()},
              {"displayName", Schema::String().Optional()},
              {"role", Schema::String()},
              {"organization", Schema::String().Optional()},
              {"practitioner", Schema::String().Optional()}}
         )}};
    route.answer = {{"application/json", PasswordSchema()}};
    route.answer_status = 201;
    route.handler = [services](const Request& request) {
        return Add(services, request);
    };
    return route;
}

Route ResetPassword(const AccessServices& services) {
    Route route = OperatorRoute(
        Method::kPost,
        "/api/accounts/{name}/password",
        "resetPassword",
        {"重置账户密码（返回生成的密码，仅此一次）",
         "reset an account's password (answers the generated one, once)"}
    );
    route.answer = {{"application/json", PasswordSchema()}};
    route.handler = [services](const Request& request) -> core::Result<Response> {
        const std::string name(request.Param("name"));
        KQ_ASSIGN(const std::string password, services.accounts.ResetPassword(name));
        KQ_TRY(services.sessions.EndAll(access::AccountName(name).value_or(name)));
        return Response::Json(PasswordJson(name, password));
    };
    return route;
}

Route SwitchAccount(const AccessServices& services, bool disabled) {
    Route route = OperatorRoute(
        Method::kPost,
        disabled ? "/api/accounts/{name}/disable" : "/api/accounts/{name}/enable",
        disabled ? "disableAccount" : "enableAccount",
        disabled ? BothLanguages{"停用账户", "disable an account"}
                 : BothLanguages{"启用账户", "enable an account"}
    );
    route.answer_status = 204;
    route.handler = [services, disabled](const Request& request) -> core::Result<Response> {
        const std::string name(request.Param("name"));
        KQ_TRY(services.accounts.SetDisabled(name, disabled));
        if (disabled) {
            KQ_TRY(services.sessions.EndAll(access::AccountName(name).value_or(name)));
        }
        return Response::NoContent();
    };
    return route;
}

}  // namespace

void RegisterAccounts(Registry& registry, AccessServices services) {
    registry.Add(ListAccounts(services));
    registry.Add(AddAccount(services));
    registry.Add(ResetPassword(services));
    registry.Add(SwitchAccount(services, true));
    registry.Add(SwitchAccount(services, false));
}

}  // namespace kangqu::api
