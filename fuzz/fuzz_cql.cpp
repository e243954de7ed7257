// Any text: refused with a place, or compiled; every definition is then evaluated to an end.
#include "kangqu/expression/cql.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

class NoRecords final : public kangqu::expression::DataSource {
public:
    void Retrieve(kangqu::fhir::TypeNumber, const kangqu::expression::CodeFilter&, const Visitor&)
        const override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace kangqu;  // NOLINT(google-build-using-namespace)
    const auto library =
        expression::CompileCql(std::string(reinterpret_cast<const char*>(data), size));
    if (!library.ok()) {
        if (library.error().code == core::ErrorCode::kExpressionSyntax &&
            library.error().where.empty()) {
            std::abort();
        }
        return 0;
    }
    expression::Environment environment;
    environment.limits.steps = 20'000;
    environment.limits.list_items = 2'000;
    environment.limits.text_bytes = 100'000;
    expression::CqlSession session(**library, environment);
    const NoRecords records;
    session.Begin({}, records);
    for (std::uint32_t i = 0; i < (*library)->definitions().size(); ++i) {
        static_cast<void>(session.Evaluate(i).ok());
    }
    return 0;
}
