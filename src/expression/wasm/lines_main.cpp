// Answers batch lines from standard input, one a line: what the WebAssembly module is compared
// with.
//   expression_lines fhirpath|cql NOW_MS
#include "kangqu/expression/batch.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: expression_lines fhirpath|cql NOW_MS\n", stderr);
        return 2;
    }
    const bool cql = std::string(argv[1]) == "cql";
    const kangqu::core::InstantMs now = std::strtoll(argv[2], nullptr, 10);
    std::string line;
    for (int c = std::fgetc(stdin); c != EOF; c = std::fgetc(stdin)) {
        if (c != '\n') {
            line += static_cast<char>(c);
            continue;
        }
        const std::string answer = cql ? kangqu::expression::CqlBatchLine(line, now)
                                       : kangqu::expression::FhirPathBatchLine(line, "/", now);
        std::puts(answer.c_str());
        line.clear();
    }
    return 0;
}
