#include "postgres/connection.hpp"

#include <algorithm>

namespace kangqu::store::postgres {

namespace {

constexpr std::size_t kMaxPrepared = 500;

core::Error Unavailable(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    while (!text.empty() && text.back() == ' ') {
        text.pop_back();
    }
    return core::MakeError(core::ErrorCode::kStoreUnavailable, std::move(text));
}

// The store's error for an SQLSTATE.
core::ErrorCode CodeOf(std::string_view state) {
    constexpr std::pair<std::string_view, core::ErrorCode> kCodes[] = {
        {"53100", core::ErrorCode::kStoreFull},
        {"53300", core::ErrorCode::kStoreUnavailable},
        {"53", core::ErrorCode::kBusy},
        {"57014", core::ErrorCode::kTimeout},
        {"57P", core::ErrorCode::kStoreUnavailable},
        {"08", core::ErrorCode::kStoreUnavailable},
        {"40", core::ErrorCode::kBusy},
        {"55P03", core::ErrorCode::kBusy},
        {"25006", core::ErrorCode::kStoreIo},
        {"58", core::ErrorCode::kStoreIo},
        {"42501", core::ErrorCode::kStoreIo},
        {"XX", core::ErrorCode::kStoreCorrupt},
        {"KQ001", core::ErrorCode::kStoreTakenOver},
    };
    for (const auto& [prefix, code] : kCodes) {
        if (state.starts_with(prefix)) {
            return code;
        }
    }
    return core::ErrorCode::kInternal;
}

bool SetOption(PGconn* handle, const std::string& sql) {
    PGresult* const done = PQexec(handle, sql.c_str());
    const bool good = PQresultStatus(done) == PGRES_COMMAND_OK;
    PQclear(done);
    return good;
}

}  // namespace

core::Error Connection::Fault(const PGresult* result) const {
    const char* const state =
        result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* const said =
        result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (state == nullptr || !alive()) {
        return Unavailable(said == nullptr ? PQerrorMessage(handle_) : said);
    }
    const core::ErrorCode code = CodeOf(state);
    std::string text = said == nullptr ? "" : said;
    if (code == core::ErrorCode::kInternal) {
        text = "SQL " + std::string(state) + ": " + text;
    }
    if (code == core::ErrorCode::kTimeout) {
        text = std::to_string(statement_ms_);
    }
    return core::MakeError(code, std::move(text));
}

core::Result<std::unique_ptr<Connection>>
Connection::Open(const std::string& url, const Patience& patience) {
    // What a URL says itself wins over these.
    const std::string connect_s = std::to_string(std::max(1, patience.connect_ms / 1000));
    const char* const keys[] = {
        "connect_timeout",
        "keepalives_idle",
        "tcp_user_timeout",
        "application_name",
        "client_encoding",
        "dbname",
        nullptr};
    const char* const values[] = {
        connect_s.c_str(), "30", "20000", "kangqu", "UTF8", url.c_str(), nullptr};
    PGconn* const handle = PQconnectdbParams(keys, values, 1);
    if (handle == nullptr) {
        return core::MakeError(core::ErrorCode::kStoreUnavailable, "memory");
    }
    std::unique_ptr<Connection> connection(new Connection(handle));
    if (PQstatus(handle) != CONNECTION_OK) {
        return Unavailable(PQerrorMessage(handle));
    }
    PQsetNoticeProcessor(
        handle, [](void*, const char*) {}, nullptr
    );
    connection->statement_ms_ = patience.statement_ms;
    const bool set =
        SetOption(handle, "SET statement_timeout = " + std::to_string(patience.statement_ms)) &&
        SetOption(handle, "SET bytea_output = hex; SET standard_conforming_strings = on") &&
        // Compiling a short statement costs more than running it.
        SetOption(handle, "SET jit = off");
    if (!set) {
        return Unavailable(PQerrorMessage(handle));
    }
    return connection;
}

Connection::~Connection() {
    PQfinish(handle_);
}

core::Status Connection::Execute(const std::string& sql) {
    KQ_TRY(Text(sql));
    return {};
}

core::Result<std::string> Connection::Text(const std::string& sql) {
    const Rows rows(PQexec(handle_, sql.c_str()));
    const ExecStatusType status = rows.status();
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        return Fault(rows.result());
    }
    return rows.size() == 0 ? std::string() : std::string(rows.Bytes(0, 0));
}

void Connection::ForgetIfMany() {
    if (prepared_.size() < kMaxPrepared) {
        return;
    }
    // Texts made by a caller that forgot to bind its values must not eat the server's memory.
    if (Execute("DEALLOCATE ALL").ok()) {
        prepared_.clear();
    }
}

