// Judging residents by a CQL library: parsing of their records and evaluation, one thread and two.
//
//   bench_cql_measure LIBRARY.cql PATIENTS.ndjson [DEFINITION...]
//
// PATIENTS has one collection Bundle a line. Without names every definition is evaluated. The
// period is the year 2025.

#include "kangqu/expression/cql.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace kangqu::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Resident {
    std::unique_ptr<const core::JsonDocument> document;
    std::vector<std::pair<fhir::TypeNumber, core::JsonNode>> resources;
    core::JsonNode patient;
};

class Records final : public expression::DataSource {
public:
    explicit Records(const Resident& resident) : resident_(resident) {}
    void Retrieve(fhir::TypeNumber type, const expression::CodeFilter&, const Visitor& visit)
        const override {
        for (const auto& [own, node] : resident_.resources) {
            if (own == type) {
                visit(node);
            }
        }
    }

private:
    const Resident& resident_;
};

Resident Read(const std::string& line) {
    Resident out;
    auto parsed = core::JsonDocument::Parse(line);
    if (!parsed.ok()) {
        std::fprintf(stderr, "%s\n", parsed.error().Line().c_str());
        std::exit(3);
    }
    out.document = std::move(*parsed);
    const core::JsonNode list = out.document->root()["entry"];
    for (core::JsonNode entry = list.first(); entry; entry = entry.next()) {
        const core::JsonNode resource = entry["resource"];
        const std::string_view name = resource["resourceType"].text();
        out.resources.emplace_back(fhir::FindResourceType(name), resource);
        out.patient = name == "Patient" ? resource : out.patient;
    }
    return out;
}

void Evaluate(
    const expression::CqlLibrary& library,
    const std::vector<std::uint32_t>& definitions,
    const Resident* begin,
    const Resident* end,
    int rounds
) {
    expression::Environment environment;
    environment.now = *core::Temporal::ParseDateTime("2026-01-01T00:00:00.000+08:00");
    expression::CqlSession session(library, environment);
    static_cast<void>(
        session
            .SetParameter("Measurement Period", session.PeriodOfDays({2025, 1, 1}, {2025, 12, 31}))
            .ok()
    );
    for (int round = 0; round < rounds; ++round) {
        for (const Resident* one = begin; one != end; ++one) {
            const Records records(*one);
            session.Begin(one->patient, records);
            for (const std::uint32_t definition : definitions) {
                if (!session.Evaluate(definition).ok()) {
                    std::fprintf(stderr, "a definition failed\n");
                    std::exit(3);
                }
            }
        }
    }
}

void Print(const char* name, double residents, Clock::time_point from) {
    const double seconds = std::chrono::duration<double>(Clock::now() - from).count();
    std::printf(
        "{\"name\":\"%s\",\"value\":%.0f,\"unit\":\"residents/s\",\"workload\":\"%.0f "
        "residents\"}\n",
        name,
        residents / seconds,
        residents
    );
}

}  // namespace

int Run(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "bench_cql_measure LIBRARY.cql PATIENTS.ndjson [DEFINITION...]\n");
        return 2;
    }
    std::ifstream text(argv[1]);
    std::stringstream source;
    source << text.rdbuf();
    const auto library = expression::CompileCql(source.str());
    if (!library.ok()) {
        std::fprintf(stderr, "%s\n", library.error().Line().c_str());
        return 3;
    }
    std::vector<std::uint32_t> definitions;
    for (int i = 3; i < argc; ++i) {
        definitions.push_back((*library)->Find(argv[i]).value_or(0));
    }
    for (std::uint32_t i = 0; argc == 3 && i < (*library)->definitions().size(); ++i) {
        definitions.push_back(i);
    }
    std::vector<std::string> lines;
    std::ifstream patients(argv[2]);
    for (std::string line; std::getline(patients, line);) {
        lines.push_back(line);
    }
    auto from = Clock::now();
    std::vector<Resident> residents;
    for (const std::string& line : lines) {
        residents.push_back(Read(line));
    }
    Print("cql_parse_records", static_cast<double>(residents.size()), from);
    const Resident* begin = residents.data();
    const Resident* end = begin + residents.size();
    constexpr int kRounds = 50;
    from = Clock::now();
    Evaluate(**library, definitions, begin, end, kRounds);
    Print("cql_evaluate_1_thread", static_cast<double>(residents.size()) * kRounds, from);
    from = Clock::now();
    std::thread other([&] { Evaluate(**library, definitions, begin, end, kRounds); });
    Evaluate(**library, definitions, begin, end, kRounds);
    other.join();
    Print("cql_evaluate_2_threads", static_cast<double>(residents.size()) * kRounds * 2, from);
    return 0;
}

}  // namespace kangqu::bench

int main(int argc, char** argv) {
    return kangqu::bench::Run(argc, argv);
}
