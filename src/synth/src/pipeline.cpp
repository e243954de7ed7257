#include "pipeline.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace kangqu::synth {
namespace {

// Chunks that wait for their turn, for each thread.
constexpr std::int64_t kQueuedPerThread = 2;

void AddCases(Chunk& chunk, Written& written) {
    if (chunk.cases.empty()) {
        return;
    }
    written.cases.resize(chunk.cases.size());
    written.case_counts.resize(chunk.cases.size(), 0);
    for (std::size_t i = 0; i < chunk.cases.size(); ++i) {
        if (!chunk.cases[i].empty() && !written.cases[i].empty()) {
            written.cases[i] += ',';
        }
        written.cases[i] += chunk.cases[i];
        written.case_counts[i] += chunk.case_counts[i];
    }
}

}  // namespace

struct Pipeline::State {
    explicit State(const World& world)
        : residents(world.options, world.window, world.district, world.names) {}
    void Work(Worker& worker, std::int64_t most);

    std::mutex mutex;
    std::condition_variable changed;
    ResidentSource residents;
    std::int64_t drawn = 0;  // blocks
    std::int64_t taken = 0;
    bool all_drawn = false;
    bool stop = false;
    std::map<std::int64_t, std::unique_ptr<Chunk>> ready;
    std::vector<std::unique_ptr<Chunk>> spare;
};

// What one thread needs to tell blocks.
struct Pipeline::Worker {
    explicit Worker(const World& shared)
        : world(shared),
          emitter(shared.texts, shared.templates),
          courses(shared.options.seed, shared.window, shared.district, shared.programmes),
          core(shared.district, shared.window, shared.programmes, emitter),
          truth(shared),
          lives(shared, emitter, truth.marginals()) {}

    void Tell(const std::vector<Resident>& block, Chunk& chunk) {
        emitter.WriteTo(chunk);
        std::vector<const Resident*> household;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const Resident& resident = block[i];
            if (household.empty() || household[0]->household != resident.household) {
                household.clear();
                for (std::size_t k = i;
                     k < block.size() && block[k].household == resident.household;
                     ++k) {
                    household.push_back(&block[k]);
                }
            }
            const Course course = courses.Make(resident, chunk.faults);
            Random times(
                world.options.seed, Stream::kClockTime, static_cast<std::uint64_t>(resident.number)
            );
            core.Emit(resident, course, times);
            if (resident.detailed) {
                lives.Write(resident, course, household, core.encounters());
            }
            truth.Add(resident, course);
        }
    }

    const World& world;
    Emitter emitter;
    CourseMaker courses;
    ResidentEmitter core;
    Truth truth;
    LifeWriter lives;
};

// What each thread does until all blocks are drawn or somebody stops it.
void Pipeline::State::Work(Worker& worker, std::int64_t most) {
    std::unique_lock lock(mutex);
    while (true) {
        changed.wait(lock, [&] { return stop || all_drawn || drawn - taken < most; });
        if (stop || all_drawn) {
            return;
        }
        const std::vector<Resident> block = residents.NextBlock();
        if (block.empty()) {
            all_drawn = true;
            changed.notify_all();
            return;
        }
        const std::int64_t number = drawn++;
        auto chunk = std::make_unique<Chunk>();
        if (!spare.empty()) {
            chunk = std::move(spare.back());
            spare.pop_back();
        }
        lock.unlock();
        chunk->Clear();
        worker.Tell(block, *chunk);
        lock.lock();
        ready.emplace(number, std::move(chunk));
        changed.notify_all();
    }
}

Pipeline::Pipeline(const World& world, ChunkSink sink)
    : world_(world), sink_(std::move(sink)), state_(std::make_unique<State>(world)) {}

Pipeline::~Pipeline() = default;

core::Status Pipeline::Take(Chunk& chunk, Written& written) {
    CountTypes(chunk, written.resources);
    AddCases(chunk, written);
    KQ_TRY(sink_(chunk));
    written.faults.Append(chunk.faults);
    return {};
}

core::Status Pipeline::Run(Truth& truth, Written& written) {
    return world_.options.threads > 1 ? RunThreads(truth, written) : RunAlone(truth, written);
}

core::Status Pipeline::RunAlone(Truth& truth, Written& written) {
    const auto worker = std::make_unique<Worker>(world_);
    Chunk chunk;
    while (true) {
        const std::vector<Resident> block = state_->residents.NextBlock();
        if (block.empty()) {
            break;
        }
        chunk.Clear();
        worker->Tell(block, chunk);
        KQ_TRY(Take(chunk, written));
    }
    truth.Merge(worker->truth);
    return {};
}

core::Status Pipeline::RunThreads(Truth& truth, Written& written) {
    State& state = *state_;
    const auto threads = static_cast<std::size_t>(world_.options.threads);
    const auto most = static_cast<std::int64_t>(threads) * kQueuedPerThread;
    std::vector<std::unique_ptr<Worker>> workers;
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < threads; ++i) {
        workers.push_back(std::make_unique<Worker>(world_));
    }
    const auto work = [&state, most](Worker& worker) {
        state.Work(worker, most);
    };
    for (const auto& worker : workers) {
        running.emplace_back(work, std::ref(*worker));
    }
    core::Status status;
    std::unique_lock lock(state.mutex);
    while (status.ok()) {
        state.changed.wait(lock, [&state] {
            return state.ready.contains(state.taken) ||
                   (state.all_drawn && state.taken == state.drawn);
        });
        const auto next = state.ready.find(state.taken);
        if (next == state.ready.end()) {
            break;
        }
        std::unique_ptr<Chunk> chunk = std::move(next->second);
        state.ready.erase(next);
        lock.unlock();
        status = Take(*chunk, written);
        lock.lock();
        ++state.taken;
        state.spare.push_back(std::move(chunk));
        state.changed.notify_all();
    }
    state.stop = true;
    state.changed.notify_all();
    lock.unlock();
    for (std::thread& thread : running) {
        thread.join();
    }
    for (const auto& worker : workers) {
        truth.Merge(worker->truth);
    }
    return status;
}

}  // namespace kangqu::synth
