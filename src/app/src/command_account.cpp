#include "kangqu/access/accounts.hpp"
#include "kangqu/access/roles.hpp"
#include "kangqu/api/client.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/core/json.hpp"

#include "commands.hpp"
#include <cstdio>

namespace kangqu::app {

namespace {

// Accounts of a data folder that no server owns.
struct LocalAccounts {
    std::unique_ptr<Platform> platform;
    std::unique_ptr<access::Accounts> accounts;
};

core::Result<LocalAccounts> OpenLocal(const Arguments& arguments) {
    LocalAccounts local;
    KQ_ASSIGN(local.platform, Platform::Open(arguments.Get("data"), arguments.Get("database")));
    KQ_ASSIGN(
        local.accounts, access::Accounts::Open(local.platform->store(), local.platform->clock())
    );
    return local;
}

// Asks the server that owns the folder; prints its password answer.
int AskServer(const Arguments& arguments, const std::string& target, const std::string& body) {
    const auto folder = DataFolder(arguments.Get("data"), arguments.Get("database"));
    if (!folder.ok()) {
        return Fail(folder.error());
    }
    const auto client = api::Client::ForSocket(SocketOf(*folder));
    const auto answer = client->Post(target, "application/json", body);
    if (!answer.ok()) {
        return Fail(answer.error());
    }
    const auto json = core::JsonDocument::Parse(answer->body);
    if (answer->status >= 300 || !json.ok()) {
        std::fprintf(
            stderr,
            "kangqu: %s\n",
            json.ok() ? std::string((*json)->root()["title"].text()).c_str() : answer->body.c_str()
        );
        return kWorkFailed;
    }
    std::printf("%s\n", std::string((*json)->root()["password"].text()).c_str());
    return kDone;
}

int PrintPassword(const core::Result<std::string>& password) {
    if (!password.ok()) {
        return Fail(password.error());
    }
    std::printf("%s\n", password->c_str());
    return kDone;
}

int RunUserAdd(const Arguments& arguments) {
    const auto roles = access::Roles::Load(arguments.Get("packs") + "/base/access/roles.json");
    if (!roles.ok()) {
        return Fail(roles.error());
    }
    if (roles->Find(arguments.Get("role")) == nullptr) {
        return Fail(core::MakeError(core::ErrorCode::kUnknownRole, arguments.Get("role")));
    }
    access::Account account;
    account.name = arguments.operands[0];
    account.display_name =
        arguments.Get("display-name").empty() ? account.name : arguments.Get("display-name");
    account.role = arguments.Get("role");
    account.organization = arguments.Get("organization");
    account.practitioner = arguments.Get("practitioner");
    const auto local = OpenLocal(arguments);
    if (local.ok()) {
        return PrintPassword(local->accounts->Add(account));
    }
    if (local.error().code != core::ErrorCode::kStoreLocked) {
        return Fail(local.error());
    }
    std::string body;
    core::JsonWriter writer(body);
    writer.BeginObject().Field("name", account.name).Field("displayName", account.display_name);
    writer.Field("role", account.role).Field("organization", account.organization);
    writer.Field("practitioner", account.practitioner).EndObject();
    return AskServer(arguments, "/api/accounts", body);
}

int RunUserPasswd(const Arguments& arguments) {
    const auto local = OpenLocal(arguments);
    if (local.ok()) {
        return PrintPassword(local->accounts->ResetPassword(arguments.operands[0]));
    }
    if (local.error().code != core::ErrorCode::kStoreLocked) {
        return Fail(local.error());
    }
    return AskServer(arguments, "/api/accounts/" + arguments.operands[0] + "/password", "{}");
}

}  // namespace

void AddAccountCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"user add",
         "NAME",
         "add an account and print its generated password",
         {DataOption(),
          DatabaseOption(),
          PacksOption(),
          {"role", "ROLE", "", "a role of packs/base/access/roles.json"},
          {"display-name", "TEXT", "", "name shown on screens"},
          {"organization", "ID", "", "id of the account's Organization"},
          {"practitioner", "ID", "", "id of the account's Practitioner"}},
         1,
         1,
         RunUserAdd}
    );
    commands.push_back(
        {"user passwd",
         "NAME",
         "give an account a new generated password and print it",
         {DataOption(), DatabaseOption()},
         1,
         1,
         RunUserPasswd}
    );
}

}  // namespace kangqu::app
