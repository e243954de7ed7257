#pragma once

#include "kangqu/expression/arena.hpp"
#include "kangqu/fhir/place.hpp"
#include "kangqu/validate/codes.hpp"
#include "kangqu/validate/validator.hpp"

#include "rules.hpp"
#include "sink.hpp"
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::validate {

class Profiles;
struct Profile;

// What all checks of one Validator share.
struct Shared {
    const Definitions& definitions;
    const BaseRules& base;
    const Profiles& profiles;
    const Codes* codes;
    const expression::ValueSets* value_sets;  // the same for memberOf()
};

// A resource that is being checked, with those around it.
struct Scope {
    core::JsonNode resource;
    fhir::TypeNumber type = fhir::kNoType;
    core::JsonNode root;    // the container of a contained resource, else the resource
    core::JsonNode bundle;  // the innermost Bundle around it
    const fhir::Place* place = nullptr;
    const Scope* outer = nullptr;
    std::vector<std::string_view> fragments;  // "#x" referred to, of a root
    const Scope* holder = nullptr;            // whose contained resources are meant by "#x"
    std::unordered_map<std::string_view, core::JsonNode> contained;  // of a holder, by id
};

// One element with what is known of it.
struct Item {
    core::JsonNode node;     // missing when a primitive has only extensions
    core::JsonNode sibling;  // id and extensions of a primitive
    const fhir::ElementFacts& row;
    const RowRules& rules;
};

// Checks one resource against the base definitions and the profiles that it meets, in one walk over
// the document. The structure must have been found good (fhir::CheckStructure). One use, one
// thread.
class Walk {
public:
    Walk(const Shared& shared, const Options& options, expression::Arena& arena, Sink& sink)
        : shared_(shared), options_(options), sink_(&sink), arena_(arena) {}

    void Run(core::JsonNode resource);

private:
    friend class ProfileWalk;

    void Resource(core::JsonNode node, const fhir::Place& place, const Scope* outer);
    void CheckProfiles(core::JsonNode node, const fhir::Place& place, bool outermost);
    void Object(core::JsonNode node, fhir::TypeNumber type, const fhir::Place& place);
    void Member(
        core::JsonNode owner,
        core::JsonNode member,
        const fhir::ElementFacts& row,
        const RowRules& rules,
        const fhir::Place& place
    );
    void Siblings(core::JsonNode member, const fhir::ElementFacts& row, const fhir::Place& place);
    void Value(const Item& item, const fhir::Place& place);
    void Primitive(const Item& item, const fhir::Place& place);
    void Complex(const Item& item, const fhir::Place& place);

    // walk_rules.cpp
    void Uri(core::JsonNode node, const fhir::ElementFacts& row, const fhir::Place& place);
    void Constraints(
        const std::vector<Constraint>& constraints,
        const expression::Value& value,
        const fhir::Place& place
    );
    void CheckBinding(
        const Binding& binding,
        core::JsonNode node,
        fhir::TypeNumber type,
        const fhir::Place& place
    );
    Codes::Answer InValueSet(std::string_view set, std::string_view system, std::string_view code);
    bool AnyInValueSet(const Binding& binding, core::JsonNode codings, Codes::Answer& answer);

    // walk_references.cpp
    void Reference(
        core::JsonNode node,
        const std::vector<fhir::TypeNumber>& targets,
        const fhir::Place& place
    );
    void Target(
        fhir::TypeNumber found,
        const std::vector<fhir::TypeNumber>& targets,
        const fhir::Place& place
    );
    core::JsonNode Resolve(std::string_view reference) const;
    void Contained(const Scope& scope, const fhir::Place& place);
    void Bundle(core::JsonNode bundle, const fhir::Place& place);
    void FullUrl(core::JsonNode entry, const fhir::Place& place);

    // walk_extensions.cpp
    void Extension(core::JsonNode node, bool modifier, const fhir::Place& place);
    bool FitsContext(core::JsonNode context, const fhir::Place& owner, std::string_view outer_url)
        const;
    bool FitsElement(std::string_view expression, const fhir::Place& owner) const;
    fhir::TypeNumber TypeAt(const fhir::Place& place) const noexcept;

    const Shared& shared_;
    const Options& options_;
    Sink* sink_;
    expression::Arena& arena_;
    Scope* scope_ = nullptr;
    std::vector<std::string_view> extension_urls_;  // of the extensions around, outermost first
    std::unordered_map<std::string_view, core::JsonNode> full_urls_;  // of the outermost Bundle
};

// Issues of a narrative's div: what XHTML it may hold
// (http://hl7.org/fhir/R4/narrative.html#security).
void CheckNarrative(std::string_view div, const fhir::Place& place, Sink& sink);

}  // namespace kangqu::validate
