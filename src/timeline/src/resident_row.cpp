#include "kangqu/core/check.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/search/text.hpp"
#include "kangqu/timeline/residents.hpp"

namespace kangqu::timeline {

namespace {

using core::JsonNode;

constexpr std::string_view kTagSystem = "urn:kangqu:tag";

// The name in use: `official` or `usual` before others, never one marked old.
JsonNode BestName(JsonNode names) {
    JsonNode best;
    for (JsonNode name = names.first(); name; name = name.next()) {
        const std::string_view use = name["use"].text();
        if (use == "official" || use == "usual") {
            return name;
        }
        if (best.missing() && use != "old") {
            best = name;
        }
    }
    return best;
}

std::string NameText(JsonNode name) {
    if (!name["text"].text().empty()) {
        return std::string(name["text"].text());
    }
    std::string text(name["family"].text());
    for (JsonNode given = name["given"].first(); given; given = given.next()) {
        text += given.text();
    }
    return text;
}

std::string IdentifierOf(JsonNode resource, std::string_view system) {
    for (JsonNode one = resource["identifier"].first(); one; one = one.next()) {
        if (one["system"].text() == system) {
            return std::string(one["value"].text());
        }
    }
    return {};
}

std::string PhoneOf(JsonNode resource) {
    for (JsonNode one = resource["telecom"].first(); one; one = one.next()) {
        if (one["system"].text() == "phone") {
            return std::string(one["value"].text());
        }
    }
    return {};
}

std::string CommunityOf(JsonNode address) {
    const std::string_view line = address["line"][0].text();
    return std::string(line.empty() ? address["text"].text() : line);
}

Sex SexOf(std::string_view gender) {
    if (gender == "male") {
        return Sex::kMale;
    }
    if (gender == "female") {
        return Sex::kFemale;
    }
    return gender == "other" ? Sex::kOther : Sex::kUnknown;
}

bool IsSynthetic(JsonNode resource) {
    for (JsonNode tag = resource["meta"]["tag"].first(); tag; tag = tag.next()) {
        if (tag["system"].text() == kTagSystem && tag["code"].text() == "synthetic") {
            return true;
        }
    }
    return false;
}

}  // namespace

Resident ResidentOf(store::Home home, std::string_view id, std::string_view body) {
    const auto document = core::JsonDocument::Parse(std::string(body));
    KQ_CHECK(document.ok(), "a stored body must parse");
    const JsonNode resource = document.value()->root();
    Resident resident;
    resident.home = home;
    resident.id = id;
    resident.name = NameText(BestName(resource["name"]));
    const search::Pinyin pinyin = search::PinyinOf(resident.name);
    resident.pinyin = pinyin.full;
    resident.initials = pinyin.initials;
    resident.order = pinyin.order;
    resident.citizen_id = IdentifierOf(resource, kCitizenIdSystem);
    resident.phone = PhoneOf(resource);
    const auto unit = fhir::ParseReference(resource["managingOrganization"]["reference"].text());
    resident.organization = unit.id;
    resident.community = CommunityOf(resource["address"][0]);
    resident.birth = core::ParseDate(resource["birthDate"].text());
    resident.death = core::ParseDate(resource["deceasedDateTime"].text().substr(0, 10));
    resident.sex = SexOf(resource["gender"].text());
    resident.synthetic = IsSynthetic(resource);
    return resident;
}

}  // namespace kangqu::timeline
