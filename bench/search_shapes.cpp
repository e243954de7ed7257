// The twelve search shapes of published FHIR server benchmarks, each counted and its first page
// read: search_shapes [RESIDENTS] [FOLDER]. The folder is kept and used again when given.
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/search/index.hpp"
#include "kangqu/search/query.hpp"

#include "figure.hpp"
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <vector>

namespace kangqu {
namespace {

constexpr int kObservations = 59;
constexpr int kEncounters = 15;
constexpr int kConditions = 10;
constexpr int kCodes = 120;
constexpr int kPages = 15;

std::string Day(unsigned number) {
    const unsigned year = 2012 + number / 336 % 12;
    const unsigned month = 1 + number / 28 % 12;
    const unsigned day = 1 + number % 28;
    char text[40];
    std::snprintf(
        text,
        sizeof text,
        "%04u-%02u-%02uT08:%02u:%02u+08:00",
        year,
        month,
        day,
        number % 60,
        number / 7 % 60
    );
    return text;
}

// Few codes are frequent, many are rare.
int CodeOf(std::mt19937& random) {
    const double part = static_cast<double>(random()) / static_cast<double>(std::mt19937::max());
    return static_cast<int>(part * part * part * kCodes);
}

class Maker {
public:
    explicit Maker(store::Store& store) : store_(store) {
        indexer_ = search::Indexer::Make().value();
    }
    ~Maker() {
        while (waiting_ > 0) {
        }
    }

