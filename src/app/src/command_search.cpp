#include "kangqu/api/client.hpp"
#include "kangqu/api/message.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/search/query.hpp"

#include "commands.hpp"
#include <cstdio>

namespace kangqu::app {

namespace {

struct Question {
    std::string type;
    std::vector<std::pair<std::string, std::string>> parameters;
};

// "Patient?name=a&birthdate=lt1980"
core::Result<Question> ParseQuestion(const std::string& text) {
    Question question;
    const std::size_t mark = std::min(text.find('?'), text.size());
    question.type = text.substr(0, mark);
    std::string_view rest = std::string_view(text).substr(std::min(mark + 1, text.size()));
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        const std::size_t equals = std::min(part.find('='), part.size());
        const auto name = api::PercentDecode(part.substr(0, equals), true);
        const auto value = api::PercentDecode(part.substr(std::min(equals + 1, part.size())), true);
        if (!name || !value) {
            return core::MakeError(core::ErrorCode::kBadRequest, std::string(part));
        }
        question.parameters.emplace_back(*name, *value);
    }
    return question;
}

core::Status Print(
    store::Reader& reader,
    const std::vector<search::Place>& places,
    const search::Shape& shape,
    bool ids,
    const char* mark
) {
    for (const auto& [home, key] : places) {
        KQ_ASSIGN(const auto version, reader.Current(home, key));
        if (!version || version->method == store::Method::kDelete) {
            continue;
        }
        if (ids) {
            std::printf("%s/%s%s\n", version->type.c_str(), version->id.c_str(), mark);
            continue;
        }
        records::Record record = records::Records::Show(search::Restriction::System(), *version);
        KQ_ASSIGN(const std::string json, search::Shaped(std::move(record.json), shape));
        std::printf("%s\n", json.c_str());
    }
    return {};
}

core::Status Search(Platform& platform, Question question, bool ids) {
    search::SearchOptions options;
    options.now = platform.clock().Now();
    KQ_ASSIGN(const auto reader, platform.store().Read());
    question.parameters.emplace_back("_cursor", "");
    for (bool first = true;; first = false) {
        auto asked = question.parameters;
        if (first) {
            asked.pop_back();
        }
        KQ_ASSIGN(
            const auto compiled,
            search::Compile(question.type, asked, search::Restriction::System(), options)
        );
        KQ_ASSIGN(const search::SearchPage page, compiled.Run(*reader));
        KQ_ASSIGN(const auto included, compiled.Include(*reader, page.hits));
        if (page.total && first) {
            std::printf("total %lld\n", static_cast<long long>(*page.total));
        }
        KQ_TRY(Print(*reader, page.hits, compiled.shape(), ids, ""));
        KQ_TRY(Print(*reader, included, compiled.shape(), ids, " included"));
        if (page.next.empty()) {
            return {};
        }
        question.parameters.back().second = page.next;
    }
}

int RunSearch(const Arguments& arguments) {
    auto question = ParseQuestion(arguments.operands.front());
    if (!question.ok()) {
        return Fail(question.error());
    }
    auto platform = Platform::Open(arguments.Get("data"));
    if (!platform.ok()) {
        return Fail(platform.error());
    }
    const auto done = Search(**platform, std::move(question).value(), arguments.Has("ids"));
    return done.ok() ? kDone : Fail(done.error());
}

}  // namespace

void AddSearchCommands(std::vector<Command>& commands) {
    commands.push_back(
        {"search",
         "TYPE?PARAMETERS",
         "search a data folder that no server owns: a resource a line, all pages",
         {DataOption(), {"ids", "", "", "print Type/id only"}},
         1,
         1,
         RunSearch}
    );
}

}  // namespace kangqu::app
