// Answers batch lines from standard input, one a line: what the WebAssembly module is compared
// with.
//   expression_lines fhirpath|cql NOW_MS
#include "kangqu/expression/batch.hpp"

#include <cstdlib>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: expression_lines fhirpath|cql NOW_MS\n";
        return 2;
    }
    const bool cql = std::string(argv[1]) == "cql";
    const kangqu::core::InstantMs now = std::strtoll(argv[2], nullptr, 10);
    for (std::string line; std::getline(std::cin, line);) {
        std::cout << (cql ? kangqu::expression::CqlBatchLine(line, now)
                          : kangqu::expression::FhirPathBatchLine(line, "/", now))
                  << "\n";
    }
    return 0;
}
