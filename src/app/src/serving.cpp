#include "kangqu/app/serving.hpp"

#include "kangqu/access/sessions.hpp"
#include "kangqu/api/account_gate.hpp"
#include "kangqu/api/client.hpp"
#include "kangqu/api/dispatcher.hpp"
#include "kangqu/api/server.hpp"
#include "kangqu/api/system_routes.hpp"
#include "kangqu/app/vocabulary.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/search/catalogue.hpp"

#include "build_info.hpp"
#include "routes_export.hpp"
#include "routes_load.hpp"
#include "routes_store.hpp"
#include "validation.hpp"
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kangqu::app {

namespace {

void LogLine(std::string_view line) {
    std::fprintf(
        stderr,
        "%s %.*s\n",
        core::FormatInstant(core::SystemClock().Now()).c_str(),
        static_cast<int>(line.size()),
        line.data()
    );
}

// A text from another system, for imports.
core::Result<std::string> FetchText(const std::string& address) {
    constexpr int kFetchTimeoutMs = 60'000;
    KQ_ASSIGN(const api::Url url, api::ParseUrl(address));
    KQ_ASSIGN(
        const api::Response response, api::Client::ForUrl(url, kFetchTimeoutMs)->Get(url.target)
    );
    if (response.status != 200) {
        return core::MakeError(
            core::ErrorCode::kConnectionFailed, address, std::to_string(response.status)
        );
    }
    return response.body;
}

// A notification to another system.
core::Result<int> SendNotice(const subscription::Delivery& delivery) {
    constexpr std::int64_t kMsASecond = 1'000;
    KQ_ASSIGN(const api::Url url, api::ParseUrl(delivery.endpoint));
    api::ClientRequest request;
    request.method = api::Method::kPost;
    request.target = url.target;
    request.headers = {{"Content-Type", "application/fhir+json"}};
    for (const auto& [name, value] : delivery.headers) {
        request.headers.push_back({name, value});
    }
    request.body = delivery.body;
    const auto client = api::Client::ForUrl(url, static_cast<int>(delivery.timeout_s * kMsASecond));
    KQ_ASSIGN(const api::Response response, client->Send(request));
    return response.status;
}

// Rows of packs/*/plan/<name>, one pack after another.
template <class Row>
core::Result<std::vector<Row>> LoadRows(
    const std::string& folder,
    const char* name,
    core::Result<std::vector<Row>> (*read)(std::string_view, std::string_view)
) {
    std::vector<Row> all;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const auto file = entry.path() / "plan" / name;
        if (!std::filesystem::exists(file)) {
            continue;
        }
        std::ifstream in(file, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        KQ_ASSIGN(auto rows, read(text.str(), entry.path().filename().string()));
        all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
}

}  // namespace

struct Serving::Parts {
    Parts(Platform& the_platform, ServingOptions the_options)
        : platform(the_platform), options(std::move(the_options)) {}

    Platform& platform;
    ServingOptions options;
    std::unique_ptr<access::Accounts> accounts;
    std::unique_ptr<access::Sessions> sessions;
    access::Roles roles;
    std::vector<plan::Binding> bindings;
    std::unique_ptr<terminology::Terminology> terminology;
    std::vector<plan::Organ> organs;
    std::unique_ptr<Engines> engines;
    std::unique_ptr<bulk::Jobs> bulk_jobs;
    std::unique_ptr<const Validation> validation;
    std::unique_ptr<subscription::Engine> subscriptions;
    api::Registry registry;
    api::RequestMetrics metrics;
    std::unique_ptr<api::AccountGate> gate;
    std::unique_ptr<api::Dispatcher> dispatcher;
    std::unique_ptr<api::Server> server;

    core::Result<search::Restriction> RestrictionOf(const api::Request& request) const {
        if (!request.principal) {
            return search::Restriction();
        }
        return roles.Compile(
            *request.principal,
            [this](std::string_view organization) -> core::Result<std::vector<std::string>> {
                return engines->organizations().Subtree(organization);
            }
        );
    }

    // What the owner of work that outlives his request may see now.
    core::Result<search::Restriction> RestrictionOfOwner(const std::string& owner) const {
        api::Request request;
        request.principal = api::PrincipalOf(owner);
        return RestrictionOf(request);
    }

    std::unique_ptr<bulk::Jobs> MakeBulkJobs() {
        return std::make_unique<bulk::Jobs>(bulk::Jobs::Services{
            platform.records(),
            platform.ids(),
            platform.clock(),
            platform.folder() + "/bulk",
            [this](const std::string& owner) { return RestrictionOfOwner(owner); },
            FetchText,
            LogLine});
    }

    std::unique_ptr<subscription::Engine> MakeSubscriptions(std::vector<subscription::Topic> topics
    ) {
        subscription::Engine::Services services{
            platform.records(),
            platform.clock(),
            std::move(topics),
            [this](const std::string& owner) { return RestrictionOfOwner(owner); },
            SendNotice,
            [this] {
                const auto known = server ? server->addresses() : std::vector<std::string>();
                return (known.empty() ? std::string("http://localhost") : known.front()) + "/fhir";
            },
            LogLine};
        return std::make_unique<subscription::Engine>(std::move(services));
    }

    api::AccessServices Access() {
        return {
            *accounts,
            *sessions,
            roles,
            options.auth,
            false,
            [this](std::string_view id) { return engines->organizations().NameOf(id); },
        };
    }

    void Register() {
        const api::RestrictionOf restriction = [this](const api::Request& request) {
            return RestrictionOf(request);
        };
        api::RegisterSession(registry, Access());
        api::RegisterAccounts(registry, Access());
        api::RegisterFhir(
            registry,
            platform.records(),
            restriction,
            kVersion,
            api::OwnSubscriptions(*subscriptions),
            std::make_shared<search::CatalogueKnowledge>([this] { return terminology->now(); })
        );
        api::RegisterSubscriptions(registry, {platform.records(), *subscriptions, restriction});
        api::RegisterBulk(registry, {platform.records(), *bulk_jobs, restriction});
        api::RegisterTerminology(registry, {*terminology, platform.store(), restriction});
        api::RegisterResidents(
            registry,
            {platform.records(),
             engines->residents(),
             engines->organizations(),
             platform.clock(),
             restriction}
        );
        const api::MeasureServices measures{
            engines->populations(),
            engines->residents(),
            engines->organizations(),
            platform.clock(),
            [this] { return engines->Periods(); },
            restriction,
        };
        api::RegisterMeasures(registry, measures);
        api::RegisterEvaluate(
            registry,
            {platform.records(),
             engines->populations(),
             engines->residents(),
             platform.clock(),
             [this] { return terminology->now(); },
             restriction}
        );
        api::RegisterPlans(
            registry,
            {platform.records(),
             measures,
             [this](std::string_view) { return bindings; },
             organs,
             restriction}
        );
        api::RegisterValidate(registry, {platform.records(), validation->validator(), restriction});
        RegisterLoad(registry, platform.records());
        RegisterExport(registry, platform);
        RegisterStore(registry, platform);
        api::SystemHooks hooks;
        hooks.not_ready = [this]() -> std::vector<api::NotReady> {
            if (engines->populations().ready()) {
                return {};
            }
            return {{"measures", {"指标正在计算", "measures are being computed"}}};
        };
        hooks.figures = [this](api::MetricsText& out) {
            WriteFigures(out);
        };
        api::RegisterSystemRoutes(registry, metrics, hooks);
    }

    void WriteFigures(api::MetricsText& out) const {
        const store::StoreFigures figures = platform.store().figures();
        out.Counter(
            "kangqu_store_commits_total", "Flushed groups", static_cast<double>(figures.commits)
        );
        out.Counter(
            "kangqu_store_units_total", "Units of work", static_cast<double>(figures.units)
        );
        out.Gauge(
            "kangqu_store_flush_ms_median", "Median flush, milliseconds", figures.flush_ms_median
        );
        out.Gauge(
            "kangqu_store_position", "Last change", static_cast<double>(platform.store().position())
        );
        out.Gauge(
            "kangqu_measures_position",
            "Last change the measures have seen",
            static_cast<double>(engines->populations().position())
        );
        out.Gauge(
            "kangqu_residents", "Residents", static_cast<double>(engines->residents().size())
        );
    }
};

Serving::Serving(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Serving::~Serving() {
    // Requests end before what they use.
    if (parts_->subscriptions) {
        parts_->subscriptions->Stop();
    }
    parts_->server.reset();
    if (parts_->bulk_jobs) {
        parts_->bulk_jobs->Stop();
    }
    if (parts_->engines) {
        parts_->engines->Stop();
    }
}

core::Result<std::unique_ptr<Serving>> Serving::Make(Platform& platform, ServingOptions options) {
    auto parts = std::make_unique<Parts>(platform, std::move(options));
    const ServingOptions& set = parts->options;
    if (!set.auth) {
        KQ_TRY(api::CheckLoopbackOnly({set.listen}));
    }
    KQ_ASSIGN(parts->roles, access::Roles::Load(set.packs_folder + "/base/access/roles.json"));
    KQ_ASSIGN(parts->accounts, access::Accounts::Open(platform.store(), platform.clock()));
    KQ_ASSIGN(parts->sessions, access::Sessions::Open(platform.store(), platform.clock()));
    KQ_ASSIGN(auto packs, measure::LoadPacks(set.packs_folder));
    KQ_ASSIGN(parts->bindings, LoadRows(set.packs_folder, "bindings.tsv", plan::ReadBindings));
    KQ_ASSIGN(parts->organs, LoadRows(set.packs_folder, "organs.tsv", plan::ReadOrgans));
    KQ_ASSIGN(parts->terminology, LoadTerminology(set.packs_folder, platform.clock()));
    parts->engines = std::make_unique<Engines>(
        platform,
        std::move(packs),
        LogLine,
        [terminology = parts->terminology.get()] { return terminology->now(); }
    );
    parts->bulk_jobs = parts->MakeBulkJobs();
    KQ_ASSIGN(parts->validation, Validation::Make(platform.clock(), {}));
    KQ_ASSIGN(auto topics, subscription::LoadTopics(set.packs_folder));
    parts->subscriptions = parts->MakeSubscriptions(std::move(topics));
    parts->Register();
    parts->gate = std::make_unique<api::AccountGate>(parts->Access());
    api::DispatcherOptions dispatching;
    dispatching.fhir = fhir::OperationOutcome;
    dispatching.web_folder = set.web_folder;
    dispatching.log = LogLine;
    parts->dispatcher = std::make_unique<api::Dispatcher>(
        parts->registry, *parts->gate, parts->metrics, std::move(dispatching)
    );
    return std::unique_ptr<Serving>(new Serving(std::move(parts)));
}

access::Accounts& Serving::accounts() noexcept {
    return *parts_->accounts;
}

core::Status Serving::Start() {
    parts_->engines->Start();
    KQ_TRY(parts_->bulk_jobs->Start());
    api::ServerOptions options;
    options.listen = {parts_->options.listen};
    options.socket_path = SocketOf(parts_->platform.folder());
    KQ_ASSIGN(parts_->server, api::Server::Start(options, *parts_->dispatcher));
    KQ_TRY(parts_->subscriptions->Start());
    return {};
}

std::vector<std::string> Serving::addresses() const {
    return parts_->server->addresses();
}

void Serving::RunUntilSignal() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    int caught = 0;
    sigwait(&signals, &caught);
    parts_->server->Stop();
    parts_->subscriptions->Stop();
    parts_->bulk_jobs->Stop();
    parts_->engines->Stop();
}

}  // namespace kangqu::app
