#include "marginals.hpp"

#include "kangqu/core/json.hpp"

namespace kangqu::synth {
namespace {

constexpr std::array<std::string_view, kMarks> kNames = {
#define KANGQU_SYNTH_MARK(name) #name,
    KANGQU_SYNTH_MARKS(KANGQU_SYNTH_MARK)
#undef KANGQU_SYNTH_MARK
};

}  // namespace

std::string_view NameOf(Mark mark) noexcept {
    return kNames[static_cast<std::size_t>(mark)];
}

void Marginals::Add(Mark mark, std::size_t at, std::int64_t by) {
    auto& counts = counts_[static_cast<std::size_t>(mark)];
    if (counts.size() <= at) {
        counts.resize(at + 1, 0);
    }
    counts[at] += by;
}

std::int64_t Marginals::At(Mark mark, std::size_t at) const noexcept {
    const auto& counts = Of(mark);
    return at < counts.size() ? counts[at] : 0;
}

std::int64_t Marginals::Sum(Mark mark) const noexcept {
    std::int64_t sum = 0;
    for (const std::int64_t count : Of(mark)) {
        sum += count;
    }
    return sum;
}

void Marginals::Merge(const Marginals& other) {
    for (std::size_t mark = 0; mark < kMarks; ++mark) {
        for (std::size_t at = 0; at < other.counts_[mark].size(); ++at) {
            Add(static_cast<Mark>(mark), at, other.counts_[mark][at]);
        }
    }
}

std::string Marginals::Json() const {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject();
    for (std::size_t mark = 0; mark < kMarks; ++mark) {
        writer.Key(kNames[mark]).BeginArray();
        for (const std::int64_t count : counts_[mark]) {
            writer.Int(count);
        }
        writer.EndArray();
    }
    writer.EndObject();
    return out;
}

}  // namespace kangqu::synth
