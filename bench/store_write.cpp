// Writing to and reading from the store: bulk units, single durable writes of many clients, reads
// by id, whole homes.
//
//   bench_store_write [--folder DIR] [--records N] [--unit N] [--in-flight N] [--singles N]
//                     [--bodies FILE.ndjson]
//
// DIR is made and removed. Without --bodies the bodies are Observations of 1.3 kB made from a
// template, 100 to a resident, with ten index rows each.

#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/store/store.hpp"

#include "figure.hpp"
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

namespace kangqu::bench {
namespace {

using store::IndexRow;
using store::Reader;
using store::Store;
using store::Writer;

constexpr int kPerHome = 100;
constexpr int kClients = 64;

struct Options {
    std::string folder = "bench-store";
    int records = 200'000;
    int unit = 100;
    int in_flight = 64;
    int singles = 20'000;
    std::string bodies;
};

[[noreturn]] void Fail(const core::Error& error) {
    std::fprintf(stderr, "%s\n", error.Line().c_str());
    std::exit(3);
}

std::vector<store::IndexTable> Tables() {
    using Type = store::IndexColumn::Type;
    return {
        {"token", {{"param"}, {"code"}, {"date"}}, {}},
        {"reference", {{"param"}, {"target"}, {"date"}}, {}},
        {"date_value", {{"param"}, {"low"}, {"high"}}, {}},
        {"quantity", {{"param"}, {"code"}, {"amount", Type::kReal}}, {}},
        {"string", {{"param"}, {"text", Type::kText}}, {}},
    };
}

// One record to write: what records and search would hand to the store.
struct Record {
    std::string type;
    std::string id;
    std::string body;
    std::vector<IndexRow> rows;
};

class Maker {
public:
    Maker(const Options& options, unsigned seed, bool live = false)
        : random_(seed), ids_(clock_), live_(live) {
        if (!options.bodies.empty()) {
            std::ifstream file(options.bodies);
            for (std::string line; std::getline(file, line);) {
                bodies_.push_back(std::move(line));
            }
            if (bodies_.empty()) {
                Fail(core::MakeError(core::ErrorCode::kFileUnreadable, options.bodies, "no lines"));
            }
        }
    }

    Record Make(std::int64_t number, std::int64_t home) {
        Record record;
        record.id = ids_.Next();
        record.type = "Observation";
        // History comes from six years, live writes from the last hour.
        const auto date = static_cast<std::int64_t>(
            live_ ? 1'790'000'000 + random_() % 3'600 : 1'500'000'000 + random_() % 200'000'000
        );
        const auto code = static_cast<std::int64_t>(random_() % 300);
        const double amount = static_cast<double>(random_() % 10'000) / 10;
        record.body = bodies_.empty() ? Observation(home, date, code, amount)
                                      : bodies_[static_cast<std::size_t>(number) % bodies_.size()];
        Index(record, home, date, code, amount);
        return record;
    }

private:
    std::string Observation(std::int64_t home, std::int64_t date, std::int64_t code, double amount);
    void
    Index(Record& record, std::int64_t home, std::int64_t date, std::int64_t code, double amount);

    std::mt19937_64 random_;
    core::SystemClock clock_;
    core::IdSource ids_;
    bool live_;
    std::vector<std::string> bodies_;
};

std::string
Maker::Observation(std::int64_t home, std::int64_t date, std::int64_t code, double amount) {
    const std::string when = core::FormatInstant(date * 1000);
    const std::string number = std::to_string(home);
    return R"({"resourceType":"Observation","meta":{"profile":["http://kangqu.example/)"
           R"(StructureDefinition/measured"],"source":"#his-)" +
           number +
           R"("},"identifier":[{"system":"http://hospital.example/lis/report-line","value":")" +
           std::to_string(random_()) +
           R"("}],"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/)"
           R"(CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}],)"
           R"("text":"检验"}],"code":{"coding":[{"system":"http://loinc.org","code":")" +
           std::to_string(10'000 + code) + "-" + std::to_string(code % 10) +
           R"(","display":"测定项目 )" + std::to_string(code) +
           R"("}],"text":"测定项目"},"subject":{"reference":"Patient/)" + number +
           R"("},"encounter":{"reference":"Encounter/)" + std::to_string(random_()) +
           R"("},"effectiveDateTime":")" + when + R"(","issued":")" + when +
           R"(","performer":[{"reference":"Organization/)" + std::to_string(home % 50) +
           R"(","display":"社区卫生服务中心"}],"valueQuantity":{"value":)" +
           std::to_string(amount) +
           R"(,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},)"
           R"("referenceRange":[{"low":{"value":3.9,"unit":"mmol/L","system":)"
           R"("http://unitsofmeasure.org","code":"mmol/L"},"high":{"value":6.1,"unit":"mmol/L",)"
           R"("system":"http://unitsofmeasure.org","code":"mmol/L"}}]})";
}

