#include "kangqu/app/demo.hpp"
#include "kangqu/app/files.hpp"
#include "kangqu/app/serving.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/synth/synth.hpp"

#include "commands.hpp"
#include "reindex.hpp"
#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace kangqu::app {

namespace {

std::vector<Option> ServeOptions() {
    return {
        DataOption(),
        DatabaseOption(),
        PacksOption(),
        {"listen", "ADDRESS", "127.0.0.1:8080", "address and port"},
        {"auth", "on|off", "on", "off: no sign-in, on a loopback address only"},
        {"web", "DIR", "web/dist", "folder of the web application"},
    };
}

// Signals are waited for by one thread; every thread made later inherits the mask.
void BlockSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

core::Result<ServingOptions> ServingOf(const Arguments& arguments) {
    ServingOptions options;
    options.listen = arguments.Get("listen");
    options.packs_folder = arguments.Get("packs");
    options.web_folder = arguments.Get("web");
    const std::string& auth = arguments.Get("auth");
    if (auth != "on" && auth != "off") {
        return core::MakeError(core::ErrorCode::kInvalidArgument, "--auth", "on, off");
    }
    options.auth = auth == "on";
    return options;
}

core::Status Serve(Platform& platform, const ServingOptions& options, const DemoOptions* demo) {
    KQ_ASSIGN(const bool indexed, CompleteIndex(platform));
    if (indexed) {
        std::fprintf(stderr, "search rows were made anew for this version of the program\n");
    }
    KQ_ASSIGN(const auto serving, Serving::Make(platform, options));
    std::vector<DemoAccount> accounts;
    if (demo != nullptr && options.auth) {
        KQ_ASSIGN(accounts, RenewAccounts(serving->accounts(), demo->district));
    }
    KQ_TRY(serving->Start());
    for (const std::string& address : serving->addresses()) {
        std::printf("Kangqu 康衢: %s\n", address.c_str());
    }
    if (!accounts.empty()) {
        std::printf("\n%-12s %-24s %s\n", "account", "password", "role");
        for (const DemoAccount& one : accounts) {
            std::printf(
                "%-12s %-24s %s (%s)\n",
                one.account.name.c_str(),
                one.password.c_str(),
                one.account.display_name.c_str(),
                one.account.role.c_str()
            );
        }
        std::printf("Passwords were generated at this start. Stop with Ctrl-C.\n");
    }
    std::fflush(stdout);
    serving->RunUntilSignal();
    return {};
}

int RunServe(const Arguments& arguments) {
    BlockSignals();
    const auto options = ServingOf(arguments);
    if (!options.ok()) {
        return Fail(options.error());
    }
    auto platform = Platform::Open(arguments.Get("data"), arguments.Get("database"));
    if (!platform.ok()) {
        return Fail(platform.error());
    }
    const auto served = Serve(**platform, *options, nullptr);
    return served.ok() ? kDone : Fail(served.error());
}

core::Result<DemoOptions> DemoOf(const Arguments& arguments) {
    DemoOptions options;
    KQ_ASSIGN(options.residents, arguments.Integer("residents", 1, synth::kMaxResidents));
    KQ_ASSIGN(const auto seed, arguments.Integer("seed", 0, INT64_MAX));
    options.seed = static_cast<std::uint64_t>(seed);
    options.district = arguments.Get("packs") + "/demo-district";
    return options;
}

int RunDemo(const Arguments& arguments) {
    BlockSignals();
    const auto options = ServingOf(arguments);
    const auto demo = DemoOf(arguments);
    if (!options.ok() || !demo.ok()) {
        return Fail(options.ok() ? demo.error() : options.error());
    }
    auto platform = Platform::Open(arguments.Get("data"), arguments.Get("database"));
    if (!platform.ok()) {
        return Fail(platform.error());
    }
    const auto made = MakeDistrict(**platform, *demo);
    if (!made.ok()) {
        return Fail(made.error());
    }
    const auto served = Serve(**platform, *options, &*demo);
    return served.ok() ? kDone : Fail(served.error());
}

}  // namespace

void AddServeCommands(std::vector<Command>& commands) {
    commands.push_back({"serve", "", "serve a data folder", ServeOptions(), 0, 0, RunServe});
    std::vector<Option> demo = ServeOptions();
    demo.push_back({"residents", "N", "10000", "residents of a new district"});
    demo.push_back({"seed", "S", "42", "seed of a new district"});
    commands.push_back(
        {"demo",
         "",
         "make the demonstration district if the data folder is empty, and serve it",
         demo,
         0,
         0,
         RunDemo}
    );
}

}  // namespace kangqu::app
