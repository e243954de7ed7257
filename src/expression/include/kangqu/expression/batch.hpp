#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/expression/cql.hpp"
#include "kangqu/expression/value.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// One line in, one line out (without line ends) of `kangqu fhirpath --batch`:
// {"id","expression","resource" or "file","context"?,"variables"?,"mode"?:"strict"} gives
// {"id","result":[...],"types":[...]} or {"id","error"}. "context" is an expression over the
// resource; each of its items is then the input. "file" (JSON or XML) is read from `folder`. `now`
// is the clock.
std::string
FhirPathBatchLine(std::string_view line, const std::string& folder, core::InstantMs now);

// The same for `kangqu cql --batch`: {"id","expression","now"?,"library"?} gives
// {"id","result":"CQL literal"} or {"id","error"}. The offset of "now" is that of dateTimes
// without one.
std::string CqlBatchLine(std::string_view line, core::InstantMs now);

// `value` in the one canonical form of CQL literals: 1.50, 'a\'b', @2014-01-01T00:00:00.000, 1.5
// 'cm', Interval[1, 10), {1, 2}, Tuple { a: 1 }. Elements of documents as the value they stand for,
// resources and complex elements as the text of their JSON in quotes.
std::string CqlLiteral(const Value& value);

// A value as one cell of a table: texts and dates without signs, null empty, resources by their id,
// lists in braces, the rest as CqlLiteral.
std::string CqlCell(const Value& value);

// All resources of one patient, for `kangqu cql run`.
struct CqlSubject {
    std::string id;
    core::JsonNode patient;
    std::vector<core::JsonNode> resources;
};
struct CqlRunOptions {
    std::optional<std::pair<core::CivilDate, core::CivilDate>> period;  // "Measurement Period"
    Environment environment;
};
// Every definition that is not private for every subject as CSV: a header `patient_id,...`, then
// one row a subject, handed to `write` line by line (with line ends). A definition that fails for a
// subject has an error text beginning with "#" in its cell.
core::Status CqlRunCsv(
    const CqlLibrary& library,
    const std::vector<CqlSubject>& subjects,
    const CqlRunOptions& options,
    const std::function<void(std::string_view)>& write
);
// Groups resources by the patient they belong to: a Patient's own id, else the patient, subject or
// beneficiary reference. Resources of nobody are left out. In order of first mention.
std::vector<CqlSubject> GroupByPatient(const std::vector<core::JsonNode>& resources);

}  // namespace kangqu::expression
