#include "emit.hpp"
#include "map.hpp"

namespace kangqu::synth {
namespace {

void EmitInstitution(
    const District& district,
    const Institution& institution,
    const Texts& classes,
    Emitter& emitter
) {
    auto& writer = emitter.Begin("Organization", institution.id);
    writer.Key("identifier").BeginArray();
    emitter.Identifier(
        "urn:oid:2.16.156.10011.1.5", institution.credit_code, emitter.Text("credit-code")
    );
    writer.EndArray().Field("active", true).Key("type").BeginArray();
    writer.BeginObject().Key("coding").BeginArray();
    emitter.Coding(
        "urn:kangqu:organization-kind",
        institution.kind,
        emitter.Text("kind." + std::string(institution.kind))
    );
    if (institution.type_code != "-") {
        emitter.Coding("urn:kangqu:ws218", institution.type_code, classes[institution.type_code]);
    }
    writer.EndArray().EndObject().EndArray().Field("name", institution.name);
    writer.Key("address").BeginArray().BeginObject();
    writer.Field("city", district.city.name).Field("district", district.county.name);
    writer.EndObject().EndArray();
    if (institution.parent != "-") {
        emitter.Reference("partOf", "Organization", institution.parent);
    }
    emitter.End();
}

void EmitPlace(
    const Place& place,
    std::string_view parent,
    const DistrictMap& map,
    Emitter& emitter
) {
    Fill fill;
    fill.Join(Slot::id, {"loc-", place.code});
    fill.Join(Slot::code, {place.code, std::string_view("000000000000").substr(place.code.size())});
    fill.Set(Slot::name, place.name);
    if (!parent.empty()) {
        fill.Join(Slot::place, {"loc-", parent});
    }
    const DistrictMap::Area& area = map.Of(place.code);
    fill.Keep(Slot::value, area.longitude);
    fill.Keep(Slot::value2, area.latitude);
    fill.Keep(Slot::items, area.boundary_base64);
    emitter.Put("location-division.json", fill);
}

void EmitPlaces(const District& district, const DistrictMap& map, Emitter& emitter) {
    EmitPlace(district.county, "", map, emitter);
    for (const Place& street : district.streets) {
        EmitPlace(street, district.county.code, map, emitter);
    }
    for (const Community& community : district.communities) {
        EmitPlace(community.place, district.streets[community.street].code, map, emitter);
    }
}

// The house of an institution, with its beds.
void EmitHouse(const District& district, const Institution& institution, Emitter& emitter) {
    Fill fill;
    fill.Join(Slot::id, {"loc-", institution.id});
    fill.Set(Slot::name, institution.name);
    fill.Set(Slot::org, institution.id);
    fill.Join(
        Slot::place,
        {"loc-", institution.street_code == "-" ? district.county.code : institution.street_code}
    );
    if (institution.beds > 0) {
        fill.SetInt(Slot::count, institution.beds);
    }
    emitter.Put("location-house.json", fill);
}

void EmitStaff(const District& district, const Staff& staff, Emitter& emitter) {
    auto& writer = emitter.Begin("Practitioner", staff.id);
    writer.Key("identifier").BeginArray();
    emitter.Identifier("urn:oid:2.16.156.10011.1.4", staff.id, emitter.Text("staff-number"));
    writer.EndArray().Field("active", true).Key("name").BeginArray().BeginObject();
    writer.Field("text", staff.name.text).Field("family", staff.name.family);
    writer.Key("given").BeginArray().String(staff.name.given).EndArray().EndObject().EndArray();
    writer.Field("gender", staff.male ? "male" : "female");
    writer.Key("qualification").BeginArray().BeginObject().Key("identifier").BeginArray();
    emitter.Identifier("urn:kangqu:licence", staff.licence, emitter.Text("licence"));
    writer.EndArray().Key("code").BeginObject().Field("text", emitter.Text(staff.role)).EndObject();
    writer.EndObject().BeginObject().Key("code").BeginObject();
    writer.Field("text", emitter.Text(staff.title)).EndObject().EndObject().EndArray();
    emitter.End();

    auto& role = emitter.Begin("PractitionerRole", staff.id + "-role");
    role.Field("active", true);
    emitter.Reference("practitioner", "Practitioner", staff.id);
    emitter.Reference("organization", "Organization", district.institutions[staff.institution].id);
    role.Key("code").BeginArray();
    emitter.ConceptElement("urn:kangqu:role", staff.role.substr(5), emitter.Text(staff.role));
    role.EndArray();
    emitter.End();
}

void EmitTeam(const District& district, const Team& team, Emitter& emitter) {
    auto& writer = emitter.Begin("CareTeam", team.id);
    writer.Field("status", "active").Key("category").BeginArray();
    emitter.ConceptElement("urn:kangqu:care-team", "family-doctor", emitter.Text("team"));
    writer.EndArray().Field("name", team.name).Key("participant").BeginArray();
    for (const std::size_t at : team.members) {
        const Staff& member = district.staff[at];
        writer.BeginObject().Key("role").BeginArray();
        emitter.ConceptElement("urn:kangqu:role", member.role.substr(5), emitter.Text(member.role));
        writer.EndArray();
        emitter.Reference("member", "Practitioner", member.id);
        writer.EndObject();
    }
    writer.EndArray().Key("managingOrganization").BeginArray();
    emitter.Reference("", "Organization", district.institutions[team.institution].id);
    writer.EndArray();
    emitter.End();
}

}  // namespace

void EmitDistrict(const District& district, Emitter& emitter) {
    const Texts classes("ws218");
    const DistrictMap map(district);
    for (const Institution& institution : district.institutions) {
        EmitInstitution(district, institution, classes, emitter);
    }
    EmitPlaces(district, map, emitter);
    for (const Institution& institution : district.institutions) {
        EmitHouse(district, institution, emitter);
    }
    for (const Staff& staff : district.staff) {
        EmitStaff(district, staff, emitter);
    }
    for (const Team& team : district.teams) {
        EmitTeam(district, team, emitter);
    }
}

}  // namespace kangqu::synth
