// Reading and writing FHIR XML: bench_fhir_xml RESOURCES.ndjson
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/xml.hpp"

#include "figure.hpp"
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace kangqu;  // NOLINT(google-build-using-namespace)

constexpr double kMegabyte = 1e6;
constexpr double kSeconds = 1.0;

// Runs `once` (which answers with the bytes it took) until a second of this processor is over.
template <class Once>
double MegabytesPerSecond(Once once) {
    std::size_t bytes = 0;
    const auto spent = [start = std::clock()] {
        return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    };
    while (spent() < kSeconds) {
        bytes += once();
    }
    return static_cast<double>(bytes) / kMegabyte / spent();
}

}  // namespace

int main(int count, char** arguments) {
    std::ifstream in(count == 2 ? arguments[1] : "");
    std::vector<std::unique_ptr<const core::JsonDocument>> documents;
    std::vector<std::string> texts;
    for (std::string line; std::getline(in, line) && documents.size() < 2'000;) {
        auto document = core::JsonDocument::Parse(line);
        auto xml = document.ok() ? fhir::XmlFromJson((*document)->root()) : document.error();
        if (!xml.ok()) {
            std::fprintf(stderr, "%s\n", xml.error().Line().c_str());
            return EXIT_FAILURE;
        }
        documents.push_back(*std::move(document));
        texts.push_back(*std::move(xml));
    }
    if (documents.empty()) {
        std::fprintf(stderr, "usage: bench_fhir_xml RESOURCES.ndjson\n");
        return EXIT_FAILURE;
    }
    const std::string workload =
        std::to_string(texts.size()) + " resources or bundles, one core, MB of XML";
    bench::Print(
        "xml_read",
        MegabytesPerSecond([&] {
            std::size_t bytes = 0;
            for (const std::string& xml : texts) {
                bytes += fhir::JsonFromXml(xml).ok() ? xml.size() : 0;
            }
            return bytes;
        }),
        "MB/s",
        workload,
        0
    );
    bench::Print(
        "xml_write",
        MegabytesPerSecond([&] {
            std::size_t bytes = 0;
            for (const auto& document : documents) {
                bytes += fhir::XmlFromJson(document->root())->size();
            }
            return bytes;
        }),
        "MB/s",
        workload,
        0
    );
    return EXIT_SUCCESS;
}
