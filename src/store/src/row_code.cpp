#include "row_code.hpp"

#include <algorithm>
#include <bit>

namespace kangqu::store {

namespace {

// First byte of an integer: 0x80 + value for small ones, 0xE0 + bytes - 1 before longer ones; a
// negative value is the complement of the bytes of -1 - value.
constexpr std::uint64_t kSmall = 0x60;
constexpr unsigned kZero = 0x80;
constexpr unsigned kLong = 0xE0;
constexpr unsigned kAllOnes = 0xFF;

void AppendNatural(std::uint64_t value, unsigned flip, std::string& out) {
    const auto put = [&](unsigned byte) {
        out += static_cast<char>(static_cast<unsigned char>((byte ^ flip) & kAllOnes));
    };
    if (value < kSmall) {
        put(kZero + static_cast<unsigned>(value));
        return;
    }
    const auto bits = static_cast<unsigned>(std::bit_width(value));
    const unsigned bytes = (bits + 7U) / 8U;
    put(kLong + bytes - 1U);
    for (unsigned i = bytes; i-- > 0;) {
        put(static_cast<unsigned>(value >> (8U * i)) & kAllOnes);
    }
}

unsigned ByteAt(std::string_view bytes, std::size_t place) {
    return static_cast<unsigned char>(bytes[place]);
}

void AppendLength(std::size_t value, std::string& out) {
    while (value >= 0x80U) {
        out += static_cast<char>(static_cast<unsigned char>((value & 0x7FU) | 0x80U));
        value >>= 7U;
    }
    out += static_cast<char>(static_cast<unsigned char>(value));
}

std::optional<std::size_t> TakeLength(std::string_view& bytes) {
    std::size_t value = 0;
    for (unsigned shift = 0; shift < 35 && !bytes.empty(); shift += 7) {
        const unsigned byte = ByteAt(bytes, 0);
        bytes.remove_prefix(1);
        value |= static_cast<std::size_t>(byte & 0x7FU) << shift;
        if (byte < 0x80U) {
            return value;
        }
    }
    return std::nullopt;
}

core::Error WrongValue(const IndexTable& table, std::string_view column) {
    return core::MakeError(
        core::ErrorCode::kInternal,
        "index table " + table.name + ": value does not fit column " + std::string(column)
    );
}

}  // namespace

void AppendInteger(std::int64_t value, std::string& out) {
    if (value >= 0) {
        AppendNatural(static_cast<std::uint64_t>(value), 0, out);
    } else {
        AppendNatural(static_cast<std::uint64_t>(-(value + 1)), kAllOnes, out);
    }
}

void AppendReal(double value, std::string& out) {
    auto bits = std::bit_cast<std::uint64_t>(value == 0.0 ? 0.0 : value);
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
    bits = (bits & kSign) != 0 ? ~bits : bits | kSign;
    for (unsigned i = 8; i-- > 0;) {
        out += static_cast<char>(static_cast<unsigned char>((bits >> (8U * i)) & kAllOnes));
    }
}

void AppendText(std::string_view value, std::string& out) {
    for (const char letter : value) {
        out += letter;
        if (letter == '\0') {
            out += '\xFF';
        }
    }
    out += '\0';
    out += '\0';
}

std::optional<std::int64_t> TakeInteger(std::string_view& bytes) noexcept {
    if (bytes.empty()) {
        return std::nullopt;
    }
    const unsigned flip = ByteAt(bytes, 0) < kZero ? kAllOnes : 0U;
    const unsigned first = ByteAt(bytes, 0) ^ flip;
    std::uint64_t value = first - kZero;
    std::size_t used = 1;
    if (first >= kLong) {
        const std::size_t length = first - kLong + 1U;
        if (length > 8 || bytes.size() < 1 + length) {
            return std::nullopt;
        }
        value = 0;
        for (; used <= length; ++used) {
            value = (value << 8U) | (ByteAt(bytes, used) ^ flip);
        }
    }
    bytes.remove_prefix(used);
    const auto natural = static_cast<std::int64_t>(value);
    return flip == 0 ? natural : -natural - 1;
}

std::optional<double> TakeReal(std::string_view& bytes) noexcept {
    if (bytes.size() < 8) {
        return std::nullopt;
    }
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        bits = (bits << 8U) | ByteAt(bytes, i);
    }
    bytes.remove_prefix(8);
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
    return std::bit_cast<double>((bits & kSign) != 0 ? bits & ~kSign : ~bits);
}

bool TakeText(std::string_view& bytes, std::string& out) {
    out.clear();
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
        if (bytes[i] != '\0') {
            out += bytes[i];
            continue;
        }
        if (bytes[i + 1] == '\0') {
            bytes.remove_prefix(i + 2);
            return true;
        }
        out += '\0';
        ++i;
    }
    return false;
}

core::Status
AppendRow(const IndexTable& table, std::int64_t number, const IndexRow& row, std::string& out) {
    if (row.values.size() < table.columns.size()) {
        return WrongValue(table, "(too few values)");
    }
    AppendInteger(number, out);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const auto& value = row.values[i];
        switch (table.columns[i].type) {
            case IndexColumn::Type::kInteger:
                if (const auto* integer = std::get_if<std::int64_t>(&value); integer != nullptr) {
                    AppendInteger(*integer, out);
                    continue;
                }
                break;
            case IndexColumn::Type::kReal:
                if (const auto* real = std::get_if<double>(&value);
                    real != nullptr && *real == *real) {
                    AppendReal(*real, out);
                    continue;
                }
                break;
            case IndexColumn::Type::kText:
                if (const auto* text = std::get_if<std::string>(&value); text != nullptr) {
                    AppendText(*text, out);
                    continue;
                }
                break;
        }
        return WrongValue(table, table.columns[i].name);
    }
    return {};
}

std::string PackRows(const std::vector<std::string>& sorted_rows) {
    std::string packed;
    std::string_view before;
    for (const std::string& row : sorted_rows) {
        const auto limit = std::min(before.size(), row.size());
        const auto differ = std::mismatch(
            row.begin(), row.begin() + static_cast<std::ptrdiff_t>(limit), before.begin()
        );
        const auto shared = static_cast<std::size_t>(differ.first - row.begin());
        AppendLength(shared, packed);
        AppendLength(row.size() - shared, packed);
        packed.append(row, shared);
        before = row;
    }
    return packed;
}

core::Result<std::vector<std::string>> UnpackRows(std::string_view packed) {
    std::vector<std::string> rows;
    std::string row;
    while (!packed.empty()) {
        const auto shared = TakeLength(packed);
        const auto more = TakeLength(packed);
        if (!shared || !more || *shared > row.size() || *more > packed.size()) {
            return core::MakeError(core::ErrorCode::kStoreCorrupt, "list of index rows");
        }
        row.resize(*shared);
        row.append(packed.substr(0, *more));
        packed.remove_prefix(*more);
        rows.push_back(row);
    }
    return rows;
}

}  // namespace kangqu::store
