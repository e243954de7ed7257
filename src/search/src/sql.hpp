#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::search {

// SQL text with its values, grown from left to right.
class Sql {
public:
    Sql() = default;
    explicit Sql(std::string_view text) : text_(text) {}

    Sql& Add(std::string_view text) {
        text_ += text;
        return *this;
    }
    // Each value takes the place of one ? that `text` holds.
    template <class... Values>
    Sql& Add(std::string_view text, const Values&... values) {
        text_ += text;
        (values_.emplace_back(values), ...);
        return *this;
    }
    Sql& Add(const Sql& other) {
        text_ += other.text_;
        values_.insert(values_.end(), other.values_.begin(), other.values_.end());
        return *this;
    }
    // `other` with `separator` in front unless this is empty.
    Sql& Join(std::string_view separator, const Sql& other) {
        return Add(text_.empty() ? std::string_view{} : separator).Add(other);
    }

    // The same with each `name` called otherwise.
    Sql Replaced(std::string_view name, std::string_view other) const;

    bool empty() const noexcept { return text_.empty(); }
    const std::string& text() const noexcept { return text_; }

    core::Status Run(
        store::Reader& reader,
        const std::function<bool(std::span<const store::SqlValue>)>& row
    ) const;
    // The integer of the first column of the first row; 0 when there is none or it is null.
    core::Result<std::int64_t> Number(store::Reader& reader) const;

private:
    std::string text_;
    std::vector<store::IndexValue> values_;
};

// Parts joined by `separator`, the whole in brackets.
Sql InBrackets(std::string_view separator, const std::vector<Sql>& parts);

std::int64_t IntegerOf(const store::SqlValue& value) noexcept;

}  // namespace kangqu::search
