#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/expression/arena.hpp"
#include "kangqu/expression/environment.hpp"
#include "kangqu/expression/value.hpp"
#include "kangqu/fhir/definitions.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// Gives the text of an included library. FHIRHelpers is built in and never asked for.
class LibrarySource {
public:
    virtual ~LibrarySource() = default;
    // An empty `version` takes any.
    virtual core::Result<std::string> Find(std::string_view name, std::string_view version)
        const = 0;
};

// What a retrieve asks for. A data source may leave out resources that do not match; those it gives
// are looked at again, so it may also ignore the filter.
struct CodeFilter {
    std::string_view path;        // FHIRPath name of the element, empty when there is no filter
    std::span<const Code> codes;  // one of these, or
    const Vocabulary* value_set = nullptr;  // a member of this
};

// The resources of one patient, and, where there are more, of the others.
class DataSource {
public:
    virtual ~DataSource() = default;
    using Visitor = std::function<void(core::JsonNode)>;
    // Visits the patient's resources of `type`, in an order that is the same every time. Nodes must
    // live until the session's next Begin.
    virtual void Retrieve(fhir::TypeNumber type, const CodeFilter& filter, const Visitor& visit)
        const = 0;
    // The same for the patient with this id, of all patients when it is empty (context Unfiltered);
    // nodes must live until the session ends. False when the source knows one patient only.
    virtual bool RetrieveOthers(
        std::string_view patient,
        fhir::TypeNumber type,
        const CodeFilter& filter,
        const Visitor& visit
    ) const;
};

// A compiled library with everything it includes. Immutable, any thread.
class CqlLibrary {
public:
    struct Definition {
        std::string name;
        bool is_private = false;
        // Answers the same for every patient.
        bool constant = false;
    };
    struct Parameter {
        std::string name;
        bool has_default = false;
    };
    ~CqlLibrary();
    CqlLibrary(const CqlLibrary&) = delete;
    CqlLibrary& operator=(const CqlLibrary&) = delete;

    const std::string& name() const;
    const std::string& version() const;
    // Definitions and parameters of the library itself, in the order of the text.
    const std::vector<Definition>& definitions() const;
    const std::vector<Parameter>& parameters() const;
    // Position in definitions(), or nothing.
    std::optional<std::uint32_t> Find(std::string_view definition) const;
    // Resource types that its retrieves and those of its includes ask for, each once.
    const std::vector<fhir::TypeNumber>& retrieved_types() const;

private:
    friend class CqlSession;
    friend class CqlCompiler;
    struct Compiled;
    explicit CqlLibrary(std::unique_ptr<Compiled> compiled);
    std::unique_ptr<Compiled> compiled_;
};

// Parses, type-checks and plans a library. Errors: kExpressionSyntax, kExpressionType (also for
// what is not supported yet, named), kExpressionUnknownName with the nearest name; `where` is
// line:column, with the library's name before it for an included one.
core::Result<std::shared_ptr<const CqlLibrary>>
CompileCql(std::string text, const LibrarySource* includes = nullptr);
// A single expression as the definition "expression" of a library made for it; `library` may hold
// declarations that come before it.
core::Result<std::shared_ptr<const CqlLibrary>>
CompileCqlExpression(std::string_view expression, std::string_view library = {});

// Evaluates a library patient after patient. One thread; make one a thread.
//
//   CqlSession session(library, environment);
//   session.SetParameter("Measurement Period", period);
//   session.Begin(patient, source);
//   KQ_ASSIGN(Value met, session.Evaluate(*library->Find("Numerator")));
//
// Each definition is computed at most once a patient; what does not depend on the patient, once.
class CqlSession {
public:
    // `library` and all that `environment` points to must outlive the session.
    CqlSession(const CqlLibrary& library, const Environment& environment);
    ~CqlSession();
    CqlSession(const CqlSession&) = delete;
    CqlSession& operator=(const CqlSession&) = delete;

    // Also for the parameters of included libraries that have this name. kExpressionUnknownName
    // when there is none. What `value` points to must
    // outlive the session (arena() will do). Before the first Begin.
    core::Status SetParameter(std::string_view name, const Value& value);
    // A closed interval of dateTimes from the first moment of `from` to the last of `to`, at the
    // environment's offset.
    Value PeriodOfDays(core::CivilDate from, core::CivilDate to);
    // Memory that lives as long as the session.
    Arena& arena();

    // Turns to the next patient; values given out before are dead. A missing patient evaluates
    // without one.
    void Begin(core::JsonNode patient, const DataSource& source);
    // The definition's value for the current patient. Errors as FhirPath::Evaluate, `where`
    // library position.
    core::Result<Value> Evaluate(std::uint32_t definition);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kangqu::expression
