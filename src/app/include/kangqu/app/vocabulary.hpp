#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kangqu::app {

// What R4 publishes and the terminology of every pack below `packs_folder` (none when there is no
// such folder). `clock` outlives the result.
core::Result<std::unique_ptr<terminology::Terminology>>
LoadTerminology(const std::string& packs_folder, const core::Clock& clock);

// Adds the resources of files and folders (JSON, NDJSON, bundles) as a pack's; other types than
// CodeSystem, ValueSet and ConceptMap are passed over.
core::Status
AddTerminologyFiles(const std::vector<std::string>& paths, terminology::Terminology& terminology);

// Checks a pack's terminology as a whole; the number of its resources.
core::Result<std::size_t> CheckPackTerminology(const std::string& folder);

}  // namespace kangqu::app
