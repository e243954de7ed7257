#include "kangqu/bulk/export.hpp"

#include "kangqu/fhir/definitions.hpp"
#include "kangqu/records/query_text.hpp"
#include "kangqu/search/query.hpp"

#include "ndjson_file.hpp"
#include <algorithm>
#include <filesystem>
#include <map>
#include <unordered_set>

namespace kangqu::bulk {

namespace {

using core::ErrorCode;
using core::MakeError;
using Level = ExportPlan::Level;

constexpr int kPage = 1'000;
// Residents read between two looks at the clock of a members' export.
constexpr std::size_t kMembersAtOnce = 50;

// One step of an export by search: a type, or one filter of it.
struct Step {
    std::string type;
    std::string query;
};

bool BelongsToPatients(fhir::TypeNumber type) {
    return fhir::TypeOf(type).name == "Patient" || !fhir::PatientCompartmentCodes(type).empty();
}

std::vector<std::string> TypesOf(const ExportPlan& plan) {
    std::vector<std::string> types;
    for (const fhir::TypeNumber number : fhir::ResourceTypes()) {
        const std::string name(fhir::TypeOf(number).name);
        const bool asked =
            plan.types.empty() ||
            std::find(plan.types.begin(), plan.types.end(), name) != plan.types.end();
        if (asked && (plan.level == Level::kSystem || BelongsToPatients(number))) {
            types.push_back(name);
        }
    }
    return types;
}

std::vector<Step> StepsOf(const ExportPlan& plan) {
    std::vector<Step> steps;
    for (const std::string& type : TypesOf(plan)) {
        const std::size_t before = steps.size();
        for (const auto& [filtered, query] : plan.filters) {
            if (filtered == type) {
                steps.push_back({type, query});
            }
        }
        if (steps.size() == before) {
            steps.push_back({type, {}});
        }
    }
    return steps;
}

class Export {
public:
    Export(
        records::Records& records,
        const search::Restriction& restriction,
        const ExportPlan& plan,
        const std::string& folder,
        ExportState& state
    )
        : records_(records),
          restriction_(restriction),
          plan_(plan),
          folder_(folder),
          state_(state) {}

    core::Status Run(
        const std::function<core::Status(const ExportState&)>& checkpoint,
        const std::function<bool()>& stop
    ) {
        checkpoint_ = &checkpoint;
        stop_ = &stop;
        KQ_TRY(plan_.level == Level::kMembers ? Members() : Searches());
        if (Stopped()) {
            return {};
        }
        if (plan_.since) {
            KQ_TRY(Deletions());
        }
        state_.done = true;
        return checkpoint(state_);
    }

private:
    bool Stopped() const { return (*stop_)(); }

    core::Status Searches() {
        const std::vector<Step> steps = StepsOf(plan_);
        while (state_.step < steps.size() && !Stopped()) {
            KQ_TRY(OneStep(steps));
        }
        return {};
    }

    core::Status OneStep(const std::vector<Step>& steps) {
        const Step& step = steps[state_.step];
        std::string cursor = state_.cursor;
        while (true) {
            if (Stopped()) {
                return {};
            }
            KQ_ASSIGN(const auto reader, records_.store().Read());
            KQ_ASSIGN(const auto page, Page(*reader, step, cursor));
            for (const auto& [home, key] : page.hits) {
                KQ_TRY(Take(*reader, home, key, step.type));
            }
            cursor = page.next;
            if (cursor.empty()) {
                ++state_.step;
                state_.cursor.clear();
                return CloseAll();
            }
            if (Full()) {
                state_.cursor = cursor;
                KQ_TRY(CloseAll());
            }
        }
    }

    core::Result<search::SearchPage>
    Page(store::Reader& reader, const Step& step, const std::string& cursor) const {
        auto parameters = records::QueryPairs(step.query);
        parameters.emplace_back("_count", std::to_string(kPage));
        if (plan_.since) {
            parameters.emplace_back("_lastUpdated", "ge" + core::FormatInstant(*plan_.since));
        }
        if (!cursor.empty()) {
            parameters.emplace_back("_cursor", cursor);
        }
        KQ_ASSIGN(const auto search, search::Compile(step.type, parameters, restriction_));
        return search.Run(reader);
    }

