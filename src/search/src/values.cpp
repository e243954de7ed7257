#include "values.hpp"

#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/resource.hpp"

#include "extract.hpp"
#include "normal.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace kangqu::search {

namespace {

using fhir::SearchKind;

core::Result<Value>
Token(const QueryPair& pair, const Criterion& criterion, std::string_view piece) {
    const auto parts = Split(piece, '|');
    Value value;
    value.text = Unescaped(parts.back());
    if (parts.size() > 2 || (parts.size() == 2 && parts[0].empty() && parts[1].empty())) {
        return BadValue(pair, "code, system|code, |code, system|");
    }
    if (parts.size() == 2) {
        value.any_text = parts[1].empty();
        value.scope = Unescaped(parts[0]);
        if (criterion.parameter->implied_system && criterion.modifier != Modifier::kIdentifier) {
            value.scope = value.any_text ? value.scope : std::optional<std::string>("");
        }
    }
    return value;
}

core::Result<Value> OfType(const QueryPair& pair, std::string_view piece) {
    const auto parts = Split(piece, '|');
    if (parts.size() != 3 || parts[1].empty() || parts[2].empty()) {
        return BadValue(pair, "system|code|value");
    }
    Value value;
    for (const std::string_view part : parts) {
        value.text += (part.data() == parts[0].data() ? "" : "|") + Unescaped(part);
    }
    value.scope = std::string();
    return value;
}

Value Uri(std::string_view piece) {
    Value value;
    value.text = Unescaped(piece);
    value.scope = std::string();
    return value;
}

core::Result<Value>
String(const QueryPair& pair, const Criterion& criterion, std::string_view piece) {
    Value value;
    const std::string text = Unescaped(piece);
    const std::string kept(core::PrefixCodePoints(text, kMaxStringPoints));
    value.text = Normalised(kept);
    if (value.text.empty()) {
        return BadValue(pair, "空 empty");
    }
    if (criterion.modifier == Modifier::kExact) {
        value.scope = value.text == kept ? std::string() : kept;
    } else if (criterion.modifier == Modifier::kReading) {
        std::erase(value.text, ' ');
        value.scope = std::string(kReadingOriginal);
    } else if (criterion.modifier == Modifier::kInitials) {
        value.scope = std::string(kInitialsOriginal);
    }
    return value;
}

core::Result<Value>
Reference(const QueryPair& pair, std::string_view type, std::string_view piece) {
    Value value;
    value.text = Unescaped(piece);
    const fhir::Reference reference = fhir::ParseReference(value.text);
    if (reference.kind == fhir::Reference::Kind::kLocal) {
        value.scope = reference.type;
        value.text = std::string(reference.id);
    } else if (reference.kind != fhir::Reference::Kind::kOther || value.text.find_first_of(":/") != std::string::npos) {
        value.scope = std::string();
    }
    if (!type.empty()) {
        if (value.scope && *value.scope != type) {
            return BadValue(pair, type);
        }
        value.scope = type;
    }
    return value;
}

core::Result<Value> Date(const QueryPair& pair, core::InstantMs now, std::string_view piece) {
    const auto prefix = TakePrefix(piece);
    const auto interval = IntervalOf(piece);
    if (!prefix || !interval) {
        return BadValue(pair, "2026, 2026-01-31, ge2026-01-31T10:00:00+08:00");
    }
    Value value;
    value.prefix = *prefix;
    value.interval = *interval;
    if (*prefix == Prefix::kAp) {
        // A tenth of the time between now and the date, to both sides (FHIR search#prefix).
        const std::int64_t low_gap = std::abs(now - interval->low) / 10;
        const std::int64_t high_gap = std::abs(now - interval->high) / 10;
        value.interval = {interval->low - low_gap, interval->high + high_gap};
    }
    return value;
}

core::Result<Value> Quantity(const QueryPair& pair, SearchKind kind, std::string_view piece) {
    const auto parts = Split(piece, '|');
    std::string_view number = parts[0];
    const auto prefix = TakePrefix(number);
    Value value;
    const bool united = kind == SearchKind::kQuantity && parts.size() == 3;
    if (!prefix || (parts.size() != 1 && !united) || !ParseNumber(number, value)) {
        return BadValue(pair, "5.4, ge5.4, 5.4|http://unitsofmeasure.org|mmol/L");
    }
    value.prefix = *prefix;
    if (*prefix == Prefix::kAp) {
        const double margin = std::abs(value.number) / 10;
        value.low = value.number - margin;
        value.high = value.number + margin;
    }
    if (united) {
        value.scope = Unescaped(parts[1]);
        value.text = Unescaped(parts[2]);
        if (value.text.empty()) {
            return BadValue(pair, "5.4, ge5.4, 5.4|http://unitsofmeasure.org|mmol/L");
        }
    }
    return value;
}

core::Result<Value> ParseKind(
    const QueryPair& pair,
    const Criterion& criterion,
    SearchKind kind,
    std::string_view type,
    core::InstantMs now,
    std::string_view piece
) {
    switch (kind) {
        case SearchKind::kToken:
            return Token(pair, criterion, piece);
        case SearchKind::kUri:
            return Uri(piece);
        case SearchKind::kString:
            return String(pair, criterion, piece);
        case SearchKind::kReference:
            return Reference(pair, type, piece);
        case SearchKind::kDate:
            return Date(pair, now, piece);
        case SearchKind::kNumber:
        case SearchKind::kQuantity:
            return Quantity(pair, kind, piece);
        case SearchKind::kComposite:
        case SearchKind::kSpecial:
            break;
    }
    return BadValue(pair, "?");
}

core::Result<Value> Composite(
    const QueryPair& pair,
    const Criterion& criterion,
    core::InstantMs now,
    std::string_view piece
) {
    const auto pieces = Split(piece, '$');
    const auto& parts = criterion.parameter->parts;
    if (pieces.size() != parts.size()) {
        return BadValue(pair, parts.size() == 3 ? "a$b$c" : "code$value");
    }
    Value value;
    for (std::size_t at = 0; at < parts.size(); ++at) {
        if (pieces[at].empty()) {
            return BadValue(pair, "code$value");
        }
        KQ_ASSIGN(Value part, ParseKind(pair, criterion, parts[at].kind, {}, now, pieces[at]));
        const bool plain_code =
            parts[at].kind == SearchKind::kToken && !parts[at].paths.empty() &&
            std::all_of(parts[at].paths.begin(), parts[at].paths.end(), [](const Path& path) {
                return fhir::TypeOf(path.leaf).kind == fhir::TypeKind::kPrimitive;
            });
        if (plain_code && part.scope && !part.any_text) {
            part.scope = std::string();  // the element implies the system
        }
        value.parts.push_back(std::move(part));
    }
    return value;
}

}  // namespace

