#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/resource.hpp"

#include "extract.hpp"
#include "normal.hpp"
#include "plan.hpp"
#include <algorithm>
#include <charconv>

namespace kangqu::search {

namespace {

using core::ErrorCode;
using core::MakeError;
using fhir::SearchKind;
using Plan = CompiledSearch::Plan;
using Pair = std::pair<std::string, std::string>;

core::Error BadValue(const Pair& pair, std::string_view why) {
    return MakeError(
        ErrorCode::kSearchBadValue,
        pair.first,
        std::string(core::PrefixCodePoints(pair.second, 80)),
        std::string(why)
    );
}

// Pieces between `separator`s that no backslash stands before; the backslashes stay.
std::vector<std::string_view> Split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    std::size_t start = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == separator) {
            pieces.push_back(text.substr(start, at - start));
            start = at + 1;
        }
    }
    pieces.push_back(text.substr(start));
    return pieces;
}

std::string Unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) {
            ++at;
        }
        out.push_back(text[at]);
    }
    return out;
}

// Two letters in front of a digit or a sign; nothing when they are no known prefix.
std::optional<Prefix> TakePrefix(std::string_view& text) noexcept {
    constexpr std::pair<std::string_view, Prefix> kPrefixes[] = {
        {"eq", Prefix::kEq},
        {"ne", Prefix::kNe},
        {"gt", Prefix::kGt},
        {"lt", Prefix::kLt},
        {"ge", Prefix::kGe},
        {"le", Prefix::kLe},
        {"sa", Prefix::kSa},
        {"eb", Prefix::kEb}};
    if (text.empty() || text.front() < 'a' || text.front() > 'z') {
        return Prefix::kEq;
    }
    for (const auto& [name, prefix] : kPrefixes) {
        if (text.starts_with(name)) {
            text.remove_prefix(2);
            return prefix;
        }
    }
    return std::nullopt;
}

class Compiler {
public:
    Compiler(const Parameters& parameters, fhir::TypeNumber type) {
        plan_.parameters = &parameters;
        plan_.type = type;
        plan_.type_name = fhir::TypeOf(type).name;
    }

    void Restrict(const Restriction& restriction) {
        plan_.unrestricted = restriction.is_system();
        for (const Grant& grant : restriction.grants) {
            if (Covers(grant)) {
                plan_.unrestricted = plan_.unrestricted || grant.scope == Scope::kEverything;
                plan_.grants.push_back(grant);
            }
        }
    }

    core::Status Add(const Pair& pair) {
        const std::string_view full = pair.first;
        const std::size_t colon = full.find(':');
        const std::string_view code = full.substr(0, colon);
        const std::string_view modifier =
            colon == std::string_view::npos ? std::string_view{} : full.substr(colon + 1);
        if (pair.second.empty()) {
            return BadValue(pair, "空 empty");
        }
        if (core::FindInvalidUtf8(pair.second)) {
            return BadValue(pair, "UTF-8");
        }
        if (full.starts_with('_') && modifier.empty()) {
            KQ_ASSIGN(const bool done, Control(pair));
            if (done) {
                return {};
            }
        }
        const Parameter* const parameter = plan_.parameters->Find(plan_.type, code);
        if (parameter == nullptr) {
            return Unknown(full);
        }
        Criterion criterion;
        criterion.parameter = parameter;
        reference_type_.clear();
        if (!modifier.empty() && !Modify(criterion, modifier)) {
            return Unknown(full);
        }
        const auto pieces = Split(pair.second, ',');
        if (pieces.size() > kMaxValues) {
            return MakeError(
                ErrorCode::kSearchTooComplex, pair.first + " > " + std::to_string(kMaxValues)
            );
        }
        for (const std::string_view piece : pieces) {
            KQ_ASSIGN(Value value, ParseValue(pair, criterion, piece));
            criterion.values.push_back(std::move(value));
        }
        plan_.criteria.push_back(std::move(criterion));
        if (plan_.criteria.size() > kMaxCriteria) {
            return MakeError(ErrorCode::kSearchTooComplex, "> " + std::to_string(kMaxCriteria));
        }
        return {};
    }

    core::Result<Plan> Finish() {
        if (cursor_) {
            plan_.after = ParseCursor(plan_, *cursor_);
            if (!plan_.after) {
                return BadValue({"_cursor", *cursor_}, "与排序不符 does not fit the sort order");
            }
        }
        return std::move(plan_);
    }

private:
    core::Error Unknown(std::string_view parameter) const {
        return MakeError(
            ErrorCode::kSearchUnknownParameter, plan_.type_name, std::string(parameter)
        );
    }