    // One record found by a search.
    core::Status
    Take(store::Reader& reader, store::Home home, store::RecordKey key, const std::string& type) {
        // What belongs to no resident has its own home.
        if (plan_.level == Level::kPatients && type != "Patient" && home == key) {
            return {};
        }
        const bool filtered =
            std::any_of(plan_.filters.begin(), plan_.filters.end(), [&](const auto& filter) {
                return filter.first == type;
            });
        if (filtered && !taken_.insert(key).second) {
            return {};
        }
        KQ_ASSIGN(const auto version, AsOf(reader, home, key));
        return version ? Write(*version) : core::Status{};
    }

    // The version that was current at `until`; nothing when there was none.
    core::Result<std::optional<store::Version>>
    AsOf(store::Reader& reader, store::Home home, store::RecordKey key) const {
        KQ_ASSIGN(auto version, reader.Current(home, key));
        while (version && version->updated > plan_.until) {
            if (version->version <= 1) {
                return std::optional<store::Version>();
            }
            KQ_ASSIGN(version, reader.AtVersion(home, key, version->version - 1));
        }
        if (version && version->method == store::Method::kDelete) {
            return std::optional<store::Version>();
        }
        return version;
    }

    core::Status Members() {
        const auto types = TypesOf(plan_);
        const std::unordered_set<std::string> wanted(types.begin(), types.end());
        while (state_.step < plan_.patients.size() && !Stopped()) {
            KQ_ASSIGN(const auto reader, records_.store().Read());
            const std::size_t end =
                std::min(plan_.patients.size(), state_.step + open_members_ + kMembersAtOnce);
            for (std::size_t i = state_.step + open_members_; i < end; ++i) {
                KQ_TRY(Member(*reader, plan_.patients[i], wanted));
                ++open_members_;
            }
            if (Full() || end == plan_.patients.size()) {
                state_.step += open_members_;
                open_members_ = 0;
                KQ_TRY(CloseAll());
            }
        }
        return {};
    }

    core::Status Member(
        store::Reader& reader,
        const std::string& id,
        const std::unordered_set<std::string>& wanted
    ) {
        KQ_ASSIGN(const auto at, reader.Find("Patient", id));
        if (!at || at->version == 0) {
            return {};
        }
        std::vector<store::Version> versions;
        KQ_TRY(reader.ScanHome(at->home, [&](const store::Version& version) {
            if (wanted.contains(version.type)) {
                versions.push_back(version);
            }
            return true;
        }));
        for (const store::Version& found : versions) {
            KQ_ASSIGN(
                const bool admitted,
                search::Admits(
                    reader, restriction_, search::Action::kRead, found.type, found.home, found.key
                )
            );
            if (!admitted) {
                continue;
            }
            KQ_ASSIGN(const auto version, AsOf(reader, found.home, found.key));
            if (version && !(plan_.since && version->updated < *plan_.since)) {
                KQ_TRY(Write(*version));
            }
        }
        return {};
    }

    // What the caller could see and is gone: one Bundle of deletions a record.
    core::Status Deletions() {
        const auto types = TypesOf(plan_);
        const std::unordered_set<std::string> wanted(types.begin(), types.end());
        records::Records::HistoryQuery query;
        query.since = plan_.since;
        std::unordered_set<std::string> seen;
        do {
            KQ_ASSIGN(const auto page, records_.History(restriction_, query));
            for (const records::Record& record : page.records) {
                const std::string local = record.type + "/" + record.id;
                if (record.updated > plan_.until || !wanted.contains(record.type) ||
                    !seen.insert(local).second || record.method != store::Method::kDelete) {
                    continue;
                }
                KQ_TRY(WriteDeletion(local));
            }
            query.before = page.next;
        } while (query.before != 0 && !Stopped());
        return CloseAll();
    }

    core::Status WriteDeletion(const std::string& local) {
        std::string line;
        core::JsonWriter writer(line);
        writer.BeginObject().Field("resourceType", "Bundle").Field("type", "transaction");
        writer.Key("entry").BeginArray().BeginObject().Key("request").BeginObject();
        writer.Field("method", "DELETE").Field("url", local);
        writer.EndObject().EndObject().EndArray().EndObject();
        return Append("deleted", line);
    }

