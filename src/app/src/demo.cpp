#include "kangqu/app/demo.hpp"

#include "kangqu/app/files.hpp"
#include "kangqu/app/load.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/plan/resource.hpp"
#include "kangqu/plan/review.hpp"
#include "kangqu/synth/synth.hpp"

#include <chrono>
#include <cstdio>
#include <sstream>
#include <thread>

namespace kangqu::app {

namespace {

constexpr std::string_view kSpace = "demo";
constexpr std::string_view kPlanId = "plan";
constexpr int kYears = 5;

// What an interrupted run needs to go on with the same district.
struct Progress {
    synth::SynthOptions options;
    bool done = false;
};

std::string Encode(const Progress& progress) {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject().Field("residents", progress.options.residents);
    writer.Field("seed", static_cast<std::int64_t>(progress.options.seed));
    writer.Field("until", core::FormatDate(progress.options.until));
    writer.Field("detailed", std::int64_t{progress.options.detailed_per_mille});
    writer.Field("done", progress.done).EndObject();
    return out;
}

core::Result<std::optional<Progress>> ReadProgress(store::Store& store) {
    KQ_ASSIGN(const auto reader, store.Read());
    KQ_ASSIGN(const auto text, reader->GetValue(kSpace, "district"));
    if (!text) {
        return std::optional<Progress>();
    }
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(*text));
    const core::JsonNode root = document->root();
    Progress progress;
    progress.options.residents = root["residents"].integer().value_or(0);
    progress.options.seed = static_cast<std::uint64_t>(root["seed"].integer().value_or(0));
    progress.options.until = core::ParseDate(root["until"].text()).value_or(core::CivilDate{});
    progress.options.years = kYears;
    progress.options.detailed_per_mille = static_cast<int>(root["detailed"].integer().value_or(0));
    progress.done = root["done"].boolean();
    return std::optional(progress);
}

core::Status WriteProgress(store::Store& store, const Progress& progress) {
    KQ_TRY(store.Write([&](store::Writer& writer) {
        return writer.PutValue(kSpace, "district", Encode(progress));
    }));
    return {};
}

// What synth makes goes straight into the load pipeline.
class PipelineSink final : public synth::SynthSink {
public:
    explicit PipelineSink(LoadPipeline& pipeline) : pipeline_(pipeline) {}
    core::Status Put(std::string_view, std::string_view json) override {
        return pipeline_.Add({"synthetic district", ++number_, std::string(json)});
    }

private:
    LoadPipeline& pipeline_;
    std::int64_t number_ = 0;
};

core::Status LoadDistrict(Platform& platform, const synth::SynthOptions& options) {
    LoadOptions load;
    load.refused_file = platform.folder() + "/demo-refused.ndjson";
    load.threads = static_cast<int>(2 * std::thread::hardware_concurrency() + 2);
    const auto started = std::chrono::steady_clock::now();
    LoadPipeline pipeline(load, [&platform](const std::vector<records::LoadLine>& lines) {
        return platform.records().Load(search::Restriction::System(), lines);
    });
    PipelineSink sink(pipeline);
    const auto made = synth::Generate(options, sink);
    KQ_ASSIGN(const LoadSummary summary, pipeline.Finish());
    KQ_TRY(made);
    if (summary.refused > 0) {
        return core::MakeError(
            core::ErrorCode::kInternal,
            std::to_string(summary.refused) + " synthetic resources were refused, see " +
                load.refused_file
        );
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::printf(
        "demo: %lld residents, %lld resources made and kept in %.1f s\n",
        static_cast<long long>(options.residents),
        static_cast<long long>(summary.resources),
        took.count()
    );
    return {};
}

core::Status LoadPlan(Platform& platform, const std::string& district) {
    KQ_ASSIGN(const std::string text, ReadWhole(district + "/plan/plan.txt", plan::kPlanMaxBytes));
    KQ_ASSIGN(plan::PlanDocument draft, plan::ReadPlan(text));
    // The demonstration plan was written with its reading at hand: its review is done.
    const plan::Reviewer reviewer = {"kangqu demo", core::FormatInstant(platform.clock().Now())};
    for (plan::Task& task : draft.tasks) {
        task.review = {plan::ReviewState::kAccepted, reviewer.by, reviewer.at};
        for (plan::Indicator& target : task.indicators) {
            target.review = task.review;
        }
    }
    for (plan::Indicator& target : draft.indicators) {
        target.review = {plan::ReviewState::kAccepted, reviewer.by, reviewer.at};
    }
    KQ_ASSIGN(const plan::PlanDocument document, plan::Live(draft));
    const std::string source_id = std::string(kPlanId) + "-text";
    const std::vector<records::LoadLine> lines = {
        {"plan", 1, plan::ToDocumentReference(document, text, source_id, kPlanId)},
        {"plan", 2, plan::ToPlanDefinition(document, kPlanId, "DocumentReference/" + source_id)},
    };
    KQ_ASSIGN(const auto answers, platform.records().Load(search::Restriction::System(), lines));
    for (const records::LoadAnswer& answer : answers) {
        if (answer.refused) {
            return *answer.refused;
        }
    }
    std::printf(
        "demo: plan \"%s\" with %zu tasks\n", document.title.c_str(), document.tasks.size()
    );
    return {};
}

}  // namespace

core::Status MakeDistrict(Platform& platform, const DemoOptions& options) {
    KQ_ASSIGN(const auto found, ReadProgress(platform.store()));
    if (found && found->done) {
        return {};
    }
    if (!found && platform.store().position() > 0) {
        return core::MakeError(
            core::ErrorCode::kNotSupported,
            "demo in " + platform.folder() + ", which holds other data"
        );
    }
    Progress progress;
    if (found) {
        progress = *found;
    } else {
        progress.options.residents = options.residents;
        progress.options.seed = options.seed;
        progress.options.years = kYears;
        progress.options.detailed_per_mille = synth::kSamplePerMille;
        progress.options.until = core::ChinaDate(platform.clock().Now());
        KQ_TRY(WriteProgress(platform.store(), progress));
    }
    KQ_TRY(LoadDistrict(platform, progress.options));
    KQ_TRY(LoadPlan(platform, options.district));
    progress.done = true;
    return WriteProgress(platform.store(), progress);
}

core::Result<std::vector<DemoAccount>>
RenewAccounts(access::Accounts& accounts, const std::string& district) {
    const std::string path = district + "/accounts.tsv";
    KQ_ASSIGN(const std::string text, ReadWhole(path));
    std::vector<DemoAccount> renewed;
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.empty() || line[0] == '#') {
            continue;
        }
        DemoAccount one;
        std::istringstream columns(line);
        std::getline(columns, one.account.name, '\t');
        std::getline(columns, one.account.display_name, '\t');
        std::getline(columns, one.account.role, '\t');
        if (!std::getline(columns, one.account.organization, '\t')) {
            return core::At(
                core::MakeError(core::ErrorCode::kPackInvalid, district, "four columns"),
                path + ":" + std::to_string(number)
            );
        }
        if (one.account.organization == "-") {
            one.account.organization.clear();
        }
        auto password = accounts.Find(one.account.name) ? accounts.ResetPassword(one.account.name)
                                                        : accounts.Add(one.account);
        KQ_ASSIGN(one.password, std::move(password));
        renewed.push_back(std::move(one));
    }
    return renewed;
}

}  // namespace kangqu::app
