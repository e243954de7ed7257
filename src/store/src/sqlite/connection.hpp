#pragma once

#include "kangqu/core/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace kangqu::store::sqlite {

// The store's error for a result code of `db`: full disk, damage and I/O told apart.
core::Error ErrorOf(sqlite3* db, int code);

class Connection;

// A compiled statement lent by its Connection; reset and handed back when it dies. Bound texts must
// live until the statement has been stepped to its end or reset.
class Statement {
public:
    Statement() = default;
    Statement(Connection* owner, sqlite3_stmt* handle) : owner_(owner), handle_(handle) {}
    Statement(Statement&& other) noexcept { Swap(other); }
    Statement& operator=(Statement&& other) noexcept {
        Swap(other);
        return *this;
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    Statement& Bind(int index, std::int64_t value);
    Statement& Bind(int index, double value);
    Statement& Bind(int index, std::string_view text);
    Statement& BindBlob(int index, std::string_view bytes);
    Statement& BindNull(int index);

    // True when there is a row to read.
    core::Result<bool> Step();
    // Runs a statement that gives no rows and makes it ready for the next.
    core::Status Run();
    void Reset() { sqlite3_reset(handle_); }

    std::int64_t Integer(int column) const { return sqlite3_column_int64(handle_, column); }
    double Real(int column) const { return sqlite3_column_double(handle_, column); }
    // Bytes of a text or a blob, alive until the next step or reset.
    std::string_view Bytes(int column) const;
    int Kind(int column) const { return sqlite3_column_type(handle_, column); }
    int columns() const { return sqlite3_column_count(handle_); }
    bool reads_only() const { return sqlite3_stmt_readonly(handle_) != 0; }
    int parameters() const { return sqlite3_bind_parameter_count(handle_); }

private:
    void Swap(Statement& other) noexcept {
        std::swap(owner_, other.owner_);
        std::swap(handle_, other.handle_);
    }

    Connection* owner_ = nullptr;
    sqlite3_stmt* handle_ = nullptr;
};

// One connection with its cache of compiled statements. One thread at a time.
class Connection {
public:
    // `reads_only` refuses every change of the file and leaves checkpoints to others.
    static core::Result<std::unique_ptr<Connection>> Open(const std::string& path, bool reads_only);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // While it lives, a statement that runs into the end of `limit_ms` (0: no limit) stops with
    // kTimeout. The outermost one counts.
    class TimeLimit {
    public:
        TimeLimit(Connection& connection, int limit_ms);
        ~TimeLimit();
        TimeLimit(const TimeLimit&) = delete;
        TimeLimit& operator=(const TimeLimit&) = delete;

    private:
        Connection* connection_;
    };

    // Runs SQL text of several statements, dropping rows.
    core::Status Execute(const std::string& sql);
    core::Result<Statement> Prepare(std::string_view sql);
    // First column of the first row, or nothing found: 0.
    core::Result<std::int64_t> Number(std::string_view sql);
    bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
    sqlite3* handle() const { return handle_; }

private:
    friend class Statement;
    explicit Connection(sqlite3* handle) : handle_(handle) {}
    void TakeBack(sqlite3_stmt* statement);

    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };

    static int TooLate(void* connection);

    sqlite3* handle_;
    std::chrono::steady_clock::time_point end_;
    int limit_ms_ = 0;
    // Idle statements by their text. The same text may be lent more than once at a time.
    std::unordered_map<std::string, std::vector<sqlite3_stmt*>, TextHash, std::equal_to<>> idle_;
    std::size_t idle_count_ = 0;
};

}  // namespace kangqu::store::sqlite
