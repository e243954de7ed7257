#include "kangqu/access/roles.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace kangqu::access {
namespace {

using search::Action;
using search::Scope;

const std::string kFile = std::string(KANGQU_SOURCE_DIR) + "/packs/base/access/roles.json";

core::Result<std::vector<std::string>> Below(std::string_view organization) {
    return std::vector<std::string>{std::string(organization), "station-1", "station-2"};
}

Principal Of(std::string role, std::string organization = "") {
    Principal principal;
    principal.name = "somebody";
    principal.role = std::move(role);
    principal.organization = std::move(organization);
    return principal;
}

bool Grants(
    const search::Restriction& restriction,
    std::string_view type,
    Action action,
    Scope scope
) {
    return std::any_of(
        restriction.grants.begin(),
        restriction.grants.end(),
        [&](const search::Grant& grant) {
            const auto& types = grant.types;
            const bool typed =
                types.empty() || std::find(types.begin(), types.end(), type) != types.end();
            const auto& actions = grant.actions;
            return typed && grant.scope == scope &&
                   std::find(actions.begin(), actions.end(), action) != actions.end();
        }
    );
}

bool GrantsAnywhere(const search::Restriction& restriction, std::string_view type, Action action) {
    return Grants(restriction, type, action, Scope::kEverything) ||
           Grants(restriction, type, action, Scope::kOrganizations) ||
           Grants(restriction, type, action, Scope::kPatient) ||
           Grants(restriction, type, action, Scope::kWithoutResident);
}

TEST(Roles, TheBasePackIsReadableAndWhole) {
    const Roles roles = Roles::Load(kFile).value();
    std::set<std::string> ids;
    for (const Role& role : roles.all()) {
        ids.insert(role.id);
        EXPECT_NE(role.name_zh, role.name_en);
    }
    EXPECT_EQ(
        ids,
        (std::set<std::string>{
            "district-director",
            "commission-official",
            "family-doctor",
            "centre-head",
            "information-centre"})
    );
}

TEST(Roles, LeadersReadEverythingMaskedAndWriteNothing) {
    const Roles roles = Roles::Load(kFile).value();
    for (const char* role : {"district-director", "commission-official"}) {
        const auto may = roles.Compile(Of(role), Below).value();
        EXPECT_TRUE(Grants(may, "Observation", Action::kRead, Scope::kEverything));
        for (const Action action : {Action::kCreate, Action::kUpdate, Action::kDelete}) {
            EXPECT_FALSE(GrantsAnywhere(may, "Observation", action));
        }
        const bool masked =
            std::any_of(may.masks.begin(), may.masks.end(), [](const search::Mask& mask) {
                return mask.type == "Patient" &&
                       mask.path == std::vector<std::string>{"identifier", "value"};
            });
        EXPECT_TRUE(masked);
    }
}

TEST(Roles, AFamilyDoctorWorksInTheOwnOrganisationAndBelow) {
    const Roles roles = Roles::Load(kFile).value();
    const auto may = roles.Compile(Of("family-doctor", "centre"), Below).value();
    EXPECT_TRUE(Grants(may, "Observation", Action::kCreate, Scope::kOrganizations));
    EXPECT_FALSE(Grants(may, "Observation", Action::kRead, Scope::kEverything));
    EXPECT_FALSE(GrantsAnywhere(may, "Observation", Action::kDelete));
    EXPECT_FALSE(GrantsAnywhere(may, "Measure", Action::kUpdate));
    EXPECT_TRUE(Grants(may, "Measure", Action::kRead, Scope::kWithoutResident));
    for (const search::Grant& grant : may.grants) {
        if (grant.scope == Scope::kOrganizations) {
            EXPECT_EQ(
                grant.organizations, (std::vector<std::string>{"centre", "station-1", "station-2"})
            );
        }
    }
}

TEST(Roles, TheInformationCentreSeesNoClinicalContent) {
    const Roles roles = Roles::Load(kFile).value();
    const auto may = roles.Compile(Of("information-centre", "centre"), Below).value();
    for (const char* type : {"Patient", "Observation", "Condition", "Encounter", "MeasureReport"}) {
        for (const Action action :
             {Action::kRead, Action::kCreate, Action::kUpdate, Action::kDelete}) {
            EXPECT_FALSE(GrantsAnywhere(may, type, action)) << type;
        }
    }
    EXPECT_TRUE(Grants(may, "Organization", Action::kUpdate, Scope::kWithoutResident));
    Principal principal = Of("information-centre");
    principal.abilities = roles.Find("information-centre")->abilities;
    EXPECT_TRUE(principal.May("operations"));
    EXPECT_FALSE(principal.May("anything else"));
    EXPECT_FALSE(Of("family-doctor").May("operations"));
}

TEST(Roles, AbsenceDenies) {
    const Roles roles = Roles::Load(kFile).value();
    EXPECT_TRUE(roles.Compile(Of("no-such-role", "centre"), Below).value().grants.empty());
    EXPECT_TRUE(roles.Compile(Of(""), Below).value().grants.empty());
    EXPECT_FALSE(roles.Compile(Of("no-such-role"), Below).value().is_system());
    // A doctor of no organisation, or of one nobody knows, has no residents.
    const auto nowhere = roles.Compile(Of("family-doctor"), Below).value();
    EXPECT_FALSE(GrantsAnywhere(nowhere, "Observation", Action::kCreate));
    EXPECT_FALSE(Grants(nowhere, "Observation", Action::kRead, Scope::kOrganizations));
    const auto unknown = roles.Compile(Of("family-doctor", "ghost"), [](std::string_view) {
        return core::Result<std::vector<std::string>>(std::vector<std::string>{});
    });
    EXPECT_FALSE(Grants(unknown.value(), "Observation", Action::kRead, Scope::kOrganizations));
    const auto failed = roles.Compile(Of("family-doctor", "x"), [](std::string_view) {
        return core::Result<std::vector<std::string>>(
            core::MakeError(core::ErrorCode::kStoreIo, "x")
        );
    });
    EXPECT_FALSE(failed.ok());
}

TEST(Roles, BuiltInPrincipalsAreTheSystem) {
    const Roles roles = Roles::Load(kFile).value();
    for (const auto kind : {Principal::Kind::kLocal, Principal::Kind::kOperator}) {
        Principal principal;
        principal.kind = kind;
        EXPECT_TRUE(roles.Compile(principal, Below).value().is_system());
        EXPECT_TRUE(principal.May("operations"));
    }
}

TEST(Roles, EveryRoleHasAWorkplaceAndTheBuiltInUserTheWidest) {
    const Roles roles = Roles::Load(kFile).value();
    Principal local;
    local.kind = Principal::Kind::kLocal;
    const Workplace& widest = roles.WorkplaceOf(local);
    const auto shows = [](const Workplace& place, const Workplace::Part& wanted) {
        return std::any_of(place.home.begin(), place.home.end(), [&](const Workplace::Part& part) {
            return part.part == wanted.part;
        });
    };
    for (const Role& role : roles.all()) {
        const Workplace& place = roles.WorkplaceOf(Of(role.id));
        EXPECT_EQ(place.menu.front(), "home") << role.id;
        for (const auto& part : place.home) {
            EXPECT_TRUE(shows(widest, part)) << role.id << " " << part.part;
        }
    }
    EXPECT_EQ(roles.WorkplaceOf(Of("no-such-role")).menu, widest.menu);
}

TEST(Roles, WhatIsNotUnderstoodIsRefused) {
    const auto with = [](const std::string& role) {
        const std::string workplace =
            R"("workplace":{"menu":["home"],"home":[{"part":"recent"}]},)";
        return "{" + workplace + R"("roles":[{"id":"r","name":{"zh":"甲","en":"A"},)" + workplace +
               role + "}]}";
    };
    EXPECT_TRUE(Roles::Parse(
                    with(R"("rules":[{"types":"*","actions":["read"],"reach":"everything"}])"), "f"
    )
                    .ok());
    const std::vector<std::string> bad = {
        R"("rules":[{"types":"*","actions":["raed"],"reach":"everything"}])",
        R"("rules":[{"types":"*","actions":["read"],"reach":"all"}])",
        R"("rules":[{"types":"*","actions":[],"reach":"everything"}])",
        R"("rules":[{"types":[],"actions":["read"],"reach":"everything"}])",
        R"("rules":[{"actions":["read"],"reach":"everything"}])",
        R"("rules":[{"types":"*","actions":["read"],"reach":"everything","unless":"x"}])",
        R"("masks":[{"element":"Patient","style":"remove"}])",
        R"("masks":[{"element":"Patient..x","style":"remove"}])",
        R"("masks":[{"element":"Patient.name","style":"blur"}])",
        R"("grants":[])",
    };
    for (const std::string& role : bad) {
        const auto parsed = Roles::Parse(with(role), "f");
        ASSERT_FALSE(parsed.ok()) << role;
        EXPECT_EQ(parsed.error().code, core::ErrorCode::kPackInvalid);
    }
    EXPECT_FALSE(Roles::Parse(R"({"roles":[]})", "f").ok());
    EXPECT_FALSE(
        Roles::Parse(R"({"roles":[{"id":"r","name":{"zh":"甲","en":"A"},"rules":[]}]})", "f").ok()
    );
    EXPECT_FALSE(Roles::Parse("[", "f").ok());
    EXPECT_EQ(Roles::Load("/no/such").error().code, core::ErrorCode::kFileUnreadable);
}

}  // namespace
}  // namespace kangqu::access
