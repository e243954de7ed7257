#include "kangqu/terminology/ucum.hpp"

#include "ucum/compiled.hpp"
#include "ucum/plan.hpp"
#include <array>
#include <cstdlib>

namespace kangqu::terminology {

using core::Decimal;
using core::ErrorCode;
using core::Language;
using core::MakeError;
using ucum::Compiled;
using ucum::Plan;
using ucum::Rational;
using ucum::Term;

namespace {

bool IsTen(const Term& term) {
    const std::string code = term.symbol.atom == ucum::kNone ? "" : ucum::CodeOf(term.symbol);
    return code == "10*" || code == "10^";
}

std::string NameOf(const Term& term, Language language) {
    const bool zh = language == Language::kZh;
    if (term.symbol.atom == ucum::kNone) {
        return term.number;
    }
    std::string out;
    if (term.symbol.prefix != ucum::kNone) {
        const auto& prefix = ucum::PrefixRows()[static_cast<std::size_t>(term.symbol.prefix)];
        out += zh ? prefix.name_zh : prefix.name_en;
    }
    const auto& atom = ucum::AtomRows()[static_cast<std::size_t>(term.symbol.atom)];
    out += zh ? atom.name_zh : atom.name_en;
    const int power = std::abs(term.power);
    if (power == 1) {
        return out;
    }
    if (power == 2 || power == 3) {
        return zh ? (power == 2 ? "平方" : "立方") + out
                  : (power == 2 ? "square " : "cubic ") + out;
    }
    return out + (zh ? "的" + std::to_string(power) + "次方" : " to the " + std::to_string(power));
}

}  // namespace

Unit::Unit(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

core::Result<Unit> Unit::Parse(std::string_view text) {
    KQ_ASSIGN(Compiled compiled, ucum::Compile(text));
    return Unit(std::make_shared<const Compiled>(std::move(compiled)));
}

const std::string& Unit::text() const noexcept {
    return compiled_->text;
}
bool Unit::special() const noexcept {
    return compiled_->function != ucum::Function::kNone;
}
bool Unit::ComparableWith(const Unit& other) const noexcept {
    return compiled_ == other.compiled_ || compiled_->dimensions == other.compiled_->dimensions;
}
const std::string& Unit::canonical() const noexcept {
    return compiled_->canonical;
}

std::string Unit::Name(Language language) const {
    const bool zh = language == Language::kZh;
    std::string above;
    std::string below;
    for (const Term& term : compiled_->terms) {
        if (IsTen(term)) {
            above += (above.empty() ? "" : zh ? "·" : " ") + ("10^" + std::to_string(term.power));
        } else if (term.power > 0) {
            above += (above.empty() ? "" : zh ? "·" : " ") + NameOf(term, language);
        } else {
            below += (zh ? "每" : " per ") + NameOf(term, language);
        }
    }
    const std::string out = above + below;
    if (out.empty()) {
        return zh ? "无量纲" : "unity";
    }
    return out.starts_with(' ') ? out.substr(1) : out;
}

std::string Unit::Analysis() const {
    std::string out;
    for (const Term& term : compiled_->terms) {
        out += term.divided ? (out.empty() ? "/ " : " / ") : out.empty() ? "" : " * ";
        if (term.symbol.atom == ucum::kNone) {
            out += term.number;
            continue;
        }
        Term single = term;
        single.power = 1;
        const int power = term.divided ? -term.power : term.power;
        out += "(" + NameOf(single, Language::kEn);
        out += power == 1 ? ")" : " ^ " + std::to_string(power) + ")";
    }
    return out.empty() ? "(unity)" : out;
}

core::Result<Unit> Unit::Joined(const Unit& other, int sign) const {
    if (special() || other.special()) {
        const Unit& odd = special() ? *this : other;
        const Unit& rest = special() ? other : *this;
        if (!rest.compiled_->terms.empty() || (sign < 0 && other.special())) {
            return MakeError(ErrorCode::kUnitSpecial, odd.text(), odd.text());
        }
        return odd;
    }
    return Parse(ucum::TextOf(
        ucum::JoinTerms(compiled_->terms, other.compiled_->terms, sign), ucum::TermStyle::kSlash
    ));
}
core::Result<Unit> Unit::Times(const Unit& other) const {
    return Joined(other, 1);
}
core::Result<Unit> Unit::Over(const Unit& other) const {
    return Joined(other, -1);
}

UnitConversion::UnitConversion(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}

core::Result<UnitConversion> UnitConversion::Between(const Unit& from, const Unit& to) {
    if (!from.ComparableWith(to)) {
        return MakeError(ErrorCode::kUnitNotComparable, from.text(), to.text());
    }
    return UnitConversion(std::make_shared<const Plan>(from.compiled_, to.compiled_));
}

core::Result<Decimal> UnitConversion::Convert(const Decimal& value) const {
    if (const auto quick = plan_->Quick(value)) {
        return *quick;
    }
    const auto exact = plan_->Exact(Rational::Of(value));
    const auto out = exact ? ucum::ToDecimal(*exact) : std::nullopt;
    if (!out) {
        return MakeError(
            ErrorCode::kUnitDomain, value.ToString(), plan_->from().text, plan_->to().text
        );
    }
    return *out;
}

core::Result<std::string> UnitConversion::ConvertText(std::string_view value) const {
    const auto number = Rational::Parse(value);
    if (!number) {
        return MakeError(ErrorCode::kUnitNumber, std::string(value.substr(0, 100)));
    }
    const auto exact = plan_->Exact(*number);
    if (!exact) {
        return MakeError(
            ErrorCode::kUnitDomain, std::string(value), plan_->from().text, plan_->to().text
        );
    }
    return ucum::ToText(*exact);
}

core::Result<std::strong_ordering> UnitConversion::Compare(const Decimal& a, const Decimal& b)
    const {
    if (const auto quick = plan_->QuickOrder(a, b)) {
        return *quick;
    }
    const auto x = ucum::ToBase(Rational::Of(a), plan_->from());
    const auto y = ucum::ToBase(Rational::Of(b), plan_->to());
    if (!x || !y) {
        return MakeError(
            ErrorCode::kUnitDomain,
            x ? b.ToString() : a.ToString(),
            x ? plan_->to().text : plan_->from().text,
            plan_->from().canonical
        );
    }
    return ucum::Compare(*x, *y) <=> 0;
}

core::Result<QuantityOrder>
CompareQuantities(const Decimal& a, const Unit& unit_a, const Decimal& b, const Unit& unit_b) {
    if (unit_a.text() == unit_b.text()) {
        return QuantityOrder(a <=> b);
    }
    if (!unit_a.ComparableWith(unit_b)) {
        return QuantityOrder();
    }
    KQ_ASSIGN(const UnitConversion conversion, UnitConversion::Between(unit_a, unit_b));
    KQ_ASSIGN(const std::strong_ordering order, conversion.Compare(a, b));
    return QuantityOrder(order);
}

}  // namespace kangqu::terminology
