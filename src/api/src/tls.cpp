#include "tls.hpp"

#include <limits>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace kangqu::api {

namespace {

struct FreeContext {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeSession {
    void operator()(SSL* session) const noexcept { SSL_free(session); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;
using Session = std::unique_ptr<SSL, FreeSession>;

std::string Reason() {
    const char* const text = ERR_reason_error_string(ERR_get_error());
    return text == nullptr ? "TLS" : std::string("TLS: ") + text;
}

int Bounded(std::size_t size) {
    constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<int>::max());
    return static_cast<int>(size < kMost ? size : kMost);
}

class OpenSslSession final : public TlsSession {
public:
    OpenSslSession(Context context, Session session)
        : context_(std::move(context)), session_(std::move(session)) {}
    long Read(char* bytes, std::size_t size) override {
        const int got = SSL_read(session_.get(), bytes, Bounded(size));
        if (got > 0) {
            return got;
        }
        return SSL_get_error(session_.get(), got) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
    }
    long Write(std::string_view bytes) override {
        return SSL_write(session_.get(), bytes.data(), Bounded(bytes.size()));
    }

private:
    Context context_;
    Session session_;
};

}  // namespace

core::Result<std::unique_ptr<TlsSession>>
TlsSession::Connect(int descriptor, const std::string& host) {
    const auto failed = [&] {
        return core::MakeError(core::ErrorCode::kConnectionFailed, host, Reason());
    };
    Context context(SSL_CTX_new(TLS_client_method()));
    if (!context || SSL_CTX_set_default_verify_paths(context.get()) != 1) {
        return failed();
    }
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    Session session(SSL_new(context.get()));
    std::string name = host;  // OpenSSL's interface is not const-correct
    const bool ready =
        session && SSL_set_fd(session.get(), descriptor) == 1 &&
        SSL_set1_host(session.get(), host.c_str()) == 1 &&
        SSL_ctrl(
            session.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()
        ) == 1;
    if (!ready || SSL_connect(session.get()) != 1) {
        return failed();
    }
    return std::unique_ptr<TlsSession>(
        std::make_unique<OpenSslSession>(std::move(context), std::move(session))
    );
}

}  // namespace kangqu::api
