#include "kangqu/search/query.hpp"

#include "planned.hpp"
#include <algorithm>
#include <array>

namespace kangqu::records {

namespace {

using core::ErrorCode;
using core::MakeError;

// Percent-decodes; "+" is a space. A broken escape stays as it is.
std::string Decoded(std::string_view text) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
                            digit(text[i + 2]) >= 0;
        if (escape) {
            out.push_back(static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2])));
            i += 2;
        } else {
            out.push_back(text[i] == '+' ? ' ' : text[i]);
        }
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> Pairs(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!query.empty()) {
        const std::string_view part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), part.size() + 1));
        const std::size_t equals = part.find('=');
        if (equals != std::string_view::npos) {
            pairs.emplace_back(Decoded(part.substr(0, equals)), Decoded(part.substr(equals + 1)));
        }
    }
    return pairs;
}

}  // namespace

core::Result<std::string> MatchOne(
    store::Reader& reader,
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view query
) {
    auto parameters = Pairs(query);
    // One that selects must be there; those that only shape a page say nothing of which record.
    const bool selects = std::any_of(parameters.begin(), parameters.end(), [](const auto& pair) {
        return !pair.second.empty();
    });
    if (!selects) {
        return MakeError(ErrorCode::kInvalidArgument, std::string(query), "criteria");
    }
    for (const auto& [name, value] : parameters) {
        constexpr std::array<std::string_view, 9> kShaping = {
            "_count",
            "_sort",
            "_total",
            "_cursor",
            "_summary",
            "_elements",
            "_include",
            "_revinclude",
            "_format"};
        const std::string_view plain = std::string_view(name).substr(0, name.find(':'));
        if (std::find(kShaping.begin(), kShaping.end(), plain) != kShaping.end()) {
            return MakeError(ErrorCode::kSearchUnknownParameter, std::string(type), name);
        }
    }
    parameters.emplace_back("_count", "2");
    KQ_ASSIGN(
        const search::CompiledSearch compiled, search::Compile(type, parameters, restriction)
    );
    KQ_ASSIGN(const search::SearchPage page, compiled.Run(reader));
    if (page.hits.empty()) {
        return std::string();
    }
    if (page.hits.size() > 1) {
        return MakeError(ErrorCode::kMultipleMatches, std::string(type) + "?" + std::string(query));
    }
    KQ_ASSIGN(const auto current, reader.Current(page.hits[0].first, page.hits[0].second));
    return current ? current->id : std::string();
}

}  // namespace kangqu::records
