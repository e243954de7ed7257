#include "work_pools.hpp"

#include "kangqu/core/check.hpp"

namespace kangqu::api {

WorkPools::WorkPools(const std::array<PoolSize, kCostClasses>& sizes) {
    for (std::size_t at = 0; at < kCostClasses; ++at) {
        Pool& pool = pools_[at];
        pool.limit = sizes[at].queue;
        for (int thread = 0; thread < sizes[at].threads; ++thread) {
            pool.threads.emplace_back([&pool] { Work(pool); });
        }
    }
}

WorkPools::~WorkPools() {
    Stop();
}

bool WorkPools::Submit(Cost cost, std::function<void()> job) {
    KQ_CHECK(cost != Cost::kInline, "inline work has no pool");
    Pool& pool = pools_[static_cast<std::size_t>(cost)];
    {
        const std::lock_guard lock(pool.mutex);
        if (pool.stopping || pool.jobs.size() >= pool.limit) {
            return false;
        }
        pool.jobs.push_back(std::move(job));
    }
    pool.filled.notify_one();
    return true;
}

void WorkPools::Stop() {
    for (Pool& pool : pools_) {
        {
            const std::lock_guard lock(pool.mutex);
            pool.stopping = true;
        }
        pool.filled.notify_all();
    }
    for (Pool& pool : pools_) {
        for (std::thread& thread : pool.threads) {
            thread.join();
        }
        pool.threads.clear();
    }
}

std::size_t WorkPools::Waiting(Cost cost) const {
    const Pool& pool = pools_[static_cast<std::size_t>(cost)];
    const std::lock_guard lock(pool.mutex);
    return pool.jobs.size();
}

void WorkPools::Work(Pool& pool) {
    while (true) {
        std::function<void()> job;
        {
            std::unique_lock lock(pool.mutex);
            pool.filled.wait(lock, [&pool] { return pool.stopping || !pool.jobs.empty(); });
            if (pool.jobs.empty()) {
                return;
            }
            job = std::move(pool.jobs.front());
            pool.jobs.pop_front();
        }
        job();
    }
}

}  // namespace kangqu::api
