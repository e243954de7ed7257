#pragma once

#include "district.hpp"
#include "resident.hpp"
#include "tables.hpp"
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

class Emitter;

// A place under supervision or of use that is no health institution: school, enterprise,
// waterworks, food outlet, environment station, clinic for vaccination, ambulance.
struct Site {
    std::string_view id;
    std::string_view kind;
    std::string_view sub;  // kind within the kind, from the table
    std::string_view name;
    std::size_t street = 0;   // into District::streets
    std::string_view parent;  // id of an organisation, or "-"
    int size = 0;             // pupils, staff, places
    std::string credit_code;  // of organisations
};

// The rows of the table `sites`.
class Sites {
public:
    explicit Sites(const District& district);
    const Site& operator[](std::size_t at) const { return all_[at]; }
    std::size_t size() const noexcept { return all_.size(); }
    const std::vector<std::size_t>& OfKind(std::string_view kind) const;
    // The school of somebody of school age living in the street on that day.
    std::optional<std::size_t> SchoolOf(const Resident& resident, std::size_t street, Day day)
        const;
    // Which of the waterworks (position in OfKind) supplies a street.
    std::size_t WaterworksOf(std::size_t street) const;
    void Emit(const District& district, Emitter& emitter) const;

private:
    std::vector<Site> all_;
    std::map<std::string_view, std::vector<std::size_t>> by_kind_;
};

}  // namespace kangqu::synth
