#include "sqlite/connection.hpp"

#include "id_code.hpp"
#include "page_check.hpp"
#include "sqlite/checked_vfs.hpp"
#include <cerrno>
#include <cstring>

namespace kangqu::store::sqlite {

namespace {

// More compiled statements than this are thrown away together: texts made by a caller that forgot
// to bind its values must not eat the memory.
constexpr std::size_t kMaxIdleStatements = 500;

// kq_id(id): the text of a packed id.
void IdText(sqlite3_context* context, int, sqlite3_value** values) {
    if (sqlite3_value_type(values[0]) != SQLITE_BLOB) {
        sqlite3_result_value(context, values[0]);
        return;
    }
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values[0]));
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
    const std::string text = UnpackId(std::string_view(bytes, size), true);
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

bool IsSpaceErrno(int number) {
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

}  // namespace

core::Error ErrorOf(sqlite3* db, int code) {
    const std::string text = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
    const int system = db == nullptr ? 0 : sqlite3_system_errno(db);
    switch (code & 0xff) {
        case SQLITE_FULL:
            return core::MakeError(core::ErrorCode::kStoreFull);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return core::MakeError(core::ErrorCode::kStoreCorrupt, text);
        case SQLITE_IOERR:
            if (code == SQLITE_IOERR_DATA) {
                return core::MakeError(core::ErrorCode::kStoreCorrupt, "checksum of a page");
            }
            [[fallthrough]];
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_PROTOCOL:
            if (IsSpaceErrno(system)) {
                return core::MakeError(core::ErrorCode::kStoreFull);
            }
            return core::MakeError(
                core::ErrorCode::kStoreIo,
                system == 0 ? text
                            : text + ": " + std::strerror(system)  // NOLINT(concurrency-mt-unsafe)
            );
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return core::MakeError(core::ErrorCode::kBusy);
        default:
            return core::MakeError(core::ErrorCode::kInternal, "SQL: " + text);
    }
}

Statement::~Statement() {
    if (handle_ != nullptr) {
        owner_->TakeBack(handle_);
    }
}

Statement& Statement::Bind(int index, std::int64_t value) {
    sqlite3_bind_int64(handle_, index, value);
    return *this;
}

Statement& Statement::Bind(int index, double value) {
    sqlite3_bind_double(handle_, index, value);
    return *this;
}

Statement& Statement::Bind(int index, std::string_view text) {
    const char* data = text.data() == nullptr ? "" : text.data();
    sqlite3_bind_text64(handle_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement& Statement::BindBlob(int index, std::string_view bytes) {
    const char* data = bytes.data() == nullptr ? "" : bytes.data();
    sqlite3_bind_blob64(handle_, index, data, bytes.size(), SQLITE_STATIC);
    return *this;
}

Statement& Statement::BindNull(int index) {
    sqlite3_bind_null(handle_, index);
    return *this;
}

core::Result<bool> Statement::Step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        return false;
    }
    const core::Error error =
        code == SQLITE_INTERRUPT
            ? core::MakeError(core::ErrorCode::kTimeout, std::to_string(owner_->limit_ms_))
            : ErrorOf(owner_->handle(), sqlite3_extended_errcode(owner_->handle()));
    sqlite3_reset(handle_);
    return error;
}

core::Status Statement::Run() {
    KQ_TRY(Step());
    sqlite3_reset(handle_);
    return {};
}

std::string_view Statement::Bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return data == nullptr ? std::string_view() : std::string_view(data, size);
}

core::Result<std::unique_ptr<Connection>>
Connection::Open(const std::string& path, bool reads_only) {
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (reads_only ? 0 : SQLITE_OPEN_CREATE);
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, CheckedVfs());
    if (code != SQLITE_OK) {
        const core::Error error = ErrorOf(handle, code);
        sqlite3_close(handle);
        return error;
    }
    std::unique_ptr<Connection> connection(new Connection(handle));
    // Counts for a file that is yet to be made; others keep what they have.
    int reserved = kPageCheckBytes;
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    sqlite3_create_function_v2(
        handle,
        "kq_id",
        1,
        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
        nullptr,
        IdText,
        nullptr,
        nullptr,
        nullptr
    );
    // Extensions and writing to the schema by hand have no place here.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    KQ_TRY(connection->Execute("PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY"));
    if (reads_only) {
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        KQ_TRY(connection->Execute("PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0"));
    }
    return connection;
}

Connection::~Connection() {
    for (auto& [sql, statements] : idle_) {
        for (sqlite3_stmt* statement : statements) {
            sqlite3_finalize(statement);
        }
    }
    const int code = sqlite3_close(handle_);
    KQ_CHECK(code != SQLITE_BUSY, "a statement outlives its connection");
}

// Looked at after so many steps of SQLite's machine, some microseconds each thousand.
constexpr int kStepsBetweenLooks = 20'000;

int Connection::TooLate(void* connection) {
    return std::chrono::steady_clock::now() > static_cast<Connection*>(connection)->end_ ? 1 : 0;
}

Connection::TimeLimit::TimeLimit(Connection& connection, int limit_ms)
    : connection_(limit_ms > 0 && connection.limit_ms_ == 0 ? &connection : nullptr) {
    if (connection_ != nullptr) {
        connection_->limit_ms_ = limit_ms;
        connection_->end_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms);
        sqlite3_progress_handler(connection_->handle_, kStepsBetweenLooks, TooLate, connection_);
    }
}

Connection::TimeLimit::~TimeLimit() {
    if (connection_ != nullptr) {
        connection_->limit_ms_ = 0;
        sqlite3_progress_handler(connection_->handle_, 0, nullptr, nullptr);
    }
}

core::Status Connection::Execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return ErrorOf(handle_, sqlite3_extended_errcode(handle_));
    }
    return {};
}

core::Result<Statement> Connection::Prepare(std::string_view sql) {
    const auto found = idle_.find(sql);
    if (found != idle_.end() && !found->second.empty()) {
        sqlite3_stmt* statement = found->second.back();
        found->second.pop_back();
        --idle_count_;
        return Statement(this, statement);
    }
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(
        handle_,
        sql.data(),
        static_cast<int>(sql.size()),
        SQLITE_PREPARE_PERSISTENT,
        &statement,
        &tail
    );
    if (code != SQLITE_OK) {
        return ErrorOf(handle_, code);
    }
    if (statement == nullptr) {
        return core::MakeError(core::ErrorCode::kInternal, "empty SQL");
    }
    return Statement(this, statement);
}

core::Result<std::int64_t> Connection::Number(std::string_view sql) {
    KQ_ASSIGN(Statement statement, Prepare(sql));
    KQ_ASSIGN(const bool row, statement.Step());
    return row ? statement.Integer(0) : 0;
}

void Connection::TakeBack(sqlite3_stmt* statement) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (idle_count_ >= kMaxIdleStatements) {
        for (auto& [sql, statements] : idle_) {
            for (sqlite3_stmt* idle : statements) {
                sqlite3_finalize(idle);
            }
        }
        idle_.clear();
        idle_count_ = 0;
    }
    idle_[sqlite3_sql(statement)].push_back(statement);
    ++idle_count_;
}

}  // namespace kangqu::store::sqlite
