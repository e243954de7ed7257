#include "kangqu/api/server.hpp"

#include "connection.hpp"
#include "work_pools.hpp"
#include <algorithm>
#include <charconv>
#include <cstring>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace kangqu::api {

namespace asio = boost::asio;
using boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;

void Shared::Opened(Peer peer) {
    const std::lock_guard lock(mutex_);
    ++open_;
    open_tcp_ += peer == Peer::kTcp ? 1 : 0;
}

void Shared::Closed(Peer peer) {
    const std::lock_guard lock(mutex_);
    --open_;
    open_tcp_ -= peer == Peer::kTcp ? 1 : 0;
    if (open_ == 0) {
        none_left_.notify_all();
    }
}

bool Shared::WaitUntilClosed(int timeout_ms) {
    std::unique_lock lock(mutex_);
    return none_left_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] {
        return open_ == 0;
    });
}

int Shared::Open() const {
    const std::lock_guard lock(mutex_);
    return open_;
}

int Shared::OpenTcp() const {
    const std::lock_guard lock(mutex_);
    return open_tcp_;
}

core::Result<ListenAddress> ParseListen(std::string_view text) {
    const auto wrong = [&] {
        return core::MakeError(
            core::ErrorCode::kInvalidArgument, "listen", std::string(text) + " (127.0.0.1:8080)"
        );
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return wrong();
    }
    ListenAddress address;
    std::string_view host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    const std::string_view port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
    error_code ec;
    const auto parsed = asio::ip::make_address(address.host, ec);
    if (ec || error != std::errc{} || end != port.data() + port.size()) {
        return wrong();
    }
    address.loopback = parsed.is_loopback();
    return address;
}

namespace {

// Waits out a shortage of file descriptors instead of spinning on it.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

core::Error ListenError(const std::string& where, const std::string& reason) {
    return core::MakeError(core::ErrorCode::kListenFailed, where, reason);
}

void TurnAway(StreamSocket socket) {
    const auto sent =
        ::send(socket.native_handle(), kFull.data(), kFull.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    error_code ignored;
    if (sent > 0) {
        socket.shutdown(asio::socket_base::shutdown_send, ignored);
    }
    socket.close(ignored);
}

// One listening socket. Lives on the first loop; hands accepted sockets to the loops in turn.
template <class Protocol>
class Listener {
public:
    using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
    using Socket = asio::basic_stream_socket<Protocol, Executor>;

    Listener(std::vector<std::unique_ptr<Loop>>& loops, Shared& shared)
        : loops_(loops),
          shared_(shared),
          acceptor_(loops.front()->context),
          pause_(loops.front()->context) {}

    Acceptor& acceptor() { return acceptor_; }

    void Accept() {
        Loop& loop = *loops_[next_++ % loops_.size()];
        acceptor_.async_accept(loop.context, [this, &loop](const error_code& ec, Socket socket) {
            if (ec == asio::error::operation_aborted || shared_.draining) {
                return;
            }
            if (ec) {
                pause_.expires_after(kAcceptPause);
                pause_.async_wait([this](const error_code& stopped) {
                    if (!stopped) {
                        Accept();
                    }
                });
                return;
            }
            Take(std::move(socket), loop);
            Accept();
        });
    }

    // On the first loop's thread.
    void Close() {
        error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
    }

private:
    void Take(Socket socket, Loop& loop) {
        constexpr Peer kPeer = std::is_same_v<Protocol, Tcp> ? Peer::kTcp : Peer::kUnix;
        std::string remote;
        error_code ec;
        if constexpr (kPeer == Peer::kTcp) {
            socket.set_option(Tcp::no_delay(true), ec);
            const auto endpoint = socket.remote_endpoint(ec);
            if (ec) {
                return;
            }
            remote = endpoint.address().to_string();
        }
        StreamSocket stream(std::move(socket));
        if (kPeer == Peer::kTcp && shared_.OpenTcp() >= shared_.limits.connections) {
            TurnAway(std::move(stream));
            return;
        }
        shared_.Opened(kPeer);
        asio::post(
            loop.context,
            [this, &loop, moved = std::move(stream), address = std::move(remote)]() mutable {
                StartConnection(std::move(moved), loop, shared_, kPeer, std::move(address));
            }
        );
    }

    std::vector<std::unique_ptr<Loop>>& loops_;
    Shared& shared_;
    Acceptor acceptor_;
    asio::basic_waitable_timer<
        std::chrono::steady_clock,
        asio::wait_traits<std::chrono::steady_clock>,
        Executor>
        pause_;
    std::size_t next_ = 0;
};

// A socket file nobody answers on is left over from a killed program.
core::Status RemoveStale(const std::string& path) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) {
        return {};
    }
    if (!S_ISSOCK(facts.st_mode)) {
        return ListenError(path, "a file of that name exists");
    }
    asio::io_context context;
    Local::socket probe(context);
    error_code ec;
    probe.connect(Local::endpoint(path), ec);
    if (!ec) {
        return ListenError(path, "another program answers there");
    }
    ::unlink(path.c_str());
    return {};
}

