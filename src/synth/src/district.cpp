#include "district.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/identifiers.hpp"

#include <algorithm>
#include <cstdio>

namespace kangqu::synth {
namespace {

constexpr std::int64_t kResidentsPerTeam = 2500;
constexpr int kQualityLow = -110;
constexpr int kQualityHigh = 90;

bool ServesResidents(const Institution& institution) {
    return institution.kind == "centre" || institution.kind == "station";
}

std::string Padded(std::int64_t number, int width) {
    char buffer[24];
    std::snprintf(buffer, sizeof buffer, "%0*lld", width, static_cast<long long>(number));
    return buffer;
}

// Registering authority 1 (institutional establishment), class 1 office or 2 institution, the
// district, an organisation code of a series of its own.
std::string CreditCodeOf(const Institution& institution, std::string_view county, std::size_t at) {
    const auto organisation =
        core::CompleteOrganisationCode("KQ99" + Padded(static_cast<std::int64_t>(at) + 1, 4));
    KQ_CHECK(organisation.has_value(), "the series of organisation codes is well-formed");
    const std::string_view kind = institution.kind == "commission" ? "11" : "12";
    const auto code = core::CompleteCreditCode(std::string(kind).append(county) + *organisation);
    KQ_CHECK(code.has_value(), "the series of credit codes is well-formed");
    return *code;
}

void AddPlaces(District& district) {
    for (const Row& row : RowsOf("places")) {
        const Place place{row[0], row[1]};
        if (place.code.size() == 12) {
            KQ_CHECK(!district.streets.empty(), "a community stands before its street");
            district.communities.push_back({place, district.streets.size() - 1, 0});
        } else if (place.code.size() == 9) {
            district.streets.push_back(place);
        } else if (place.code.substr(2) == "0000") {
            district.province = place;
        } else if (place.code.substr(4) == "00") {
            district.city = place;
        } else {
            district.county = place;
        }
    }
}

void AddInstitutions(District& district, std::uint64_t seed) {
    for (const Row& row : RowsOf("institutions")) {
        const std::size_t at = district.institutions.size();
        Institution& institution = district.institutions.emplace_back();
        institution.id = row[0];
        institution.kind = row[1];
        institution.type_code = row[2];
        institution.name = row[3];
        institution.parent = row[4];
        institution.street_code = row[5];
        institution.credit_code = CreditCodeOf(institution, district.county.code, at);
        Random random(seed, Stream::kSite, at);
        institution.quality_per_mille = random.Between(kQualityLow, kQualityHigh);
        institution.beds = NumberOf(row[6]);
        if (institution.kind == "hospital") {
            district.hospitals.push_back(at);
        }
        if (row[8] == "maternal") {
            district.maternal = at;
        }
    }
}

// A street's communities take turns among its centre and stations.
void AssignSites(District& district) {
    std::vector<std::vector<std::size_t>> sites(district.streets.size());
    for (std::size_t i = 0; i < district.institutions.size(); ++i) {
        const Institution& institution = district.institutions[i];
        if (!ServesResidents(institution)) {
            continue;
        }
        for (std::size_t s = 0; s < district.streets.size(); ++s) {
            if (district.streets[s].code == institution.street_code) {
                sites[s].push_back(i);
            }
        }
    }
    std::vector<std::size_t> turn(district.streets.size(), 0);
    for (Community& community : district.communities) {
        const auto& of_street = sites[community.street];
        KQ_CHECK(!of_street.empty(), "a street has no institution that serves it");
        community.site = of_street[turn[community.street]++ % of_street.size()];
    }
}

class StaffMaker {
public:
    StaffMaker(District& district, const Names& names, std::uint64_t seed)
        : district_(district), names_(names), seed_(seed) {}

    std::size_t Add(std::size_t institution, std::string_view role) {
        const std::size_t at = district_.staff.size();
        Random random(seed_, Stream::kStaff, at);
        Staff& staff = district_.staff.emplace_back();
        staff.id = "staff-" + Padded(static_cast<std::int64_t>(at) + 1, 4);
        staff.role = role;
        staff.male = random.PerMille(role == "role.nurse" ? 30 : 480);
        staff.institution = institution;
        const std::string_view surname = names_.Surname(random);
        const bool old = random.PerMille(400);
        staff.name = names_.Han(random, surname, staff.male, old);
        staff.licence = std::string(role == "role.nurse" ? "9902" : "9901") +
                        Padded(static_cast<std::int64_t>(at) + 1, 11);
        const int rank = random.Between(0, 99);
        staff.title = rank < 8    ? "title.1"
                      : rank < 30 ? "title.2"
                      : rank < 68 ? "title.3"
                                  : "title.4";
        return at;
    }

private:
    District& district_;
    const Names& names_;
    std::uint64_t seed_;
};

void AddTeams(
    District& district,
    const SynthOptions& options,
    StaffMaker& maker,
    const Texts& texts
) {
    const auto communities = static_cast<std::int64_t>(district.communities.size());
    for (std::size_t i = 0; i < district.institutions.size(); ++i) {
        if (!ServesResidents(district.institutions[i])) {
            continue;
        }
        std::int64_t served = 0;
        for (const Community& community : district.communities) {
            served += community.site == i ? 1 : 0;
        }
        const std::int64_t least = district.institutions[i].kind == "centre" ? 2 : 1;
        const std::int64_t wanted = options.residents * served / communities / kResidentsPerTeam;
        for (std::int64_t t = 1; t <= std::max(least, wanted); ++t) {
            Team team;
            team.id = "team-" + std::string(district.institutions[i].id.substr(4)) + "-" +
                      std::to_string(t);
            team.name = std::string(district.institutions[i].name) + "第" + std::to_string(t) +
                        std::string(texts["team"]);
            team.institution = i;
            team.members = {maker.Add(i, "role.doctor"), maker.Add(i, "role.nurse")};
            team.members.push_back(maker.Add(i, "role.public-health"));
            if (least == 2) {
                team.members.push_back(maker.Add(i, "role.nurse"));
            }
            district.institutions[i].teams.push_back(district.teams.size());
            district.teams.push_back(std::move(team));
        }
    }
}

}  // namespace

District MakeDistrict(const SynthOptions& options, const Names& names, const Texts& texts) {
    District district;
    AddPlaces(district);
    AddInstitutions(district, options.seed);
    AssignSites(district);
    StaffMaker maker(district, names, options.seed);
    const std::vector<Row> rows = RowsOf("institutions");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (int doctor = 0; doctor < NumberOf(rows[i][7]); ++doctor) {
            const bool nurse = doctor % 5 > 2;
            const std::size_t at = maker.Add(i, nurse ? "role.nurse" : "role.hospital-doctor");
            if (!nurse) {
                district.institutions[i].doctors.push_back(at);
            }
        }
    }
    AddTeams(district, options, maker, texts);
    return district;
}

}  // namespace kangqu::synth
