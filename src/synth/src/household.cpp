#include "household.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kGrown = 20;
constexpr int kOld = 60;
constexpr Day kLeastDaysBetweenBirths = 300;

}  // namespace

std::vector<std::vector<std::size_t>> FamilyMaker::Make() {
    FindMothers();
    FindPartners();
    OpenHouseholds();
    JoinGenerations();
    std::vector<std::vector<std::size_t>> made;
    for (auto& household : households_) {
        if (!household.empty()) {
            // Mothers before their children: what is referred to comes first.
            std::stable_sort(household.begin(), household.end(), [this](auto a, auto b) {
                return drafts_[a].role < drafts_[b].role;
            });
            made.push_back(std::move(household));
        }
    }
    return made;
}

int FamilyMaker::MotherFor(std::size_t child, bool any) {
    const std::size_t start = random_.Index(drafts_.size());
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
        const std::size_t at = (start + i) % drafts_.size();
        const Draft& woman = drafts_[at];
        const Day years = (drafts_[child].birth - woman.birth) / 365;
        if (woman.male || woman.age < kGrown || years < 19 || years > 44 || woman.children > 2) {
            continue;
        }
        const bool close = std::any_of(drafts_.begin(), drafts_.end(), [&](const Draft& other) {
            const Day apart = other.birth - drafts_[child].birth;
            return other.mother == static_cast<int>(at) && apart < kLeastDaysBetweenBirths &&
                   apart > -kLeastDaysBetweenBirths;
        });
        if (close) {
            continue;
        }
        constexpr int kChances[] = {800, 450, 60};
        const bool usual = years >= 22 && years <= 36;
        if (any ||
            (random_.PerMille(kChances[woman.children]) && (usual || random_.PerMille(200)))) {
            return static_cast<int>(at);
        }
    }
    return -1;
}

void FamilyMaker::MakeTwin(std::size_t child) {
    for (std::size_t i = child + 1; i < drafts_.size(); ++i) {
        Draft& other = drafts_[i];
        if (other.age == drafts_[child].age && other.mother < 0 && i != child) {
            other.birth = drafts_[child].birth;
            other.mother = drafts_[child].mother;
            other.twin = drafts_[child].twin = true;
            ++drafts_[static_cast<std::size_t>(other.mother)].children;
            return;
        }
    }
}

void FamilyMaker::FindMothers() {
    const int twins = rules_.Number("twin-deliveries-per-ten-thousand");
    for (std::size_t child = 0; child < drafts_.size(); ++child) {
        Draft& draft = drafts_[child];
        if (draft.age >= kGrown || draft.mother >= 0) {
            continue;
        }
        int mother = MotherFor(child, false);
        mother = mother < 0 ? MotherFor(child, true) : mother;
        draft.mother = mother;
        if (mother >= 0) {
            ++drafts_[static_cast<std::size_t>(mother)].children;
            if (random_.PerMillion(std::int64_t{twins} * 100)) {
                MakeTwin(child);
            }
        }
    }
}

int FamilyMaker::PartnerFor(std::size_t woman) {
    int best = -1;
    int best_gap = 100;
    const std::size_t start = random_.Index(drafts_.size());
    for (std::size_t i = 0; i < drafts_.size() && best_gap > 1; ++i) {
        const std::size_t at = (start + i) % drafts_.size();
        const Draft& man = drafts_[at];
        const int older = man.age - drafts_[woman].age;
        if (!man.male || man.partner >= 0 || man.age < 22 || older < -4 || older > 9) {
            continue;
        }
        const int gap = older > 2 ? older - 2 : 2 - older;
        if (gap < best_gap) {
            best = static_cast<int>(at);
            best_gap = gap;
        }
    }
    return best;
}

