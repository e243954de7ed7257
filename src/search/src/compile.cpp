#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/resource.hpp"

#include "compiler.hpp"
#include "normal.hpp"
#include "values.hpp"
#include <algorithm>

namespace kangqu::search {

namespace {

using core::ErrorCode;
using core::MakeError;
using fhir::SearchKind;
using Plan = CompiledSearch::Plan;

// FNV-1a over the parts of a search that decide which records it finds.
std::uint32_t PrintOf(std::uint32_t print, std::string_view text) noexcept {
    for (const char c : text) {
        print = (print ^ static_cast<unsigned char>(c)) * 16'777'619U;
    }
    return (print ^ 0xFFU) * 16'777'619U;
}

bool Decides(std::string_view name) noexcept {
    return name != "_cursor" && name != "_count" && name != "_total" && name != "_summary" &&
           name != "_elements" && !name.starts_with("_include") && !name.starts_with("_revinclude");
}

}  // namespace

Compiler::Compiler(
    fhir::TypeNumber type,
    const Restriction& restriction,
    const SearchOptions& options,
    int depth,
    std::size_t& criteria
)
    : restriction_(restriction), options_(options), depth_(depth), criteria_(criteria) {
    plan_.parameters = &Parameters::All().value();
    plan_.knowledge = options.knowledge == nullptr ? &UnitKnowledge() : options.knowledge;
    plan_.limits = options.limits;
    plan_.now = options.now;
    plan_.type = type;
    plan_.type_name = fhir::TypeOf(type).name;
    plan_.print = PrintOf(2'166'136'261U, plan_.type_name);
    Restrict();
}

void Compiler::Restrict() {
    const auto has = [](const auto& list, const auto& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    plan_.restriction = restriction_;
    plan_.unrestricted = restriction_.is_system();
    for (const Grant& grant : restriction_.grants) {
        if (has(grant.actions, Action::kRead) &&
            (grant.types.empty() || has(grant.types, plan_.type_name))) {
            plan_.unrestricted = plan_.unrestricted || grant.scope == Scope::kEverything;
            plan_.grants.push_back(grant);
        }
    }
}

core::Error Compiler::Unknown(std::string_view parameter) const {
    return MakeError(ErrorCode::kSearchUnknownParameter, plan_.type_name, std::string(parameter));
}

// Whether a Mask hides an element that the parameter reads. What is shown in part may still be
// asked for as a whole (`exact`), for who knows it has nothing to learn.
bool Compiler::Hidden(const Parameter& parameter, bool exact) const {
    const auto meets = [](const Mask& mask, const Path& path) {
        for (std::size_t at = 0; at < std::min(mask.path.size(), path.steps.size()); ++at) {
            if (mask.path[at] != path.steps[at].member) {
                return false;
            }
        }
        return true;
    };
    for (const Mask* mask : restriction_.MasksOf(plan_.type_name)) {
        if (mask->style == Mask::Style::kKeepEnds && exact) {
            continue;
        }
        if (std::any_of(parameter.paths.begin(), parameter.paths.end(), [&](const Path& path) {
                return meets(*mask, path);
            })) {
            return true;
        }
    }
    return false;
}

const Parameter* Compiler::FindVisible(std::string_view code) const {
    const Parameter* const parameter = plan_.parameters->Find(plan_.type, code);
    if (parameter == nullptr) {
        return nullptr;
    }
    const bool exact = parameter->table == kTokenTable || parameter->table == kReferenceTable;
    return Hidden(*parameter, exact) ? nullptr : parameter;
}

core::Status Compiler::Add(const QueryPair& pair) {
    if (pair.second.empty()) {
        return BadValue(pair, "空 empty");
    }
    if (core::FindInvalidUtf8(pair.second)) {
        return BadValue(pair, "UTF-8");
    }
    if (Decides(pair.first)) {
        plan_.print = PrintOf(PrintOf(plan_.print, pair.first), pair.second);
    }
    KQ_ASSIGN(const bool control, Control(pair));
    if (control) {
        return {};
    }
    auto node = MakeNode(pair);
    if (!node.ok()) {
        if (options_.lenient && node.error().code == ErrorCode::kSearchUnknownParameter) {
            plan_.ignored.push_back(pair.first);
            return {};
        }
        return node.error();
    }
    plan_.nodes.push_back(std::move(node).value());
    return {};
}

core::Status Compiler::AddCompartment() {
    plan_.print = PrintOf(plan_.print, options_.compartment);
    Node any;
    any.kind = Node::Kind::kAny;
    for (const std::string_view code : fhir::PatientCompartmentCodes(plan_.type)) {
        const Parameter* const parameter = plan_.parameters->Find(plan_.type, code);
        if (parameter == nullptr) {
            continue;
        }
        Node node;
        node.kind = Node::Kind::kCriterion;
        node.criterion.parameter = parameter;
        Value value;
        value.text = options_.compartment;
        value.scope = "Patient";
        node.criterion.values.push_back(std::move(value));
        any.nodes.push_back(std::move(node));
    }
    if (any.nodes.empty()) {
        return MakeError(ErrorCode::kNotSupported, "Patient/*/" + plan_.type_name);
    }
    plan_.nodes.push_back(any.nodes.size() == 1 ? std::move(any.nodes.front()) : std::move(any));
    return {};
}

core::Result<Plan> Compiler::Finish() {
    if (!plan_.texts.empty()) {
        const bool orderly = plan_.sort != SortBy::kValues;
        if (!orderly) {
            return BadValue({"_sort", ""}, "_text, _content");
        }
    }
    if (cursor_) {
        plan_.after = ParseCursor(plan_, *cursor_);
        if (!plan_.after) {
            return BadValue({"_cursor", *cursor_}, "与本查询不符 belongs to another search");
        }
    }
    return std::move(plan_);
}

core::Result<std::shared_ptr<const Plan>>
Compiler::Sub(fhir::TypeNumber type, const QueryPair& pair) {
    if (depth_ >= kMaxChain) {
        return MakeError(
            ErrorCode::kSearchTooComplex, pair.first + " > " + std::to_string(kMaxChain)
        );
    }
    Compiler compiler(type, restriction_, options_, depth_ + 1, criteria_);
    KQ_ASSIGN(Node node, compiler.MakeNode(pair));
    compiler.plan_.nodes.push_back(std::move(node));
    KQ_ASSIGN(Plan plan, compiler.Finish());
    return std::make_shared<const Plan>(std::move(plan));
}

// "subject:Patient.name" or "subject.name": the end of the chain is asked of each type that the
// reference may point to and that has such a parameter.
core::Result<Node> Compiler::Chain(const QueryPair& pair, std::size_t dot) {
    const std::string_view link = std::string_view(pair.first).substr(0, dot);
    const std::size_t colon = link.find(':');
    const Parameter* const parameter = FindVisible(link.substr(0, colon));
    if (parameter == nullptr || parameter->facts->kind != SearchKind::kReference) {
        return Unknown(pair.first);
    }
    const fhir::TypeNumber only = colon == std::string_view::npos
                                      ? fhir::kNoType
                                      : fhir::FindResourceType(link.substr(colon + 1));
    if (colon != std::string_view::npos && only == fhir::kNoType) {
        return Unknown(pair.first);
    }
    const QueryPair rest{pair.first.substr(dot + 1), pair.second};
    Node any;
    any.kind = Node::Kind::kAny;
    std::optional<core::Error> why;
    for (const fhir::TypeNumber target : parameter->facts->targets) {
        if (only != fhir::kNoType && target != only) {
            continue;
        }
        auto sub = Sub(target, rest);
        if (!sub.ok()) {
            if (sub.error().code != ErrorCode::kSearchUnknownParameter) {
                return sub.error();
            }
            why = sub.error();
            continue;
        }
        Node node;
        node.kind = Node::Kind::kChain;
        node.link = parameter;
        node.sub = std::move(sub).value();
        any.nodes.push_back(std::move(node));
    }
    if (any.nodes.empty()) {
        return why && only != fhir::kNoType ? *why : Unknown(pair.first);
    }
    return any.nodes.size() == 1 ? std::move(any.nodes.front()) : any;
}

// "_has:Observation:patient:code".
core::Result<Node> Compiler::Has(const QueryPair& pair) {
    const std::string_view rest = std::string_view(pair.first).substr(5);
    const std::size_t first = rest.find(':');
    const std::size_t second = first == std::string_view::npos ? first : rest.find(':', first + 1);
    if (second == std::string_view::npos) {
        return Unknown(pair.first);
    }
    const fhir::TypeNumber type = fhir::FindResourceType(rest.substr(0, first));
    const std::string_view code = rest.substr(first + 1, second - first - 1);
    const Parameter* const link =
        type == fhir::kNoType ? nullptr : plan_.parameters->Find(type, code);
    if (link == nullptr || link->facts->kind != SearchKind::kReference) {
        return Unknown(pair.first);
    }
    const auto& targets = link->facts->targets;
    if (std::find(targets.begin(), targets.end(), plan_.type) == targets.end()) {
        return Unknown(pair.first);
    }
    Node node;
    node.kind = Node::Kind::kHas;
    node.link = link;
    KQ_ASSIGN(node.sub, Sub(type, {std::string(rest.substr(second + 1)), pair.second}));
    return node;
}

core::Result<CompiledSearch> Compile(
    std::string_view type,
    const std::vector<std::pair<std::string, std::string>>& parameters,
    const Restriction& restriction,
    const SearchOptions& options
) {
    const fhir::TypeNumber number = fhir::FindResourceType(type);
    if (number == fhir::kNoType) {
        return MakeError(ErrorCode::kFhirUnknownType, std::string(type));
    }
    const auto& all = Parameters::All();
    if (!all.ok()) {
        return all.error();
    }
    std::size_t criteria = 0;
    Compiler compiler(number, restriction, options, 0, criteria);
    for (const auto& pair : parameters) {
        KQ_TRY(compiler.Add(pair));
    }
    if (!options.compartment.empty()) {
        KQ_TRY(compiler.AddCompartment());
    }
    KQ_ASSIGN(Plan plan, compiler.Finish());
    return CompiledSearch(std::make_shared<const Plan>(std::move(plan)));
}

CompiledSearch::CompiledSearch(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}

const Shape& CompiledSearch::shape() const noexcept {
    return plan_->shape;
}

const std::vector<std::string>& CompiledSearch::ignored() const noexcept {
    return plan_->ignored;
}

}  // namespace kangqu::search
