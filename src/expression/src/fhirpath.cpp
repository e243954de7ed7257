#include "kangqu/expression/fhirpath.hpp"

#include "evaluation.hpp"
#include "fhirpath_binder.hpp"
#include "fhirpath_parser.hpp"
#include "navigate.hpp"

namespace kangqu::expression {

struct FhirPath::Compiled {
    Plan plan;
    NodeIndex root = kNoNode;
};

FhirPath::FhirPath(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

core::Result<FhirPath>
FhirPath::Compile(std::string_view text, fhir::TypeNumber root, FhirPathOptions options) {
    auto compiled = std::make_shared<Compiled>();
    compiled->plan.sources.push_back({{}, std::string(text)});
    const std::string& source = compiled->plan.sources.back().text;
    KQ_ASSIGN(const Tokens tokens, Tokenize(source, Dialect::kFhirPath));
    AstPool pool;
    KQ_ASSIGN(const Ast* tree, ParseFhirPath(source, tokens, pool));
    KQ_ASSIGN(compiled->root, BindFhirPath(compiled->plan, *tree, root, options));
    return FhirPath(std::move(compiled));
}

core::Result<std::span<const Value>> FhirPath::Evaluate(
    core::JsonNode node,
    fhir::TypeNumber type,
    const Environment& environment,
    Arena& arena
) const {
    return Evaluate(NodeOf(node, type), environment, arena);
}

core::Result<std::span<const Value>>
FhirPath::Evaluate(const Value& input, const Environment& environment, Arena& arena) const {
    Environment complete = environment;
    if (complete.resource.missing() && input.is(Kind::kNode)) {
        complete.resource = input.node();
    }
    if (complete.root_resource.missing()) {
        complete.root_resource = complete.resource;
    }
    Evaluation evaluation(compiled_->plan, complete, arena);
    evaluation.slot(kInputSlot) = input;
    const Value result = evaluation.Run(compiled_->root);
    if (evaluation.failed()) {
        return evaluation.error();
    }
    if (result.is(Kind::kList)) {
        return result.items();
    }
    return result.is_null() ? std::span<const Value>()
                            : std::span<const Value>(arena.New(result), 1);
}

core::Result<bool> FhirPath::Test(
    core::JsonNode node,
    fhir::TypeNumber type,
    const Environment& environment,
    Arena& arena
) const {
    KQ_ASSIGN(const auto items, Evaluate(node, type, environment, arena));
    if (items.size() != 1) {
        return false;
    }
    const Value& item = items[0];
    return item.is(Kind::kBoolean)
               ? item.boolean()
               : item.is(Kind::kNode) && PrimitiveKind(item.type()) == Kind::kBoolean &&
                     item.node().boolean();
}

}  // namespace kangqu::expression
