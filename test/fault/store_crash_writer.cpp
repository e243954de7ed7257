// The program that store_kill_test kills: store_crash_writer FOLDER FIRST, writers of numbers from
// FIRST on. Prints "writer number" only after the store has acknowledged the unit.

#include "crash_load.hpp"
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

constexpr int kWriters = 8;

void WriteForever(kangqu::store::Store& store, int name, int first) {
    for (int number = first;; ++number) {
        const auto written = store.Write([&](kangqu::store::Writer& writer) {
            return kangqu::fault::CrashUnit(writer, name, number);
        });
        if (!written.ok()) {
            return;
        }
        const std::string line = std::to_string(name) + " " + std::to_string(number) + "\n";
        // Short enough to reach the pipe whole.
        if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) {
            return;
        }
    }
}

}  // namespace

int main(int count, char** words) {
    if (count != 3) {
        return 2;
    }
    const kangqu::core::SystemClock clock;
    auto opened = kangqu::store::Store::Open(kangqu::store::TestOptions(words[1], clock));
    if (!opened.ok()) {
        return 3;
    }
    std::vector<std::thread> writers;
    for (int name = 0; name < kWriters; ++name) {
        writers.emplace_back([&, name] {
            WriteForever(*opened.value(), name, std::atoi(words[2]));  // NOLINT(cert-err34-c)
        });
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    return 3;
}
