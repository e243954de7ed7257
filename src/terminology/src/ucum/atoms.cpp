#include "ucum/atoms.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace kangqu::terminology::ucum {

namespace {

std::unordered_map<std::string_view, std::int16_t> IndexAtoms() {
    std::unordered_map<std::string_view, std::int16_t> out;
    std::int16_t number = 0;
    for (const AtomRow& row : AtomRows()) {
        out.emplace(row.code, number++);
    }
    return out;
}

std::optional<std::int16_t> FindAtom(std::string_view code) {
    static const std::unordered_map<std::string_view, std::int16_t> atoms = IndexAtoms();
    const auto found = atoms.find(code);
    return found == atoms.end() ? std::nullopt : std::optional(found->second);
}

// Lower case and without brackets: how units are written by those who do not know the codes.
std::string Plain(std::string_view code) {
    std::string out;
    for (const char c : code) {
        if (c != '[' && c != ']') {
            out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
        }
    }
    return out;
}

// The plain forms of all atoms, in the order of the table.
const std::vector<std::string>& PlainAtoms() {
    static const std::vector<std::string> plain = [] {
        std::vector<std::string> out;
        for (const AtomRow& row : AtomRows()) {
            out.push_back(Plain(row.code));
        }
        return out;
    }();
    return plain;
}

template <class Accept>
std::optional<Symbol> FindPrefixed(std::string_view code, const Accept& accept) {
    std::int16_t number = 0;
    for (const PrefixRow& prefix : PrefixRows()) {
        if (code.starts_with(prefix.code)) {
            const auto atom = FindAtom(code.substr(prefix.code.size()));
            if (atom && accept(AtomRows()[static_cast<std::size_t>(*atom)])) {
                return Symbol{number, *atom};
            }
        }
        ++number;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Symbol> FindSymbol(std::string_view code) {
    if (const auto atom = FindAtom(code)) {
        return Symbol{kNone, *atom};
    }
    return FindPrefixed(code, [](const AtomRow& row) { return row.metric; });
}

bool NamesPrefixedAtom(std::string_view code) {
    return FindPrefixed(code, [](const AtomRow&) { return true; }).has_value();
}

std::optional<std::string> NearestCode(std::string_view code) {
    const std::string wanted = Plain(code);
    std::optional<std::string> best;
    int most = -1;
    // Of several the one that keeps most of the case; then the small prefixes of everyday work.
    const auto offer = [&](std::string candidate, int merit) {
        const bool shouted =
            std::none_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        std::string bare = candidate;
        std::erase_if(bare, [](char c) { return c == '[' || c == ']'; });
        for (std::size_t i = 0; !shouted && i < std::min(bare.size(), code.size()); ++i) {
            merit += bare[i] == code[i] ? 10 : 0;
        }
        if (merit > most && candidate != code) {
            most = merit;
            best = std::move(candidate);
        }
    };
    // No prefixed code is longer; what is longer is no slip of the pen.
    constexpr std::size_t kLongest = 32;
    if (wanted.empty() || code.size() > kLongest) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < PlainAtoms().size(); ++i) {
        if (PlainAtoms()[i] == wanted) {
            offer(std::string(AtomRows()[i].code), 5);
        }
    }
    constexpr std::string_view kEveryday = "pndcukm";
    for (const PrefixRow& prefix : PrefixRows()) {
        const std::string head = Plain(prefix.code);
        if (!wanted.starts_with(head)) {
            continue;
        }
        const std::size_t usual = kEveryday.find(prefix.code);
        const std::string_view tail = std::string_view(wanted).substr(head.size());
        for (std::size_t i = 0; i < PlainAtoms().size(); ++i) {
            const AtomRow& row = AtomRows()[i];
            if (row.metric && PlainAtoms()[i] == tail) {
                offer(
                    std::string(prefix.code) + std::string(row.code),
                    usual == std::string_view::npos ? 0 : static_cast<int>(usual)
                );
            }
        }
    }
    return best;
}

}  // namespace kangqu::terminology::ucum
