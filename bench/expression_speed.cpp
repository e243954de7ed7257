// Expressions over Observations, compiled once and compiled anew for each document.
//
//   bench_expression_speed EXPRESSIONS.json OBSERVATIONS.ndjson [SECONDS]
//
// EXPRESSIONS is an array of FHIRPath texts. Each document is a fresh line of text that was parsed
// beforehand, as in the peers that are run beside it.

#include "kangqu/expression/fhirpath.hpp"

#include "figure.hpp"
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace kangqu::bench {
namespace {

using expression::Arena;
using expression::Environment;
using expression::FhirPath;

std::string ReadAll(const char* path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

[[noreturn]] void Stop(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(3);
}

std::unique_ptr<const core::JsonDocument> Parse(std::string text) {
    auto document = core::JsonDocument::Parse(std::move(text));
    return document.ok() ? std::move(*document) : (Stop(document.error().Line()), nullptr);
}

FhirPath Compile(const std::string& text, fhir::TypeNumber type) {
    auto path = FhirPath::Compile(text, type);
    return path.ok() ? *path : (Stop(text + ": " + path.error().Line()), *path);
}

// Calls `one` with document after document until the time is over; expressions a second.
template <class One>
double Rate(std::size_t documents, double seconds, std::size_t expressions, const One& one) {
    for (std::size_t i = 0; i < documents && i < 50; ++i) {
        one(i);
    }
    const auto start = SteadyClock::now();
    std::size_t count = 0;
    while (SecondsSince(start) < seconds) {
        for (std::size_t i = 0; i < documents; ++i) {
            one(i);
        }
        count += documents * expressions;
    }
    return static_cast<double>(count) / SecondsSince(start);
}

void Run(const char* expressions_file, const char* documents_file, double seconds) {
    const auto list = Parse(ReadAll(expressions_file));
    std::vector<std::string> texts;
    for (core::JsonNode one = list->root().first(); one; one = one.next()) {
        texts.emplace_back(one.text());
    }
    std::vector<std::unique_ptr<const core::JsonDocument>> documents;
    std::istringstream lines(ReadAll(documents_file));
    for (std::string line; std::getline(lines, line);) {
        documents.push_back(Parse(line));
    }
    const fhir::TypeNumber type = fhir::FindType("Observation");
    std::vector<FhirPath> paths;
    for (const std::string& text : texts) {
        paths.push_back(Compile(text, type));
    }
    Environment environment;
    environment.now = *core::Temporal::ParseDateTime("2026-01-01T00:00:00.000+08:00");
    Arena arena;
    std::size_t items = 0;
    const auto evaluate = [&](const FhirPath& path, const core::JsonDocument& document) {
        const auto result = path.Evaluate(document.root(), type, environment, arena);
        items += result.ok() ? result->size() : (Stop(result.error().Line()), 0);
    };
    const double compiled = Rate(documents.size(), seconds, texts.size(), [&](std::size_t i) {
        for (const FhirPath& path : paths) {
            evaluate(path, *documents[i]);
        }
        arena.Reset();
    });
    const double interpreted = Rate(documents.size(), seconds, texts.size(), [&](std::size_t i) {
        for (const std::string& text : texts) {
            const FhirPath path = Compile(text, type);
            evaluate(path, *documents[i]);
        }
        arena.Reset();
    });
    const std::string workload = std::to_string(texts.size()) + " expressions on " +
                                 std::to_string(documents.size()) +
                                 " parsed Observations, one thread";
    Print("fhirpath_compiled", compiled, "expressions/s", workload, 0);
    Print("fhirpath_interpreted", interpreted, "expressions/s", workload, 0);
    if (items == 0) {
        Stop("the expressions found nothing");
    }
}

}  // namespace
}  // namespace kangqu::bench

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(
            stderr, "usage: bench_expression_speed EXPRESSIONS.json OBSERVATIONS.ndjson [SECONDS]\n"
        );
        return 2;
    }
    kangqu::bench::Run(argv[1], argv[2], argc > 3 ? std::strtod(argv[3], nullptr) : 2.0);
    return 0;
}
