#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store {

// Bytes of index rows whose byte order is the order of the rows, so that rows can be sorted,
// compared and kept without being understood.

void AppendInteger(std::int64_t value, std::string& out);
void AppendReal(double value, std::string& out);
void AppendText(std::string_view value, std::string& out);

// Takes values from the front of `bytes`; nothing when the bytes are not what was asked for.
std::optional<std::int64_t> TakeInteger(std::string_view& bytes) noexcept;
std::optional<double> TakeReal(std::string_view& bytes) noexcept;
// The text is put into `out`.
bool TakeText(std::string_view& bytes, std::string& out);

// The bytes of one row without `home` and `key`, led by the number of its table. Fails when the
// values do not fit the columns.
core::Status
AppendRow(const IndexTable& table, std::int64_t number, const IndexRow& row, std::string& out);

// A sorted list of rows as one text (each row as its difference from the one before), and back.
std::string PackRows(const std::vector<std::string>& sorted_rows);
core::Result<std::vector<std::string>> UnpackRows(std::string_view packed);

}  // namespace kangqu::store