core::Result<Value> ParseValue(
    const QueryPair& pair,
    const Criterion& criterion,
    std::string_view type,
    core::InstantMs now,
    std::string_view piece
) {
    if (piece.empty()) {
        return BadValue(pair, "空 empty");
    }
    switch (criterion.modifier) {
        case Modifier::kText: {
            Value value;
            value.text = Normalised(Unescaped(piece));
            return value;
        }
        case Modifier::kIn:
        case Modifier::kNotIn: {
            Value value;
            value.text = Unescaped(piece);
            return value;
        }
        case Modifier::kOfType:
            return OfType(pair, piece);
        case Modifier::kIdentifier:
            return Token(pair, criterion, piece);
        case Modifier::kNone:
        case Modifier::kMissing:
        case Modifier::kNot:
        case Modifier::kAbove:
        case Modifier::kBelow:
        case Modifier::kExact:
        case Modifier::kContains:
        case Modifier::kReading:
        case Modifier::kInitials:
            break;
    }
    const SearchKind kind = criterion.parameter->facts->kind;
    if (kind == SearchKind::kComposite) {
        return Composite(pair, criterion, now, piece);
    }
    return ParseKind(pair, criterion, kind, type, now, piece);
}

core::Result<Node> ParseNear(const QueryPair& pair, std::string_view piece) {
    constexpr std::string_view kShape = "31.2|121.4|5|km";
    const auto parts = Split(piece, '|');
    const auto read = [](std::string_view text, double& value) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
    };
    Node node;
    node.kind = Node::Kind::kNear;
    double distance = 10;
    if (parts.size() < 2 || parts.size() > 4 || !read(parts[0], node.latitude) ||
        !read(parts[1], node.longitude) || std::abs(node.latitude) > 90 ||
        std::abs(node.longitude) > 180 ||
        (parts.size() > 2 && !parts[2].empty() && !read(parts[2], distance)) || distance < 0) {
        return BadValue(pair, kShape);
    }
    constexpr std::array<std::pair<std::string_view, double>, 5> kUnits = {
        {{"km", 1'000}, {"m", 1}, {"", 1'000}, {"[mi_us]", 1'609.347}, {"mi", 1'609.344}}};
    const std::string_view unit = parts.size() == 4 ? parts[3] : std::string_view{};
    for (const auto& [name, metres] : kUnits) {
        if (unit == name) {
            node.metres = distance * metres;
            return node;
        }
    }
    return BadValue(pair, kShape);
}

}  // namespace kangqu::search
