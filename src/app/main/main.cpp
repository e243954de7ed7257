#include "kangqu/app/command.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    try {
        return kangqu::app::RunProgram(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const std::exception& bug) {
        std::fprintf(stderr, "kangqu: %s\n", bug.what());
        return kangqu::app::kWorkFailed;
    }
}
