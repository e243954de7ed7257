#pragma once

#include "catalog.hpp"
#include "course.hpp"
#include "district.hpp"
#include "emit.hpp"
#include "marginals.hpp"
#include "outbreak.hpp"
#include "resident.hpp"
#include "sites.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

// What a life is told from: read-only, shared by all threads.
struct World {
    SynthOptions options;
    Window window;
    Texts texts{"texts"};
    Names names;
    District district;
    Sites sites;
    Programmes programmes;
    Catalog catalog;
    FaultRates fault_rates;
    Outbreaks outbreaks;
    Templates templates;
    explicit World(const SynthOptions& asked);
};

// An encounter whose pieces are being written.
struct Event {
    std::string id;
    Day day = 0;
    int minute = 0;
    std::string_view org;
    std::string_view doctor;
};

// Writes what happens to a resident beyond the core: visits with laboratory, prescriptions and
// claims, stays in hospital, services by schedule, pregnancies, cases of outbreaks, emergency
// calls, the certificate of death. One for each thread.
class LifeWriter {
public:
    LifeWriter(const World& world, Emitter& emitter, Marginals& marginals);
    // `household` in order of number, the resident among them; `encounters` are already written.
    void Write(
        const Resident& resident,
        const Course& course,
        const std::vector<const Resident*>& household,
        int encounters
    );

private:
    // life.cpp
    void SetPerson();
    Random Stream_(Stream stream, std::uint64_t sub = 0) const;
    Event Begin(Day day, int minute, std::string_view org, std::string_view suffix);
    void EndEncounter(std::string_view name, std::string_view type, std::string_view text);
    std::string_view HospitalDoctor(std::size_t hospital, Random& random) const;
    void WritePerson();
    void WriteHousehold(const std::vector<const Resident*>& household);
    void WriteDeath();

    // life_finding.cpp
    void Observe(const Event& event, std::size_t observation, std::string_view suffix);
    void ObservePanel(const Event& event, std::size_t panel);
    void ObserveCode(
        const Event& event,
        std::string_view kind,
        std::string_view key,
        std::string_view value
    );
    int ValueOf(const ObservationRow& row, std::size_t observation, Day day);
    bool SetFaultyValue(const ObservationRow& row, int value);
    void SetCode(const ObservationRow& row, const Event& event);
    void Prescribe(const Event& event, const std::vector<std::size_t>& drugs);
    void Claim(const Event& event, std::int64_t fen, std::string_view kind);

    // life_visit.cpp
    void WriteVisits();
    void WriteVisit(Random& random, Day day, const DiagnosisRow& diagnosis);
    std::size_t DrawDiagnosis(Random& random, int age, int month) const;
    void WriteCase(
        const Event& event,
        const Outbreak* outbreak,
        std::string_view code,
        std::string_view text,
        int hours
    );
    void WriteOutbreaks();
    void WriteEmergencies();
    void WriteCall(Random& random, Day day);

    // life_stay.cpp
    void WriteStays();
    void WriteStay(const Stay& stay, Random& random, int number);
    std::string WriteDiagnoses(const Event& event, const AdmissionRow& row, Random& random);
    void WriteOperation(const Event& event, const AdmissionRow& row, const Stay& stay);
    std::int64_t WriteCosts(const AdmissionRow& row, const Stay& stay, Random& random);
    void WriteReferral(const Event& event, const Stay& stay, bool down);

    // life_service.cpp
    void WriteServices();
    void WriteByAge(const ServiceRow& row, std::size_t index);
    void WriteYearly(const ServiceRow& row, std::size_t index);
    void WriteService(const ServiceRow& row, Day day, Random& random);
    bool Concerns(const ServiceRow& row, Day day) const;
    std::string_view PlaceOf(const ServiceRow& row, Day day) const;

    // life_family.cpp
    void WritePregnancies(const std::vector<const Resident*>& household);
    void WritePregnancy(Random& random, Day end, const Resident* child, int number);
    void WriteDelivery(Random& random, Day day);
    void WriteBirth();

    // life_sent.cpp
    void SetSender(const Event& event);
    void Send(const Event& event, std::string_view made, std::string_view suffix);
    void SendVisit(const Event& event, const DiagnosisRow& diagnosis);
    void SendStay(const Event& event, const AdmissionRow& row, const Stay& stay);
    void SendSheets();

    const World& world_;
    Emitter& emitter_;
    Marginals& marginals_;
    Fill fill_;
    const Resident* resident_ = nullptr;
    const Course* course_ = nullptr;
    int encounters_ = 0;
    int conditions_ = 0;
    int orders_ = 0;
    std::string condition_;  // id of the last one written
    Random values_{0, Stream::kValue, 0};
    Random faults_{0, Stream::kFault, 0};
    Random sending_{0, Stream::kSender, 0};  // of its own: what is sent changes nothing else
    const Template& observation_;
    const Template& coded_;
    const Template& medication_;
    const Template& claim_;
};

}  // namespace kangqu::synth
