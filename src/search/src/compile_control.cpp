// Parameters that control the answer.
#include "kangqu/core/utf8.hpp"

#include "compiler.hpp"
#include "normal.hpp"
#include <algorithm>
#include <array>
#include <charconv>

namespace kangqu::search {

namespace {

using core::ErrorCode;
using core::MakeError;
using fhir::SearchKind;

constexpr std::size_t kMaxWords = 16;

std::vector<std::string> WordsOf(std::string_view text) {
    std::vector<std::string> words;
    const std::string normal = Normalised(text);
    for (const std::string_view word : Split(normal, ' ')) {
        if (!word.empty()) {
            words.emplace_back(word);
        }
    }
    return words;
}

}  // namespace

core::Result<bool> Compiler::Control(const QueryPair& pair) {
    const auto& name = pair.first;
    if (name == "_format" || name == "_pretty") {
        return true;
    }
    if (name == "_count") {
        KQ_TRY(Count(pair));
    } else if (name == "_total") {
        KQ_TRY(Total(pair));
    } else if (name == "_cursor") {
        cursor_ = pair.second;
    } else if (name == "_sort") {
        KQ_TRY(Sort(pair));
    } else if (name == "_summary" || name == "_elements") {
        KQ_TRY(Summary(pair));
    } else if (name == "_text" || name == "_content") {
        KQ_TRY(Text(pair));
    } else if (name == "_include" || name == "_include:iterate" || name == "_include:recurse") {
        KQ_ASSIGN(Inclusion inclusion, Include(pair, false));
        plan_.inclusions.push_back(inclusion);
    } else if (name == "_revinclude" || name == "_revinclude:iterate" ||
               name == "_revinclude:recurse") {
        KQ_ASSIGN(Inclusion inclusion, Include(pair, true));
        plan_.inclusions.push_back(inclusion);
    } else {
        return false;
    }
    if (plan_.inclusions.size() > kMaxCriteria) {
        return MakeError(
            ErrorCode::kSearchTooComplex, "_include > " + std::to_string(kMaxCriteria)
        );
    }
    return true;
}

core::Status Compiler::Count(const QueryPair& pair) {
    const std::string& text = pair.second;
    int count = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size() || count < 0) {
        return BadValue(pair, "0 - " + std::to_string(kMaxPage));
    }
    plan_.count = std::min(count, kMaxPage);
    plan_.total = plan_.total || count == 0;
    return {};
}

// An exact number is the best estimate.
core::Status Compiler::Total(const QueryPair& pair) {
    const std::string& value = pair.second;
    if (value != "none" && value != "accurate" && value != "estimate") {
        return BadValue(pair, "none, estimate, accurate");
    }
    plan_.total = plan_.total || value != "none";
    return {};
}

core::Status Compiler::Summary(const QueryPair& pair) {
    if (pair.first == "_elements") {
        for (const std::string_view piece : Split(pair.second, ',')) {
            const std::string_view name = piece.starts_with(plan_.type_name + ".")
                                              ? piece.substr(plan_.type_name.size() + 1)
                                              : piece;
            if (fhir::FindPath(plan_.type, name).empty()) {
                return BadValue(pair, plan_.type_name);
            }
            plan_.shape.elements.emplace_back(name);
        }
        return {};
    }
    using Kind = Shape::Summary;
    constexpr std::array<std::pair<std::string_view, Kind>, 5> kKinds = {
        {{"false", Kind::kFalse},
         {"true", Kind::kTrue},
         {"text", Kind::kText},
         {"data", Kind::kData},
         {"count", Kind::kCount}}};
    for (const auto& [text, kind] : kKinds) {
        if (pair.second == text) {
            plan_.shape.summary = kind;
            if (kind == Kind::kCount) {
                plan_.count = 0;
                plan_.total = true;
            }
            return {};
        }
    }
    return BadValue(pair, "true, text, data, count, false");
}

