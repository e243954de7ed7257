#include "kangqu/access/accounts.hpp"

#include "kangqu/access/password.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"

#include <algorithm>

namespace kangqu::access {

namespace {

using core::ErrorCode;
using core::MakeError;

constexpr std::string_view kSpace = "access.account";
constexpr std::size_t kMinName = 2;
constexpr std::size_t kMaxName = 32;
constexpr std::size_t kMaxDisplayName = 64;
// 19 MiB each. Who waits behind sixteen others is better told to come back.
constexpr int kHashingAtOnce = 2;
constexpr int kHashingWaiting = 16;

std::string ToJson(const Account& account, const std::string& hash) {
    std::string text;
    core::JsonWriter json(text);
    json.BeginObject().Field("displayName", account.display_name).Field("role", account.role);
    json.Field("organization", account.organization).Field("practitioner", account.practitioner);
    json.Field("disabled", account.disabled).Field("created", account.created);
    json.Field("passwordChanged", account.password_changed).Field("hash", hash).EndObject();
    return text;
}

core::Status Check(const Account& account) {
    const auto wrong = [](const char* name, const std::string& value) {
        return MakeError(ErrorCode::kInvalidArgument, name, value);
    };
    const std::size_t length = core::CountCodePoints(account.display_name);
    if (core::FindInvalidUtf8(account.display_name) || length == 0 || length > kMaxDisplayName) {
        return wrong("displayName", account.display_name);
    }
    if (!account.organization.empty() && !core::IsFhirId(account.organization)) {
        return wrong("organization", account.organization);
    }
    if (!account.practitioner.empty() && !core::IsFhirId(account.practitioner)) {
        return wrong("practitioner", account.practitioner);
    }
    if (account.role.empty()) {
        return MakeError(ErrorCode::kUnknownRole, account.role);
    }
    return {};
}

}  // namespace

std::optional<std::string> AccountName(std::string_view text) {
    if (text.size() < kMinName || text.size() > kMaxName) {
        return std::nullopt;
    }
    std::string name;
    for (char c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        const bool good =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!good) {
            return std::nullopt;
        }
        name += c;
    }
    return name;
}

core::Result<std::unique_ptr<Accounts>>
Accounts::Open(store::Store& store, const core::Clock& clock, ThrottleLimits limits) {
    std::unique_ptr<Accounts> accounts(new Accounts(store, clock, limits));
    KQ_ASSIGN(accounts->nobody_, HashPassword(core::RandomToken(32)));
    KQ_TRY(accounts->Load());
    return accounts;
}

core::Status Accounts::Load() {
    KQ_ASSIGN(const auto reader, store_.Read());
    core::Status parsed;
    KQ_TRY(reader->ScanValues(kSpace, [&](std::string_view key, std::string_view value) {
        auto document = core::JsonDocument::Parse(std::string(value));
        if (!document.ok()) {
            parsed = At(std::move(document).error(), "account " + std::string(key));
            return false;
        }
        const core::JsonNode root = (*document)->root();
        Row row;
        row.account.name = std::string(key);
        row.account.display_name = std::string(root["displayName"].text());
        row.account.role = std::string(root["role"].text());
        row.account.organization = std::string(root["organization"].text());
        row.account.practitioner = std::string(root["practitioner"].text());
        row.account.disabled = root["disabled"].boolean();
        row.account.created = root["created"].integer().value_or(0);
        row.account.password_changed = root["passwordChanged"].integer().value_or(0);
        row.hash = std::string(root["hash"].text());
        rows_.insert_or_assign(std::string(key), std::move(row));
        return true;
    }));
    return parsed;
}

core::Status Accounts::Save(const Row& row, bool is_new) {
    const std::string& name = row.account.name;
    KQ_TRY(store_.Write([&](store::Writer& writer) -> core::Status {
        KQ_ASSIGN(const auto before, writer.GetValue(kSpace, name));
        if (is_new && before) {
            return MakeError(ErrorCode::kDuplicateUser, name);
        }
        return writer.PutValue(kSpace, name, ToJson(row.account, row.hash));
    }));
    const std::unique_lock lock(mutex_);
    rows_.insert_or_assign(name, row);
    ++generation_;
    return {};
}

