#pragma once

#include "kangqu/api/server.hpp"

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace kangqu::api {

// Worker threads by cost class, each class with a bounded queue of its own.
class WorkPools {
public:
    explicit WorkPools(const std::array<PoolSize, kCostClasses>& sizes);
    // Stops.
    ~WorkPools();
    WorkPools(const WorkPools&) = delete;
    WorkPools& operator=(const WorkPools&) = delete;

    // False when the queue of that class is full or the pools are stopping. Jobs do not throw.
    bool Submit(Cost cost, std::function<void()> job);
    // Runs what is queued, then joins the threads. Jobs are expected to notice by themselves that
    // the server stops.
    void Stop();
    // Jobs waiting now.
    std::size_t Waiting(Cost cost) const;

private:
    struct Pool {
        mutable std::mutex mutex;
        std::condition_variable filled;
        std::deque<std::function<void()>> jobs;
        std::size_t limit = 0;
        bool stopping = false;
        std::vector<std::thread> threads;
    };
    static void Work(Pool& pool);
    std::array<Pool, kCostClasses> pools_;
};

}  // namespace kangqu::api
