#include "training.hpp"

#include <algorithm>
#include <iterator>

namespace kangqu::store {

namespace {

constexpr Position kTrainings[] = {2'000, 50'000};
constexpr std::int64_t kSamples = 4'000;

}  // namespace

std::int64_t Training::Due(Position position, std::int64_t newest) {
    const auto due = std::find_if(std::begin(kTrainings), std::end(kTrainings), [&](Position at) {
        return trained_at_ < at && position >= at;
    });
    if (due == std::end(kTrainings)) {
        return 0;
    }
    trained_at_ = *due;
    const std::int64_t number = due - std::begin(kTrainings) + 1;
    return newest >= number ? 0 : number;
}

Position Training::StepOf(Position position) {
    return std::max<Position>(1, position / kSamples);
}

}  // namespace kangqu::store
