#include "kangqu/expression/sources.hpp"

#include "kangqu/core/utf8.hpp"

#include "lexer.hpp"
#include <algorithm>

namespace kangqu::expression {

namespace {

constexpr int kMaxImports = 16;  // value sets that import value sets, one through another

std::string FromBase64(std::string_view text) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) {
            continue;
        }
        bits = (bits << 6U | static_cast<std::uint32_t>(digit)) & 0xFFFFFFU;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xFFU);
        }
    }
    return out;
}

// An address without the version behind a bar.
std::string_view Unversioned(std::string_view url) {
    return url.substr(0, url.find('|'));
}

}  // namespace

// Name and version as the header of the text has them.
void LibraryTexts::AddCql(std::string text) {
    const auto tokens = Tokenize(text, Dialect::kCql);
    if (!tokens.ok()) {
        return;
    }
    const auto& list = tokens->list;
    std::size_t at = 0;
    if (list[at].kind != TokenKind::kName || list[at].text != "library") {
        return;
    }
    ++at;
    std::string name;
    while (at + 1 < list.size() && list[at].kind != TokenKind::kEnd) {
        name = list[at++].text;
        if (list[at].text != ".") {
            break;
        }
        ++at;
    }
    const bool versioned = list[at].text == "version" && at + 1 < list.size();
    std::string version(versioned ? list[at + 1].text : std::string_view());
    texts_.emplace(std::move(name), std::pair(std::move(version), std::move(text)));
}

void LibraryTexts::AddLibrary(core::JsonNode library) {
    const core::JsonNode content = library["content"];
    for (core::JsonNode part = content.first(); part; part = part.next()) {
        if (part["contentType"].text() == "text/cql") {
            AddCql(FromBase64(part["data"].text()));
        }
    }
}

core::Status LibraryTexts::Add(std::string text) {
    const std::size_t first = core::WithoutBom(text).find_first_not_of(" \t\r\n");
    if (first == std::string::npos || core::WithoutBom(text)[first] != '{') {
        AddCql(std::string(core::WithoutBom(text)));
        return {};
    }
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(std::move(text)));
    const core::JsonNode root = document->root();
    if (root["resourceType"].text() == "Library") {
        AddLibrary(root);
    }
    const core::JsonNode entries = root["entry"];
    for (core::JsonNode entry = entries.first(); entry; entry = entry.next()) {
        if (entry["resource"]["resourceType"].text() == "Library") {
            AddLibrary(entry["resource"]);
        }
    }
    return {};
}

core::Result<std::string> LibraryTexts::Find(std::string_view name, std::string_view version)
    const {
    const auto [from, to] = texts_.equal_range(name);
    const std::string* last = nullptr;
    for (auto at = from; at != to; ++at) {
        last = &at->second.second;
        if (at->second.first == version) {
            break;
        }
    }
    if (last == nullptr) {
        return core::MakeError(
            core::ErrorCode::kExpressionUnknownName, std::string(name), std::string()
        );
    }
    return *last;
}

void ListedValueSets::AddCode(std::string_view system, std::string_view code, Set& out) {
    out.systems[std::string(system)].emplace(code);
    out.codes.emplace(code);
}

void ListedValueSets::AddExpansion(core::JsonNode list, Set& out) {
    for (core::JsonNode item = list.first(); item; item = item.next()) {
        if (!item["abstract"].boolean() && item["code"]) {
            AddCode(item["system"].text(), item["code"].text(), out);
        }
        AddExpansion(item["contains"], out);
    }
}

// False when the composition does not list its codes.
bool ListedValueSets::AddCompose(core::JsonNode compose, Set& out) const {
    if (compose["exclude"].size() > 0) {
        return false;
    }
    const core::JsonNode includes = compose["include"];
    for (core::JsonNode part = includes.first(); part; part = part.next()) {
        const core::JsonNode concepts = part["concept"];
        const core::JsonNode imports = part["valueSet"];
        if (part["filter"].size() > 0 || (concepts.size() == 0 && imports.size() == 0)) {
            return false;
        }
        for (core::JsonNode one = concepts.first(); one; one = one.next()) {
            AddCode(part["system"].text(), one["code"].text(), out);
        }
        for (core::JsonNode one = imports.first(); one; one = one.next()) {
            out.imports.emplace_back(Unversioned(one.text()));
        }
    }
    return includes.size() > 0;
}

void ListedValueSets::AddValueSet(core::JsonNode value_set) {
    Set set;
    const core::JsonNode expansion = value_set["expansion"];
    if (expansion) {
        AddExpansion(expansion["contains"], set);
    } else if (!AddCompose(value_set["compose"], set)) {
        return;
    }
    sets_[std::string(value_set["url"].text())] = std::move(set);
}

void ListedValueSets::Add(core::JsonNode resource) {
    if (resource["resourceType"].text() == "ValueSet") {
        AddValueSet(resource);
    }
    const core::JsonNode entries = resource["entry"];
    for (core::JsonNode entry = entries.first(); entry; entry = entry.next()) {
        if (entry["resource"]["resourceType"].text() == "ValueSet") {
            AddValueSet(entry["resource"]);
        }
    }
}

const ListedValueSets::Set* ListedValueSets::Find(std::string_view value_set) const {
    const auto at = sets_.find(Unversioned(value_set));
    return at == sets_.end() ? nullptr : &at->second;
}

bool ListedValueSets::Has(const Set& set, std::string_view system, std::string_view code, int depth)
    const {
    const auto own = set.systems.find(system);
    if (system.empty() ? set.codes.contains(code)
                       : own != set.systems.end() && own->second.contains(code)) {
        return true;
    }
    return depth < kMaxImports &&
           std::any_of(set.imports.begin(), set.imports.end(), [&](const std::string& url) {
               const Set* imported = Find(url);
               return imported != nullptr && Has(*imported, system, code, depth + 1);
           });
}

ValueSets::Answer ListedValueSets::Contains(
    std::string_view value_set,
    std::string_view,
    std::string_view system,
    std::string_view code
) const {
    const Set* set = Find(value_set);
    if (set == nullptr) {
        return Answer::kUnknownValueSet;
    }
    return Has(*set, system, code, 0) ? Answer::kYes : Answer::kNo;
}

bool ListedValueSets::Expand(std::string_view value_set, std::string_view, const Visitor& visit)
    const {
    const Set* set = Find(value_set);
    if (set == nullptr || !set->imports.empty()) {
        return false;
    }
    for (const auto& [system, codes] : set->systems) {
        for (const std::string& code : codes) {
            Code one;
            one.system = system;
            one.code = code;
            visit(one);
        }
    }
    return true;
}

}  // namespace kangqu::expression