core::Result<Accounts::Row> Accounts::RowOf(std::string_view name) const {
    const auto lower = AccountName(name);
    const std::shared_lock lock(mutex_);
    const auto it = lower ? rows_.find(*lower) : rows_.end();
    if (it == rows_.end()) {
        return MakeError(ErrorCode::kNotFound, std::string(name));
    }
    return it->second;
}

core::Result<std::string> Accounts::Add(Account account) {
    auto name = AccountName(account.name);
    if (!name) {
        return MakeError(ErrorCode::kInvalidArgument, "name", "2-32: a-z 0-9 . _ -");
    }
    KQ_TRY(Check(account));
    account.name = std::move(*name);
    account.created = clock_.Now();
    account.password_changed = account.created;
    std::string password = GeneratePassword();
    KQ_ASSIGN(std::string hash, HashPassword(password));
    KQ_TRY(Save({std::move(account), std::move(hash)}, true));
    return password;
}

core::Result<std::string> Accounts::ResetPassword(std::string_view name) {
    std::string password = GeneratePassword();
    KQ_TRY(SetPassword(name, password));
    return password;
}

core::Status Accounts::SetPassword(std::string_view name, std::string_view password) {
    KQ_ASSIGN(Row row, RowOf(name));
    KQ_TRY(CheckPassword(password, row.account.name));
    KQ_ASSIGN(row.hash, HashPassword(password));
    row.account.password_changed = clock_.Now();
    return Save(row, false);
}

core::Status Accounts::SetDisabled(std::string_view name, bool disabled) {
    KQ_ASSIGN(Row row, RowOf(name));
    row.account.disabled = disabled;
    return Save(row, false);
}

std::optional<Account> Accounts::Find(std::string_view name) const {
    auto row = RowOf(name);
    return row.ok() ? std::optional(row->account) : std::nullopt;
}

std::vector<Account> Accounts::List() const {
    const std::shared_lock lock(mutex_);
    std::vector<Account> accounts;
    for (const auto& [name, row] : rows_) {
        accounts.push_back(row.account);
    }
    return accounts;
}

bool Accounts::Matches(const std::string& hash, std::string_view password, bool& busy) {
    {
        std::unique_lock lock(hashing_mutex_);
        busy = hashing_waiting_ >= kHashingWaiting;
        if (busy) {
            return false;
        }
        ++hashing_waiting_;
        hashing_free_.wait(lock, [this] { return hashing_ < kHashingAtOnce; });
        --hashing_waiting_;
        ++hashing_;
    }
    const bool matches = VerifyPassword(hash, password);
    {
        const std::lock_guard lock(hashing_mutex_);
        --hashing_;
    }
    hashing_free_.notify_one();
    return matches;
}

core::Result<Account>
Accounts::Verify(std::string_view name, std::string_view password, std::string_view address) {
    const std::string typed = AccountName(name).value_or("?");
    if (const int seconds = throttle_.Begin(typed, address); seconds > 0) {
        return MakeError(ErrorCode::kLockedOut, std::to_string(seconds));
    }
    const auto row = RowOf(typed);
    const bool possible = password.size() <= kMaxPassword * 4;
    bool busy = false;
    const bool matches =
        Matches(row.ok() ? row->hash : nobody_, possible ? password : std::string_view{}, busy);
    if (busy) {
        throttle_.Withdraw(typed, address);
        return MakeError(ErrorCode::kBusy);
    }
    if (!matches || !possible || !row.ok() || row->account.disabled) {
        return MakeError(ErrorCode::kBadCredentials);
    }
    throttle_.Succeeded(typed, address);
    return row->account;
}

}  // namespace kangqu::access