void FamilyMaker::FindPartners() {
    for (std::size_t at = 0; at < drafts_.size(); ++at) {
        Draft& woman = drafts_[at];
        if (woman.male || woman.age < 20) {
            continue;
        }
        const std::string_view rule = woman.children > 0 ? "partner-of-mother"
                                      : woman.age < 28   ? "partner-under-28"
                                      : woman.age < 40   ? "partner-under-40"
                                      : woman.age < 70   ? "partner-under-70"
                                                         : "partner-from-70";
        if (!random_.PerMille(rules_.Number(rule))) {
            continue;
        }
        woman.partner = PartnerFor(at);
        if (woman.partner >= 0) {
            drafts_[static_cast<std::size_t>(woman.partner)].partner = static_cast<int>(at);
        }
    }
}

void FamilyMaker::Move(std::size_t guest, int household, Role role) {
    Draft& draft = drafts_[guest];
    if (draft.household >= 0) {
        auto& old = households_[static_cast<std::size_t>(draft.household)];
        old.erase(std::find(old.begin(), old.end(), guest));
    }
    draft.household = household;
    draft.role = role;
    households_[static_cast<std::size_t>(household)].push_back(guest);
}

void FamilyMaker::OpenHouseholds() {
    for (std::size_t at = 0; at < drafts_.size(); ++at) {
        const Draft& draft = drafts_[at];
        const bool wife = !draft.male && draft.partner >= 0;
        if (draft.age < kGrown || wife) {
            continue;
        }
        households_.emplace_back();
        const int household = static_cast<int>(households_.size()) - 1;
        Move(at, household, Role::kHead);
        if (draft.partner >= 0) {
            Move(static_cast<std::size_t>(draft.partner), household, Role::kSpouse);
        }
    }
    for (std::size_t at = 0; at < drafts_.size(); ++at) {
        const Draft& draft = drafts_[at];
        if (draft.age >= kGrown) {
            continue;
        }
        int household = draft.mother >= 0
                            ? drafts_[static_cast<std::size_t>(draft.mother)].household
                            : HostFor(at, 45, 70);
        if (household < 0) {
            household =
                static_cast<int>(random_.Index(std::max<std::size_t>(1, households_.size())));
        }
        if (households_.empty()) {
            households_.emplace_back();
        }
        Move(at, household, draft.mother >= 0 ? Role::kChild : Role::kOther);
    }
}

// A household whose head is older by `low` to `high` years than the guest.
int FamilyMaker::HostFor(std::size_t guest, int low, int high) {
    const std::size_t start = random_.Index(drafts_.size());
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
        const Draft& host = drafts_[(start + i) % drafts_.size()];
        const int older = host.age - drafts_[guest].age;
        const bool heads = host.household >= 0 && host.role == Role::kHead;
        if (heads && older >= low && older <= high &&
            households_[static_cast<std::size_t>(host.household)].size() < 5 &&
            host.household != drafts_[guest].household) {
            return host.household;
        }
    }
    return -1;
}

void FamilyMaker::JoinGenerations() {
    const int grown = rules_.Number("grown-child-at-home");
    const int parents = rules_.Number("parents-live-with-child");
    const int shared = rules_.Number("single-shares-a-home");
    for (std::size_t at = 0; at < drafts_.size(); ++at) {
        Draft& draft = drafts_[at];
        const bool alone = draft.role == Role::kHead && draft.partner < 0 && draft.children == 0;
        const bool heads = draft.role == Role::kHead;
        if (heads && draft.age >= kOld && random_.PerMille(parents)) {
            const int host = HostFor(at, -38, -22);
            const int partner = draft.partner;
            if (host >= 0) {
                Move(at, host, Role::kParent);
                if (partner >= 0) {
                    Move(static_cast<std::size_t>(partner), host, Role::kParent);
                }
            }
        } else if (alone && draft.age < 35 && random_.PerMille(grown)) {
            const int host = HostFor(at, 22, 40);
            if (host >= 0) {
                Move(at, host, Role::kGrownChild);
            }
        } else if (alone && draft.age < 50 && random_.PerMille(shared)) {
            const int host = HostFor(at, -5, 5);
            if (host >= 0) {
                Move(at, host, Role::kOther);
            }
        }
    }
}

}  // namespace kangqu::synth
