#include "kangqu/access/sessions.hpp"

#include "kangqu/access/password.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/core/json.hpp"

#include <algorithm>
#include <utility>

namespace kangqu::access {

namespace {

constexpr std::string_view kSpace = "access.session";
constexpr std::size_t kTokenBytes = 32;
// Longer cookies are not even hashed.
constexpr std::size_t kMaxToken = 128;
// How far the stored `seen` may lag: a restart forgives at most this much idle time.
constexpr core::InstantMs kSaveEveryMs = 5LL * 60 * 1000;

std::string ToJson(const Session& session) {
    std::string text;
    core::JsonWriter json(text);
    json.BeginObject().Field("account", session.account).Field("address", session.address);
    json.Field("opened", session.opened).Field("seen", session.seen).EndObject();
    return text;
}

}  // namespace

core::Result<std::unique_ptr<Sessions>>
Sessions::Open(store::Store& store, const core::Clock& clock, SessionLimits limits) {
    std::unique_ptr<Sessions> sessions(new Sessions(store, clock, limits));
    KQ_TRY(sessions->Load());
    return sessions;
}

core::Status Sessions::Load() {
    KQ_ASSIGN(const auto reader, store_.Read());
    return reader->ScanValues(kSpace, [this](std::string_view key, std::string_view value) {
        const auto document = core::JsonDocument::Parse(std::string(value));
        if (document.ok()) {
            const core::JsonNode root = (*document)->root();
            Entry entry;
            entry.session.account = std::string(root["account"].text());
            entry.session.address = std::string(root["address"].text());
            entry.session.opened = root["opened"].integer().value_or(0);
            entry.session.seen = root["seen"].integer().value_or(0);
            entry.saved = entry.session.seen;
            entries_.insert_or_assign(std::string(key), std::move(entry));
        }
        return true;  // an unreadable session is one nobody has
    });
}

bool Sessions::IsOver(const Session& session, core::InstantMs now) const noexcept {
    return now - session.seen > limits_.idle_ms || now - session.opened > limits_.absolute_ms;
}

std::vector<std::string> Sessions::Surplus(std::string_view account, core::InstantMs now) const {
    std::vector<std::string> ended;
    std::vector<std::pair<core::InstantMs, std::string>> open;
    for (const auto& [key, entry] : entries_) {
        if (IsOver(entry.session, now)) {
            ended.push_back(key);
        } else if (entry.session.account == account) {
            open.emplace_back(entry.session.opened, key);
        }
    }
    std::sort(open.begin(), open.end());
    for (std::size_t at = 0; at + limits_.per_account <= open.size(); ++at) {
        ended.push_back(open[at].second);
    }
    return ended;
}

core::Status Sessions::Remove(const std::vector<std::string>& keys) {
    if (keys.empty()) {
        return {};
    }
    {
        const std::lock_guard lock(mutex_);
        for (const std::string& key : keys) {
            entries_.erase(key);
        }
    }
    auto written = store_.Write([&keys](store::Writer& writer) -> core::Status {
        for (const std::string& key : keys) {
            KQ_TRY(writer.RemoveValue(kSpace, key));
        }
        return {};
    });
    if (!written.ok()) {
        return std::move(written).error();
    }
    return {};
}

core::Result<std::string> Sessions::Begin(std::string_view account, std::string_view address) {
    const core::InstantMs now = clock_.Now();
    std::string token = core::RandomToken(kTokenBytes);
    const std::string key = Sha256Hex(token);
    const Session session{std::string(account), std::string(address), now, now};
    std::vector<std::string> surplus;
    {
        const std::lock_guard lock(mutex_);
        surplus = Surplus(account, now);
    }
    KQ_TRY(Remove(surplus));
    KQ_TRY(store_.Write([&](store::Writer& writer) {
        return writer.PutValue(kSpace, key, ToJson(session));
    }));
    const std::lock_guard lock(mutex_);
    entries_.insert_or_assign(key, Entry{session, now});
    return token;
}

core::Result<std::optional<Session>> Sessions::Find(std::string_view token) {
    if (token.empty() || token.size() > kMaxToken) {
        return std::optional<Session>();
    }
    const core::InstantMs now = clock_.Now();
    const std::string key = Sha256Hex(token);
    Session found;
    bool save = false;
    {
        const std::lock_guard lock(mutex_);
        const auto it = entries_.find(key);
        if (it == entries_.end() || IsOver(it->second.session, now)) {
            return std::optional<Session>();
        }
        it->second.session.seen = std::max(it->second.session.seen, now);
        save = now - it->second.saved > kSaveEveryMs;
        it->second.saved = save ? now : it->second.saved;
        found = it->second.session;
    }
    if (save) {
        KQ_TRY(store_.Write([&](store::Writer& writer) -> core::Status {
            KQ_ASSIGN(const auto kept, writer.GetValue(kSpace, key));
            // Signed out meanwhile: do not bring it back.
            return kept ? writer.PutValue(kSpace, key, ToJson(found)) : core::Status{};
        }));
    }
    return std::optional<Session>(std::move(found));
}

core::Status Sessions::End(std::string_view token) {
    const std::string key = Sha256Hex(token.substr(0, kMaxToken));
    {
        const std::lock_guard lock(mutex_);
        if (entries_.count(key) == 0) {
            return {};
        }
    }
    return Remove({key});
}

core::Status Sessions::EndAll(std::string_view account) {
    std::vector<std::string> keys;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [key, entry] : entries_) {
            if (entry.session.account == account) {
                keys.push_back(key);
            }
        }
    }
    return Remove(keys);
}

std::vector<Session> Sessions::List(std::string_view account) const {
    const core::InstantMs now = clock_.Now();
    std::vector<Session> sessions;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [key, entry] : entries_) {
            if (entry.session.account == account && !IsOver(entry.session, now)) {
                sessions.push_back(entry.session);
            }
        }
    }
    std::sort(sessions.begin(), sessions.end(), [](const Session& a, const Session& b) {
        return a.opened > b.opened;
    });
    return sessions;
}

}  // namespace kangqu::access
