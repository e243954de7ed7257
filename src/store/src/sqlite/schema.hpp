#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include "migration.hpp"
#include "placed_table.hpp"
#include "sqlite/connection.hpp"
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store::sqlite {

// Brings the file to the newest version, one transaction a migration. A file of a newer program
// gives kStoreTooNew, a file that is not a store kStoreCorrupt.
core::Status Migrate(Connection& connection);

// Creates the tables that are missing, and again those whose definition changed.
core::Result<std::vector<PlacedTable>>
PlaceIndexTables(Connection& connection, const std::vector<IndexTable>& wanted);

}  // namespace kangqu::store::sqlite