class BeastServer final : public Server {
public:
    BeastServer(const ServerOptions& options, const Dispatcher& dispatcher)
        : options_(options), pools_(options.pools), shared_(dispatcher, options.limits, pools_) {
        for (int index = 0; index < std::max(1, options.io_threads); ++index) {
            loops_.push_back(std::make_unique<Loop>());
        }
    }
    ~BeastServer() override { BeastServer::Stop(); }
    BeastServer(const BeastServer&) = delete;
    BeastServer& operator=(const BeastServer&) = delete;

    core::Status Listen();
    void Run();
    void Stop() override;
    std::vector<std::string> addresses() const override { return addresses_; }
    std::uint16_t port() const override { return port_; }
    int connections() const override { return shared_.Open(); }

private:
    core::Status ListenTcp(const std::string& text);
    core::Status ListenUnix(const std::string& path);

    const ServerOptions options_;
    WorkPools pools_;
    Shared shared_;
    std::vector<std::unique_ptr<Loop>> loops_;
    std::vector<asio::executor_work_guard<Executor>> guards_;
    std::vector<std::unique_ptr<Listener<Tcp>>> tcp_;
    std::unique_ptr<Listener<Local>> local_;
    std::vector<std::string> addresses_;
    std::uint16_t port_ = 0;
    bool stopped_ = false;
};

core::Status BeastServer::ListenTcp(const std::string& text) {
    KQ_ASSIGN(const ListenAddress address, ParseListen(text));
    error_code ec;
    const Tcp::endpoint wanted(asio::ip::make_address(address.host, ec), address.port);
    auto listener = std::make_unique<Listener<Tcp>>(loops_, shared_);
    auto& acceptor = listener->acceptor();
    acceptor.open(wanted.protocol(), ec);
    if (!ec) {
        acceptor.set_option(asio::socket_base::reuse_address(true), ec);
    }
    if (!ec && wanted.address().is_v6()) {
        acceptor.set_option(asio::ip::v6_only(true), ec);
    }
    if (!ec) {
        acceptor.bind(wanted, ec);
    }
    if (!ec) {
        acceptor.listen(asio::socket_base::max_listen_connections, ec);
    }
    if (ec) {
        return ListenError(text, ec.message());
    }
    const std::uint16_t port = acceptor.local_endpoint(ec).port();
    const std::string host = wanted.address().is_v6() ? "[" + address.host + "]" : address.host;
    addresses_.push_back("http://" + host + ":" + std::to_string(port));
    port_ = tcp_.empty() ? port : port_;
    tcp_.push_back(std::move(listener));
    return {};
}

core::Status BeastServer::ListenUnix(const std::string& path) {
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
        return ListenError(path, "the path is too long for a socket");
    }
    KQ_TRY(RemoveStale(path));
    local_ = std::make_unique<Listener<Local>>(loops_, shared_);
    auto& acceptor = local_->acceptor();
    error_code ec;
    acceptor.open(Local(), ec);
    if (!ec) {
        acceptor.bind(Local::endpoint(path), ec);
    }
    // Nobody can connect before listen(), so the mode is right from the first moment.
    if (!ec && ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) {
        return ListenError(path, std::strerror(errno));
    }
    if (!ec) {
        acceptor.listen(asio::socket_base::max_listen_connections, ec);
    }
    if (ec) {
        return ListenError(path, ec.message());
    }
    return {};
}

core::Status BeastServer::Listen() {
    for (const std::string& text : options_.listen) {
        KQ_TRY(ListenTcp(text));
    }
    if (!options_.socket_path.empty()) {
        KQ_TRY(ListenUnix(options_.socket_path));
    }
    return {};
}

void BeastServer::Run() {
    for (const auto& listener : tcp_) {
        listener->Accept();
    }
    if (local_) {
        local_->Accept();
    }
    for (const auto& loop : loops_) {
        guards_.emplace_back(loop->context.get_executor());
        loop->thread = std::thread([&context = loop->context] { context.run(); });
    }
}

void BeastServer::Stop() {
    if (std::exchange(stopped_, true)) {
        return;
    }
    shared_.draining = true;
    asio::post(loops_.front()->context, [this] {
        for (const auto& listener : tcp_) {
            listener->Close();
        }
        if (local_) {
            local_->Close();
        }
    });
    for (const auto& loop : loops_) {
        asio::post(loop->context, [&loop] { DrainConnections(*loop); });
    }
    if (!options_.socket_path.empty() && local_) {
        ::unlink(options_.socket_path.c_str());
    }
    shared_.WaitUntilClosed(options_.limits.drain_ms);
    shared_.stopping = true;
    pools_.Stop();
    for (const auto& loop : loops_) {
        asio::post(loop->context, [&loop] { AbortConnections(*loop); });
    }
    guards_.clear();
    for (const auto& loop : loops_) {
        if (loop->thread.joinable()) {
            loop->thread.join();
        }
    }
}

}  // namespace

core::Result<std::unique_ptr<Server>>
Server::Start(const ServerOptions& options, const Dispatcher& dispatcher) {
    auto server = std::make_unique<BeastServer>(options, dispatcher);
    KQ_TRY(server->Listen());
    server->Run();
    return std::unique_ptr<Server>(std::move(server));
}

}  // namespace kangqu::api
