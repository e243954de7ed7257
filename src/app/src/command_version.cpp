#include "build_info.hpp"
#include "commands.hpp"
#include <cstdio>

namespace kangqu::app {

namespace {

int RunVersion(const Arguments&) {
    std::printf("kangqu %s (%s)\n", kVersion, kCommit);
    return kDone;
}

}  // namespace

void AddVersionCommands(std::vector<Command>& commands) {
    commands.push_back({"version", "", "print version and build", {}, 0, 0, RunVersion});
}

}  // namespace kangqu::app
