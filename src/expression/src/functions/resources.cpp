// Functions FHIR adds: extension, resolve, conformsTo, memberOf.
#include "kangqu/fhir/resource.hpp"

#include "functions/registry.hpp"
#include "functions/types.hpp"
#include "navigate.hpp"
#include <algorithm>
#include <array>
#include <vector>

namespace kangqu::expression {

namespace {

Value Extension(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const Value url = evaluation.Typed(node, 1, Kind::kString);
    if (url.is_null()) {
        return {};
    }
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(input)) {
        if (!item.is(Kind::kNode)) {
            continue;
        }
        const core::JsonNode object = IsPrimitive(item.type()) ? item.extension() : item.node();
        const core::JsonNode list = object["extension"];
        for (core::JsonNode one = list.first(); one; one = one.next()) {
            if (one["url"].text() == url.text()) {
                out.Add(NodeOf(one, Known().extension));
            }
        }
    }
    return out.Collection();
}

// A contained resource of the resource that is asked.
Value FindContained(Evaluation& evaluation, std::string_view id) {
    const core::JsonNode list = evaluation.environment().resource["contained"];
    for (core::JsonNode one = list.first(); one; one = one.next()) {
        if (one["id"].text() == id) {
            return NodeOf(one, Known().resource);
        }
    }
    return {};
}

Value FindInBundle(core::JsonNode bundle, std::string_view text, const fhir::Reference& reference) {
    const core::JsonNode list = bundle["entry"];
    for (core::JsonNode entry = list.first(); entry; entry = entry.next()) {
        const core::JsonNode resource = entry["resource"];
        if (entry["fullUrl"].text() == text ||
            (!reference.id.empty() && resource["id"].text() == reference.id &&
             resource["resourceType"].text() == reference.type)) {
            return NodeOf(resource, Known().resource);
        }
    }
    return {};
}

}  // namespace

Value ResolveReference(Evaluation& evaluation, const Value& item) {
    const core::JsonNode json = item.node();
    const std::string_view text = json.is_string() ? json.text() : json["reference"].text();
    if (text.empty()) {
        return {};
    }
    if (text[0] == '#') {
        return FindContained(evaluation, text.substr(1));
    }
    const core::JsonNode root = evaluation.environment().root_resource;
    if (root["resourceType"].text() == "Bundle") {
        const Value found = FindInBundle(root, text, fhir::ParseReference(text));
        if (!found.is_null()) {
            return found;
        }
    }
    const ReferenceResolver* resolver = evaluation.environment().resolver;
    return resolver == nullptr ? Value() : NodeOf(resolver->Resolve(text), Known().resource);
}

namespace {

Value Resolve(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(input)) {
        if (item.is(Kind::kNode)) {
            const Value found = ResolveReference(evaluation, item);
            if (!found.is_null()) {
                out.Add(found);
            }
        }
    }
    return out.Collection();
}

// The base definitions of FHIR are known here; profiles are asked of the environment.
Value ConformsTo(Evaluation& evaluation, const PlanNode& node) {
    constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/";
    const Value item = evaluation.One(node, evaluation.Arg(node, 0));
    const Value url = evaluation.Typed(node, 1, Kind::kString);
    if (!item.is(Kind::kNode) || url.is_null()) {
        return {};
    }
    const fhir::TypeNumber type = url.text().starts_with(kBase)
                                      ? fhir::FindType(url.text().substr(kBase.size()))
                                      : fhir::kNoType;
    if (type == fhir::kNoType) {
        const Profiles* profiles = evaluation.environment().profiles;
        const auto answer = profiles == nullptr
                                ? std::nullopt
                                : profiles->Conforms(item.node(), item.type(), url.text());
        if (answer) {
            return Value::Boolean(*answer);
        }
        return evaluation.Fail(node, "structure " + std::string(url.text()) + " is not known");
    }
    return Value::Boolean(fhir::IsA(item.type(), type));
}

