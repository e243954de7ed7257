#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace kangqu::api {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;
using Message = http::response<http::string_body>;
using Stream = beast::basic_stream<asio::generic::stream_protocol, asio::io_context::executor_type>;

namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
// What is read and thrown away behind an early answer, so that the client sees it before the reset.
constexpr std::size_t kLingerBytes = std::size_t{256} << 10U;
constexpr int kLingerMs = 2'000;
constexpr std::size_t kReadBytes = std::size_t{16} << 10U;

std::string LowerCase(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return out;
}

std::string_view View(boost::core::string_view text) {
    return {text.data(), text.size()};
}

// The fields of a parsed head that do not depend on the connection.
void FillHead(const Parser& parser, Request& request) {
    const auto& message = parser.get();
    request.method = FindMethod(View(message.method_string()));
    request.target = std::string(View(message.target()));
    for (const auto& field : message) {
        request.headers.push_back(
            {LowerCase(View(field.name_string())), std::string(View(field.value()))}
        );
    }
}

// RFC 9110 date of now.
std::string HttpDate() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 40> text{};
    const std::size_t size =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return {text.data(), size};
}

Message ToMessage(Response response, bool head, unsigned version, bool keep_alive) {
    Message message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    message.set(http::field::date, HttpDate());
    for (const Pair& header : response.headers) {
        message.insert(header.name, header.value);
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!bodiless) {
        message.content_length(response.body.size());
    }
    if (!head && !bodiless) {
        message.body() = std::move(response.body);
    }
    message.keep_alive(keep_alive);
    return message;
}

// The answer for bytes that are no request.
core::Error ErrorOf(const error_code& ec, const Limits& limits) {
    if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
        return core::MakeError(
            core::ErrorCode::kHeaderTooLarge, std::to_string(limits.header_bytes)
        );
    }
    return core::MakeError(core::ErrorCode::kBadRequest, ec.message());
}

core::Error BodyTooLarge(std::size_t limit) {
    return core::MakeError(
        core::ErrorCode::kTooLarge, "body", std::to_string(limit >> 10U) + " KiB"
    );
}

// Why a body will not be read, known from the head; nothing when it will.
std::optional<core::Error>
CheckBody(const Parser& parser, const Request& request, std::size_t limit) {
    const auto length = parser.content_length();
    if (length && *length > limit) {
        return BodyTooLarge(limit);
    }
    const std::string expect = LowerCase(request.Header("expect"));
    if (!expect.empty() && expect != "100-continue") {
        return core::MakeError(core::ErrorCode::kExpectationFailed, expect);
    }
    return std::nullopt;
}

void Prepare(Parser& parser, const Limits& limits) {
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(boost::none);  // set by the route once the head is known
}

bool IsPeerGone(const error_code& ec) {
    return ec == http::error::end_of_stream || ec == http::error::partial_message ||
           ec == beast::error::timeout || ec == asio::error::operation_aborted ||
           ec == asio::error::connection_reset || ec == asio::error::eof ||
           ec == asio::error::broken_pipe;
}

}  // namespace

// One client. Lives as long as an operation of its loop or a job of the pools holds it. While a job
// runs, the job alone touches request_ and plan_; the loop touches only the stream and the flags.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(StreamSocket socket, Loop& loop, Shared& shared, Peer peer, std::string remote)
        : stream_(std::move(socket)),
          buffer_(shared.limits.header_bytes + kReadBytes),
          loop_(loop),
          shared_(shared),
          peer_(peer),
          remote_(std::move(remote)) {
        loop_.connections.insert(this);
    }
    ~Connection() {
        ReleaseBodyMemory();
        loop_.connections.erase(this);
        shared_.Closed(peer_);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void Next();
    void Drain() {
        if (idle_) {
            stream_.cancel();
        }
    }
    void Abort() {
        error_code ignored;
        stream_.socket().close(ignored);
        stream_.cancel();
    }

private:
    void ReadHead();
    void OnHead(const error_code& ec);
    void ReadBody();
    void OnBody(const error_code& ec);
    void Submit();
    void Refuse(const core::Error& error);
    void Send(Response response, bool keep_alive);
    void OnSent(const error_code& ec);
    void Linger();
    bool HoldBodyMemory(std::size_t bytes);
    void ReleaseBodyMemory();
    void ExpireAfter(int ms) { stream_.expires_after(std::chrono::milliseconds(ms)); }

    Stream stream_;
    beast::flat_buffer buffer_;
    Loop& loop_;
    Shared& shared_;
    const Peer peer_;
    const std::string remote_;
    std::optional<Parser> parser_;
    Request request_;
    Dispatcher::Plan plan_;
    Message message_;
    std::chrono::steady_clock::time_point body_started_;
    std::size_t body_memory_ = 0;
    std::size_t lingered_ = 0;
    std::vector<char> linger_buffer_;
    bool idle_ = false;
    bool unread_body_ = false;
};

