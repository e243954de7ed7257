#pragma once

#include "kangqu/synth/synth.hpp"

#include "names.hpp"
#include "tables.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

struct Place {
    std::string_view code;
    std::string_view name;
};

struct Community {
    Place place;
    std::size_t street = 0;  // into District::streets
    std::size_t site = 0;    // who serves it, into District::institutions
};

struct Institution {
    std::string_view id;
    std::string_view kind;
    std::string_view type_code;  // WS 218-2002, or "-"
    std::string_view name;
    std::string_view parent;       // id or "-"
    std::string_view street_code;  // or "-"
    int beds = 0;
    std::string credit_code;
    // How well it keeps its schedules, added to the chance of a year to standard.
    int quality_per_mille = 0;
    std::vector<std::size_t> teams;    // into District::teams
    std::vector<std::size_t> doctors;  // into District::staff; of hospitals
};

struct Staff {
    std::string id;
    PersonName name;
    bool male = false;
    std::string_view role;  // key of texts
    std::size_t institution = 0;
    std::string licence;
    std::string_view title;  // key of texts
};

struct Team {
    std::string id;
    std::string name;
    std::size_t institution = 0;
    std::vector<std::size_t> members;  // into District::staff; the first one leads
};

// Everything of the district that is not a resident. Small and whole in memory.
struct District {
    Place province;
    Place city;
    Place county;
    std::vector<Place> streets;
    std::vector<Community> communities;
    std::vector<Institution> institutions;
    std::vector<std::size_t> hospitals;  // into institutions
    std::size_t maternal = 0;            // into institutions: who cares for mothers
    std::vector<Staff> staff;
    std::vector<Team> teams;
};

District MakeDistrict(const SynthOptions& options, const Names& names, const Texts& texts);

}  // namespace kangqu::synth
