// A JSON text is a value set, code system or concept map sent with a request; any other text is a
// table of a pack. Each is refused or worked out to an end.
#include "kangqu/terminology/terminology.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace kangqu::terminology;  // NOLINT(google-build-using-namespace)

void Ask(const Catalogue& catalogue, kangqu::core::JsonNode sent) {
    const auto run = [&](const char* type, const char* name) {
        Operation operation;
        operation.type = type;
        operation.name = name;
        operation.parameters = ReadParameters(sent);
        operation.parameters.push_back({"code", "male", {}});
        operation.parameters.push_back({"filter", "a", {}});
        static_cast<void>(catalogue.Operate(operation).ok());
    };
    run("ValueSet", "expand");
    run("ValueSet", "validate-code");
    run("CodeSystem", "validate-code");
    run("ConceptMap", "translate");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const kangqu::core::FixedClock clock(0);
    static const Terminology terminology(clock);
    static const auto catalogue = terminology.now();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (!text.starts_with('{')) {
        static_cast<void>(ReadTable(text, "table.tsv").ok());
        return 0;
    }
    const auto document = kangqu::core::JsonDocument::Parse(std::string(text));
    if (document.ok()) {
        Ask(*catalogue, (*document)->root());
    }
    return 0;
}