core::Result<std::string> Connection::Prepare(std::string_view sql, const std::vector<Oid>& types) {
    std::string key;
    for (const Oid type : types) {
        key += std::to_string(type) + ",";
    }
    key += sql;
    const auto found = prepared_.find(key);
    if (found != prepared_.end()) {
        return found->second;
    }
    KQ_CHECK(queued_ == 0, "statements of a pipeline are prepared before it");
    // A failed transaction takes no DEALLOCATE; it will be done another time.
    if (PQtransactionStatus(handle_) != PQTRANS_INERROR) {
        ForgetIfMany();
    }
    const std::string name = "s" + std::to_string(++names_);
    const Rows made(PQprepare(
        handle_,
        name.c_str(),
        WithDollars(sql).c_str(),
        static_cast<int>(types.size()),
        types.data()
    ));
    if (made.status() != PGRES_COMMAND_OK) {
        return Fault(made.result());
    }
    prepared_.emplace(std::move(key), name);
    return name;
}

namespace {

struct Wire {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;
};

}  // namespace

core::Result<Rows> Connection::Run(std::string_view sql, const Params& params) {
    KQ_ASSIGN(const std::string name, Prepare(sql, params.types()));
    Wire wire;
    for (const Params::Place& place : params.places_) {
        wire.values.push_back(place.null ? nullptr : params.bytes_.data() + place.offset);
        wire.lengths.push_back(static_cast<int>(place.size));
        wire.formats.push_back(1);
    }
    Rows rows(PQexecPrepared(
        handle_,
        name.c_str(),
        params.count(),
        wire.values.data(),
        wire.lengths.data(),
        wire.formats.data(),
        1
    ));
    if (rows.status() != PGRES_TUPLES_OK && rows.status() != PGRES_COMMAND_OK) {
        return Fault(rows.result());
    }
    return rows;
}

core::Result<std::int64_t> Connection::Number(std::string_view sql) {
    KQ_ASSIGN(const Rows rows, Run(sql, Params()));
    return rows.size() == 0 ? 0 : rows.Integer(0, 0);
}

core::Status Connection::Ready(std::string_view sql, const Params& params) {
    KQ_TRY(Prepare(sql, params.types()));
    return {};
}

core::Status Connection::Queue(std::string_view sql, const Params& params) {
    KQ_ASSIGN(const std::string name, Prepare(sql, params.types()));
    if (queued_ == 0 && PQenterPipelineMode(handle_) != 1) {
        return Fault(nullptr);
    }
    Wire wire;
    for (const Params::Place& place : params.places_) {
        wire.values.push_back(place.null ? nullptr : params.bytes_.data() + place.offset);
        wire.lengths.push_back(static_cast<int>(place.size));
        wire.formats.push_back(1);
    }
    ++queued_;
    const int sent = PQsendQueryPrepared(
        handle_,
        name.c_str(),
        params.count(),
        wire.values.data(),
        wire.lengths.data(),
        wire.formats.data(),
        1
    );
    return sent == 1 ? core::Status() : core::Status(Fault(nullptr));
}

core::Status Connection::Flush() {
    if (queued_ == 0) {
        return {};
    }
    core::Status outcome;
    if (PQpipelineSync(handle_) != 1) {
        outcome = Fault(nullptr);
    }
    // Each statement gives its results and then a null; the sync ends them all.
    int nulls = 0;
    while (alive()) {
        const Rows rows(PQgetResult(handle_));
        if (rows.result() == nullptr) {
            if (++nulls > queued_ + 1) {
                break;
            }
            continue;
        }
        const ExecStatusType status = rows.status();
        if (status == PGRES_PIPELINE_SYNC) {
            break;
        }
        if (status == PGRES_FATAL_ERROR && outcome.ok()) {
            outcome = Fault(rows.result());
        }
    }
    queued_ = 0;
    if (!alive() && outcome.ok()) {
        outcome = Fault(nullptr);
    }
    if (PQexitPipelineMode(handle_) != 1) {
        stuck_ = true;
        if (outcome.ok()) {
            outcome = Fault(nullptr);
        }
    }
    return outcome;
}

std::string WithDollars(std::string_view sql) {
    std::string out;
    out.reserve(sql.size() + 16);
    int next = 0;
    char quote = '\0';
    for (std::size_t at = 0; at < sql.size(); ++at) {
        const char letter = sql[at];
        if (quote != '\0') {
            quote = letter == quote ? '\0' : quote;
        } else if (letter == '\'' || letter == '"') {
            quote = letter;
        } else if (letter == '?') {
            out += '$';
            const bool numbered = at + 1 < sql.size() && sql[at + 1] >= '0' && sql[at + 1] <= '9';
            if (!numbered) {
                out += std::to_string(++next);
            }
            continue;
        }
        out += letter;
    }
    return out;
}

std::string NameOf(const std::string& url) {
    char* wrong = nullptr;
    PQconninfoOption* const options = PQconninfoParse(url.c_str(), &wrong);
    if (options == nullptr) {
        PQfreemem(wrong);
        return "postgresql";
    }
    std::string host;
    std::string name;
    for (const PQconninfoOption* one = options; one->keyword != nullptr; ++one) {
        const std::string_view keyword = one->keyword;
        if (one->val != nullptr && keyword == "host") {
            host = one->val;
        } else if (one->val != nullptr && keyword == "dbname") {
            name = one->val;
        }
    }
    PQconninfoFree(options);
    return "postgresql://" + host + "/" + name;
}

}  // namespace kangqu::store::postgres