    bool Covers(const Grant& grant) const {
        const auto has = [](const auto& list, const auto& one) {
            return std::find(list.begin(), list.end(), one) != list.end();
        };
        return has(grant.actions, Action::kRead) &&
               (grant.types.empty() || has(grant.types, plan_.type_name));
    }

    // Parameters that are not of the type; false when `pair` is none of them.
    core::Result<bool> Control(const Pair& pair) {
        const auto& [name, value] = pair;
        if (name == "_format" || name == "_pretty") {
            return true;
        }
        if (name == "_count") {
            KQ_TRY(Count(pair));
        } else if (name == "_total") {
            if (value != "none" && value != "accurate") {
                return BadValue(pair, "none, accurate");
            }
            plan_.total = plan_.total || value == "accurate";
        } else if (name == "_cursor") {
            cursor_ = value;
        } else if (name == "_sort") {
            KQ_TRY(Sort(pair));
        } else if (name == "_id") {
            std::vector<std::string> ids;
            for (const std::string_view piece : Split(value, ',')) {
                ids.emplace_back(piece);
            }
            if (ids.size() > kMaxValues) {
                return MakeError(
                    ErrorCode::kSearchTooComplex, "_id > " + std::to_string(kMaxValues)
                );
            }
            plan_.ids.push_back(std::move(ids));
        } else if (name == "_lastUpdated") {
            KQ_TRY(LastUpdated(pair));
        } else {
            return false;
        }
        return true;
    }

