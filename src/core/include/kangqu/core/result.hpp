#pragma once

#include "kangqu/core/check.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace kangqu::core {

// Every code of error_table.inc. Expected failures are returned as Error; exceptions are left to
// out-of-memory and bugs.
enum class ErrorCode : std::uint16_t {
#define KQ_ERROR(constant, code, http, issue, zh, en) constant,
#include "kangqu/core/error_table.inc"
#undef KQ_ERROR
};

// Language of a text shown to a user. Chinese is the product's first language.
enum class Language : std::uint8_t { kZh, kEn };

// What the table says of a code. The views live as long as the program.
struct ErrorFacts {
    std::string_view code;
    int http_status;
    std::string_view issue_type;
    std::string_view zh;
    std::string_view en;
};
const ErrorFacts& FactsOf(ErrorCode code) noexcept;
// The code whose ErrorFacts::code is `code`, or nothing.
std::optional<ErrorCode> FindErrorCode(std::string_view code) noexcept;

// A failure that the caller or the user can do something about.
struct Error {
    ErrorCode code = ErrorCode::kInternal;
    // Fill {0} {1} {2} of the table's texts, in order.
    std::vector<std::string> args;
    // Where: a FHIRPath of the element (`Bundle.entry[3].resource.birthDate`), `file:line:column`,
    // or empty.
    std::string where;

    // The table's text with the arguments filled in, and nothing of `where`.
    std::string Text(Language language) const;
    // "where: text", for logs and terminals.
    std::string Line(Language language = Language::kEn) const;
};

// An argument in both languages: Error::Text shows the one it is asked for.
std::string Words(std::string_view zh, std::string_view en);

template <class... Args>
Error MakeError(ErrorCode code, Args&&... args) {
    Error error;
    error.code = code;
    (error.args.emplace_back(std::forward<Args>(args)), ...);
    return error;
}

inline Error At(Error error, std::string where) {
    error.where = std::move(where);
    return error;
}

// A value or an Error. Must be looked at.
template <class T>
class [[nodiscard]] Result {
public:
    // Implicit on purpose: `return value;` and `return error;` both read well.
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

    bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T& value() & {
        KQ_CHECK(ok(), "value() of a failed Result");
        return std::get<0>(state_);
    }
    const T& value() const& {
        KQ_CHECK(ok(), "value() of a failed Result");
        return std::get<0>(state_);
    }
    T&& value() && {
        KQ_CHECK(ok(), "value() of a failed Result");
        return std::get<0>(std::move(state_));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const& {
        KQ_CHECK(!ok(), "error() of a good Result");
        return std::get<1>(state_);
    }
    Error&& error() && {
        KQ_CHECK(!ok(), "error() of a good Result");
        return std::get<1>(std::move(state_));
    }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT

    bool ok() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    const Error& error() const& {
        KQ_CHECK(!ok(), "error() of a good Result");
        return *error_;
    }
    Error&& error() && {
        KQ_CHECK(!ok(), "error() of a good Result");
        return std::move(*error_);
    }

private:
    std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace kangqu::core

#define KQ_CONCAT_INNER(a, b) a##b
#define KQ_CONCAT(a, b) KQ_CONCAT_INNER(a, b)

// KQ_TRY(Step()): returns the error of a failed Status or Result from the enclosing function.
#define KQ_TRY(expression)                       \
    do {                                         \
        auto&& kq_status = (expression);         \
        if (!kq_status.ok()) {                   \
            return std::move(kq_status).error(); \
        }                                        \
    } while (false)

// KQ_ASSIGN(auto row, Find(id)): declares `row` from the value or returns the error.
#define KQ_ASSIGN(declaration, expression) \
    KQ_ASSIGN_INNER(KQ_CONCAT(kq_result_, __LINE__), declaration, expression)
#define KQ_ASSIGN_INNER(name, declaration, expression) \
    auto name = (expression);                          \
    if (!name.ok()) {                                  \
        return std::move(name).error();                \
    }                                                  \
    declaration = std::move(name).value()
