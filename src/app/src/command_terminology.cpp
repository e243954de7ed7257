#include "kangqu/app/files.hpp"
#include "kangqu/app/vocabulary.hpp"
#include "kangqu/core/utf8.hpp"
#include "kangqu/terminology/ucum.hpp"

#include "commands.hpp"
#include <algorithm>
#include <cstdio>

namespace kangqu::app {

namespace {

int RunUcum(const Arguments& arguments) {
    const std::string& path = arguments.Get("batch");
    if (path.empty()) {
        std::fprintf(stderr, "kangqu: --batch FILE is needed\n");
        return kWrongUsage;
    }
    const auto file = InputFile::Open(path);
    if (!file.ok()) {
        return Fail(file.error());
    }
    const auto status =
        ForEachLine(**file, [](std::int64_t, const std::string& text, bool) -> core::Status {
            std::puts(terminology::UcumBatchLine(core::WithoutBom(text)).c_str());
            return {};
        });
    return status.ok() ? kDone : Fail(status.error());
}

// "ValueSet/expand url=... count=3": a terminology operation over the packs, without a server.
core::Result<std::string> RunOperation(const Arguments& arguments) {
    const std::string& name = arguments.operands[0];
    terminology::Operation operation;
    operation.type = name.substr(0, name.find('/'));
    operation.name = name.substr(std::min(name.find('/') + 1, name.size()));
    operation.language =
        arguments.Get("language") == "en" ? core::Language::kEn : core::Language::kZh;
    for (std::size_t i = 1; i < arguments.operands.size(); ++i) {
        const std::string& pair = arguments.operands[i];
        const std::size_t equal = pair.find('=');
        if (equal == std::string::npos) {
            return core::MakeError(core::ErrorCode::kInvalidArgument, pair, "name=value");
        }
        operation.parameters.push_back({pair.substr(0, equal), pair.substr(equal + 1), {}});
    }
    const core::SystemClock clock;
    KQ_ASSIGN(const auto terminology, LoadTerminology(arguments.Get("packs"), clock));
    return terminology->now()->Operate(operation);
}

int RunTerms(const Arguments& arguments) {
    const auto answer = RunOperation(arguments);
    if (!answer.ok()) {
        return Fail(answer.error());
    }
    std::puts(answer->c_str());
    return kDone;
}

}  // namespace

void AddTerminologyCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"ucum",
         "",
         "validate, convert, multiply and divide quantities line by line",
         {{"batch", "FILE", "", "NDJSON, a line in, a line out"}},
         0,
         0,
         RunUcum}
    );
    commands.push_back(
        {"terms",
         "TYPE/OPERATION [NAME=VALUE...]",
         "run a terminology operation over the packs and print its answer",
         {PacksOption(), {"language", "zh|en", "zh", "language of displays"}},
         1,
         50,
         RunTerms}
    );
}

}  // namespace kangqu::app
