#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/fhir/definitions.hpp"
#include "kangqu/search/knowledge.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace kangqu::search {

// The search rows of one resource before texts and references have their numbers. A movable value
// that owns its texts; what stands in it is the module's own business.
struct PreparedIndex {
    struct Row {
        std::uint16_t table = 0;
        std::uint16_t parameter = 0;
        std::uint8_t facet = 0;
        std::uint8_t unit_kind = 0;
        std::int64_t low = 0;
        std::int64_t high = 0;
        double value = 0;
        double value_high = 0;
        std::string text;
        std::string scope;  // system of a token, type of a reference, unit of a quantity
        // The second part of a composite: a code or the id of a reference, and its scope.
        std::string text2;
        std::string scope2;
    };
    fhir::TypeNumber type = fhir::kNoType;
    // Every row of a record carries the same two: its length class and its place in time (its key
    // when it has none).
    std::int64_t span = 0;
    std::int64_t at = 0;
    // One bit for each parameter that has rows.
    std::int64_t present = 0;
    bool speaks_of_patient = false;
    // Ids of the Patients through which it belongs to their compartments.
    std::vector<std::string> patients;
    std::string organization;  // id of the managing Organization of a Patient
    std::vector<Row> rows;
};

// The tables of IndexRow::table, in order, for store::StoreOptions::index_tables.
std::vector<store::IndexTable> IndexTables();

// Turns resources into search rows for every R4 search parameter of their type. Immutable; any
// thread.
class Indexer {
public:
    // Compiles the expressions of all parameters. `knowledge` outlives the indexer.
    static core::Result<std::unique_ptr<const Indexer>> Make(
        const Knowledge& knowledge = UnitKnowledge()
    );
    virtual ~Indexer() = default;

    // CPU work, off the writer's thread. `resource` has passed fhir::CheckStructure.
    virtual core::Result<PreparedIndex> Prepare(core::JsonNode resource, fhir::TypeNumber type)
        const = 0;
    // Interns texts and reserves the targets of references; inside a unit of work. `placement`: of
    // the record itself.
    virtual core::Result<std::vector<store::IndexRow>> Finish(
        store::Writer& writer,
        const PreparedIndex& prepared,
        const store::Placement& placement
    ) const = 0;
};

}  // namespace kangqu::search
