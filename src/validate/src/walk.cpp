#include "walk.hpp"

#include "profiles.hpp"
#include "questionnaire.hpp"
#include "texts.hpp"
#include <algorithm>
#include <utility>

namespace kangqu::validate {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using fhir::ElementFacts;
using fhir::Place;
using fhir::TypeKind;
using fhir::TypeNumber;

void Walk::Run(JsonNode resource) {
    const Place root{.name = resource["resourceType"].text()};
    Resource(resource, root, nullptr);
}

void Walk::Resource(JsonNode node, const Place& place, const Scope* outer) {
    const bool contained =
        place.element != nullptr && place.element->name == "contained" && outer != nullptr;
    Scope scope;
    scope.resource = node;
    scope.type = fhir::FindResourceType(node["resourceType"].text());
    scope.root = contained ? outer->root : node;
    scope.holder = contained ? outer->holder : &scope;
    if (!contained) {
        for (JsonNode one = node["contained"].first(); one; one = one.next()) {
            scope.contained.emplace(one["id"].text(), one);
        }
    }
    scope.place = &place;
    scope.outer = outer;
    if (outer != nullptr) {
        const bool in_bundle = fhir::TypeOf(outer->type).name == "Bundle";
        scope.bundle = in_bundle ? outer->resource : outer->bundle;
    }
    Scope* const before = std::exchange(scope_, &scope);
    if (fhir::TypeOf(scope.type).name == "Bundle") {
        Bundle(node, place);
    }
    Object(node, scope.type, place);
    Constraints(
        shared_.base.of(scope.type).constraints, expression::Value::Node(node, scope.type), place
    );
    if (!contained) {
        Contained(scope, place);
    } else if (before != nullptr) {
        before->fragments.insert(
            before->fragments.end(), scope.fragments.begin(), scope.fragments.end()
        );
    }
    if (fhir::TypeOf(scope.type).name == "QuestionnaireResponse") {
        const std::string_view form = node["questionnaire"].text();
        const JsonNode near = Resolve(form);
        CheckAnswers(node, near ? near : shared_.definitions.Questionnaire(form), place, *sink_);
    }
    CheckProfiles(node, place, outer == nullptr);
    scope_ = before;
}

void Walk::CheckProfiles(JsonNode node, const Place& place, bool outermost) {
    std::vector<std::string_view> urls;
    if (outermost) {
        urls.assign(options_.profiles.begin(), options_.profiles.end());
    }
    if (options_.meta_profiles) {
        const JsonNode named = node["meta"]["profile"];
        for (JsonNode one = named.first(); one; one = one.next()) {
            if (std::find(urls.begin(), urls.end(), one.text()) == urls.end()) {
                urls.push_back(one.text());
            }
        }
    }
    for (const std::string_view url : urls) {
        if (!sink_->full()) {
            ProfileWalk(*this).Named(url, node, scope_->type, place);
        }
    }
}

void Walk::Object(JsonNode node, TypeNumber type, const Place& place) {
    const auto elements = fhir::TypeOf(type).elements;
    const TypeRules& rules = shared_.base.of(type);
    for (JsonNode member = node.first(); member && !sink_->full(); member = member.next()) {
        const std::string_view key = member.key();
        const bool sibling = key.starts_with('_');
        const ElementFacts* const row = fhir::FindElement(type, sibling ? key.substr(1) : key);
        if (row == nullptr) {
            continue;
        }
        const Place at{.parent = &place, .element = row};
        if (sibling) {
            Siblings(member, *row, at);
        } else {
            const auto index = static_cast<std::size_t>(row - elements.data());
            Member(node, member, *row, rules.rows[index], at);
        }
    }
}

void Walk::Member(
    JsonNode owner,
    JsonNode member,
    const ElementFacts& row,
    const RowRules& rules,
    const Place& place
) {
    // Only constraints look at the extensions of a primitive together with its value.
    JsonNode sibling;
    if (!rules.constraints.empty() && fhir::TypeOf(row.type).kind == TypeKind::kPrimitive) {
        sibling = owner["_" + std::string(row.name)];
    }
    if (!row.many) {
        Value({member, sibling, row, rules}, place);
        return;
    }
    Place at = place;
    at.indexed = true;
    JsonNode more = sibling.first();
    for (JsonNode one = member.first(); one && !sink_->full(); one = one.next(), ++at.index) {
        if (one.kind() != core::JsonKind::kNull) {
            Value({one, more, row, rules}, at);
        }
        more = more.next();
    }
}

void Walk::Siblings(JsonNode member, const ElementFacts& row, const Place& place) {
    if (!row.many) {
        Object(member, row.type, place);
        return;
    }
    Place at = place;
    at.indexed = true;
    for (JsonNode one = member.first(); one; one = one.next(), ++at.index) {
        Object(one, row.type, at);
    }
}

void Walk::Value(const Item& item, const Place& place) {
    switch (fhir::TypeOf(item.row.type).kind) {
        case TypeKind::kPrimitive:
            Primitive(item, place);
            break;
        case TypeKind::kResource:
            Resource(item.node, place, scope_);
            break;
        case TypeKind::kComplex:
        case TypeKind::kBackbone:
            Complex(item, place);
    }
}

void Walk::Primitive(const Item& item, const Place& place) {
    const std::string_view text = item.node.text();
    if (item.rules.binding.checked()) {
        CheckBinding(item.rules.binding, item.node, item.row.type, place);
    }
    if (!item.rules.constraints.empty()) {
        Constraints(
            item.rules.constraints,
            expression::Value::Node(item.node, item.row.type, item.sibling),
            place
        );
    }
    if (text.starts_with('#')) {
        scope_->fragments.push_back(text);
    } else if (text.starts_with("urn:") || item.row.name == "system") {
        Uri(item.node, item.row, place);
    } else if (text.starts_with('<') && fhir::TypeOf(item.row.type).name == "xhtml") {
        CheckNarrative(text, place, *sink_);
    }
}

void Walk::Complex(const Item& item, const Place& place) {
    static const TypeNumber reference = fhir::FindType("Reference");
    static const TypeNumber extension = fhir::FindType("Extension");
    if (item.row.type == extension) {
        Extension(item.node, item.row.name == "modifierExtension", place);
        return;
    }
    Object(item.node, item.row.type, place);
    const TypeRules& type_rules = shared_.base.of(item.row.type);
    if (!type_rules.constraints.empty() || !item.rules.constraints.empty()) {
        const auto value = expression::Value::Node(item.node, item.row.type);
        Constraints(type_rules.constraints, value, place);
        Constraints(item.rules.constraints, value, place);
    }
    if (item.rules.binding.checked()) {
        CheckBinding(item.rules.binding, item.node, item.row.type, place);
    }
    if (item.row.type == reference) {
        Reference(item.node, item.rules.targets, place);
    }
}

}  // namespace kangqu::validate