    core::Status Write(const store::Version& version) {
        return Append(version.type, records::Records::Show(restriction_, version).json);
    }

    core::Status Append(const std::string& type, std::string_view line) {
        auto open = open_.find(type);
        if (open == open_.end()) {
            if (state_.files.size() + open_.size() >= kMaxFiles) {
                return MakeError(
                    ErrorCode::kTooLarge, "export", std::to_string(kMaxFiles) + " files"
                );
            }
            const std::string name = NameOf(type);
            KQ_ASSIGN(auto file, NdjsonFile::Open(folder_ + "/" + name));
            open = open_.emplace(type, Open{name, std::move(file)}).first;
        }
        return open->second.file.Append(line);
    }

    std::string NameOf(const std::string& type) const {
        const auto before =
            std::count_if(state_.files.begin(), state_.files.end(), [&](const ExportFile& file) {
                return file.type == type || (type == "deleted" && file.deleted);
            });
        std::string number = std::to_string(before + 1);
        constexpr std::size_t kDigits = 4;
        number.insert(0, kDigits - std::min(kDigits, number.size()), '0');
        return type + "." + number + ".ndjson";
    }

    bool Full() const {
        return std::any_of(open_.begin(), open_.end(), [](const auto& open) {
            return open.second.file.lines() >= kMaxFileLines ||
                   open.second.file.bytes() >= kMaxFileBytes;
        });
    }

    core::Status CloseAll() {
        std::vector<ExportFile> closed;
        for (auto& [type, open] : open_) {
            const std::int64_t lines = open.file.lines();
            KQ_TRY(open.file.Close());
            const bool deleted = type == "deleted";
            closed.push_back({deleted ? "Bundle" : type, open.name, lines, deleted});
        }
        open_.clear();
        state_.files.insert(state_.files.end(), closed.begin(), closed.end());
        return (*checkpoint_)(state_);
    }

    struct Open {
        std::string name;
        NdjsonFile file;
    };

    records::Records& records_;
    const search::Restriction& restriction_;
    const ExportPlan& plan_;
    const std::string& folder_;
    ExportState& state_;
    std::map<std::string, Open> open_;
    std::size_t open_members_ = 0;
    std::unordered_set<store::RecordKey> taken_;
    const std::function<core::Status(const ExportState&)>* checkpoint_ = nullptr;
    const std::function<bool()>* stop_ = nullptr;
};

}  // namespace

std::int64_t ExportState::Count() const noexcept {
    std::int64_t count = 0;
    for (const ExportFile& file : files) {
        count += file.count;
    }
    return count;
}

core::Status CheckPlan(const ExportPlan& plan) {
    for (const std::string& type : plan.types) {
        if (fhir::FindResourceType(type) == fhir::kNoType) {
            return MakeError(ErrorCode::kInvalidArgument, "_type", type);
        }
    }
    if (plan.filters.size() > kMaxFilters) {
        return MakeError(
            ErrorCode::kTooLarge, "_typeFilter", std::to_string(kMaxFilters) + " filters"
        );
    }
    if (plan.patients.size() > kMaxPatients) {
        return MakeError(ErrorCode::kTooLarge, "patients", std::to_string(kMaxPatients));
    }
    for (const auto& [type, query] : plan.filters) {
        if (fhir::FindResourceType(type) == fhir::kNoType) {
            return MakeError(ErrorCode::kInvalidArgument, "_typeFilter", type);
        }
        KQ_TRY(search::Compile(type, records::QueryPairs(query), search::Restriction()));
    }
    if (plan.level == Level::kMembers && !plan.filters.empty()) {
        return MakeError(ErrorCode::kNotSupported, "_typeFilter");
    }
    return {};
}

core::Status RunExport(
    records::Records& records,
    const search::Restriction& restriction,
    const ExportPlan& plan,
    const std::string& folder,
    ExportState& state,
    const std::function<core::Status(const ExportState&)>& checkpoint,
    const std::function<bool()>& stop
) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return MakeError(ErrorCode::kFileUnwritable, folder, error.message());
    }
    return Export(records, restriction, plan, folder, state).Run(checkpoint, stop);
}

}  // namespace kangqu::bulk
