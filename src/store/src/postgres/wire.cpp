#include "postgres/connection.hpp"
#include <array>
#include <bit>

namespace kangqu::store::postgres {

namespace {

// Numbers of types, fixed in PostgreSQL's catalogue since its beginnings.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;
constexpr Oid kFloat4 = 700;
constexpr Oid kFloat8 = 701;
constexpr Oid kNumeric = 1700;
constexpr Oid kByteaArray = 1001;
constexpr Oid kTextArray = 1009;
constexpr Oid kInt8Array = 1016;
constexpr Oid kFloat8Array = 1022;

void Put(std::uint64_t value, unsigned bytes, std::string& out) {
    for (unsigned i = bytes; i-- > 0;) {
        out += static_cast<char>(static_cast<unsigned char>((value >> (8U * i)) & 0xFFU));
    }
}

std::uint64_t Take(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) {
        value = (value << 8U) | static_cast<unsigned char>(byte);
    }
    return value;
}

void PutText(std::string_view text, std::string& out) {
    for (const char letter : text) {
        if (letter == '\0') {
            out += "\xEF\xBF\xBD";
        } else {
            out += letter;
        }
    }
}

void PutHeader(std::size_t count, bool nulls, Oid element, std::string& out) {
    Put(1, 4, out);  // dimensions
    Put(nulls ? 1 : 0, 4, out);
    Put(element, 4, out);
    Put(count, 4, out);
    Put(1, 4, out);  // lower bound
}

// The integer part of a numeric: digits of base 10,000 behind weight, sign and scale.
std::int64_t NumericInteger(std::string_view bytes) {
    if (bytes.size() < 8) {
        return 0;
    }
    const std::size_t digits = Take(bytes.substr(0, 2));
    const auto weight = static_cast<std::int16_t>(Take(bytes.substr(2, 2)));
    const bool negative = Take(bytes.substr(4, 2)) == 0x4000U;
    std::int64_t value = 0;
    for (int place = 0; place <= weight; ++place) {
        const auto at = 8 + 2 * static_cast<std::size_t>(place);
        const bool there = static_cast<std::size_t>(place) < digits && at + 2 <= bytes.size();
        value = value * 10'000 +
                (there ? static_cast<std::int64_t>(Take(bytes.substr(at, 2))) : std::int64_t{0});
    }
    return negative ? -value : value;
}

}  // namespace

void Params::Begin(Oid type) {
    types_.push_back(type);
    places_.push_back({bytes_.size(), 0, false});
}

void Params::End() {
    places_.back().size = bytes_.size() - places_.back().offset;
}

Params& Params::Add(std::int64_t value) {
    Begin(kInt8);
    Put(static_cast<std::uint64_t>(value), 8, bytes_);
    End();
    return *this;
}

Params& Params::Add(double value) {
    Begin(kFloat8);
    Put(std::bit_cast<std::uint64_t>(value), 8, bytes_);
    End();
    return *this;
}

Params& Params::Add(std::string_view text) {
    Begin(kText);
    PutText(text, bytes_);
    End();
    return *this;
}

Params& Params::AddBytes(std::string_view bytes) {
    Begin(kBytea);
    bytes_ += bytes;
    End();
    return *this;
}

Params& Params::AddNull() {
    Begin(kText);
    places_.back().null = true;
    return *this;
}

Params& Params::AddArray(std::span<const std::int64_t> values) {
    Begin(kInt8Array);
    PutHeader(values.size(), false, kInt8, bytes_);
    for (const std::int64_t value : values) {
        Put(8, 4, bytes_);
        Put(static_cast<std::uint64_t>(value), 8, bytes_);
    }
    End();
    return *this;
}

Params& Params::AddArray(std::span<const double> values) {
    Begin(kFloat8Array);
    PutHeader(values.size(), false, kFloat8, bytes_);
    for (const double value : values) {
        Put(8, 4, bytes_);
        Put(std::bit_cast<std::uint64_t>(value), 8, bytes_);
    }
    End();
    return *this;
}

Params& Params::AddTexts(std::span<const std::string_view> values) {
    Begin(kTextArray);
    PutHeader(values.size(), false, kText, bytes_);
    for (const std::string_view value : values) {
        const std::size_t length_at = bytes_.size();
        Put(0, 4, bytes_);
        PutText(value, bytes_);
        std::string length;
        Put(bytes_.size() - length_at - 4, 4, length);
        bytes_.replace(length_at, 4, length);
    }
    End();
    return *this;
}

Params& Params::AddBytesArray(std::span<const std::string_view> values) {
    Begin(kByteaArray);
    PutHeader(values.size(), true, kBytea, bytes_);
    for (const std::string_view value : values) {
        if (value.data() == nullptr) {
            Put(0xFFFFFFFFU, 4, bytes_);
            continue;
        }
        Put(value.size(), 4, bytes_);
        bytes_ += value;
    }
    End();
    return *this;
}

bool Rows::IsNull(int row, int column) const {
    return PQgetisnull(result_.get(), row, column) != 0;
}

std::string_view Rows::Bytes(int row, int column) const {
    if (IsNull(row, column)) {
        return {};
    }
    return {
        PQgetvalue(result_.get(), row, column),
        static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::int64_t Rows::Integer(int row, int column) const {
    const std::string_view bytes = Bytes(row, column);
    switch (PQftype(result_.get(), column)) {
        case kBool:
        case kInt8:
            return static_cast<std::int64_t>(Take(bytes));
        case kInt4:
            return static_cast<std::int32_t>(Take(bytes));
        case kInt2:
            return static_cast<std::int16_t>(Take(bytes));
        case kNumeric:
            return NumericInteger(bytes);
        case kFloat8:
            return static_cast<std::int64_t>(Real(row, column));
        default:
            return 0;
    }
}

double Rows::Real(int row, int column) const {
    const std::string_view bytes = Bytes(row, column);
    if (PQftype(result_.get(), column) == kFloat4) {
        return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(Take(bytes))));
    }
    return std::bit_cast<double>(Take(bytes));
}

SqlValue Rows::Value(int row, int column) const {
    if (IsNull(row, column)) {
        return std::monostate();
    }
    switch (PQftype(result_.get(), column)) {
        case kBool:
        case kInt2:
        case kInt4:
        case kInt8:
        case kNumeric:
            return Integer(row, column);
        case kFloat4:
        case kFloat8:
            return Real(row, column);
        default:
            return Bytes(row, column);
    }
}

}  // namespace kangqu::store::postgres
