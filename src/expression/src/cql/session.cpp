#include "cql/compiler.hpp"
#include "cql/cql_functions.hpp"
#include "cql/query_plan.hpp"
#include "evaluation.hpp"
#include "literals.hpp"
#include "navigate.hpp"

namespace kangqu::expression {

struct CqlSession::State {
    State(const CqlLibrary& its_library, const Environment& its_environment)
        : library(its_library), environment(its_environment) {}

    const CqlLibrary& library;
    Environment environment;
    Arena lasting;
    Arena passing;  // of the current patient
    CqlRun run;
};

bool DataSource::
    RetrieveOthers(std::string_view, fhir::TypeNumber, const CodeFilter&, const Visitor&) const {
    return false;
}

CqlSession::CqlSession(const CqlLibrary& library, const Environment& environment)
    : state_(std::make_unique<State>(library, environment)) {
    const CqlProgram& program = library.compiled_->program;
    state_->run.program = &program;
    state_->run.lasting = &state_->lasting;
    state_->run.definitions.resize(program.definitions.size());
    state_->run.parameters.resize(program.parameters.size());
}

CqlSession::~CqlSession() = default;

Arena& CqlSession::arena() {
    return state_->lasting;
}

core::Status CqlSession::SetParameter(std::string_view name, const Value& value) {
    const CqlLibrary::Compiled& compiled = *state_->library.compiled_;
    bool found = false;
    for (std::size_t i = 0; i < compiled.parameters.size(); ++i) {
        if (compiled.parameters[i].name == name) {
            state_->run.parameters[compiled.parameter_numbers[i]] = {value, true};
            found = true;
        }
    }
    const auto [from, to] = compiled.included_parameters.equal_range(std::string(name));
    for (auto at = from; at != to; ++at) {
        state_->run.parameters[at->second] = {value, true};
        found = true;
    }
    if (found) {
        return {};
    }
    return core::MakeError(
        core::ErrorCode::kExpressionUnknownName, std::string(name), std::string()
    );
}

Value CqlSession::PeriodOfDays(core::CivilDate from, core::CivilDate to) {
    const int offset = state_->environment.now.offset_minutes;
    const auto moment = [offset](core::CivilDate date, bool last) {
        core::Temporal out = core::Temporal::OfDate(date).ToDateTime();
        out = last ? out.Highest(core::Precision::kMillisecond)
                   : out.Lowest(core::Precision::kMillisecond);
        out.has_offset = true;
        out.offset_minutes = static_cast<std::int16_t>(offset);
        return Value::Temporal(out);
    };
    return Value::Of(state_->lasting.New(Interval{
        moment(from, false), moment(to, true), true, true, false}));
}

void CqlSession::Begin(core::JsonNode patient, const DataSource& source) {
    State& state = *state_;
    state.passing.Reset();
    state.run.made.clear();
    state.run.source = &source;
    state.run.patient = Value::Node(patient, Known().patient);
    state.environment.resource = patient;
    const auto& definitions = state.run.program->definitions;
    for (std::size_t i = 0; i < definitions.size(); ++i) {
        if (!definitions[i].constant) {
            state.run.definitions[i] = {};
        }
    }
}

core::Result<Value> CqlSession::Evaluate(std::uint32_t definition) {
    State& state = *state_;
    const CqlLibrary::Compiled& compiled = *state.library.compiled_;
    KQ_CHECK(definition < compiled.definition_numbers.size(), "no such definition");
    const std::uint32_t number = compiled.definition_numbers[definition];
    if (state.run.definitions[number].done) {
        return state.run.definitions[number].value;
    }
    Evaluation evaluation(compiled.plan, state.environment, state.passing);
    evaluation.cql = &state.run;
    PlanNode node;
    node.data = number;
    const Value value = RunDefinition(evaluation, node);
    if (evaluation.failed()) {
        // What was left half done is computed again when it is asked for again.
        for (std::size_t i = 0; i < state.run.definitions.size(); ++i) {
            state.run.definitions[i] = {};
        }
        state.run.calls = 0;
        return evaluation.error();
    }
    return value;
}

}  // namespace kangqu::expression
