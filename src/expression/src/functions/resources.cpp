// Functions FHIR adds: extension, resolve, conformsTo, memberOf.
#include "kangqu/fhir/resource.hpp"

#include "functions/registry.hpp"
#include "functions/types.hpp"
#include "navigate.hpp"
#include <array>

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

constexpr std::array<Method, 6> kMethods = {{
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
