#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/synth/synth.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kangqu::synth {

struct PersonsSummary {
    std::int64_t persons = 0;
    std::int64_t records = 0;
    std::vector<std::pair<std::string, std::int64_t>> by_source;
    std::vector<std::pair<std::string, std::int64_t>> errors;
};

// Writes a benchmark for matching persons into `folder`, made when absent: the same residents as
// Generate makes, as five sources know them, with the errors of the pack's tables.
//
//   <source>.csv       id,source,name,sex,birthDate,idNumber,phone,address,division,recordedOn
//   persons-truth.csv  id,person,errors (separated by blanks)
//   persons.json       counts by source and error, with their rates
//
// Records of a source are in a shuffled order within blocks, so that neighbours in a file are no
// hint; ids tell nothing. UTF-8, no quotes: no field holds a comma. Memory does not grow with the
// number of persons. Same options, same bytes.
core::Result<PersonsSummary>
GeneratePersons(const SynthOptions& options, const std::string& folder);

}  // namespace kangqu::synth