core::Status Compiler::Sort(const QueryPair& pair) {
    const auto keys = Split(pair.second, ',');
    if (keys.size() > kMaxSortKeys) {
        return MakeError(ErrorCode::kSearchTooComplex, "_sort > " + std::to_string(kMaxSortKeys));
    }
    plan_.sort_keys.clear();
    for (std::string_view key : keys) {
        const bool descending = key.starts_with('-');
        key.remove_prefix(descending ? 1 : 0);
        KQ_TRY(SortByOne(pair, key, descending));
    }
    // The second and later keys only tell apart what the first leaves equal; a time of change or an
    // id leaves nothing.
    const SortKey& first = plan_.sort_keys.front();
    plan_.descending = first.descending;
    if (first.parameter == nullptr) {
        plan_.sort = first.by_id ? SortBy::kId : SortBy::kLastUpdated;
    } else if (plan_.sort_keys.size() == 1 && IsOwnDate(*first.parameter)) {
        plan_.sort = SortBy::kOwnDate;
    } else {
        plan_.sort = SortBy::kValues;
    }
    return {};
}

core::Status Compiler::SortByOne(const QueryPair& pair, std::string_view by, bool descending) {
    SortKey key;
    key.descending = descending;
    if (by == "_id" || by == "_lastUpdated") {
        key.by_id = by == "_id";
        plan_.sort_keys.push_back(key);
        return {};
    }
    key.parameter = plan_.parameters->Find(plan_.type, by);
    const bool orderly =
        key.parameter != nullptr && key.parameter->facts->kind != SearchKind::kComposite &&
        key.parameter->facts->kind != SearchKind::kSpecial && !Hidden(*key.parameter, false);
    if (!orderly) {
        return BadValue(pair, "_lastUpdated, _id, " + plan_.type_name);
    }
    plan_.sort_keys.push_back(key);
    return {};
}

bool Compiler::IsOwnDate(const Parameter& parameter) const {
    const Parameter* const own = plan_.parameters->OwnDate(plan_.type);
    if (own == nullptr || parameter.vias.empty()) {
        return own == &parameter;
    }
    return parameter.vias.size() == 1 &&
           &plan_.parameters->at(parameter.vias.front().parameter) == own;
}

// Masked elements stand in the text too, so who may not see them may not search it.
core::Status Compiler::Text(const QueryPair& pair) {
    if (!restriction_.MasksOf(plan_.type_name).empty()) {
        return Unknown(pair.first);
    }
    TextSearch text;
    text.whole = pair.first == "_content";
    text.words = WordsOf(pair.second);
    if (text.words.empty() || text.words.size() > kMaxWords) {
        return BadValue(pair, "1 - " + std::to_string(kMaxWords));
    }
    plan_.texts.push_back(std::move(text));
    return {};
}

// "Observation:subject", "Observation:subject:Patient", "Observation:*".
core::Result<Inclusion> Compiler::Include(const QueryPair& pair, bool reverse) const {
    Inclusion out;
    out.reverse = reverse;
    out.iterate = pair.first.find(':') != std::string::npos;
    const auto parts = Split(pair.second, ':');
    const auto wrong = [&] {
        return BadValue(pair, "Observation:subject, Observation:subject:Patient");
    };
    if (pair.second == "*" && !reverse) {
        return out;
    }
    if (parts.size() < 2 || parts.size() > 3) {
        return wrong();
    }
    out.source = fhir::FindResourceType(parts[0]);
    if (out.source == fhir::kNoType) {
        return wrong();
    }
    if (parts[1] != "*") {
        out.parameter = plan_.parameters->Find(out.source, parts[1]);
        if (out.parameter == nullptr || out.parameter->facts->kind != SearchKind::kReference) {
            return wrong();
        }
    }
    if (parts.size() == 3) {
        out.target = fhir::FindResourceType(parts[2]);
        if (out.target == fhir::kNoType) {
            return wrong();
        }
    }
    return out;
}

}  // namespace kangqu::search
