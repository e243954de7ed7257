#pragma once

#include "random.hpp"
#include "slots.hpp"
#include "tables.hpp"
#include <cstdint>
#include <vector>

namespace kangqu::synth {

enum class Role : std::uint8_t { kHead, kSpouse, kChild, kGrownChild, kParent, kOther };

// Somebody of a block before they have a name.
struct Draft {
    Day birth = 0;
    int age = 0;  // on the last day
    bool male = false;
    bool twin = false;
    Role role = Role::kOther;
    int mother = -1;   // index in the block
    int partner = -1;  // index in the block
    int children = 0;
    int household = -1;
};

// Puts a block of people, drawn one by one from the census, together to families: children to
// mothers, couples, grown children and parents that live with them. Nobody's age changes (twins'
// second births by months at most), so the age structure stays that of the census; sizes of
// households come out and are compared with published ones in the report. Chances are the rows of
// the table `households`.
class FamilyMaker {
public:
    FamilyMaker(Random& random, const Texts& rules, std::vector<Draft>& drafts)
        : random_(random), rules_(rules), drafts_(drafts) {}
    // Households as lists of indexes, the head first.
    std::vector<std::vector<std::size_t>> Make();

private:
    void FindMothers();
    int MotherFor(std::size_t child, bool any);
    void MakeTwin(std::size_t child);
    void FindPartners();
    int PartnerFor(std::size_t woman);
    void OpenHouseholds();
    void JoinGenerations();
    int HostFor(std::size_t guest, int low, int high);
    void Move(std::size_t guest, int household, Role role);

    Random& random_;
    const Texts& rules_;
    std::vector<Draft>& drafts_;
    std::vector<std::vector<std::size_t>> households_;
};

}  // namespace kangqu::synth