void Connection::Next() {
    if (shared_.draining) {
        return;
    }
    parser_.emplace();
    Prepare(*parser_, shared_.limits);
    request_ = Request{};
    request_.peer = peer_;
    request_.remote = remote_;
    request_.stopping = &shared_.stopping;
    unread_body_ = false;
    if (buffer_.size() > 0) {
        ReadHead();
        return;
    }
    idle_ = true;
    ExpireAfter(shared_.limits.idle_ms);
    stream_.async_read_some(
        buffer_.prepare(4096),
        [self = shared_from_this()](const error_code& ec, std::size_t size) {
            self->idle_ = false;
            if (!ec) {
                self->buffer_.commit(size);
                self->ReadHead();
            }
        }
    );
}

void Connection::ReadHead() {
    ExpireAfter(shared_.limits.header_ms);
    http::async_read_header(
        stream_,
        buffer_,
        *parser_,
        [self = shared_from_this()](const error_code& ec, std::size_t) { self->OnHead(ec); }
    );
}

void Connection::OnHead(const error_code& ec) {
    request_.received = std::chrono::steady_clock::now();
    if (IsPeerGone(ec)) {
        return;
    }
    if (ec) {
        Refuse(ErrorOf(ec, shared_.limits));
        return;
    }
    FillHead(*parser_, request_);
    plan_ = shared_.dispatcher.Admit(request_);
    unread_body_ = !parser_->is_done();
    if (plan_.answer) {
        Send(std::move(*plan_.answer), parser_->keep_alive() && !unread_body_);
        return;
    }
    if (const auto error = CheckBody(*parser_, request_, plan_.body_limit)) {
        Refuse(*error);
        return;
    }
    parser_->body_limit(plan_.body_limit);
    parser_->eager(true);
    if (unread_body_ && !HoldBodyMemory(parser_->content_length().value_or(0))) {
        Refuse(core::MakeError(core::ErrorCode::kBusy));
        return;
    }
    body_started_ = std::chrono::steady_clock::now();
    if (!unread_body_ || request_.Header("expect").empty()) {
        ReadBody();
        return;
    }
    ExpireAfter(shared_.limits.silence_ms);
    asio::async_write(
        stream_,
        asio::buffer(kContinue),
        [self = shared_from_this()](const error_code& failed, std::size_t) {
            if (!failed) {
                self->ReadBody();
            }
        }
    );
}

void Connection::ReadBody() {
    if (parser_->is_done()) {
        unread_body_ = false;
        Submit();
        return;
    }
    const auto& limits = shared_.limits;
    const auto received = parser_->get().body().size();
    const auto least = std::chrono::milliseconds(
        limits.silence_ms + static_cast<std::int64_t>(received * 1000 / limits.bytes_per_second)
    );
    if (std::chrono::steady_clock::now() - body_started_ > least) {
        Abort();
        return;
    }
    ExpireAfter(limits.silence_ms);
    http::async_read_some(
        stream_,
        buffer_,
        *parser_,
        [self = shared_from_this()](const error_code& ec, std::size_t) { self->OnBody(ec); }
    );
}

void Connection::OnBody(const error_code& ec) {
    if (IsPeerGone(ec)) {
        return;
    }
    if (ec == http::error::body_limit) {
        Refuse(BodyTooLarge(plan_.body_limit));
        return;
    }
    if (ec) {
        Refuse(ErrorOf(ec, shared_.limits));
        return;
    }
    const auto received = parser_->get().body().size();
    if (received > plan_.body_limit) {
        Refuse(BodyTooLarge(plan_.body_limit));
        return;
    }
    if (received > body_memory_ && !HoldBodyMemory(received - body_memory_)) {
        Refuse(core::MakeError(core::ErrorCode::kBusy));
        return;
    }
    ReadBody();
}

void Connection::Submit() {
    request_.body = std::move(parser_->get().body());
    stream_.expires_never();
    if (plan_.cost == Cost::kInline) {
        Send(shared_.dispatcher.Run(plan_, request_), parser_->keep_alive());
        return;
    }
    // The job gives its hold on the connection back to the loop with the answer: the last one to
    // let go must be the loop's thread.
    const bool taken = shared_.pools.Submit(plan_.cost, [self = shared_from_this()]() mutable {
        Response response = self->shared_.dispatcher.Run(self->plan_, self->request_);
        asio::io_context& context = self->loop_.context;
        asio::post(context, [held = std::move(self), answer = std::move(response)]() mutable {
            held->Send(std::move(answer), held->parser_->keep_alive());
        });
    });
    if (!taken) {
        Response busy = shared_.dispatcher.Refuse(
            core::MakeError(core::ErrorCode::kBusy), request_, plan_.slot
        );
        Send(std::move(busy), parser_->keep_alive());
    }
}

