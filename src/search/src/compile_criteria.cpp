// Criteria: one parameter with its modifier and values.
#include "kangqu/core/utf8.hpp"

#include "compiler.hpp"
#include "values.hpp"
#include <algorithm>
#include <array>

namespace kangqu::search {

namespace {

using core::ErrorCode;
using core::MakeError;
using fhir::SearchKind;

constexpr std::array<std::pair<std::string_view, Modifier>, 8> kTokenModifiers = {
    {{"not", Modifier::kNot},
     {"text", Modifier::kText},
     {"in", Modifier::kIn},
     {"not-in", Modifier::kNotIn},
     {"above", Modifier::kAbove},
     {"below", Modifier::kBelow},
     {"of-type", Modifier::kOfType},
     {"missing", Modifier::kMissing}}};
constexpr std::array<std::pair<std::string_view, Modifier>, 2> kStringModifiers = {
    {{"exact", Modifier::kExact}, {"contains", Modifier::kContains}}};
constexpr std::array<std::pair<std::string_view, Modifier>, 2> kUriModifiers = {
    {{"above", Modifier::kAbove}, {"below", Modifier::kBelow}}};
constexpr std::array<std::pair<std::string_view, Modifier>, 2> kNameSuffixes = {
    {{"name-pinyin", Modifier::kReading}, {"name-initials", Modifier::kInitials}}};

std::optional<Modifier> ModifierOf(SearchKind kind, std::string_view name) {
    const auto among = [&](const auto& list) -> std::optional<Modifier> {
        for (const auto& [text, modifier] : list) {
            if (text == name) {
                return modifier;
            }
        }
        return std::nullopt;
    };
    if (name == "missing") {
        return Modifier::kMissing;
    }
    switch (kind) {
        case SearchKind::kToken:
            return among(kTokenModifiers);
        case SearchKind::kString:
            return among(kStringModifiers);
        case SearchKind::kUri:
            return among(kUriModifiers);
        case SearchKind::kReference:
            return name == "identifier" ? std::optional(Modifier::kIdentifier) : std::nullopt;
        case SearchKind::kNumber:
        case SearchKind::kDate:
        case SearchKind::kComposite:
        case SearchKind::kQuantity:
        case SearchKind::kSpecial:
            break;
    }
    return std::nullopt;
}

bool HasIdentifiers(const Parameter& parameter) {
    static const fhir::TypeNumber identifier = fhir::FindType("Identifier");
    return std::any_of(parameter.paths.begin(), parameter.paths.end(), [](const Path& path) {
        return path.leaf == identifier;
    });
}

}  // namespace

core::Result<Node> Compiler::MakeNode(const QueryPair& pair) {
    if (++criteria_ > kMaxCriteria) {
        return MakeError(ErrorCode::kSearchTooComplex, "> " + std::to_string(kMaxCriteria));
    }
    const std::string_view full = pair.first;
    if (full.starts_with("_has:")) {
        return Has(pair);
    }
    const std::size_t dot = full.find('.');
    if (dot != std::string_view::npos) {
        return Chain(pair, dot);
    }
    if (full == "_id" || full == "_lastUpdated" || full == "_list" || full == "_filter") {
        return MakeOfStore(pair);
    }
    const std::size_t colon = full.find(':');
    return Criteria(
        pair,
        full.substr(0, colon),
        colon == std::string_view::npos ? std::string_view{} : full.substr(colon + 1)
    );
}

core::Result<Node> Compiler::MakeOfStore(const QueryPair& pair) {
    Node node;
    const auto pieces = Split(pair.second, ',');
    if (pieces.size() > kMaxValues) {
        return MakeError(
            ErrorCode::kSearchTooComplex, pair.first + " > " + std::to_string(kMaxValues)
        );
    }
    if (pair.first == "_filter") {
        return ParseFilter(
            pair,
            [this](const QueryPair& one) { return MakeNode(one); },
            [this](std::string_view code) {
                const Parameter* const parameter = plan_.parameters->Find(plan_.type, code);
                return parameter == nullptr ? SearchKind::kToken : parameter->facts->kind;
            }
        );
    }
    if (pair.first == "_lastUpdated") {
        node.kind = Node::Kind::kChanged;
        for (std::string_view piece : pieces) {
            const auto prefix = TakePrefix(piece);
            const auto interval = IntervalOf(piece);
            if (!prefix || !interval) {
                return BadValue(pair, "2026-01-31, ge2026-01-31T10:00:00+08:00");
            }
            node.changed.values.emplace_back(*prefix, *interval);
        }
        return node;
    }
    node.kind = pair.first == "_id" ? Node::Kind::kIds : Node::Kind::kList;
    for (const std::string_view piece : pieces) {
        node.ids.emplace_back(piece);
    }
    return node;
}

core::Result<Node>
Compiler::Criteria(const QueryPair& pair, std::string_view code, std::string_view modifier) {
    Node node;
    node.kind = Node::Kind::kCriterion;
    Criterion& criterion = node.criterion;
    for (const auto& [name, derived] : kNameSuffixes) {
        if (code == name && modifier.empty()) {
            criterion.modifier = derived;
            code = "name";
        }
    }
    criterion.parameter = plan_.parameters->Find(plan_.type, code);
    reference_type_.clear();
    if (criterion.parameter == nullptr ||
        (criterion.modifier != Modifier::kNone &&
         criterion.parameter->facts->kind != SearchKind::kString)) {
        return Unknown(pair.first);
    }
    if (!modifier.empty()) {
        KQ_TRY(Modify(criterion, pair, modifier));
    }
    const bool exact =
        (criterion.parameter->table == kTokenTable &&
         (criterion.modifier == Modifier::kNone || criterion.modifier == Modifier::kNot)) ||
        criterion.parameter->table == kReferenceTable || criterion.modifier == Modifier::kExact;
    if (Hidden(*criterion.parameter, exact)) {
        return Unknown(pair.first);
    }
    if (criterion.modifier == Modifier::kMissing) {
        if (pair.second != "true" && pair.second != "false") {
            return BadValue(pair, "true, false");
        }
        criterion.missing = pair.second == "true";
        return node;
    }
    const auto pieces = Split(pair.second, ',');
    if (pieces.size() > kMaxValues) {
        return MakeError(
            ErrorCode::kSearchTooComplex, pair.first + " > " + std::to_string(kMaxValues)
        );
    }
    if (criterion.parameter->facts->kind == SearchKind::kSpecial) {
        Node any;
        any.kind = Node::Kind::kAny;
        for (const std::string_view piece : pieces) {
            KQ_ASSIGN(Node near, ParseNear(pair, piece));
            near.criterion.parameter = criterion.parameter;
            any.nodes.push_back(std::move(near));
        }
        return any.nodes.size() == 1 ? std::move(any.nodes.front()) : any;
    }
    for (const std::string_view piece : pieces) {
        KQ_ASSIGN(Value value, ParseValue(pair, criterion, reference_type_, options_.now, piece));
        criterion.values.push_back(std::move(value));
    }
    KQ_TRY(Resolve(criterion, pair));
    if (criterion.parameter->asked_by_parts) {
        return PartsOf(pair, criterion);
    }
    return node;
}

core::Status
Compiler::Modify(Criterion& criterion, const QueryPair& pair, std::string_view modifier) {
    const Parameter& parameter = *criterion.parameter;
    const auto known = ModifierOf(parameter.facts->kind, modifier);
    if (known) {
        if (*known == Modifier::kOfType && !HasIdentifiers(parameter)) {
            return Unknown(pair.first);
        }
        criterion.modifier = *known;
        return {};
    }
    if (parameter.facts->kind == SearchKind::kReference &&
        fhir::FindResourceType(modifier) != fhir::kNoType) {
        reference_type_ = modifier;
        return {};
    }
    return Unknown(pair.first);
}

// Value sets and hierarchies of codes become the codes they stand for.
core::Status Compiler::Resolve(Criterion& criterion, const QueryPair& pair) {
    const bool token = criterion.parameter->table == kTokenTable &&
                       criterion.parameter->facts->kind == SearchKind::kToken;
    const bool set = criterion.modifier == Modifier::kIn || criterion.modifier == Modifier::kNotIn;
    const bool tree =
        criterion.modifier == Modifier::kAbove || criterion.modifier == Modifier::kBelow;
    if (!token || (!set && !tree)) {
        return {};
    }
    const std::size_t limit = plan_.limits.codes;
    std::vector<Value> values;
    for (const Value& value : criterion.values) {
        if (tree && (!value.scope || value.scope->empty())) {
            return BadValue(pair, "system|code");
        }
        const Coded coded{value.scope.value_or(""), value.text};
        auto codes = set ? plan_.knowledge->CodesOf(value.text, limit)
                     : criterion.modifier == Modifier::kBelow
                         ? plan_.knowledge->Below(coded, limit)
                         : plan_.knowledge->Above(coded, limit);
        if (!codes.ok()) {
            return codes.error();
        }
        for (Coded& one : codes.value()) {
            Value code;
            code.text = std::move(one.code);
            code.scope =
                criterion.parameter->implied_system ? std::string() : std::move(one.system);
            values.push_back(std::move(code));
        }
    }
    if (values.size() > limit) {
        return MakeError(ErrorCode::kSearchTooComplex, pair.first + " > " + std::to_string(limit));
    }
    criterion.values = std::move(values);
    return {};
}

// A composite without rows: each value is all of its parts, asked of the resource.
core::Result<Node> Compiler::PartsOf(const QueryPair& pair, const Criterion& criterion) {
    Node any;
    any.kind = Node::Kind::kAny;
    for (const Value& value : criterion.values) {
        Node all;
        all.kind = Node::Kind::kAll;
        for (std::size_t at = 0; at < value.parts.size(); ++at) {
            Node one;
            one.kind = Node::Kind::kCriterion;
            one.criterion.parameter =
                plan_.parameters->Find(plan_.type, criterion.parameter->parts[at].code);
            if (one.criterion.parameter == nullptr) {
                return Unknown(pair.first);
            }
            one.criterion.values = {value.parts[at]};
            all.nodes.push_back(std::move(one));
        }
        any.nodes.push_back(std::move(all));
    }
    return any.nodes.size() == 1 ? std::move(any.nodes.front()) : any;
}

}  // namespace kangqu::search
