#include "sql.hpp"

#include <variant>

namespace kangqu::search {

core::Status Sql::Run(
    store::Reader& reader,
    const std::function<bool(std::span<const store::SqlValue>)>& row
) const {
    std::vector<store::SqlValue> binds;
    binds.reserve(values_.size());
    for (const store::IndexValue& value : values_) {
        std::visit([&](const auto& held) { binds.emplace_back(held); }, value);
    }
    return reader.Query(text_, binds, row);
}

core::Result<std::int64_t> Sql::Number(store::Reader& reader) const {
    std::int64_t number = 0;
    KQ_TRY(Run(reader, [&](std::span<const store::SqlValue> row) {
        number = IntegerOf(row[0]);
        return false;
    }));
    return number;
}

Sql Sql::Replaced(std::string_view name, std::string_view other) const {
    Sql out = *this;
    for (std::size_t at = out.text_.find(name); at != std::string::npos;
         at = out.text_.find(name, at + other.size())) {
        out.text_.replace(at, name.size(), other);
    }
    return out;
}

Sql InBrackets(std::string_view separator, const std::vector<Sql>& parts) {
    Sql joined;
    for (const Sql& part : parts) {
        joined.Join(separator, part);
    }
    return Sql("(").Add(joined).Add(")");
}

std::int64_t IntegerOf(const store::SqlValue& value) noexcept {
    const auto* const integer = std::get_if<std::int64_t>(&value);
    return integer == nullptr ? 0 : *integer;
}

}  // namespace kangqu::search
