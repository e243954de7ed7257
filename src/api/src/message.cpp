#include "kangqu/api/message.hpp"

#include "kangqu/core/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace kangqu::api {

namespace {

constexpr std::array<std::string_view, 7> kMethodNames =
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

core::Error Bad(std::string what) {
    return core::MakeError(core::ErrorCode::kBadRequest, std::move(what));
}

int HexDigit(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool HasControl(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
}

char Lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string_view Trim(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool StartsWithNoCase(std::string_view text, std::string_view lower_prefix) noexcept {
    return text.size() >= lower_prefix.size() &&
           std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(), [](char a, char b) {
               return a == Lower(b);
           });
}

core::Status ParsePath(std::string_view path, Request& request) {
    std::string_view rest = path.substr(1);
    if (!rest.empty() && rest.back() == '/') {
        rest.remove_suffix(1);
    }
    while (!rest.empty()) {
        const auto slash = rest.find('/');
        auto segment = PercentDecode(rest.substr(0, slash), false);
        if (!segment || HasControl(*segment)) {
            return Bad("path encoding");
        }
        if (const auto at = core::FindInvalidUtf8(*segment)) {
            return core::MakeError(core::ErrorCode::kNotUtf8, std::to_string(*at));
        }
        if (request.segments.size() == kMaxSegments) {
            return core::MakeError(
                core::ErrorCode::kTooLarge, "path segments", std::to_string(kMaxSegments)
            );
        }
        request.segments.push_back(std::move(*segment));
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
        if (slash != std::string_view::npos && rest.empty()) {
            request.segments.emplace_back();  // "/a//": an empty last segment matches nothing
        }
    }
    return {};
}

core::Status ParseQuery(std::string_view query, Request& request) {
    while (!query.empty()) {
        const auto ampersand = query.find('&');
        const std::string_view item = query.substr(0, ampersand);
        query =
            ampersand == std::string_view::npos ? std::string_view{} : query.substr(ampersand + 1);
        if (item.empty()) {
            continue;
        }
        if (request.query.size() == kMaxQueryPairs) {
            return core::MakeError(
                core::ErrorCode::kTooLarge, "query parameters", std::to_string(kMaxQueryPairs)
            );
        }
        const auto equals = item.find('=');
        auto name = PercentDecode(item.substr(0, equals), true);
        auto value = equals == std::string_view::npos
                         ? std::string{}
                         : PercentDecode(item.substr(equals + 1), true);
        if (!name || !value || name->find('\0') != std::string::npos ||
            value->find('\0') != std::string::npos) {
            return Bad("query encoding");
        }
        for (const std::string* text : {&*name, &*value}) {
            if (const auto at = core::FindInvalidUtf8(*text)) {
                return core::MakeError(core::ErrorCode::kNotUtf8, std::to_string(*at));
            }
        }
        request.query.push_back({std::move(*name), std::move(*value)});
    }
    return {};
}

}  // namespace

void VisitQualities(
    std::string_view header,
    const std::function<void(std::string_view, int)>& visit
) {
    while (!header.empty()) {
        const auto comma = header.find(',');
        std::string_view item = Trim(header.substr(0, comma));
        header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
        int quality = 1000;
        if (const auto semicolon = item.find(';'); semicolon != std::string_view::npos) {
            const std::string_view parameter = Trim(item.substr(semicolon + 1));
            item = Trim(item.substr(0, semicolon));
            double value = 1;
            if (StartsWithNoCase(parameter, "q=")) {
                const std::string_view text = parameter.substr(2);
                std::from_chars(text.data(), text.data() + text.size(), value);
            }
            quality = value >= 1 ? 1000 : value <= 0 ? 0 : static_cast<int>(value * 1000);
        }
        visit(item, quality);
    }
}

std::string_view NameOf(Method method) noexcept {
    const auto index = static_cast<std::size_t>(method);
    return index < kMethodNames.size() ? kMethodNames[index] : "OTHER";
}

Method FindMethod(std::string_view name) noexcept {
    for (std::size_t index = 0; index < kMethodNames.size(); ++index) {
        if (kMethodNames[index] == name) {
            return static_cast<Method>(index);
        }
    }
    return Method::kOther;
}

bool IsSafe(Method method) noexcept {
    return method == Method::kGet || method == Method::kHead || method == Method::kOptions;
}

std::string_view Request::Param(std::string_view name) const noexcept {
    for (const Pair& pair : params) {
        if (pair.name == name) {
            return pair.value;
        }
    }
    return {};
}

std::optional<std::string_view> Request::Query(std::string_view name) const noexcept {
    for (const Pair& pair : query) {
        if (pair.name == name) {
            return pair.value;
        }
    }
    return std::nullopt;
}

core::Result<std::int64_t> Request::QueryInt(
    std::string_view name,
    std::int64_t fallback,
    std::int64_t low,
    std::int64_t high
) const {
    const auto text = Query(name);
    if (!text) {
        return fallback;
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value < low || value > high) {
        return core::MakeError(
            core::ErrorCode::kInvalidArgument,
            std::string(name),
            std::to_string(low) + " .. " + std::to_string(high)
        );
    }
    return value;
}

std::string_view Request::Header(std::string_view name) const noexcept {
    for (const Pair& pair : headers) {
        if (pair.name == name) {
            return pair.value;
        }
    }
    return {};
}

std::string Request::ContentType() const {
    const std::string_view header = Header("content-type");
    std::string type(Trim(header.substr(0, header.find(';'))));
    std::transform(type.begin(), type.end(), type.begin(), Lower);
    return type;
}

core::Status Request::CheckTime() const {
    if (stopping != nullptr && stopping->load(std::memory_order_relaxed)) {
        return core::MakeError(core::ErrorCode::kCancelled);
    }
    const auto now = std::chrono::steady_clock::now();
    if (now > deadline) {
        return core::MakeError(core::ErrorCode::kTimeout, std::to_string(deadline_ms));
    }
    return {};
}

Response& Response::Set(std::string name, std::string value) {
    for (Pair& pair : headers) {
        if (pair.name == name) {
            pair.value = std::move(value);
            return *this;
        }
    }
    headers.push_back({std::move(name), std::move(value)});
    return *this;
}

const std::string* Response::Find(std::string_view name) const noexcept {
    for (const Pair& pair : headers) {
        if (pair.name == name) {
            return &pair.value;
        }
    }
    return nullptr;
}

Response Response::Json(std::string body, int status) {
    Response response = Text(std::move(body), "application/json");
    response.status = status;
    return response;
}

Response Response::Text(std::string body, std::string content_type) {
    Response response;
    response.body = std::move(body);
    response.Set("Content-Type", std::move(content_type));
    return response;
}

Response Response::NoContent() {
    Response response;
    response.status = 204;
    return response;
}

core::Status ParseTarget(std::string_view target, Request& request) {
    request.target = std::string(target);
    if (target == "*" && request.method == Method::kOptions) {
        request.path = "*";
        return {};
    }
    if (StartsWithNoCase(target, "http://")) {
        const auto slash = target.find_first_of("/?", 7);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos ||
        HasControl(target)) {
        return Bad("request target");
    }
    const auto question = target.find('?');
    request.path = std::string(target.substr(0, question));
    if (question != std::string_view::npos) {
        request.query_text = std::string(target.substr(question + 1));
    }
    KQ_TRY(ParsePath(request.path, request));
    return ParseQuery(request.query_text, request);
}

core::Language PreferredLanguage(std::string_view accept_language) noexcept {
    int zh = -1;
    int en = -1;
    VisitQualities(accept_language, [&](std::string_view tag, int quality) {
        const std::string_view primary = tag.substr(0, tag.find('-'));
        if (primary.size() != 2) {
            return;
        }
        if (StartsWithNoCase(primary, "zh")) {
            zh = std::max(zh, quality);
        } else if (StartsWithNoCase(primary, "en")) {
            en = std::max(en, quality);
        }
    });
    return en > 0 && en > zh ? core::Language::kEn : core::Language::kZh;
}

std::string_view CookieValue(std::string_view cookie_header, std::string_view name) noexcept {
    while (!cookie_header.empty()) {
        const auto semicolon = cookie_header.find(';');
        const std::string_view item = Trim(cookie_header.substr(0, semicolon));
        cookie_header = semicolon == std::string_view::npos ? std::string_view{}
                                                            : cookie_header.substr(semicolon + 1);
        const auto equals = item.find('=');
        if (equals != std::string_view::npos && item.substr(0, equals) == name) {
            return item.substr(equals + 1);
        }
    }
    return {};
}

bool Accepts(std::string_view header, std::string_view token) noexcept {
    bool accepted = false;
    VisitQualities(header, [&](std::string_view item, int quality) {
        if (item.size() == token.size() && StartsWithNoCase(item, token)) {
            accepted = quality > 0;
        }
    });
    return accepted;
}

std::optional<std::string> PercentDecode(std::string_view text, bool plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+' && plus) {
            out += ' ';
        } else if (text[at] != '%') {
            out += text[at];
        } else {
            const int high = at + 2 < text.size() ? HexDigit(text[at + 1]) : -1;
            const int low = at + 2 < text.size() ? HexDigit(text[at + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            out += static_cast<char>(high * 16 + low);
            at += 2;
        }
    }
    return out;
}

}  // namespace kangqu::api
