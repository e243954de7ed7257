#include "filter.hpp"

#include <functional>
#include <set>

#include <re2/re2.h>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

namespace {

// Memory of one compiled expression; beyond it the expression is refused.
constexpr std::int64_t kMaxRegexMemory = std::int64_t{1} << 20;
constexpr std::size_t kMaxRegexBytes = 1000;

class Filter {
public:
    Filter(const CodeSystem& codes, JsonNode json, const std::string& value_set)
        : codes_(codes),
          property_(json["property"].text()),
          op_(json["op"].text()),
          value_(json["value"].text()),
          value_set_(value_set) {}

    core::Result<ConceptBits> Run() {
        if (op_ == "is-a" || op_ == "descendent-of" || op_ == "is-not-a" || op_ == "generalizes" ||
            op_ == "child-of") {
            return Hierarchy();
        }
        if (op_ == "regex") {
            return Regex();
        }
        if (op_ == "=" || op_ == "in" || op_ == "not-in") {
            return Values();
        }
        if (op_ == "exists") {
            const bool wanted = value_ != "false";
            return Where([&](ConceptNumber number) { return !ValuesOf(number).empty() == wanted; });
        }
        return Refused();
    }

private:
    core::Error Refused() const {
        return MakeError(
            ErrorCode::kValueSetFilter,
            value_set_,
            std::string(property_) + " " + std::string(op_) + " " +
                std::string(value_.substr(0, 100))
        );
    }
    bool OnConcept() const { return property_ == "concept" || property_ == "code"; }

    template <class Test>
    ConceptBits Where(const Test& test) const {
        ConceptBits out(codes_.size());
        for (ConceptNumber number = 0; number < codes_.size(); ++number) {
            if (test(number)) {
                out.set(number);
            }
        }
        return out;
    }

    core::Result<ConceptBits> Hierarchy() const {
        const ConceptNumber root = codes_.Find(value_);
        if (root == kNoConcept) {
            return MakeError(
                ErrorCode::kCodeUnknown, codes_.head().url, std::string(value_.substr(0, 100))
            );
        }
        ConceptBits out(codes_.size());
        if (op_ == "generalizes") {
            codes_.AddWithAncestors(root, out);
            return out;
        }
        if (op_ == "child-of") {
            for (const ConceptNumber child : codes_.children(root)) {
                out.set(child);
            }
            return out;
        }
        codes_.AddWithDescendants(root, out);
        if (op_ == "descendent-of") {
            out.reset(root);
        } else if (op_ == "is-not-a") {
            out.Invert();
        }
        return out;
    }

    // What a filter compares: the code, the display, or the values of a property.
    std::vector<std::string_view> ValuesOf(ConceptNumber number) const {
        if (OnConcept()) {
            return {codes_.code(number)};
        }
        if (property_ == "display") {
            std::vector<std::string_view> out;
            if (!codes_.display(number).empty()) {
                out.push_back(codes_.display(number));
            }
            for (const Designation& one : codes_.designations(number)) {
                out.push_back(one.value);
            }
            return out;
        }
        std::vector<std::string_view> out;
        for (const ConceptProperty& one : codes_.properties(number)) {
            if (codes_.property_names()[one.property] == property_) {
                out.push_back(one.value);
            }
        }
        if (property_ == "parent" || property_ == "child") {
            const auto list =
                property_ == "parent" ? codes_.parents(number) : codes_.children(number);
            for (const ConceptNumber one : list) {
                out.push_back(codes_.code(one));
            }
        }
        return out;
    }

    core::Result<ConceptBits> Values() const {
        std::set<std::string_view> wanted;
        std::string_view rest = value_;
        while (op_ != "=" && rest.find(',') != std::string_view::npos) {
            wanted.insert(rest.substr(0, rest.find(',')));
            rest = rest.substr(rest.find(',') + 1);
        }
        wanted.insert(rest);
        const bool negative = op_ == "not-in";
        return Where([&](ConceptNumber number) {
            bool found = false;
            for (const std::string_view value : ValuesOf(number)) {
                found = found || wanted.contains(value);
            }
            return found != negative;
        });
    }

    core::Result<ConceptBits> Regex() const {
        re2::RE2::Options options;
        options.set_max_mem(kMaxRegexMemory);
        options.set_log_errors(false);
        const re2::RE2 expression(
            re2::StringPiece(value_.data(), std::min(value_.size(), kMaxRegexBytes + 1)), options
        );
        if (!expression.ok() || value_.size() > kMaxRegexBytes) {
            return Refused();
        }
        return Where([&](ConceptNumber number) {
            for (const std::string_view value : ValuesOf(number)) {
                if (re2::RE2::FullMatch(re2::StringPiece(value.data(), value.size()), expression)) {
                    return true;
                }
            }
            return false;
        });
    }

    const CodeSystem& codes_;
    std::string_view property_;
    std::string_view op_;
    std::string_view value_;
    const std::string& value_set_;
};

// "in" and "not-in" may name a value set instead of codes.
core::Result<ConceptBits> ChooseBySet(
    const CodeSystem& codes,
    std::string_view canonical,
    bool negative,
    const Vocabularies& vocabularies,
    int depth
) {
    KQ_ASSIGN(const auto set, vocabularies.FindSet(canonical, depth + 1));
    ConceptBits out(codes.size());
    for (ConceptNumber number = 0; number < codes.size(); ++number) {
        const bool member = set->Contains(codes.head().url, {}, codes.code(number)) == Member::kYes;
        if (member != negative) {
            out.set(number);
        }
    }
    return out;
}

}  // namespace

core::Result<ConceptBits> Choose(
    const CodeSystem& codes,
    JsonNode filter,
    const Vocabularies& vocabularies,
    const std::string& value_set,
    int depth
) {
    const std::string_view op = filter["op"].text();
    const std::string_view value = filter["value"].text();
    const bool on_concept =
        filter["property"].text() == "concept" || filter["property"].text() == "code";
    if ((op == "in" || op == "not-in") && on_concept && value.starts_with("http")) {
        return ChooseBySet(codes, value, op == "not-in", vocabularies, depth);
    }
    return Filter(codes, filter, value_set).Run();
}

}  // namespace kangqu::terminology