void Maker::Index(
    Record& record,
    std::int64_t home,
    std::int64_t date,
    std::int64_t code,
    double amount
) {
    const auto any = static_cast<std::int64_t>(random_() % 1'000'000'000);
    record.rows = {
        {0, {std::int64_t{101}, code, date}},
        {0, {std::int64_t{102}, std::int64_t{7}, date}},
        {0, {std::int64_t{103}, std::int64_t{3}, date}},
        {0, {std::int64_t{104}, any, date}},
        {1, {std::int64_t{201}, home, date}},
        {1, {std::int64_t{202}, any, date}},
        {1, {std::int64_t{203}, home % 50, date}},
        {2, {std::int64_t{301}, date, date + 1}},
        {3, {std::int64_t{401}, code, amount}},
        {4, {std::int64_t{501}, std::string("测定项目 ") + std::to_string(code)}},
    };
}

core::Status PutRecord(Writer& writer, const Record& record, std::int64_t home) {
    KQ_ASSIGN(const store::Placement placement, writer.Reserve(record.type, record.id, home));
    KQ_TRY(writer.Put(
        placement, store::Method::kCreate, record.type, record.id, record.body, record.rows
    ));
    return {};
}

void WriteUnit(Store& store, const std::vector<Record>& unit, std::int64_t home) {
    const auto done = store.Write([&](Writer& writer) -> core::Status {
        for (const Record& record : unit) {
            KQ_TRY(PutRecord(writer, record, home));
        }
        return {};
    });
    if (!done.ok()) {
        Fail(done.error());
    }
}

// What this process has used so far. Unlike the clock it does not depend on what else runs.
struct Usage {
    double cpu_seconds = 0;
    double written_bytes = 0;
};

Usage Used() {
    rusage spent{};
    ::getrusage(RUSAGE_SELF, &spent);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    Usage usage{seconds(spent.ru_utime) + seconds(spent.ru_stime), 0};
    std::ifstream counters("/proc/self/io");
    for (std::string name; counters >> name;) {
        double value = 0;
        counters >> value;
        if (name == "write_bytes:") {
            usage.written_bytes = value;
        }
    }
    return usage;
}

std::uintmax_t BytesOf(const std::string& file) {
    std::error_code failed;
    const std::uintmax_t bytes = std::filesystem::file_size(file, failed);
    return failed ? 0 : bytes;
}

struct Unit {
    std::int64_t home = 0;
    std::vector<Record> records;
};

std::vector<Unit> MakeUnits(Maker& maker, const Options& options, std::int64_t first, int count) {
    std::vector<Unit> units;
    for (int made = 0; made < count; made += options.unit) {
        Unit unit;
        unit.home = (first + made) / kPerHome * kPerHome + 1;
        for (int i = 0; i < options.unit; ++i) {
            unit.records.push_back(maker.Make(first + made + i, unit.home));
        }
        units.push_back(std::move(unit));
    }
    return units;
}

// Queues all units, `in_flight` of them at a time, and waits for the last.
void Load(Store& store, const std::vector<Unit>& units, int in_flight) {
    std::counting_semaphore<> room(in_flight);
    for (const Unit& unit : units) {
        room.acquire();
        store.WriteLater(
            [&unit](Writer& writer) -> core::Status {
                for (const Record& record : unit.records) {
                    KQ_TRY(PutRecord(writer, record, unit.home));
                }
                return {};
            },
            [&room](core::Result<store::Position> result) {
                if (!result.ok()) {
                    Fail(result.error());
                }
                room.release();
            }
        );
    }
    for (int i = 0; i < in_flight; ++i) {
        room.acquire();
    }
}

// The figure of every slice shows whether the cost stays flat while the data grow. Dates and values
// are random, so that index rows land all over their tables: the history of a district coming in,
// and the worst case. The records are made before the clock runs.
void Bulk(Store& store, const Options& options) {
    constexpr int kSlices = 10;
    Maker maker(options, 1);
    const int count = std::max(options.records / kSlices / options.unit, 1) * options.unit;
    for (int slice = 0; slice < kSlices; ++slice) {
        const std::int64_t first = static_cast<std::int64_t>(slice) * count;
        const std::vector<Unit> units = MakeUnits(maker, options, first, count);
        const Usage before = Used();
        const auto start = SteadyClock::now();
        Load(store, units, options.in_flight);
        const double seconds = SecondsSince(start);
        const Usage after = Used();
        const std::string workload = "units of " + std::to_string(options.unit) + ", " +
                                     std::to_string(options.in_flight) +
                                     " in flight, 10 index rows, up to " +
                                     std::to_string((slice + 1) * count) + " resources";
        const double flush_ms = store.figures().flush_ms_median;
        Print("store.bulk", count / seconds, "resources/s", workload, flush_ms);
        Print(
            "store.bulk.cpu",
            (after.cpu_seconds - before.cpu_seconds) * 1e6 / count,
            "us/resource",
            workload,
            flush_ms
        );
        Print(
            "store.bulk.written",
            (after.written_bytes - before.written_bytes) / count,
            "bytes/resource",
            workload,
            flush_ms
        );
    }
}

void Singles(Store& store, const Options& options, int clients) {
    // One client alone is bound by the flush; a tenth is enough to tell.
    const int each = std::max(options.singles / (clients == 1 ? 10 : clients), 1);
    std::vector<std::vector<Record>> work;
    Maker maker(options, 99, true);
    for (int client = 0; client < clients; ++client) {
        std::vector<Record> records;
        for (int i = 0; i < each; ++i) {
            records.push_back(maker.Make(i, client + 1));
        }
        work.push_back(std::move(records));
    }
    const store::StoreFigures before = store.figures();
    const auto start = SteadyClock::now();
    std::vector<std::thread> threads;
    for (const std::vector<Record>& records : work) {
        threads.emplace_back([&] {
            for (const Record& record : records) {
                WriteUnit(store, {record}, 1);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const double seconds = SecondsSince(start);
    const store::StoreFigures after = store.figures();
    Print(
        "store.single",
        each * clients / seconds,
        "writes/s",
        std::to_string(clients) + " clients, one durable record each time, " +
            std::to_string(
                static_cast<double>(after.units - before.units) /
                static_cast<double>(after.commits - before.commits)
            ) +
            " units a flush",
        after.flush_ms_median
    );
}

std::unique_ptr<Reader> Read(Store& store) {
    auto reader = store.Read();
    if (!reader.ok()) {
        Fail(reader.error());
    }
    return std::move(reader).value();
}

// One snapshot a read, as requests come in.
void ReadsById(Store& store, int clients) {
    std::vector<std::string> ids;
    {
        const auto reader = Read(store);
        const std::int64_t step = std::max<std::int64_t>(reader->position() / 5'000, 1);
        for (std::int64_t change = 1; change <= reader->position(); change += step) {
            ids.push_back(reader->Feed(change - 1, 1).value()[0].id);
        }
    }
    constexpr int kReads = 40'000;
    const auto start = SteadyClock::now();
    std::vector<std::thread> threads;
    for (int client = 0; client < clients; ++client) {
        threads.emplace_back([&, client] {
            std::mt19937 random(static_cast<unsigned>(client));
            for (int i = 0; i < kReads / clients; ++i) {
                const auto reader = Read(store);
                const std::string& id = ids[random() % ids.size()];
                const auto placement = reader->Find("Observation", id).value().value();
                if (!reader->Current(placement.home, placement.key).value()) {
                    Fail(core::MakeError(core::ErrorCode::kNotFound, id));
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    Print(
        "store.read",
        kReads / clients * clients / SecondsSince(start),
        "reads/s",
        std::to_string(clients) + " clients, a snapshot each, random ids",
        0
    );
}

void Homes(Store& store, int homes) {
    const auto reader = Read(store);
    std::mt19937 random(5);
    constexpr int kScans = 300;
    std::int64_t seen = 0;
    const auto start = SteadyClock::now();
    for (int i = 0; i < kScans; ++i) {
        const auto home = static_cast<std::int64_t>(random() % static_cast<unsigned>(homes));
        const core::Status done = reader->ScanHome(home * kPerHome + 1, [&](const store::Version&) {
            ++seen;
            return true;
        });
        if (!done.ok()) {
            Fail(done.error());
        }
    }
    Print(
        "store.scan_home",
        static_cast<double>(seen) / SecondsSince(start),
        "resources/s",
        "homes of " + std::to_string(kPerHome) + " resources",
        0
    );
}

Options Parse(int count, char** words) {
    Options options;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = words[i];
        const std::string value = words[i + 1];
        if (name == "--folder") {
            options.folder = value;
        } else if (name == "--records") {
            options.records = std::stoi(value);
        } else if (name == "--unit") {
            options.unit = std::stoi(value);
        } else if (name == "--in-flight") {
            options.in_flight = std::stoi(value);
        } else if (name == "--singles") {
            options.singles = std::stoi(value);
        } else if (name == "--bodies") {
            options.bodies = value;
        } else {
            std::fprintf(stderr, "unknown option %s\n", name.c_str());
            std::exit(2);
        }
    }
    return options;
}

int Run(const Options& options) {
    std::filesystem::remove_all(options.folder);
    const core::SystemClock clock;
    store::StoreOptions store_options;
    store_options.folder = options.folder;
    store_options.index_tables = Tables();
    store_options.clock = &clock;
    double bytes = 0;
    {
        auto opened = Store::Open(store_options);
        if (!opened.ok()) {
            Fail(opened.error());
        }
        Store& store = *opened.value();
        Bulk(store, options);
        for (const int clients : {1, kClients}) {
            Singles(store, options, clients);
        }
        for (const int clients : {1, 32}) {
            ReadsById(store, clients);
        }
        Homes(store, options.records / kPerHome);
        bytes = static_cast<double>(store.position());
    }
    bytes = static_cast<double>(BytesOf(options.folder + "/kangqu.db")) / bytes;
    Print("store.disk", bytes, "bytes/resource", "file after closing, index rows included", 0);
    std::filesystem::remove_all(options.folder);
    return 0;
}

}  // namespace
}  // namespace kangqu::bench

int main(int count, char** words) {
    return kangqu::bench::Run(kangqu::bench::Parse(count, words));
}
