#include "texts.hpp"
#include "walk.hpp"

namespace kangqu::validate {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using fhir::Place;

namespace {

bool IsTrue(std::span<const expression::Value> items) {
    if (items.size() != 1) {
        return false;
    }
    const expression::Value& item = items[0];
    return item.is(expression::Kind::kBoolean)
               ? item.boolean()
               : item.is(expression::Kind::kNode) && item.node().boolean();
}

}  // namespace

void Walk::Constraints(
    const std::vector<Constraint>& constraints,
    const expression::Value& value,
    const Place& place
) {
    for (const Constraint& constraint : constraints) {
        if (sink_->full()) {
            return;
        }
        expression::Environment environment;
        environment.resource = scope_->resource;
        environment.root_resource = scope_->root;
        environment.value_sets = shared_.value_sets;
        std::string error = constraint.error;
        bool good = false;
        if (constraint.path) {
            arena_.Reset();
            const auto result = constraint.path->Evaluate(value, environment, arena_);
            // A warning about an element that is not there would be noise.
            const bool silent = constraint.severity == Severity::kWarning;
            good = result.ok() && (IsTrue(*result) || (silent && result->empty()));
            error = result.ok() ? "" : result.error().Line();
        }
        if (!error.empty()) {
            sink_->Add(
                Severity::kWarning,
                place,
                MakeError(
                    ErrorCode::kInvariantNotEvaluated, std::string(constraint.key), Shown(error)
                )
            );
        } else if (!good) {
            sink_->Add(
                constraint.severity,
                place,
                MakeError(
                    ErrorCode::kInvariantFailed, std::string(constraint.key), constraint.human
                )
            );
        }
    }
}

namespace {

// "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0": in small letters, as R4 says.
bool IsUuid(std::string_view text) noexcept {
    constexpr std::size_t kSize = 36;
    if (text.size() != kSize) {
        return false;
    }
    for (std::size_t at = 0; at < kSize; ++at) {
        const char c = text[at];
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !hex) {
            return false;
        }
    }
    return true;
}

bool IsOid(std::string_view text) noexcept {
    return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos &&
           text.find("..") == std::string_view::npos && text.front() != '.' && text.back() != '.';
}

}  // namespace

// A urn is of the form its kind has; the system of a code or identifier is a whole address.
void Walk::Uri(JsonNode node, const fhir::ElementFacts& row, const Place& place) {
    static const fhir::TypeNumber uri = fhir::FindType("uri");
    if (!fhir::IsA(row.type, uri)) {
        return;
    }
    constexpr std::string_view kUuid = "urn:uuid:";
    constexpr std::string_view kOid = "urn:oid:";
    const std::string_view text = node.text();
    const bool good = text.starts_with(kUuid)  ? IsUuid(text.substr(kUuid.size()))
                      : text.starts_with(kOid) ? IsOid(text.substr(kOid.size()))
                                               : text.find(':') != std::string_view::npos;
    if (!good) {
        sink_->Add(
            Severity::kError,
            place,
            MakeError(
                ErrorCode::kFhirBadValue,
                std::string(row.name),
                Shown(text),
                core::Words("绝对地址（URI）", "absolute URI")
            )
        );
    }
}

Codes::Answer
Walk::InValueSet(std::string_view set, std::string_view system, std::string_view code) {
    return shared_.codes == nullptr ? Codes::Answer::kUnknown
                                    : shared_.codes->Contains(set, system, code);
}

// One of the codings is in the set. `answer` is kUnknown when that cannot be said.
bool Walk::AnyInValueSet(const Binding& binding, JsonNode codings, Codes::Answer& answer) {
    answer = Codes::Answer::kNo;
    for (JsonNode one = codings.first(); one; one = one.next()) {
        const Codes::Answer now =
            InValueSet(binding.value_set, one["system"].text(), one["code"].text());
        if (now == Codes::Answer::kYes) {
            answer = now;
            return true;
        }
        answer = now == Codes::Answer::kUnknown ? now : answer;
    }
    return false;
}

namespace {

std::string CodeText(JsonNode coding) {
    const std::string_view system = coding["system"].text();
    return Shown(system) + (system.empty() ? "" : "#") + Shown(coding["code"].text());
}

}  // namespace

void Walk::CheckBinding(
    const Binding& binding,
    JsonNode node,
    fhir::TypeNumber type,
    const Place& place
) {
    if (shared_.codes == nullptr) {
        return;
    }
    const bool required = binding.strength == Strength::kRequired;
    const std::string_view type_name = fhir::TypeOf(type).name;
    Codes::Answer answer = Codes::Answer::kYes;
    std::string shown;
    if (type_name == "CodeableConcept") {
        const JsonNode codings = node["coding"];
        if (codings.size() == 0) {
            if (required) {
                sink_->Add(
                    Severity::kError,
                    place,
                    MakeError(
                        ErrorCode::kCodeMissing,
                        std::string(place.element == nullptr ? place.name : place.element->name),
                        std::string(binding.value_set)
                    )
                );
            }
            return;
        }
        AnyInValueSet(binding, codings, answer);
        shown = CodeText(codings.first());
    } else if (node.is_string()) {
        answer = InValueSet(binding.value_set, {}, node.text());
        shown = Shown(node.text());
    } else if (node["code"]) {  // Coding, Quantity
        answer = InValueSet(binding.value_set, node["system"].text(), node["code"].text());
        shown = CodeText(node);
    }
    if (answer == Codes::Answer::kNo) {
        sink_->Add(
            required ? Severity::kError : Severity::kWarning,
            place,
            MakeError(ErrorCode::kCodeNotInValueSet, shown, std::string(binding.value_set))
        );
    } else if (answer == Codes::Answer::kUnknown && required) {
        sink_->Add(
            Severity::kInformation,
            place,
            MakeError(ErrorCode::kBindingNotChecked, std::string(binding.value_set), shown)
        );
    }
}

}  // namespace kangqu::validate
