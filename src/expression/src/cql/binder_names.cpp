// Names and members.
#include "cql/binder.hpp"
#include "cql/cql_functions.hpp"
#include "functions/registry.hpp"
#include "literals.hpp"
#include "navigate.hpp"
#include <algorithm>
#include <array>

namespace kangqu::expression {

namespace {

// Members of the System type that an element is converted to: period.low, concept.codes.
bool StandsForMember(fhir::TypeNumber owner, std::string_view name) {
    const KnownTypes& known = Known();
    if (owner == known.period || owner == known.range) {
        return name == "low" || name == "high" || name == "lowClosed" || name == "highClosed";
    }
    if (owner == known.codeable_concept) {
        return name == "codes" || name == "display";
    }
    // Parts of an extension go by their address in QI-Core.
    return owner == known.extension;
}

}  // namespace

std::string_view CqlBinder::NearestElement(fhir::TypeNumber type, std::string_view name) {
    for (const fhir::ElementFacts& row : fhir::TypeOf(type).elements) {
        if (IsNear(row.path_name, name)) {
            return row.path_name;
        }
    }
    return {};
}

core::Result<CqlBound> CqlBinder::Name(const Ast& ast) {
    for (auto local = locals_.rbegin(); local != locals_.rend(); ++local) {
        if (local->name == ast.text) {
            PlanNode node;
            node.run = RunSlotValue;
            node.at = plan_.At(ast.at);
            node.slot = local->slot;
            return CqlBound{plan_.Add(node), local->type};
        }
    }
    const bool has_item = item_ != nullptr && item_->type.fhir != fhir::kNoType &&
                          !fhir::FindPath(item_->type.fhir, ast.text).empty();
    if (has_item || (item_ != nullptr && item_->type.fhir == fhir::kNoType)) {
        bool known = false;
        if (!has_item) {
            auto declared = Declared(library_, ast, known);
            if (known) {
                return declared;
            }
        }
        return MemberOf(ast, CqlBound{kNoNode, item_->type});
    }
    bool found = false;
    auto declared = Declared(library_, ast, found);
    if (found) {
        return declared;
    }
    if (ast.text == context_ || ast.text == "Patient") {
        return Subject(ast);
    }
    return UnknownName(plan_, ast.at, ast.text, Nearest(ast.text));
}

// The resource that the context is about.
core::Result<CqlBound> CqlBinder::Subject(const Ast& ast) {
    if (unfiltered_) {
        return TypeError(
            plan_, ast.at, std::string(ast.text) + " has no meaning in context Unfiltered"
        );
    }
    patient_bound_ = true;
    const fhir::TypeNumber type = fhir::FindResourceType(ast.text);
    return CqlBound{Node(ast, RunPatient, {}), StaticType{Kind::kNull, type, false}};
}

// An element of the model that the document carries as an extension.
core::Result<CqlBound> CqlBinder::ExtensionMember(
    const Ast& ast,
    const CqlBound& target,
    const ExtensionElement& element
) {
    StaticType type;
    type.list = element.many || target.type.list;
    const std::array<NodeIndex, 1> kids = {target.node};
    return CqlBound{
        Node(ast, RunExtensionMember, kids, Step(element.url, fhir::kNoType), element.many ? 1 : 0),
        type};
}

std::string_view CqlBinder::Nearest(std::string_view name) const {
    for (const LocalName& local : locals_) {
        if (IsNear(local.name, name)) {
            return local.name;
        }
    }
    for (const auto& [key, entry] : library_.definitions) {
        if (IsNear(key, name)) {
            return key;
        }
    }
    for (const auto& [key, entry] : library_.parameters) {
        if (IsNear(key, name)) {
            return key;
        }
    }
    for (const auto& [key, entry] : library_.terms) {
        if (IsNear(key, name)) {
            return key;
        }
    }
    return {};
}

// A definition, parameter or term of `scope`; `found` tells whether there is one.
core::Result<CqlBound> CqlBinder::Declared(LibraryScope& scope, const Ast& ast, bool& found) {
    found = true;
    const bool own = &scope == &library_;
    if (const auto at = scope.definitions.find(ast.text); at != scope.definitions.end()) {
        if (!own && at->second.ast->is_private) {
            return TypeError(
                plan_, ast.at, "\"" + std::string(ast.text) + "\" is private to " + scope.name
            );
        }
        KQ_TRY(compiler_.Need(scope, at->second));
        KQ_TRY(NotePatient(ast, at->second));
        return CqlBound{Node(ast, RunDefinition, {}, at->second.number), at->second.type};
    }
    if (const auto at = scope.parameters.find(ast.text); at != scope.parameters.end()) {
        KQ_TRY(compiler_.Need(scope, at->second));
        return CqlBound{Node(ast, RunParameter, {}, at->second.number), at->second.type};
    }
    if (const auto at = scope.terms.find(ast.text); at != scope.terms.end()) {
        return Term(scope, ast, *at->second);
    }
    found = false;
    return CqlBound{};
}

// What depends on the patient makes what uses it depend on it too, and has no meaning where there
// is none.
core::Status CqlBinder::NotePatient(const Ast& ast, const LibraryScope::Entry& entry) {
    if (entry.constant) {
        return {};
    }
    if (unfiltered_) {
        return TypeError(
            plan_,
            ast.at,
            "\"" + std::string(ast.text) +
                "\" is about one patient and cannot be used in context Unfiltered"
        );
    }
    patient_bound_ = true;
    return {};
}

core::Result<Code> CqlBinder::CodeOf(LibraryScope& scope, const Ast& ast, const TermAst& term) {
    const LibraryScope* owner = &scope;
    if (!term.library.empty()) {
        const auto included = scope.includes.find(term.library);
        if (included == scope.includes.end() || included->second == nullptr) {
            return UnknownName(plan_, ast.at, term.library, {});
        }
        owner = included->second;
    }
    const auto system = owner->terms.find(term.system);
    if (system == owner->terms.end() || system->second->kind != TermAst::Kind::kCodeSystem) {
        return UnknownName(plan_, ast.at, term.system, {});
    }
    Code code;
    code.code = plan_.Keep(term.id);
    code.system = plan_.Keep(system->second->id);
    code.version = plan_.Keep(system->second->version);
    code.display = plan_.Keep(term.display);
    return code;
}

core::Result<CqlBound> CqlBinder::Term(LibraryScope& scope, const Ast& ast, const TermAst& term) {
    if (term.kind == TermAst::Kind::kCode) {
        KQ_ASSIGN(const Code code, CodeOf(scope, ast, term));
        return CqlBound{
            AddConstant(plan_, Value::Of(plan_.arena.New(code)), ast.at),
            StaticType{Kind::kCode, fhir::kNoType, false}};
    }
    if (term.kind == TermAst::Kind::kConcept) {
        auto* codes = plan_.arena.Room<Code>(term.codes.size());
        std::size_t count = 0;
        for (const std::string_view name : term.codes) {
            const auto at = scope.terms.find(name);
            if (at == scope.terms.end() || at->second->kind != TermAst::Kind::kCode) {
                return UnknownName(plan_, ast.at, name, {});
            }
            KQ_ASSIGN(codes[count], CodeOf(scope, ast, *at->second));
            ++count;
        }
        const Concept out{std::span<const Code>(codes, count), plan_.Keep(term.display)};
        return CqlBound{
            AddConstant(plan_, Value::Of(plan_.arena.New(out)), ast.at),
            StaticType{Kind::kConcept, fhir::kNoType, false}};
    }
    Vocabulary out;
    out.id = plan_.Keep(term.id);
    out.version = plan_.Keep(term.version);
    out.name = plan_.Keep(term.name);
    out.is_value_set = term.kind == TermAst::Kind::kValueSet;
    return CqlBound{
        AddConstant(plan_, Value::Of(plan_.arena.New(out)), ast.at),
        StaticType{Kind::kVocabulary, fhir::kNoType, false}};
}

// The included library that a bare name stands for; null with `found` for FHIRHelpers.
const LibraryScope* CqlBinder::IncludeOf(const Ast& ast, bool& found) const {
    found = false;
    if (ast.kind != AstKind::kName) {
        return nullptr;
    }
    const bool local = std::any_of(locals_.begin(), locals_.end(), [&](const LocalName& name) {
        return name.name == ast.text;
    });
    const auto at = library_.includes.find(ast.text);
    if (local || at == library_.includes.end()) {
        return nullptr;
    }
    found = true;
    return at->second;
}

core::Result<CqlBound> CqlBinder::Member(const Ast& ast) {
    bool included = false;
    static_cast<void>(IncludeOf(*ast.kids[0], included));
    if (included) {
        LibraryScope* scope = library_.includes.find(ast.kids[0]->text)->second;
        bool found = false;
        if (scope != nullptr) {
            auto declared = Declared(*scope, ast, found);
            if (found) {
                return declared;
            }
        }
        return UnknownName(plan_, ast.at, ast.text, {});
    }
    const Ast& owner = *ast.kids[0];
    if (owner.kind == AstKind::kName && owner.text == library_.ast.name) {
        bool found = false;
        auto own = Declared(library_, ast, found);
        if (found) {
            return own;
        }
    }
    KQ_ASSIGN(const CqlBound target, Bind(*ast.kids[0]));
    return MemberOf(ast, target);
}

core::Result<CqlBound> CqlBinder::MemberOf(const Ast& ast, const CqlBound& given) {
    CqlBound target = given;
    if (target.node == kNoNode) {
        PlanNode item;
        item.run = RunSlotValue;
        item.at = plan_.At(ast.at);
        item.slot = item_->slot;
        target.node = plan_.Add(item);
    }
    StaticType type;
    type.list = target.type.list;
    const fhir::TypeNumber owner = target.type.fhir;
    if (const ExtensionElement* element = FindExtensionElement(library_.model, owner, ast.text)) {
        return ExtensionMember(ast, target, *element);
    }
    if (owner != fhir::kNoType && !fhir::TypeOf(owner).abstract) {
        const auto rows = fhir::FindPath(owner, ast.text);
        const bool of_primitive = IsPrimitive(owner) && ast.text == "value";
        if (rows.empty() && !of_primitive && !StandsForMember(owner, ast.text)) {
            return UnknownName(
                plan_,
                ast.at,
                std::string(fhir::TypeOf(owner).name) + "." + std::string(ast.text),
                NearestElement(owner, ast.text)
            );
        }
        if (of_primitive) {
            type.kind = PrimitiveKind(owner);
        } else if (rows.size() == 1 && rows[0].type != Known().resource) {
            type.fhir = rows[0].type;
        }
        type.list = type.list || (!rows.empty() && rows[0].many);
    }
    const std::array<NodeIndex, 1> kids = {target.node};
    return CqlBound{Node(ast, RunCqlMember, kids, Step(ast.text, owner)), type};
}

core::Result<CqlBound> CqlBinder::ItemScope(const Ast& ast) {
    if (item_ == nullptr || ast.kind != AstKind::kThis) {
        return TypeError(plan_, ast.at, std::string(ast.text) + " has no meaning here");
    }
    PlanNode item;
    item.run = RunSlotValue;
    item.at = plan_.At(ast.at);
    item.slot = item_->slot;
    return CqlBound{plan_.Add(item), item_->type};
}

}  // namespace kangqu::expression
