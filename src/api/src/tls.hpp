#pragma once

#include "kangqu/core/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace kangqu::api {

// The client's side of TLS over a connected socket: the server must show a certificate for `host`
// that the machine trusts. One thread at a time.
class TlsSession {
public:
    virtual ~TlsSession() = default;
    // kConnectionFailed with OpenSSL's reason.
    static core::Result<std::unique_ptr<TlsSession>>
    Connect(int descriptor, const std::string& host);

    // Bytes moved; 0 for an end, negative for a failure.
    virtual long Read(char* bytes, std::size_t size) = 0;
    virtual long Write(std::string_view bytes) = 0;
};

}  // namespace kangqu::api
