#include "kangqu/app/files.hpp"
#include "kangqu/core/utf8.hpp"
#include "kangqu/terminology/ucum.hpp"

#include "commands.hpp"
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
}

}  // namespace kangqu::app
