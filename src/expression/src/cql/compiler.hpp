#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/expression/cql.hpp"

#include "cql/cql_run.hpp"
#include "cql/library_ast.hpp"
#include "cql/models.hpp"
#include "plan.hpp"
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// What is known beforehand of a value: System kind (kNull: not known) or FHIR type, and whether it
// is a list.
struct StaticType {
    Kind kind = Kind::kNull;
    fhir::TypeNumber fhir = fhir::kNoType;
    bool list = false;
};
struct CqlBound {
    NodeIndex node = kNoNode;
    StaticType type;
};

enum class BindState : std::uint8_t { kNot, kNow, kDone };

// One library while it is compiled.
struct LibraryScope {
    std::string name;
    std::uint32_t source = 0;
    Tokens tokens;
    AstPool pool;
    LibraryAst ast;
    Model model = Model::kFhir;
    std::map<std::string_view, LibraryScope*> includes;  // by alias; null for FHIRHelpers

    struct Entry {
        const DefinitionAst* ast = nullptr;
        BindState state = BindState::kNot;
        std::uint32_t number = 0;  // in CqlProgram::definitions or functions
        StaticType type;
        bool constant = true;
    };
    std::map<std::string_view, Entry> definitions;
    std::multimap<std::string_view, Entry> functions;
    std::map<std::string_view, const TermAst*> terms;
    struct ParameterEntry {
        const ParameterAst* ast = nullptr;
        std::uint32_t number = 0;
        StaticType type;
        bool bound = false;
    };
    std::map<std::string_view, ParameterEntry> parameters;
};

struct CqlLibrary::Compiled {
    Plan plan;
    CqlProgram program;
    std::string name;
    std::string version;
    std::vector<Definition> definitions;
    std::vector<std::uint32_t> definition_numbers;
    std::vector<Parameter> parameters;
    std::vector<std::uint32_t> parameter_numbers;
    // Parameters of included libraries by name: they take the value of the one so named.
    std::multimap<std::string, std::uint32_t> included_parameters;
    std::vector<fhir::TypeNumber> retrieved_types;
};

// Compiles a library and what it includes into one plan.
class CqlCompiler {
public:
    explicit CqlCompiler(const LibrarySource* includes) : includes_(includes) {}

    core::Result<std::shared_ptr<const CqlLibrary>> Compile(std::string text);

    CqlLibrary::Compiled& out() { return *out_; }
    Plan& plan() { return out_->plan; }
    // Binds an entry when it was not yet; kExpressionType for one that needs itself.
    core::Status Need(LibraryScope& scope, LibraryScope::Entry& entry);
    core::Status Need(LibraryScope& scope, LibraryScope::ParameterEntry& entry);
    void NoteRetrieve(fhir::TypeNumber type);

private:
    core::Result<LibraryScope*> Load(std::string name, std::string text);
    core::Status LoadIncludes(LibraryScope& scope);
    core::Status Declare(LibraryScope& scope);
    core::Status BindAll(LibraryScope& scope);
    core::Result<std::string> TextOf(const IncludeAst& include) const;
    core::Status UseModel(LibraryScope& scope);
    core::Status BindEntry(LibraryScope& scope, LibraryScope::Entry& entry);

    const LibrarySource* includes_;
    std::unique_ptr<CqlLibrary::Compiled> out_;
    std::deque<LibraryScope> scopes_;
    std::map<std::string, LibraryScope*> loaded_;
};

}  // namespace kangqu::expression
