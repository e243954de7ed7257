#include "sites.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/identifiers.hpp"

#include "emit.hpp"
#include <algorithm>
#include <cstdio>

namespace kangqu::synth {
namespace {

constexpr int kLastBeginner = 8;  // month: who is of age by 31 August begins in September

// Completed years of age at the begin of the school year.
int SchoolAge(Day birth, Day day) {
    const core::CivilDate date = core::CivilOf(day);
    const int year = date.month > kLastBeginner ? date.year : date.year - 1;
    return AgeOn(birth, core::DaysOf({year, kLastBeginner, 31}));
}

std::string_view SchoolStage(int age) noexcept {
    return age < 3     ? std::string_view()
           : age < 6   ? "kindergarten"
           : age < 12  ? "primary"
           : age < 15  ? "middle"
           : age <= 17 ? "high"
                       : std::string_view();
}

}  // namespace

Sites::Sites(const District& district) {
    for (const Row& row : RowsOf("sites")) {
        Site& site = all_.emplace_back();
        site.id = row[0];
        site.kind = row[1];
        site.sub = row[2];
        site.name = row[3];
        const auto street = std::find_if(
            district.streets.begin(),
            district.streets.end(),
            [&row](const Place& place) { return place.code == row[4]; }
        );
        KQ_CHECK(street != district.streets.end(), "a site lies in no street");
        site.street = static_cast<std::size_t>(street - district.streets.begin());
        site.parent = row[5];
        site.size = NumberOf(row[6]);
        char serial[16];
        std::snprintf(serial, sizeof serial, "KQ88%04zu", all_.size());
        const auto organisation = core::CompleteOrganisationCode(serial);
        KQ_CHECK(organisation.has_value(), "the series of organisation codes is well-formed");
        const char* const authority = site.kind == "school" ? "12" : "91";
        site.credit_code = core::CompleteCreditCode(
                               std::string(authority).append(district.county.code) + *organisation
        )
                               .value();
        by_kind_[site.kind].push_back(all_.size() - 1);
    }
}

const std::vector<std::size_t>& Sites::OfKind(std::string_view kind) const {
    const auto found = by_kind_.find(kind);
    KQ_CHECK(found != by_kind_.end(), "there is no site of a kind");
    return found->second;
}

std::optional<std::size_t> Sites::SchoolOf(const Resident& resident, std::size_t street, Day day)
    const {
    const std::string_view stage = SchoolStage(SchoolAge(resident.birth, day));
    std::vector<std::size_t> near;
    std::vector<std::size_t> all;
    for (const std::size_t at : OfKind("school")) {
        if (all_[at].sub == stage) {
            all.push_back(at);
            if (all_[at].street == street) {
                near.push_back(at);
            }
        }
    }
    if (stage.empty() || all.empty()) {
        return std::nullopt;
    }
    const std::vector<std::size_t>& schools = near.empty() ? all : near;
    return schools[static_cast<std::size_t>(resident.household) % schools.size()];
}

std::size_t Sites::WaterworksOf(std::size_t street) const {
    return street % OfKind("waterworks").size();
}

void Sites::Emit(const District& district, Emitter& emitter) const {
    Fill fill;
    for (const Site& site : all_) {
        fill.Set(Slot::id, site.id);
        fill.Set(Slot::name, site.name);
        fill.Set(Slot::kind, site.kind);
        fill.Set(Slot::kindtext, emitter.Text("site." + std::string(site.kind)));
        fill.Set(Slot::code, site.sub);
        fill.Set(Slot::value, site.credit_code);
        fill.Join(Slot::place, {"loc-", district.streets[site.street].code});
        fill.Set(Slot::street, district.streets[site.street].name);
        fill.Set(Slot::org, site.parent == "-" ? std::string_view() : site.parent);
        fill.SetInt(Slot::count, site.size);
        fill.Set(Slot::part, district.county.name);
        emitter.Put("site-" + std::string(site.kind) + ".json", fill);
        if (emitter.templates()["site-" + std::string(site.kind) + ".json"].type() ==
            "Organization") {
            emitter.Put("site-house.json", fill);
        }
    }
}

}  // namespace kangqu::synth
