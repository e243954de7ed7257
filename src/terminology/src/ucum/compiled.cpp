#include "ucum/compiled.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/terminology/ucum.hpp"

#include <algorithm>
#include <optional>

namespace kangqu::terminology::ucum {

namespace {

using core::ErrorCode;
using core::MakeError;

struct Measure {
    Rational factor;
    Dimensions dimensions;
};

// What every atom is made of. The table's own units are compiled when it is made, each once.
class AtomMeasures {
public:
    AtomMeasures() : measures_(AtomRows().size()) {
        std::int16_t bases = 0;
        for (std::size_t i = 0; i < AtomRows().size(); ++i) {
            if (AtomRows()[i].kind == AtomKind::kBase) {
                Measure base;
                base.dimensions.base.at(static_cast<std::size_t>(bases++)) = 1;
                measures_[i] = base;
            }
        }
        KQ_CHECK(bases == kBases, "the table has another number of base units");
        for (std::size_t i = 0; i < AtomRows().size(); ++i) {
            Of(i);
        }
    }

    const Measure& at(std::int16_t atom) const {
        return *measures_[static_cast<std::size_t>(atom)];
    }

private:
    const Measure& Of(std::size_t atom) {
        std::optional<Measure>& mine = measures_[atom];
        if (mine) {
            return *mine;
        }
        const AtomRow& row = AtomRows()[atom];
        const auto value = Rational::Parse(row.value);
        const auto terms = ParseTerms(row.unit);
        KQ_CHECK(value && terms.ok(), "a row of the table of units does not parse");
        Measure out{*value, {}};
        for (const Term& term : *terms) {
            const auto power = Power(FactorOf(term), term.power);
            KQ_CHECK(power.has_value(), "a row of the table of units is out of range");
            out.factor = Times(out.factor, *power);
            if (term.symbol.atom != kNone) {
                out.dimensions.Add(
                    Of(static_cast<std::size_t>(term.symbol.atom)).dimensions, term.power
                );
            }
        }
        if (row.kind == AtomKind::kArbitrary && row.unit == "1") {
            out.dimensions.arbitrary.emplace_back(static_cast<std::int16_t>(atom), 1);
        }
        mine = std::move(out);
        return *mine;
    }
    Rational FactorOf(const Term& term) {
        if (term.symbol.atom == kNone) {
            return *Rational::Parse(term.number);
        }
        Rational factor = Of(static_cast<std::size_t>(term.symbol.atom)).factor;
        if (term.symbol.prefix != kNone) {
            const auto& prefix = PrefixRows()[static_cast<std::size_t>(term.symbol.prefix)];
            factor = Times(factor, *Rational::Parse(prefix.value));
        }
        return factor;
    }

    std::vector<std::optional<Measure>> measures_;
};

const AtomMeasures& Atoms() {
    static const AtomMeasures atoms;
    return atoms;
}

const AtomRow& RowOf(const Term& term) {
    return AtomRows()[static_cast<std::size_t>(term.symbol.atom)];
}

// The number a term multiplies by; nothing when it is zero or too great.
std::optional<Rational> FactorOf(const Term& term) {
    Rational factor;
    if (term.symbol.atom == kNone) {
        const auto number = Rational::Parse(term.number);
        if (!number || number->zero()) {
            return std::nullopt;
        }
        factor = *number;
    } else {
        factor = Atoms().at(term.symbol.atom).factor;
        if (term.symbol.prefix != kNone) {
            const auto& prefix = PrefixRows()[static_cast<std::size_t>(term.symbol.prefix)];
            factor = Times(factor, *Rational::Parse(prefix.value));
        }
    }
    return Power(factor, term.power);
}

bool IsSpecial(const Term& term) {
    return term.symbol.atom != kNone && RowOf(term).kind == AtomKind::kSpecial;
}
// May stand beside a special unit: a number or a power of ten.
bool IsScalar(const Term& term) {
    return term.symbol.atom == kNone || RowOf(term).code == "10*" || RowOf(term).code == "10^";
}

std::string CanonicalText(const Dimensions& dimensions) {
    struct Part {
        std::string_view code;
        std::int32_t power;
    };
    std::vector<Part> parts;
    std::size_t base = 0;
    for (const AtomRow& row : AtomRows()) {
        if (row.kind == AtomKind::kBase) {
            parts.push_back({row.code, dimensions.base.at(base++)});
        }
    }
    for (const auto& [atom, power] : dimensions.arbitrary) {
        parts.push_back({AtomRows()[static_cast<std::size_t>(atom)].code, power});
    }
    std::erase_if(parts, [](const Part& part) { return part.power == 0; });
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        return a.code < b.code;
    });
    std::string out;
    for (const Part& part : parts) {
        out += out.empty() ? "" : ".";
        out += part.code;
        out += part.power == 1 ? "" : std::to_string(part.power);
    }
    return out.empty() ? "1" : out;
}

