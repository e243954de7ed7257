#include "kangqu/api/client.hpp"

#include "tls.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace kangqu::api {

namespace {

constexpr std::size_t kMaxHead = std::size_t{64} << 10U;
constexpr std::size_t kReadBytes = std::size_t{64} << 10U;

class SocketClient final : public Client {
public:
    SocketClient(std::string path, std::string host, std::uint16_t port, int timeout_ms)
        : path_(std::move(path)), host_(std::move(host)), port_(port), timeout_ms_(timeout_ms) {}
    SocketClient(const Url& url, int timeout_ms)
        : host_(url.host),
          port_(url.port),
          timeout_ms_(timeout_ms),
          by_name_(true),
          with_tls_(url.tls) {}
    ~SocketClient() override { Close(); }
    SocketClient(const SocketClient&) = delete;
    SocketClient& operator=(const SocketClient&) = delete;

    core::Result<Response> Send(const ClientRequest& request) override;

private:
    struct Head {
        Response response;
        bool keep = true;
        bool chunked = false;
        std::optional<std::size_t> length;
    };
    core::Status Connect();
    core::Status ConnectByName();
    core::Status Open(int family, const sockaddr* address, socklen_t size);
    core::Status WriteAll(std::string_view bytes);
    core::Status Fill();  // reads some more bytes into buffer_
    core::Result<Response> Exchange(const ClientRequest& request);
    core::Result<std::string> ReadLine();
    core::Result<Head> ReadHead();
    core::Status ReadExactly(std::size_t size, std::string& out);
    core::Status ReadChunks(std::string& out);
    core::Status ReadToEnd(std::string& out);
    void Close();
    std::string Name() const { return path_.empty() ? host_ + ":" + std::to_string(port_) : path_; }
    core::Error Failed(const std::string& reason) const {
        return core::MakeError(core::ErrorCode::kConnectionFailed, Name(), reason);
    }

    const std::string path_;
    const std::string host_;
    const std::uint16_t port_;
    const int timeout_ms_;
    const bool by_name_ = false;
    const bool with_tls_ = false;
    int descriptor_ = -1;
    std::unique_ptr<TlsSession> tls_;
    std::string buffer_;
    bool answer_begun_ = false;
};

void SocketClient::Close() {
    tls_.reset();
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
    descriptor_ = -1;
    buffer_.clear();
}

core::Status SocketClient::Open(int family, const sockaddr* address, socklen_t size) {
    descriptor_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) {
        return Failed(std::strerror(errno));
    }
    timeval limit{};
    limit.tv_sec = timeout_ms_ / 1000;
    limit.tv_usec = (timeout_ms_ % 1000) * 1000;
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(descriptor_, address, size) != 0) {
        const std::string reason = std::strerror(errno);
        Close();
        return Failed(reason);
    }
    if (family != AF_UNIX) {
        const int one = 1;
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    return {};
}

core::Status SocketClient::ConnectByName() {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int looked = ::getaddrinfo(host_.c_str(), std::to_string(port_).c_str(), &wanted, &found);
    if (looked != 0) {
        return Failed(::gai_strerror(looked));
    }
    core::Status opened = Failed("no address");
    for (const addrinfo* one = found; one != nullptr && !opened.ok(); one = one->ai_next) {
        opened = Open(one->ai_family, one->ai_addr, one->ai_addrlen);
    }
    ::freeaddrinfo(found);
    KQ_TRY(opened);
    if (with_tls_) {
        auto tls = TlsSession::Connect(descriptor_, host_);
        if (!tls.ok()) {
            Close();
            return std::move(tls).error();
        }
        tls_ = std::move(tls).value();
    }
    return {};
}

core::Status SocketClient::Connect() {
    if (by_name_) {
        return ConnectByName();
    }
    if (!path_.empty()) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (path_.size() >= sizeof address.sun_path) {
            return Failed("the path is too long for a socket");
        }
        std::copy(path_.begin(), path_.end(), address.sun_path);
        return Open(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    const std::string host = host_ == "localhost" ? "127.0.0.1" : host_;
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port_);
    if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        return Open(AF_INET, reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port_);
    if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
        return Open(AF_INET6, reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
    }
    return Failed("not a numeric address");
}

