#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include "placed_table.hpp"
#include "postgres/connection.hpp"
#include <vector>

namespace kangqu::store::postgres {

// Makes the schema that a URL names by its search_path (options=-csearch_path=NAME), when it is not
// there; several stores may so share a database.
core::Status PlaceSchema(Connection& connection);

// Brings the schema to the newest version, one transaction a migration. That of a newer program
// gives kStoreTooNew. Only the holder of the write lease may do it.
core::Status Migrate(Connection& connection);

// Creates the tables that are missing, and again those whose definition changed.
core::Result<std::vector<PlacedTable>>
PlaceIndexTables(Connection& connection, const std::vector<IndexTable>& wanted);

// Runs `sql` between BEGIN and COMMIT, or leaves no trace.
core::Status InTransaction(Connection& connection, const std::string& sql);

}  // namespace kangqu::store::postgres
