#include "kangqu/api/client.hpp"
#include "kangqu/app/platform.hpp"

#include "build_info.hpp"
#include "commands.hpp"
#include <cstdio>

namespace kangqu::app {

namespace {

int RunVersion(const Arguments&) {
    std::printf("kangqu %s (%s)\n", kVersion, kCommit);
    return kDone;
}

int RunCheck(const Arguments& arguments) {
    auto platform = Platform::Open(arguments.Get("data"));
    if (!platform.ok()) {
        return Fail(platform.error());
    }
    const auto faults = (*platform)->store().Check();
    if (!faults.ok()) {
        return Fail(faults.error());
    }
    for (const std::string& fault : *faults) {
        std::printf("%s\n", fault.c_str());
    }
    std::printf("check: %zu faults\n", faults->size());
    return faults->empty() ? kDone : kAnswerIsNo;
}

}  // namespace

void AddCheckCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"check",
         "",
         "verify the store of a data folder that no server owns",
         {DataOption()},
         0,
         0,
         RunCheck}
    );
    commands.push_back({"version", "", "print version and build", {}, 0, 0, RunVersion});
}

}  // namespace kangqu::app