    core::Status Count(const Pair& pair) {
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

    core::Status Sort(const Pair& pair) {
        std::string_view by = pair.second;
        plan_.descending = by.starts_with('-');
        by.remove_prefix(plan_.descending ? 1 : 0);
        const Parameter* const own = plan_.parameters->OwnDate(plan_.type);
        const Parameter* const named = plan_.parameters->Find(plan_.type, by);
        if (by == "_lastUpdated") {
            plan_.sort = SortBy::kLastUpdated;
        } else if (by == "_id") {
            plan_.sort = SortBy::kId;
        } else if (named != nullptr && IsOwnDate(*named)) {
            plan_.sort = SortBy::kOwnDate;
        } else {
            std::string known = "_lastUpdated, _id";
            if (own != nullptr) {
                known += ", " + std::string(own->facts->code);
            }
            return BadValue(pair, known);
        }
        return {};
    }

    bool IsOwnDate(const Parameter& parameter) const {
        const Parameter* const own = plan_.parameters->OwnDate(plan_.type);
        if (own == nullptr || parameter.vias.empty()) {
            return own == &parameter;
        }
        return parameter.vias.size() == 1 &&
               &plan_.parameters->at(parameter.vias.front().parameter) == own;
    }

    core::Status LastUpdated(const Pair& pair) {
        ChangeTime time;
        for (std::string_view piece : Split(pair.second, ',')) {
            const auto prefix = TakePrefix(piece);
            const auto interval = IntervalOf(piece);
            if (!prefix || !interval) {
                return BadValue(pair, "2026-01-31, ge2026-01-31T10:00:00+08:00");
            }
            time.values.emplace_back(*prefix, *interval);
        }
        plan_.change_times.push_back(std::move(time));
        return {};
    }

    bool Modify(Criterion& criterion, std::string_view modifier) {
        switch (criterion.parameter->facts->kind) {
            case SearchKind::kToken:
                criterion.negated = modifier == "not";
                return criterion.negated;
            case SearchKind::kString:
                criterion.match =
                    modifier == "exact" ? StringMatch::kExact : StringMatch::kContains;
                return modifier == "exact" || modifier == "contains";
            case SearchKind::kReference:
                reference_type_ = modifier;
                return fhir::FindResourceType(modifier) != fhir::kNoType;
            case SearchKind::kNumber:
            case SearchKind::kDate:
            case SearchKind::kComposite:
            case SearchKind::kQuantity:
            case SearchKind::kUri:
            case SearchKind::kSpecial:
                break;
        }
        return false;
    }

    core::Result<Value>
    ParseValue(const Pair& pair, const Criterion& criterion, std::string_view piece) const {
        if (piece.empty()) {
            return BadValue(pair, "空 empty");
        }
        switch (criterion.parameter->facts->kind) {
            case SearchKind::kToken:
                return Token(pair, *criterion.parameter, piece);
            case SearchKind::kUri:
                return Uri(piece);
            case SearchKind::kString:
                return String(pair, criterion, piece);
            case SearchKind::kReference:
                return Reference(pair, piece);
            case SearchKind::kDate:
                return Date(pair, piece);
            case SearchKind::kNumber:
            case SearchKind::kQuantity:
                return Quantity(pair, *criterion.parameter, piece);
            case SearchKind::kComposite:
            case SearchKind::kSpecial:
                break;
        }
        return Unknown(pair.first);
    }

    static core::Result<Value>
    Token(const Pair& pair, const Parameter& parameter, std::string_view piece) {
        const auto parts = Split(piece, '|');
        Value value;
        value.text = Unescaped(parts.back());
        if (parts.size() > 2 || (parts.size() == 2 && parts[0].empty() && parts[1].empty())) {
            return BadValue(pair, "code, system|code, |code, system|");
        }
        if (parts.size() == 2) {
            value.any_text = parts[1].empty();
            value.scope = Unescaped(parts[0]);
            if (parameter.implied_system) {
                value.scope = value.any_text ? value.scope : std::optional<std::string>("");
            }
        }
        return value;
    }

    static Value Uri(std::string_view piece) {
        Value value;
        value.text = Unescaped(piece);
        value.scope = std::string();
        return value;
    }

    static core::Result<Value>
    String(const Pair& pair, const Criterion& criterion, std::string_view piece) {
        Value value;
        const std::string text = Unescaped(piece);
        const std::string kept(core::PrefixCodePoints(text, kMaxStringPoints));
        value.text = Normalised(kept);
        if (value.text.empty()) {
            return BadValue(pair, "空 empty");
        }
        if (criterion.match == StringMatch::kExact) {
            value.scope = value.text == kept ? std::string() : kept;
        }
        return value;
    }

    core::Result<Value> Reference(const Pair& pair, std::string_view piece) const {
        Value value;
        value.text = Unescaped(piece);
        const fhir::Reference reference = fhir::ParseReference(value.text);
        if (reference.kind == fhir::Reference::Kind::kLocal) {
            value.scope = reference.type;
            value.text = std::string(reference.id);
        } else if (reference.kind != fhir::Reference::Kind::kOther) {
            value.scope = std::string();
        } else if (value.text.find_first_of(":/") != std::string::npos) {
            value.scope = std::string();
        }
        if (!reference_type_.empty()) {
            if (value.scope && *value.scope != reference_type_) {
                return BadValue(pair, reference_type_);
            }
            value.scope = reference_type_;
        }
        return value;
    }

    static core::Result<Value> Date(const Pair& pair, std::string_view piece) {
        const auto prefix = TakePrefix(piece);
        const auto interval = IntervalOf(piece);
        if (!prefix || !interval) {
            return BadValue(pair, "2026, 2026-01-31, ge2026-01-31T10:00:00+08:00");
        }
        Value value;
        value.prefix = *prefix;
        value.interval = *interval;
        return value;
    }

    static core::Result<Value>
    Quantity(const Pair& pair, const Parameter& parameter, std::string_view piece) {
        const auto parts = Split(piece, '|');
        std::string_view number = parts[0];
        const auto prefix = TakePrefix(number);
        Value value;
        const bool united = parameter.facts->kind == SearchKind::kQuantity && parts.size() == 3;
        if (!prefix || *prefix == Prefix::kSa || *prefix == Prefix::kEb ||
            (parts.size() != 1 && !united) || !ParseNumber(number, value)) {
            return BadValue(pair, "5.4, ge5.4, 5.4|http://unitsofmeasure.org|mmol/L");
        }
        value.prefix = *prefix;
        if (united) {
            value.text = Unescaped(parts[2]);
        }
        return value;
    }

    Plan plan_;
    std::optional<std::string> cursor_;
    std::string reference_type_;
};

}  // namespace

core::Result<CompiledSearch> Compile(
    std::string_view type,
    const std::vector<std::pair<std::string, std::string>>& parameters,
    const Restriction& restriction
) {
    const fhir::TypeNumber number = fhir::FindResourceType(type);
    if (number == fhir::kNoType) {
        return MakeError(ErrorCode::kFhirUnknownType, std::string(type));
    }
    const auto& all = Parameters::All();
    if (!all.ok()) {
        return all.error();
    }
    Compiler compiler(all.value(), number);
    compiler.Restrict(restriction);
    for (const auto& pair : parameters) {
        KQ_TRY(compiler.Add(pair));
    }
    KQ_ASSIGN(Plan plan, compiler.Finish());
    return CompiledSearch(std::make_shared<const Plan>(std::move(plan)));
}

bool IsSearchable(std::string_view type, std::string_view code) noexcept {
    const fhir::TypeNumber number = fhir::FindResourceType(type);
    const auto& all = Parameters::All();
    return number != fhir::kNoType && all.ok() &&
           (code == "_id" || code == "_lastUpdated" || all.value().Find(number, code) != nullptr);
}

CompiledSearch::CompiledSearch(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}

}  // namespace kangqu::search