ValueSets::Answer IsMember(Evaluation& evaluation, const Value& item, std::string_view url) {
    const ValueSets* sets = evaluation.environment().value_sets;
    if (sets == nullptr) {
        return ValueSets::Answer::kUnknownValueSet;
    }
    const Value value = ToCql(evaluation, item);
    if (value.is(Kind::kString)) {
        return sets->Contains(url, {}, {}, value.text());
    }
    if (value.is(Kind::kCode)) {
        return sets->Contains(url, {}, value.code().system, value.code().code);
    }
    ValueSets::Answer answer = ValueSets::Answer::kNo;
    if (value.is(Kind::kConcept)) {
        for (const Code& code : value.concept_value().codes) {
            answer = sets->Contains(url, {}, code.system, code.code);
            if (answer != ValueSets::Answer::kNo) {
                return answer;
            }
        }
    }
    return answer;
}

Value MemberOf(Evaluation& evaluation, const PlanNode& node) {
    const Value item = evaluation.One(node, evaluation.Arg(node, 0));
    const Value url = evaluation.Typed(node, 1, Kind::kString);
    if (item.is_null() || url.is_null()) {
        return {};
    }
    const ValueSets::Answer answer = IsMember(evaluation, item, url.text());
    return answer == ValueSets::Answer::kUnknownValueSet
               ? Value()
               : Value::Boolean(answer == ValueSets::Answer::kYes);
}

// Codes of an element or value: of a Coding or Code one, of a CodeableConcept all.
std::span<const Code> CodesOf(const Value& value) {
    if (value.is(Kind::kCode)) {
        return {&value.code(), 1};
    }
    return value.is(Kind::kConcept) ? value.concept_value().codes : std::span<const Code>();
}

// Whether a code of the input is above one of the argument's, or the other way round.
template <bool broad_first>
Value Subsumes(Evaluation& evaluation, const PlanNode& node) {
    const Value a = ToCql(evaluation, evaluation.One(node, evaluation.Arg(node, 0)));
    const Value b = ToCql(evaluation, evaluation.One(node, evaluation.Arg(node, 1)));
    const ValueSets* sets = evaluation.environment().value_sets;
    if (a.is_null() || b.is_null() || sets == nullptr) {
        return {};
    }
    bool known = false;
    for (const Code& broad : CodesOf(broad_first ? a : b)) {
        for (const Code& narrow : CodesOf(broad_first ? b : a)) {
            if (broad.system != narrow.system) {
                continue;
            }
            const auto answer = sets->Subsumes(broad.system, broad.code, narrow.code);
            if (answer == true) {
                return Value::Boolean(true);
            }
            known = known || answer.has_value();
        }
    }
    return known ? Value::Boolean(false) : Value();
}

// Narrative: only the elements and attributes that FHIR allows in it, each closed in its order, and
// something to read.
class NarrativeText {
public:
    explicit NarrativeText(std::string_view text) : rest_(text) {}

    bool Allowed() {
        if (!rest_.starts_with("<div")) {
            return false;
        }
        bool content = false;
        while (!rest_.empty()) {
            const std::size_t open = rest_.find('<');
            const std::string_view text = rest_.substr(0, open);
            const bool written = text.find_first_not_of(" \t\r\n") != std::string_view::npos;
            if (open == std::string_view::npos || (open_.empty() && open > 0)) {
                return !written && open_.empty() && content;
            }
            content = content || written;
            rest_.remove_prefix(open + 1);
            const std::size_t close = rest_.find('>');
            if (close == std::string_view::npos || !Tag(rest_.substr(0, close), content)) {
                return false;
            }
            rest_.remove_prefix(close + 1);
        }
        return open_.empty() && content;
    }

private:
    bool Tag(std::string_view tag, bool& content) {
        if (tag.starts_with("!--")) {
            return tag.ends_with("--");
        }
        const bool closes = tag.starts_with('/');
        tag.remove_prefix(closes ? 1 : 0);
        const bool alone = tag.ends_with('/');
        tag.remove_suffix(alone ? 1 : 0);
        const std::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n"));
        if (closes) {
            const bool matches = !open_.empty() && open_.back() == name;
            open_.resize(open_.size() - (matches ? 1 : 0));
            return matches;
        }
        content = content || name == "img";
        if (!alone) {
            open_.push_back(name);
        }
        return Element(name) && Attributes(tag.substr(name.size()));
    }

