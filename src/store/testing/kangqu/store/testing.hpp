#pragma once

#include <atomic>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace kangqu::store {

// Tests of a store run on both databases: in a file of its own, or, when the variable
// KANGQU_TEST_DATABASE names a PostgreSQL database (test/postgres/with_postgres.py does), in a
// schema of its own there.
inline bool TestsUsePostgres() {
    return std::getenv("KANGQU_TEST_DATABASE") != nullptr;  // NOLINT(concurrency-mt-unsafe)
}

// For StoreOptions::database: another empty place at each call.
inline std::string FreshTestDatabase() {
    if (!TestsUsePostgres()) {
        return "";
    }
    static std::atomic<int> number = 0;
    const std::string url = std::getenv("KANGQU_TEST_DATABASE");  // NOLINT(concurrency-mt-unsafe)
    return url + (url.find('?') == std::string::npos ? "?" : "&") + "options=-csearch_path%3Dkq_" +
           std::to_string(::getpid()) + "_" + std::to_string(++number);
}

}  // namespace kangqu::store