// The canonical text is a unit itself, so its exponents obey the same limit.
bool InRange(const Dimensions& dimensions) {
    const auto fits = [](std::int32_t power) {
        return std::abs(power) <= kMaxUnitExponent;
    };
    return std::all_of(dimensions.base.begin(), dimensions.base.end(), fits) &&
           std::all_of(
               dimensions.arbitrary.begin(),
               dimensions.arbitrary.end(),
               [&fits](const auto& part) { return fits(part.second); }
           );
}

// A special unit stands alone, with a prefix or a number before it.
core::Status CompileSpecial(const Term& special, Compiled& out) {
    const auto wrong = [&] {
        return MakeError(ErrorCode::kUnitSpecial, out.text, CodeOf(special.symbol));
    };
    if (special.power != 1) {
        return wrong();
    }
    for (const Term& term : out.terms) {
        if (&term == &special) {
            continue;
        }
        if (!IsScalar(term)) {
            return wrong();
        }
        const auto factor = FactorOf(term);
        if (!factor) {
            return MakeError(ErrorCode::kUnitTooGreat, out.text);
        }
        out.scale = Times(out.scale, *factor);
    }
    if (special.symbol.prefix != kNone) {
        const auto& prefix = PrefixRows()[static_cast<std::size_t>(special.symbol.prefix)];
        out.scale = Times(out.scale, *Rational::Parse(prefix.value));
    }
    out.function = RowOf(special).function;
    out.factor = Atoms().at(special.symbol.atom).factor;
    out.dimensions = Atoms().at(special.symbol.atom).dimensions;
    return TooLong(out.scale) ? core::Status(MakeError(ErrorCode::kUnitTooGreat, out.text))
                              : core::Status();
}

core::Status CompileLinear(Compiled& out) {
    for (const Term& term : out.terms) {
        const auto factor = FactorOf(term);
        if (!factor) {
            return MakeError(ErrorCode::kUnitTooGreat, out.text);
        }
        out.factor = Times(out.factor, *factor);
        if (TooLong(out.factor)) {
            return MakeError(ErrorCode::kUnitTooGreat, out.text);
        }
        if (term.symbol.atom != kNone) {
            out.dimensions.Add(Atoms().at(term.symbol.atom).dimensions, term.power);
        }
    }
    return {};
}

}  // namespace

void Dimensions::Add(const Dimensions& other, int times) {
    for (std::size_t i = 0; i < kBases; ++i) {
        base.at(i) += other.base.at(i) * times;
    }
    for (const auto& [atom, power] : other.arbitrary) {
        const auto place = std::lower_bound(
            arbitrary.begin(), arbitrary.end(), std::pair(atom, std::int32_t{INT32_MIN})
        );
        if (place == arbitrary.end() || place->first != atom) {
            arbitrary.insert(place, {atom, power * times});
        } else if ((place->second += power * times) == 0) {
            arbitrary.erase(place);
        }
    }
    std::erase_if(arbitrary, [](const auto& part) { return part.second == 0; });
}

core::Result<Compiled> Compile(std::string_view text) {
    Compiled out;
    out.text = text;
    KQ_ASSIGN(out.terms, ParseTerms(text));
    const auto special = std::find_if(out.terms.begin(), out.terms.end(), IsSpecial);
    KQ_TRY(special == out.terms.end() ? CompileLinear(out) : CompileSpecial(*special, out));
    if (!InRange(out.dimensions)) {
        return MakeError(ErrorCode::kUnitTooGreat, out.text);
    }
    out.canonical = CanonicalText(out.dimensions);
    return out;
}

}  // namespace kangqu::terminology::ucum
