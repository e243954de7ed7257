// The evaluator as a WebAssembly module: a line of a batch in, a line out, as the batch commands.
#include "kangqu/expression/batch.hpp"

#include <string>

namespace {

// The answer lives until the next call; a module has one thread.
std::string& Answer() {
    static std::string answer;
    return answer;
}

}  // namespace

extern "C" {

// `now` in milliseconds since 1970, as Date.now() gives it.
const char* kq_fhirpath(const char* line, double now) {
    Answer() =
        kangqu::expression::FhirPathBatchLine(line, "/", static_cast<kangqu::core::InstantMs>(now));
    return Answer().c_str();
}

const char* kq_cql(const char* line, double now) {
    Answer() = kangqu::expression::CqlBatchLine(line, static_cast<kangqu::core::InstantMs>(now));
    return Answer().c_str();
}
}