core::Status SocketClient::WriteAll(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = tls_ ? tls_->Write(bytes)
                                  : ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return Failed(std::strerror(errno));
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

core::Status SocketClient::Fill() {
    std::array<char, kReadBytes> bytes{};
    while (true) {
        const ssize_t got = tls_ ? tls_->Read(bytes.data(), bytes.size())
                                 : ::recv(descriptor_, bytes.data(), bytes.size(), 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return Failed(errno == EAGAIN ? "no answer in time" : std::strerror(errno));
        }
        if (got == 0) {
            return Failed("closed by the other side");
        }
        answer_begun_ = true;
        buffer_.append(bytes.data(), static_cast<std::size_t>(got));
        return {};
    }
}

core::Result<std::string> SocketClient::ReadLine() {
    std::size_t end = buffer_.find("\r\n");
    while (end == std::string::npos) {
        if (buffer_.size() > kMaxHead) {
            return Failed("the answer's header is too large");
        }
        KQ_TRY(Fill());
        end = buffer_.find("\r\n");
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
}

core::Result<SocketClient::Head> SocketClient::ReadHead() {
    Head head;
    KQ_ASSIGN(const std::string status, ReadLine());
    if (status.size() < 12 || status.compare(0, 7, "HTTP/1.") != 0) {
        return Failed("not an HTTP answer");
    }
    head.keep = status[7] == '1';
    std::from_chars(status.data() + 9, status.data() + 12, head.response.status);
    for (std::size_t lines = 0;; ++lines) {
        KQ_ASSIGN(const std::string line, ReadLine());
        if (line.empty()) {
            return head;
        }
        const auto colon = line.find(':');
        if (colon == std::string::npos || lines > kMaxHead / 4) {
            return Failed("a broken header field");
        }
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
        const auto start = line.find_first_not_of(" \t", colon + 1);
        std::string value = start == std::string::npos ? std::string{} : line.substr(start);
        if (name == "content-length") {
            std::size_t length = 0;
            std::from_chars(value.data(), value.data() + value.size(), length);
            head.length = length;
        } else if (name == "transfer-encoding") {
            head.chunked = value == "chunked";
        } else if (name == "connection") {
            head.keep = value != "close";
        }
        head.response.headers.push_back({std::move(name), std::move(value)});
    }
}

core::Status SocketClient::ReadExactly(std::size_t size, std::string& out) {
    if (size > kMaxAnswer - std::min(out.size(), kMaxAnswer)) {
        return Failed("the answer is too large");
    }
    while (buffer_.size() < size) {
        KQ_TRY(Fill());
    }
    out.append(buffer_, 0, size);
    buffer_.erase(0, size);
    return {};
}

core::Status SocketClient::ReadChunks(std::string& out) {
    while (true) {
        KQ_ASSIGN(const std::string line, ReadLine());
        std::size_t size = 0;
        const auto parsed = std::from_chars(line.data(), line.data() + line.size(), size, 16);
        if (parsed.ec != std::errc{}) {
            return Failed("a broken chunk");
        }
        if (size == 0) {
            break;
        }
        KQ_TRY(ReadExactly(size, out));
        KQ_ASSIGN(const std::string end, ReadLine());
        if (!end.empty()) {
            return Failed("a broken chunk");
        }
    }
    std::string trailer = "-";
    while (!trailer.empty()) {
        KQ_ASSIGN(trailer, ReadLine());
    }
    return {};
}

core::Status SocketClient::ReadToEnd(std::string& out) {
    while (buffer_.size() <= kMaxAnswer) {
        if (!Fill().ok()) {
            out = std::exchange(buffer_, {});
            return {};
        }
    }
    return Failed("the answer is too large");
}

core::Result<Response> SocketClient::Exchange(const ClientRequest& request) {
    std::string head(NameOf(request.method));
    head += " " + request.target + " HTTP/1.1\r\nHost: " + (path_.empty() ? Name() : "localhost");
    head += "\r\n";
    for (const Pair& header : request.headers) {
        head += header.name + ": " + header.value + "\r\n";
    }
    if (!request.body.empty() || !IsSafe(request.method)) {
        head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    head += "\r\n";
    KQ_TRY(WriteAll(head));
    KQ_TRY(WriteAll(request.body));
    KQ_ASSIGN(Head answer, ReadHead());
    while (answer.response.status == 100) {
        KQ_ASSIGN(answer, ReadHead());
    }
    const int status = answer.response.status;
    if (request.method != Method::kHead && status != 204 && status != 304) {
        if (answer.chunked) {
            KQ_TRY(ReadChunks(answer.response.body));
        } else if (answer.length) {
            KQ_TRY(ReadExactly(*answer.length, answer.response.body));
        } else {
            KQ_TRY(ReadToEnd(answer.response.body));
            answer.keep = false;
        }
    }
    if (!answer.keep) {
        Close();
    }
    return std::move(answer.response);
}

core::Result<Response> SocketClient::Send(const ClientRequest& request) {
    const bool kept = descriptor_ >= 0;
    if (!kept) {
        KQ_TRY(Connect());
    }
    answer_begun_ = false;
    auto result = Exchange(request);
    if (result.ok()) {
        return result;
    }
    Close();
    if (kept && !answer_begun_ && IsSafe(request.method)) {
        KQ_TRY(Connect());
        result = Exchange(request);
        if (!result.ok()) {
            Close();
        }
    }
    return result;
}

}  // namespace

std::unique_ptr<Client> Client::ForSocket(std::string path, int timeout_ms) {
    return std::make_unique<SocketClient>(std::move(path), "", std::uint16_t{0}, timeout_ms);
}

std::unique_ptr<Client> Client::ForTcp(std::string host, std::uint16_t port, int timeout_ms) {
    return std::make_unique<SocketClient>("", std::move(host), port, timeout_ms);
}

std::unique_ptr<Client> Client::ForUrl(const Url& url, int timeout_ms) {
    return std::make_unique<SocketClient>(url, timeout_ms);
}

core::Result<Response> Client::Get(std::string target) {
    ClientRequest request;
    request.target = std::move(target);
    return Send(request);
}

core::Result<Response>
Client::Post(std::string target, std::string content_type, std::string body) {
    ClientRequest request;
    request.method = Method::kPost;
    request.target = std::move(target);
    request.headers = {{"Content-Type", std::move(content_type)}};
    request.body = std::move(body);
    return Send(request);
}

}  // namespace kangqu::api