    void Resident(int number) {
        std::mt19937 random(static_cast<unsigned>(number) * 7919U + 1U);
        std::vector<std::string> texts;
        const std::string id = "p" + std::to_string(number);
        const std::string subject = R"("subject":{"reference":"Patient/)" + id + "\"}";
        texts.push_back(
            R"({"resourceType":"Patient","id":")" + id + R"(","gender":")" +
            (random() % 2 == 0 ? "male" : "female") + R"(","birthDate":")" +
            std::to_string(1930 + random() % 90) + R"(-06-15","name":[{"text":"张)" +
            std::to_string(number) + R"("}],"managingOrganization":{"reference":"Organization/o)" +
            std::to_string(number % 40) + "\"}}"
        );
        for (int i = 0; i < kEncounters; ++i) {
            const std::string day = Day(static_cast<unsigned>(random()));
            texts.push_back(
                R"({"resourceType":"Encounter","id":")" + id + "-e" + std::to_string(i) +
                R"(","status":"finished","class":{"code":")" + (i % 5 == 0 ? "EMER" : "AMB") +
                R"("},)" + subject + R"(,"period":{"start":")" + day + R"(","end":")" +
                day.substr(0, 11) + R"(09:30:00+08:00"}})"
            );
        }
        for (int i = 0; i < kObservations; ++i) {
            texts.push_back(
                R"({"resourceType":"Observation","id":")" + id + "-o" + std::to_string(i) +
                R"(","status":"final","category":[{"coding":[{"system":"urn:cat","code":")" +
                (i % 3 == 0 ? "vital-signs" : "laboratory") +
                R"("}]}],"code":{"coding":[{"system":"http://loinc.org","code":"c)" +
                std::to_string(CodeOf(random)) + R"(","display":"Finding"}]},)" + subject +
                R"(,"encounter":{"reference":"Encounter/)" + id + "-e" +
                std::to_string(i % kEncounters) + R"("},"effectiveDateTime":")" +
                Day(static_cast<unsigned>(random())) + R"(","valueQuantity":{"value":)" +
                std::to_string(static_cast<double>(random() % 2000) / 10.0) +
                R"(,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}})"
            );
        }
        for (int i = 0; i < kConditions; ++i) {
            texts.push_back(
                R"({"resourceType":"Condition","id":")" + id + "-c" + std::to_string(i) +
                R"(","code":{"coding":[{"system":"http://snomed.info/sct","code":"s)" +
                std::to_string(random() % 12'000) + R"("}]},)" + subject + R"(,"onsetDateTime":")" +
                Day(static_cast<unsigned>(random())) + "\"}"
            );
        }
        Write(std::move(texts), id);
    }

private:
    void Write(std::vector<std::string> texts, const std::string& patient) {
        struct One {
            std::string type;
            std::string id;
            std::string body;
            search::PreparedIndex index;
        };
        auto all = std::make_shared<std::vector<One>>();
        for (std::string& text : texts) {
            const auto document = core::JsonDocument::Parse(std::move(text)).value();
            const auto root = document->root();
            const std::string type(root["resourceType"].text());
            all->push_back(
                {type,
                 std::string(root["id"].text()),
                 fhir::StoredForm(root),
                 indexer_->Prepare(root, fhir::FindResourceType(type)).value()}
            );
        }
        while (waiting_ > 60) {
        }
        ++waiting_;
        store_.WriteLater(
            [this, all, patient](store::Writer& writer) -> core::Status {
                KQ_ASSIGN(const auto home, writer.Reserve("Patient", patient, 0));
                for (const One& one : *all) {
                    KQ_ASSIGN(const auto at, writer.Reserve(one.type, one.id, home.home));
                    KQ_ASSIGN(const auto rows, indexer_->Finish(writer, one.index, at));
                    KQ_TRY(writer.Put(at, store::Method::kCreate, one.type, one.id, one.body, rows)
                    );
                }
                return {};
            },
            [this](const core::Result<store::Position>& done) {
                if (!done.ok()) {
                    std::fprintf(stderr, "%s\n", done.error().Line().c_str());
                    std::exit(3);
                }
                --waiting_;
            }
        );
    }

    store::Store& store_;
    std::unique_ptr<const search::Indexer> indexer_;
    std::atomic<int> waiting_{0};
};

using Parameters = std::vector<std::pair<std::string, std::string>>;
struct ShapeOfSearch {
    std::string name;
    std::string type;
    Parameters parameters;
};

std::string Codes(const std::string& letter, int from, int count) {
    std::string out;
    for (int i = from; i < from + count; ++i) {
        out += (out.empty() ? "" : ",") + letter + std::to_string(i);
    }
    return out;
}

std::vector<ShapeOfSearch> Shapes(int residents) {
    const std::string people = Codes("p", 0, std::min(residents, 1'000));
    return {
        {"code, rare", "Observation", {{"code", "http://loinc.org|c119"}}},
        {"code, frequent", "Observation", {{"code", "http://loinc.org|c0"}}},
        {"10 codes", "Observation", {{"code", Codes("http://loinc.org|c", 20, 10)}}},
        {"100 codes", "Observation", {{"code", Codes("http://loinc.org|c", 20, 100)}}},
        {"status, category, 5 codes",
         "Observation",
         {{"status", "final"}, {"category", "laboratory"}, {"code", Codes("c", 2, 5)}}},
        {"chain", "Observation", {{"subject:Patient.birthdate", "1960"}}},
        {"code and chain", "Observation", {{"code", "c3"}, {"patient.gender", "female"}}},
        {"code and quantity", "Observation", {{"code", "c0"}, {"value-quantity", "gt150||kg"}}},
        {"code-value-quantity", "Observation", {{"code-value-quantity", "c0$gt150||kg"}}},
        {"quantity alone", "Observation", {{"value-quantity", "gt199.8"}}},
        {"code and year", "Observation", {{"code", "c0"}, {"date", "2015"}}},
        {"category and year", "Observation", {{"category", "laboratory"}, {"date", "2015"}}},
        {"code and 1000 patients", "Observation", {{"code", "c0"}, {"patient", people}}},
        {"10000 codes and 1000 patients",
         "Condition",
         {{"code", Codes("http://snomed.info/sct|s", 0, 10'000)}, {"patient", people}}},
        {"year", "Observation", {{"date", "2015"}}},
        {"birthdate", "Patient", {{"birthdate", "gt1990"}}},
        {"name", "Patient", {{"name", "张12"}}},
        {"_has", "Patient", {{"_has:Condition:patient:code", "s77"}}},
        {"encounters of a year, newest", "Encounter", {{"date", "2015"}, {"_sort", "-date"}}},
        {"last updated", "Observation", {{"_sort", "-_lastUpdated"}}},
    };
}

search::SearchPage
RunOnce(store::Store& store, const ShapeOfSearch& shape, const Parameters& more) {
    Parameters parameters = shape.parameters;
    parameters.insert(parameters.end(), more.begin(), more.end());
    const auto reader = store.Read();
    search::SearchOptions options;
    options.limits.scanned = 100'000'000;
    const auto compiled =
        search::Compile(shape.type, parameters, search::Restriction::System(), options);
    auto page = compiled.ok() ? compiled->Run(**reader) : compiled.error();
    if (!page.ok()) {
        std::fprintf(stderr, "%s: %s\n", shape.name.c_str(), page.error().Line().c_str());
        std::exit(3);
    }
    return std::move(page).value();
}

double MillisecondsOf(const std::function<void()>& work) {
    const auto start = bench::SteadyClock::now();
    work();
    return bench::SecondsSince(start) * 1'000;
}

void Measure(store::Store& store, const std::string& workload, int residents) {
    const double flush = store.figures().flush_ms_median;
    for (const ShapeOfSearch& shape : Shapes(residents)) {
        std::int64_t total = 0;
        std::vector<double> counts;
        std::vector<double> pages;
        for (int run = 0; run < kPages; ++run) {
            pages.push_back(MillisecondsOf([&] { RunOnce(store, shape, {{"_count", "50"}}); }));
            if (run < 3) {
                counts.push_back(MillisecondsOf([&] {
                    total = RunOnce(store, shape, {{"_count", "0"}}).total.value_or(-1);
                }));
            }
        }
        std::sort(pages.begin(), pages.end());
        std::sort(counts.begin(), counts.end());
        const std::string what =
            workload + ", " + shape.name + ", " + std::to_string(total) + " hits";
        bench::Print("search_count", counts[1], "ms", what, flush);
        bench::Print("search_page_p50", pages[pages.size() / 2], "ms", what, flush);
        bench::Print("search_page_max", pages.back(), "ms", what, flush);
    }
}

int Main(int argc, char** argv) {
    const int residents = argc > 1 ? std::atoi(argv[1]) : 1'200;
    const bool kept = argc > 2;
    const auto folder = kept ? std::filesystem::path(argv[2])
                             : std::filesystem::temp_directory_path() / "kangqu-search-shapes";
    if (!kept) {
        std::filesystem::remove_all(folder);
    }
    std::filesystem::create_directories(folder);
    store::StoreOptions options;
    options.folder = folder.string();
    options.index_tables = search::IndexTables();
    const core::SystemClock clock;
    options.clock = &clock;
    auto store = store::Store::Open(std::move(options));
    if (!store.ok()) {
        std::fprintf(stderr, "%s\n", store.error().Line().c_str());
        return 3;
    }
    const int resources = residents * (1 + kObservations + kEncounters + kConditions);
    const std::string workload = std::to_string(resources) + " resources";
    if ((*store)->position() == 0) {
        const auto start = bench::SteadyClock::now();
        {
            Maker maker(**store);
            for (int number = 0; number < residents; ++number) {
                maker.Resident(number);
            }
        }
        const double seconds = bench::SecondsSince(start);
        bench::Print(
            "search_load",
            resources / seconds,
            "resources/s",
            workload,
            (*store)->figures().flush_ms_median
        );
        std::uintmax_t bytes = 0;
        for (const auto& file : std::filesystem::directory_iterator(folder)) {
            bytes += file.path().extension() == ".db" ? file.file_size() : 0;
        }
        bench::Print(
            "search_bytes", static_cast<double>(bytes) / resources, "B/resource", workload, 0
        );
    }
    Measure(**store, workload, residents);
    store->reset();
    if (!kept) {
        std::filesystem::remove_all(folder);
    }
    return 0;
}

}  // namespace
}  // namespace kangqu

int main(int argc, char** argv) {
    return kangqu::Main(argc, argv);
}