void Connection::Refuse(const core::Error& error) {
    const std::size_t slot =
        parser_->is_header_done() ? plan_.slot : shared_.dispatcher.unknown_slot();
    unread_body_ = true;
    Send(shared_.dispatcher.Refuse(error, request_, slot), false);
}

void Connection::Send(Response response, bool keep_alive) {
    ReleaseBodyMemory();
    const auto& limits = shared_.limits;
    const bool stay = keep_alive && !unread_body_ && !shared_.draining;
    const unsigned version = parser_->is_header_done() ? parser_->get().version() : 11;
    message_ = ToMessage(std::move(response), request_.method == Method::kHead, version, stay);
    ExpireAfter(
        limits.silence_ms +
        static_cast<int>(message_.body().size() * 1000 / limits.bytes_per_second)
    );
    http::async_write(
        stream_,
        message_,
        [self = shared_from_this()](const error_code& ec, std::size_t) { self->OnSent(ec); }
    );
}

void Connection::OnSent(const error_code& ec) {
    if (ec) {
        return;
    }
    if (message_.keep_alive()) {
        Next();
        return;
    }
    error_code ignored;
    stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    if (unread_body_) {
        linger_buffer_.resize(kReadBytes);
        ExpireAfter(kLingerMs);
        Linger();
    }
}

void Connection::Linger() {
    stream_.async_read_some(
        asio::buffer(linger_buffer_),
        [self = shared_from_this()](const error_code& ec, std::size_t size) {
            self->lingered_ += size;
            if (!ec && self->lingered_ < kLingerBytes) {
                self->Linger();
            }
        }
    );
}

bool Connection::HoldBodyMemory(std::size_t bytes) {
    const std::size_t before = shared_.body_memory.fetch_add(bytes);
    body_memory_ += bytes;
    return before + bytes <= shared_.limits.body_memory;
}

void Connection::ReleaseBodyMemory() {
    shared_.body_memory.fetch_sub(body_memory_);
    body_memory_ = 0;
}

void StartConnection(
    StreamSocket socket,
    Loop& loop,
    Shared& shared,
    Peer peer,
    std::string remote
) {
    std::make_shared<Connection>(std::move(socket), loop, shared, peer, std::move(remote))->Next();
}

void DrainConnections(Loop& loop) {
    for (Connection* connection : loop.connections) {
        connection->Drain();
    }
}

void AbortConnections(Loop& loop) {
    for (Connection* connection : loop.connections) {
        connection->Abort();
    }
}

std::string
ExchangeBytes(const Dispatcher& dispatcher, const Limits& limits, std::string_view input) {
    std::string output;
    bool more = true;
    while (more && !input.empty()) {
        Parser parser;
        Prepare(parser, limits);
        parser.body_limit(kDefaultBodyLimit);
        parser.eager(true);
        error_code ec;
        const std::size_t used = parser.put(asio::buffer(input.data(), input.size()), ec);
        input.remove_prefix(std::min(used, input.size()));
        Request request;
        request.received = std::chrono::steady_clock::now();
        Response response;
        more = false;
        if (!parser.is_header_done() || ec) {
            const core::Error error =
                ec ? ErrorOf(ec, limits) : core::MakeError(core::ErrorCode::kBadRequest, "cut");
            response = dispatcher.Refuse(error, request, dispatcher.unknown_slot());
        } else {
            FillHead(parser, request);
            Dispatcher::Plan plan = dispatcher.Admit(request);
            const auto error = CheckBody(parser, request, plan.body_limit);
            if (plan.answer) {
                response = std::move(*plan.answer);
            } else if (error || !parser.is_done()) {
                response = dispatcher.Refuse(error.value_or(BodyTooLarge(0)), request, plan.slot);
            } else {
                request.body = std::move(parser.get().body());
                response = dispatcher.Run(plan, request);
            }
            more = parser.is_done() && parser.keep_alive();
        }
        const Message message =
            ToMessage(std::move(response), request.method == Method::kHead, 11, more);
        output += std::to_string(message.result_int()) + "\n" + message.body() + "\n";
    }
    return output;
}

}  // namespace kangqu::api
