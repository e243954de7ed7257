#include "cql/compiler.hpp"

#include "cql/binder.hpp"
#include "cql/query_plan.hpp"
#include "literals.hpp"
#include <algorithm>

namespace kangqu::expression {

namespace {
constexpr std::size_t kMaxLibraries = 100;

core::Error InLibrary(core::Error error, const std::string& name) {
    error.where = name.empty() ? error.where : name + " " + error.where;
    return error;
}
}  // namespace

void CqlCompiler::NoteRetrieve(fhir::TypeNumber type) {
    auto& types = out_->retrieved_types;
    if (std::find(types.begin(), types.end(), type) == types.end()) {
        types.push_back(type);
    }
}

core::Result<LibraryScope*> CqlCompiler::Load(std::string name, std::string text) {
    if (scopes_.size() >= kMaxLibraries) {
        return core::MakeError(
            core::ErrorCode::kExpressionLimit, std::to_string(kMaxLibraries) + " included libraries"
        );
    }
    LibraryScope& scope = scopes_.emplace_back();
    scope.name = name;
    scope.source = static_cast<std::uint32_t>(plan().sources.size());
    plan().sources.push_back({name, std::move(text)});
    const std::string& source = plan().sources.back().text;
    auto tokens = Tokenize(source, Dialect::kCql);
    if (!tokens.ok()) {
        return InLibrary(std::move(tokens).error(), name);
    }
    scope.tokens = std::move(*tokens);
    auto ast = ParseCqlLibrary(source, scope.tokens, scope.pool);
    if (!ast.ok()) {
        return InLibrary(std::move(ast).error(), name);
    }
    scope.ast = std::move(*ast);
    KQ_TRY(UseModel(scope));
    KQ_TRY(LoadIncludes(scope));
    plan().binding = scope.source;
    KQ_TRY(Declare(scope));
    return &scope;
}

core::Status CqlCompiler::UseModel(LibraryScope& scope) {
    const auto model = FindModel(scope.ast.model, scope.ast.model_version);
    if (!model) {
        plan().binding = scope.source;
        return TypeError(
            plan(),
            scope.ast.model_at,
            "model " + std::string(scope.ast.model) + " " + std::string(scope.ast.model_version) +
                " is not known; FHIR 4.0.1 and QICore are"
        );
    }
    scope.model = *model;
    return {};
}

// What the source has, else what is built in.
core::Result<std::string> CqlCompiler::TextOf(const IncludeAst& include) const {
    const std::string_view built_in = BuiltInLibrary(include.name);
    if (includes_ == nullptr && built_in.empty()) {
        return core::MakeError(
            core::ErrorCode::kExpressionUnknownName, std::string(include.name), std::string()
        );
    }
    if (includes_ != nullptr) {
        auto text = includes_->Find(include.name, include.version);
        if (text.ok() || built_in.empty()) {
            return text;
        }
    }
    return std::string(built_in);
}

core::Status CqlCompiler::LoadIncludes(LibraryScope& scope) {
    for (const IncludeAst& include : scope.ast.includes) {
        if (include.name == "FHIRHelpers") {
            scope.includes[include.alias] = nullptr;
            continue;
        }
        const std::string key = std::string(include.name) + "|" + std::string(include.version);
        const auto known = loaded_.find(key);
        if (known != loaded_.end()) {
            if (known->second == nullptr) {
                plan().binding = scope.source;
                return TypeError(
                    plan(), include.at, std::string(include.name) + " includes itself"
                );
            }
            scope.includes[include.alias] = known->second;
            continue;
        }
        plan().binding = scope.source;
        auto text = TextOf(include);
        if (!text.ok()) {
            return core::At(std::move(text).error(), plan().Place(plan().At(include.at)));
        }
        loaded_[key] = nullptr;
        KQ_ASSIGN(LibraryScope * loaded, Load(std::string(include.name), std::move(*text)));
        loaded_[key] = loaded;
        scope.includes[include.alias] = loaded;
    }
    return {};
}

core::Status CqlCompiler::Declare(LibraryScope& scope) {
    const auto twice = [&](std::uint32_t at, std::string_view name) {
        return TypeError(plan(), at, "\"" + std::string(name) + "\" is declared twice");
    };
    for (const TermAst& term : scope.ast.terms) {
        if (!scope.terms.emplace(term.name, &term).second) {
            return twice(term.at, term.name);
        }
    }
    for (const ParameterAst& parameter : scope.ast.parameters) {
        LibraryScope::ParameterEntry entry;
        entry.ast = &parameter;
        entry.number = static_cast<std::uint32_t>(out_->program.parameters.size());
        out_->program.parameters.emplace_back();
        if (!scope.parameters.emplace(parameter.name, entry).second) {
            return twice(parameter.at, parameter.name);
        }
    }
    for (const DefinitionAst& definition : scope.ast.definitions) {
        LibraryScope::Entry entry;
        entry.ast = &definition;
        if (definition.is_function) {
            entry.number = static_cast<std::uint32_t>(out_->program.functions.size());
            out_->program.functions.emplace_back();
            scope.functions.emplace(definition.name, entry);
            continue;
        }
        entry.number = static_cast<std::uint32_t>(out_->program.definitions.size());
        out_->program.definitions.emplace_back();
        if (!scope.definitions.emplace(definition.name, entry).second) {
            return twice(definition.at, definition.name);
        }
    }
    return {};
}

core::Status CqlCompiler::Need(LibraryScope& scope, LibraryScope::ParameterEntry& entry) {
    if (entry.bound) {
        return {};
    }
    entry.bound = true;
    const std::uint32_t before = std::exchange(plan().binding, scope.source);
    CqlBinder binder(*this, scope);
    entry.type = binder.TypeOfSpecifier(entry.ast->type);
    core::Status status;
    if (entry.ast->fallback != nullptr) {
        auto bound = binder.Bind(*entry.ast->fallback);
        if (bound.ok()) {
            out_->program.parameters[entry.number].fallback = bound->node;
            entry.type = entry.ast->type == nullptr ? bound->type : entry.type;
        } else {
            status = std::move(bound).error();
        }
    }
    plan().binding = before;
    return status;
}

core::Status CqlCompiler::Need(LibraryScope& scope, LibraryScope::Entry& entry) {
    if (entry.state == BindState::kDone) {
        return {};
    }
    if (entry.state == BindState::kNow) {
        // A function may call itself; its result is then not known beforehand.
        if (entry.ast->is_function) {
            entry.constant = false;
            return {};
        }
        return TypeError(
            plan(), entry.ast->at, "\"" + std::string(entry.ast->name) + "\" is defined by itself"
        );
    }
    const std::uint32_t before = std::exchange(plan().binding, scope.source);
    entry.state = BindState::kNow;
    auto status = BindEntry(scope, entry);
    entry.state = BindState::kDone;
    plan().binding = before;
    return status;
}

core::Status CqlCompiler::BindEntry(LibraryScope& scope, LibraryScope::Entry& entry) {
    CqlBinder binder(*this, scope);
    binder.SetContext(entry.ast->context, entry.ast->unfiltered);
    const auto first_slot = static_cast<std::uint16_t>(plan().slots);
    for (const OperandAst& operand : entry.ast->operands) {
        binder.Local(operand.name, binder.TypeOfSpecifier(operand.type));
    }
    KQ_ASSIGN(
        const CqlBound body,
        entry.ast->is_external ? binder.ExternalBody(*entry.ast) : binder.Bind(*entry.ast->body)
    );
    entry.type = body.type;
    if (entry.ast->returns != nullptr) {
        KQ_TRY(binder.Test(*entry.ast->returns));  // names a type
        entry.type = binder.TypeOfSpecifier(entry.ast->returns);
    }
    entry.constant = entry.constant && !binder.patient_bound();
    if (entry.ast->is_function) {
        CqlFunctionPlan& function = out_->program.functions[entry.number];
        function.root = body.node;
        function.first_slot = first_slot;
        function.end_slot = static_cast<std::uint16_t>(plan().slots);
    } else {
        out_->program.definitions[entry.number] = {body.node, entry.constant};
    }
    return {};
}

core::Status CqlCompiler::BindAll(LibraryScope& scope) {
    for (auto& [name, entry] : scope.parameters) {
        KQ_TRY(Need(scope, entry));
    }
    for (auto& [name, entry] : scope.definitions) {
        KQ_TRY(Need(scope, entry));
    }
    for (auto& [name, entry] : scope.functions) {
        KQ_TRY(Need(scope, entry));
    }
    return {};
}

core::Result<std::shared_ptr<const CqlLibrary>> CqlCompiler::Compile(std::string text) {
    out_ = std::make_unique<CqlLibrary::Compiled>();
    plan().dialect = Dialect::kCql;
    plan().types.emplace_back();  // so that 0 means no inner type
    KQ_ASSIGN(LibraryScope * scope, Load({}, std::move(text)));
    KQ_TRY(BindAll(*scope));
    out_->name = scope->ast.name;
    out_->version = scope->ast.version;
    for (const DefinitionAst& definition : scope->ast.definitions) {
        if (!definition.is_function) {
            const LibraryScope::Entry& entry = scope->definitions.find(definition.name)->second;
            out_->definitions.push_back(
                {std::string(definition.name), definition.is_private, entry.constant}
            );
            out_->definition_numbers.push_back(entry.number);
        }
    }
    for (const ParameterAst& parameter : scope->ast.parameters) {
        out_->parameters.push_back({std::string(parameter.name), parameter.fallback != nullptr});
        out_->parameter_numbers.push_back(scope->parameters.find(parameter.name)->second.number);
    }
    for (const LibraryScope& included : scopes_) {
        for (const auto& [name, entry] : included.parameters) {
            if (&included != scope) {
                out_->included_parameters.emplace(name, entry.number);
            }
        }
    }
    return std::shared_ptr<const CqlLibrary>(new CqlLibrary(std::move(out_)));
}

CqlLibrary::CqlLibrary(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
CqlLibrary::~CqlLibrary() = default;

const std::string& CqlLibrary::name() const {
    return compiled_->name;
}
const std::string& CqlLibrary::version() const {
    return compiled_->version;
}
const std::vector<CqlLibrary::Definition>& CqlLibrary::definitions() const {
    return compiled_->definitions;
}
const std::vector<CqlLibrary::Parameter>& CqlLibrary::parameters() const {
    return compiled_->parameters;
}
const std::vector<fhir::TypeNumber>& CqlLibrary::retrieved_types() const {
    return compiled_->retrieved_types;
}

std::optional<std::uint32_t> CqlLibrary::Find(std::string_view definition) const {
    for (std::uint32_t i = 0; i < compiled_->definitions.size(); ++i) {
        if (compiled_->definitions[i].name == definition) {
            return i;
        }
    }
    return std::nullopt;
}

core::Result<std::shared_ptr<const CqlLibrary>>
CompileCql(std::string text, const LibrarySource* includes) {
    return CqlCompiler(includes).Compile(std::move(text));
}

core::Result<std::shared_ptr<const CqlLibrary>>
CompileCqlExpression(std::string_view expression, std::string_view library) {
    std::string text(library);
    text += text.empty() ? "define expression: " : "\ndefine expression: ";
    text += expression;
    return CompileCql(std::move(text), nullptr);
}

}  // namespace kangqu::expression