    static bool Element(std::string_view name) {
        constexpr std::string_view kAllowed =
            " a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt "
            "em h1 "
            "h2 h3 h4 h5 h6 hr i img li ol p pre q samp small span strong sub sup table tbody td "
            "tfoot "
            "th thead tr tt ul var ";
        return !name.empty() &&
               kAllowed.find(" " + std::string(name) + " ") != std::string_view::npos;
    }

    static bool Attributes(std::string_view text) {
        constexpr std::string_view kAllowed =
            " abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing "
            "cellvalign char charoff charset cite class colspan compact coords dir frame headers "
            "height href hreflang hspace id lang longdesc name nowrap rel rev rowspan rules scope "
            "shape span src start style summary tabindex title type valign value vspace width "
            "xmlns "
            "xml:lang xml:space ";
        while (text.find_first_not_of(" \t\r\n") != std::string_view::npos) {
            text.remove_prefix(text.find_first_not_of(" \t\r\n"));
            const std::size_t equals = text.find('=');
            const std::string name(text.substr(0, equals));
            const char quote =
                equals != std::string_view::npos && equals + 1 < text.size() ? text[equals + 1] : 0;
            const std::size_t end = quote == '"' || quote == '\'' ? text.find(quote, equals + 2)
                                                                  : std::string_view::npos;
            if (end == std::string_view::npos ||
                kAllowed.find(" " + name + " ") == std::string::npos) {
                return false;
            }
            text.remove_prefix(end + 1);
        }
        return true;
    }

    std::string_view rest_;
    std::vector<std::string_view> open_;
};

Value HtmlChecks(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.System(node, 0);
    return text.is(Kind::kString) ? Value::Boolean(NarrativeText(text.text()).Allowed()) : Value();
}

// The input, unless it has a modifier extension that the arguments do not name.
Value CheckModifiers(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    std::vector<std::string_view> known;
    for (std::size_t i = 1; i < node.count; ++i) {
        const Value url = evaluation.Typed(node, i, Kind::kString);
        if (!url.is_null()) {
            known.push_back(url.text());
        }
    }
    for (const Value& item : ItemsOf(input)) {
        const core::JsonNode list =
            item.is(Kind::kNode) ? item.node()["modifierExtension"] : core::JsonNode();
        for (core::JsonNode one = list.first(); one; one = one.next()) {
            const std::string_view url = one["url"].text();
            if (std::find(known.begin(), known.end(), url) == known.end()) {
                return evaluation.Fail(node, "modifier extension " + std::string(url));
            }
        }
    }
    return input;
}

constexpr std::array<Method, 8> kMethods = {{
    {"htmlChecks", 0, 0, 0, ResultRule::kBoolean, HtmlChecks},
    {"checkModifiers", 0, 8, 0, ResultRule::kFocus, CheckModifiers},
    {"subsumes", 1, 1, 0, ResultRule::kBoolean, Subsumes<true>},
    {"subsumedBy", 1, 1, 0, ResultRule::kBoolean, Subsumes<false>},
    {"extension", 1, 1, 0, ResultRule::kUnknown, Extension},
    {"resolve", 0, 0, 0, ResultRule::kUnknown, Resolve},
    {"conformsTo", 1, 1, 0, ResultRule::kBoolean, ConformsTo},
    {"memberOf", 1, 1, 0, ResultRule::kBoolean, MemberOf},
}};

}  // namespace

std::span<const Method> ResourceMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
