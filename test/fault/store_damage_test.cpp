#include "crash_load.hpp"
#include "rounds.hpp"
#include <filesystem>
#include <fstream>
#include <random>

namespace kangqu::fault {
namespace {

constexpr int kRecords = 400;

std::string Slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void Spill(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A sound, closed store.
std::string SoundFile(const core::Clock& clock) {
    const store::TestFolder folder;
    {
        auto store =
            std::move(store::Store::Open(store::TestOptions(folder.path(), clock))).value();
        for (int number = 0; number < kRecords; ++number) {
            EXPECT_TRUE(
                store->Write([&](store::Writer& writer) { return CrashUnit(writer, 0, number); }
                ).ok()
            );
        }
    }
    return Slurp(folder.database());
}

// True when the damage was noticed; fails the test when a wrong body was given out as a right one.
bool NoticesOrTellsTheTruth(const std::string& folder, const core::Clock& clock) {
    auto opened = store::Store::Open(store::TestOptions(folder, clock));
    if (!opened.ok()) {
        EXPECT_FALSE(opened.error().Text(core::Language::kZh).empty());
        return true;
    }
    store::Store& store = *opened.value();
    const auto faults = store.Check();
    bool noticed = !faults.ok() || !faults.value().empty();
    const auto reader = store.Read();
    if (!reader.ok()) {
        return true;
    }
    for (int number = 0; number < kRecords; ++number) {
        const auto place = reader.value()->Find("Observation", CrashId(0, number));
        if (!place.ok() || !place.value()) {
            noticed = true;
            continue;
        }
        const auto version = reader.value()->Current(place.value()->home, place.value()->key);
        if (!version.ok() || !version.value()) {
            noticed = true;
        } else if (version.value()->id == CrashId(0, number)) {
            EXPECT_EQ(version.value()->body, CrashBody(0, number));
        }
    }
    return noticed;
}

TEST(StoreDamage, FlippedBitsAreNoticedAndNeverGivenOutAsRight) {
    const store::TurnableClock clock;
    const std::string sound = SoundFile(clock);
    std::mt19937 random(11);
    int noticed = 0;
    const int rounds = Rounds(60);
    for (int round = 0; round < rounds; ++round) {
        const store::TestFolder folder;
        std::string damaged = sound;
        const std::size_t place = random() % damaged.size();
        damaged[place] = static_cast<char>(damaged[place] ^ (1 << (random() % 8)));
        Spill(folder.database(), damaged);
        noticed += NoticesOrTellsTheTruth(folder.path(), clock) ? 1 : 0;
    }
    // Every page ends in a checksum, so nothing is too small to be noticed.
    EXPECT_EQ(noticed, rounds);
    ::testing::Test::RecordProperty("noticed", noticed);
    std::printf("noticed %d of %d\n", noticed, rounds);
}

TEST(StoreDamage, ATornFileIsRefusedOrReported) {
    const store::TurnableClock clock;
    const std::string sound = SoundFile(clock);
    for (const std::size_t keep :
         {std::size_t{1},
          std::size_t{99},
          std::size_t{4096},
          std::size_t{4097},
          sound.size() / 2,
          sound.size() - 4096}) {
        const store::TestFolder folder;
        Spill(folder.database(), sound.substr(0, keep));
        EXPECT_TRUE(NoticesOrTellsTheTruth(folder.path(), clock)) << keep;
    }
}

TEST(StoreDamage, AZeroedPageIsNoticed) {
    const store::TurnableClock clock;
    const std::string sound = SoundFile(clock);
    constexpr std::size_t kPage = 4096;
    for (std::size_t page = 0; page < sound.size() / kPage; page += 17) {
        const store::TestFolder folder;
        std::string damaged = sound;
        damaged.replace(page * kPage, kPage, kPage, '\0');
        Spill(folder.database(), damaged);
        EXPECT_TRUE(NoticesOrTellsTheTruth(folder.path(), clock)) << page;
    }
}

}  // namespace
}  // namespace kangqu::fault
