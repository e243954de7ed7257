#include "kangqu/app/files.hpp"
#include "kangqu/plan/document.hpp"
#include "kangqu/plan/source.hpp"

#include "commands.hpp"
#include <cstdio>

namespace kangqu::app {

namespace {

std::string Joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : "、") + word;
    }
    return out;
}

void PrintText(const plan::PlanDocument& document) {
    std::printf(
        "%s\n%s  %s  %s\n",
        document.title.c_str(),
        document.issuer.c_str(),
        document.doc_no.c_str(),
        document.date.c_str()
    );
    std::size_t targets = document.indicators.size();
    for (const plan::Task& task : document.tasks) {
        targets += task.indicators.size();
        std::printf(
            "\n%d. %s\n   责任单位: %s\n", task.no, task.title.c_str(), Joined(task.units).c_str()
        );
        for (const plan::Indicator& indicator : task.indicators) {
            const std::string year = indicator.year ? std::to_string(*indicator.year) : "-";
            std::printf(
                "   指标: %s  %s  %s\n",
                indicator.name.c_str(),
                year.c_str(),
                indicator.words.c_str()
            );
        }
    }
    std::printf("\n%zu tasks, %zu targets\n", document.tasks.size(), targets);
}

int RunPlanRead(const Arguments& arguments) {
    const std::string& path = arguments.operands[0];
    const auto bytes = ReadWhole(path, plan::kSourceMaxBytes + 1);
    if (!bytes.ok()) {
        return Fail(bytes.error());
    }
    const auto source = plan::ReadSource(*bytes, path);
    if (!source.ok()) {
        return Fail(core::At(source.error(), path));
    }
    if (arguments.Has("text")) {
        std::fwrite(source->text.data(), 1, source->text.size(), stdout);
        return kDone;
    }
    const auto document = plan::ReadPlan(source->text);
    if (!document.ok()) {
        const bool is_no = document.error().code == core::ErrorCode::kPlanNotADocument;
        Fail(core::At(document.error(), arguments.operands[0]));
        return is_no ? kAnswerIsNo : kWorkFailed;
    }
    if (arguments.Has("json")) {
        std::puts(plan::ToJson(*document).c_str());
    } else {
        PrintText(*document);
    }
    return kDone;
}

}  // namespace

void AddPlanCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"plan read",
         "FILE",
         "find tasks, responsible units and targets in a plan document (text, web page, .docx, "
         ".pdf)",
         {{"json", "", "", "print the plan document form"},
          {"text", "", "", "print the document's text, which offsets refer to"}},
         1,
         1,
         RunPlanRead}
    );
}

}  // namespace kangqu::app
