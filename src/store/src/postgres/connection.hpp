#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <libpq-fe.h>

namespace kangqu::store::postgres {

// Values of one statement in the binary form of the wire. Texts lose NUL bytes, which PostgreSQL
// cannot hold (they become U+FFFD).
class Params {
public:
    Params& Add(std::int64_t value);
    Params& Add(double value);
    Params& Add(std::string_view text);
    Params& AddBytes(std::string_view bytes);
    Params& AddNull();
    // One-dimensional arrays.
    Params& AddArray(std::span<const std::int64_t> values);
    Params& AddArray(std::span<const double> values);
    Params& AddTexts(std::span<const std::string_view> values);
    // A view without data is null.
    Params& AddBytesArray(std::span<const std::string_view> values);

    int count() const { return static_cast<int>(types_.size()); }
    const std::vector<Oid>& types() const { return types_; }

private:
    friend class Connection;
    void Begin(Oid type);
    void End();
    struct Place {
        std::size_t offset = 0;
        std::size_t size = 0;
        bool null = false;
    };
    std::vector<Oid> types_;
    std::vector<Place> places_;
    std::string bytes_;
};

// The answer to one statement, whole in memory, in the binary form.
class Rows {
public:
    Rows() = default;
    explicit Rows(PGresult* result) : result_(result) {}

    int size() const { return result_ == nullptr ? 0 : PQntuples(result_.get()); }
    int columns() const { return result_ == nullptr ? 0 : PQnfields(result_.get()); }
    bool IsNull(int row, int column) const;
    // 0 for null; a boolean is 0 or 1.
    std::int64_t Integer(int row, int column) const;
    double Real(int row, int column) const;
    // Bytes of a text or of binary data, alive as long as the rows.
    std::string_view Bytes(int row, int column) const;
    // As the Query of a Reader gives it.
    SqlValue Value(int row, int column) const;
    const PGresult* result() const { return result_.get(); }
    ExecStatusType status() const { return PQresultStatus(result_.get()); }

private:
    struct Clear {
        void operator()(PGresult* result) const noexcept { PQclear(result); }
    };
    std::unique_ptr<PGresult, Clear> result_;
};

// How long things may take, in milliseconds.
struct Patience {
    int connect_ms = 5'000;
    int statement_ms = 0;  // 0: no limit
};

// One session of the server with its cache of prepared statements. One thread at a time.
class Connection {
public:
    // `url` as libpq takes it. kStoreUnavailable when nobody answers.
    static core::Result<std::unique_ptr<Connection>>
    Open(const std::string& url, const Patience& patience);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Runs SQL text of several statements, dropping rows.
    core::Status Execute(const std::string& sql);
    // The same; the first value of the last statement as text.
    core::Result<std::string> Text(const std::string& sql);
    // Prepared under its text and the types of its values, and kept.
    core::Result<Rows> Run(std::string_view sql, const Params& params);
    core::Result<std::int64_t> Number(std::string_view sql);

    // Prepares a statement for Queue.
    core::Status Ready(std::string_view sql, const Params& params);
    // Several statements in one round trip; Flush gives the first failure, after which the rest was
    // not run. All must be Ready before the first is queued. Between them nothing else may be asked
    // of the connection.
    core::Status Queue(std::string_view sql, const Params& params);
    core::Status Flush();

    // False when the session is gone; everything fails from then on.
    // False too for a session that broke off inside a pipeline: libpq may call it connected still,
    // and it never leaves the pipeline again.
    bool alive() const { return !stuck_ && PQstatus(handle_) == CONNECTION_OK; }
    // Whether a transaction is open, also a failed one.
    bool in_transaction() const { return PQtransactionStatus(handle_) != PQTRANS_IDLE; }
    PGconn* handle() const { return handle_; }

private:
    explicit Connection(PGconn* handle) : handle_(handle) {}
    core::Error Fault(const PGresult* result) const;
    core::Result<std::string> Prepare(std::string_view sql, const std::vector<Oid>& types);
    void ForgetIfMany();

    PGconn* handle_;
    std::unordered_map<std::string, std::string> prepared_;
    std::int64_t names_ = 0;
    int queued_ = 0;
    bool stuck_ = false;
    int statement_ms_ = 0;
};

// `?` and `?1` of the shared SQL as `$1`; quoted parts stay.
std::string WithDollars(std::string_view sql);
// Host and database of a URL without its password, for messages.
std::string NameOf(const std::string& url);

}  // namespace kangqu::store::postgres
