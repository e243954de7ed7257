#pragma once

#include "kangqu/api/message.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::api {

// Largest answer the client takes into memory.
constexpr std::size_t kMaxAnswer = std::size_t{1} << 30U;

struct ClientRequest {
    Method method = Method::kGet;
    std::string target = "/";
    std::vector<Pair> headers;  // Host, Content-Length and Connection are added
    std::string body;
};

// An http or https address taken apart. kInvalidArgument for anything else, for user names in it
// and for control characters.
struct Url {
    bool tls = false;
    std::string host;
    std::uint16_t port = 80;
    std::string target = "/";
};
core::Result<Url> ParseUrl(std::string_view text);

// A blocking HTTP/1.1 client over one kept connection, for the program's own commands and for
// tests. One thread at a time. After an error the next Send connects anew.
class Client {
public:
    // Nothing is opened before the first Send.
    static std::unique_ptr<Client> ForSocket(std::string path, int timeout_ms = 60'000);
    // `host` is a numeric address or localhost.
    static std::unique_ptr<Client>
    ForTcp(std::string host, std::uint16_t port, int timeout_ms = 60'000);
    // To another system: its name is looked up, https must show a certificate the machine trusts.
    static std::unique_ptr<Client> ForUrl(const Url& url, int timeout_ms = 60'000);
    virtual ~Client() = default;

    // kConnectionFailed when there is no answer; any answer, 500 too, is a Response (header names
    // in lower case). A request that failed on a kept connection before any byte of the answer is
    // sent once more when its method is safe.
    virtual core::Result<Response> Send(const ClientRequest& request) = 0;
    core::Result<Response> Get(std::string target);
    core::Result<Response> Post(std::string target, std::string content_type, std::string body);
};

}  // namespace kangqu::api
