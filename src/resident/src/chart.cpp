#include "kangqu/resident/chart.hpp"

#include "kangqu/fhir/resource.hpp"
#include "kangqu/timeline/residents.hpp"

#include <algorithm>

namespace kangqu::resident {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

constexpr std::string_view kContractCode = "family-doctor-contract";

std::string IdentifierOf(JsonNode patient, std::string_view system) {
    for (JsonNode one = patient["identifier"].first(); one; one = one.next()) {
        if (one["system"].text() == system) {
            return std::string(one["value"].text());
        }
    }
    return {};
}

// The banner's facts, from the Patient as the reader may see it.
void FillBanner(JsonNode patient, const store::Version& version, Chart& chart) {
    const timeline::Resident row = timeline::ResidentOf(version.home, version.id, patient.raw());
    chart.id = version.id;
    chart.name = row.name;
    chart.gender = patient["gender"].text();
    chart.birth_date = patient["birthDate"].text();
    chart.death_date = patient["deceasedDateTime"].text().substr(0, 10);
    chart.citizen_id = row.citizen_id;
    chart.record_number = IdentifierOf(patient, timeline::kHealthRecordSystem);
    chart.phone = row.phone;
    chart.address = patient["address"][0]["text"].text();
    chart.community = row.community;
    chart.organization = row.organization;
    chart.synthetic = row.synthetic;
    chart.version = version.version;
    chart.updated = version.updated;
}

// Active episodes become tags; the contract in force, its own line.
void AddEpisode(JsonNode episode, Chart& chart) {
    if (episode["status"].text() != "active") {
        return;
    }
    const JsonNode type = episode["type"][0];
    const JsonNode coding = type["coding"][0];
    const std::string_view code = coding["code"].text();
    std::string text(type["text"].text());
    if (text.empty()) {
        text = coding["display"].text();
    }
    if (code == kContractCode) {
        chart.contract = Contract{
            std::string(episode["team"][0]["display"].text()),
            std::string(episode["careManager"]["display"].text()),
            std::string(episode["period"]["start"].text()),
            std::string(episode["period"]["end"].text()),
        };
        return;
    }
    const bool known = std::any_of(chart.tags.begin(), chart.tags.end(), [&](const Tag& tag) {
        return tag.code == code;
    });
    if (!known) {
        chart.tags.push_back({std::string(code), std::move(text)});
    }
}

core::Status Add(
    const records::Record& record,
    const store::Version& version,
    store::RecordKey patient,
    Chart& chart
) {
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(record.json));
    const JsonNode resource = document->root();
    if (version.key == patient) {
        FillBanner(resource, version, chart);
    } else if (auto item = ItemOf(resource)) {
        item->id = version.id;
        item->version = version.version;
        chart.timeline.push_back(std::move(*item));
    }
    if (version.type == "EpisodeOfCare") {
        AddEpisode(resource, chart);
    }
    return {};
}

}  // namespace

core::Result<Chart> ReadChart(
    store::Reader& reader,
    const search::Restriction& restriction,
    std::string_view patient_id
) {
    const auto absent = [&] {
        return MakeError(ErrorCode::kNotFound, "Patient/" + std::string(patient_id));
    };
    KQ_ASSIGN(const auto at, reader.Find("Patient", patient_id));
    if (!at || at->version == 0 || at->deleted) {
        return absent();
    }
    KQ_ASSIGN(
        const bool admitted,
        search::Admits(reader, restriction, search::Action::kRead, "Patient", at->home, at->key)
    );
    if (!admitted) {
        return absent();
    }
    Chart chart;
    chart.position = reader.position();
    std::vector<store::Version> versions;
    KQ_TRY(reader.ScanHome(at->home, [&](const store::Version& version) {
        versions.push_back(version);
        return versions.size() < kMaxTimelineItems;
    }));
    std::map<std::string, bool> admitted_types;
    for (const store::Version& version : versions) {
        auto known = admitted_types.find(version.type);
        if (known == admitted_types.end()) {
            KQ_ASSIGN(
                const bool type_admitted,
                search::Admits(
                    reader,
                    restriction,
                    search::Action::kRead,
                    version.type,
                    version.home,
                    version.key
                )
            );
            known = admitted_types.emplace(version.type, type_admitted).first;
        }
        if (known->second) {
            KQ_TRY(Add(records::Records::Show(restriction, version), version, at->key, chart));
        }
    }
    std::stable_sort(
        chart.timeline.begin(),
        chart.timeline.end(),
        [](const TimelineItem& a, const TimelineItem& b) { return a.date > b.date; }
    );
    return chart;
}

}  // namespace kangqu::resident
