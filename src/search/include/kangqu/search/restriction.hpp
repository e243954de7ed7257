#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::search {

enum class Action : std::uint8_t { kRead, kCreate, kUpdate, kDelete };

// Which records of a granted type.
enum class Scope : std::uint8_t {
    kEverything,
    // Records of residents whose Patient.managingOrganization is one of Grant::organizations.
    kOrganizations,
    // Records of one resident, Grant::patient.
    kPatient,
    // Records that belong to no resident (Organization, Measure, PlanDefinition, Practitioner...).
    kWithoutResident,
};

struct Grant {
    std::vector<std::string> types;  // empty: every type
    std::vector<Action> actions;
    Scope scope = Scope::kWithoutResident;
    std::vector<std::string> organizations;  // ids, sub-organisations already resolved
    std::string patient;                     // id
};

struct Mask {
    std::string type;               // Patient
    std::vector<std::string> path;  // identifier, value
    enum class Style : std::uint8_t {
        kRemove,
        kKeepEnds,  // first 3 and last 4 characters, * between; fewer than 9 characters: all *
    } style = Style::kRemove;
};

// What one reader or writer may do. Default-made it denies everything: absence denies. Pure data;
// policies are compiled to it by `access`.
class Restriction {
public:
    Restriction() = default;
    // Sees and may do everything: the program's own work. Never given to a request that carries a
    // user.
    static Restriction System();

    std::vector<Grant> grants;
    std::vector<Mask> masks;

    bool is_system() const noexcept { return system_; }
    // Some grant covers (type, action), whatever its scope.
    bool MayEver(std::string_view type, Action action) const noexcept;
    // Masks that apply to `type`, in order.
    std::vector<const Mask*> MasksOf(std::string_view type) const;

private:
    bool system_ = false;
};

// Whether one record may be read or written. `home`: its placement; for a record about to be
// created, the placement it will get.
core::Result<bool> Admits(
    store::Reader& reader,
    const Restriction& restriction,
    Action action,
    std::string_view type,
    store::Home home,
    store::RecordKey key
);

}  // namespace kangqu::search
