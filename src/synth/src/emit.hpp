#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/synth/synth.hpp"

#include "course.hpp"
#include "district.hpp"
#include "resident.hpp"
#include "tables.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::synth {

// Writes single resources to the sink, counts them, and keeps the sink's first error; after one
// nothing more is put.
class Emitter {
public:
    Emitter(SynthSink& sink, const Texts& texts);

    // Opens a resource: type, id, and the tag that says it is made up.
    // The writer stays at its place for all resources.
    core::JsonWriter& Begin(std::string_view type, std::string_view id);
    // Closes and puts it.
    void End();

    // Pieces of an open resource.
    void Reference(std::string_view key, std::string_view type, std::string_view id);
    // {"coding":[{system, code, display}], "text": display} under `key`, or as an element.
    void Concept(
        std::string_view key,
        std::string_view system,
        std::string_view code,
        std::string_view text
    );
    void ConceptElement(std::string_view system, std::string_view code, std::string_view text);
    void Coding(std::string_view system, std::string_view code, std::string_view text);
    void Identifier(std::string_view system, std::string_view value, std::string_view type_text);

    // The open resource.
    core::JsonWriter& writer() noexcept { return *writer_; }
    std::string_view Text(std::string_view key) const { return texts_[key]; }
    const core::Status& status() const noexcept { return status_; }
    const std::vector<std::pair<std::string, std::int64_t>>& counts() const noexcept {
        return counts_;
    }

private:
    SynthSink& sink_;
    const Texts& texts_;
    std::string meta_;  // the same for every resource
    std::string buffer_;
    std::optional<core::JsonWriter> writer_;
    std::string_view type_;
    core::Status status_;
    std::vector<std::pair<std::string, std::int64_t>> counts_;
};

std::string DateText(Day day);
// A moment in China: minutes since midnight.
std::string TimeText(Day day, int minute);

void EmitDistrict(const District& district, Emitter& emitter);
// The resident and everything that happened to them.
class ResidentEmitter {
public:
    ResidentEmitter(
        const District& district,
        const Window& window,
        const Texts& programme,
        Emitter& emitter
    );
    void Emit(const Resident& resident, const Course& course, Random& random);

private:
    void EmitPatient(bool contracted);
    void EmitNameAndNumbers();
    void EmitAddress();
    void EmitContracts();
    void EmitProgramme();
    void EmitFollowUps(Random& random);
    void EmitFollowUpClass(const FollowUp& follow_up, std::string_view encounter, int minute);
    void EmitBloodPressure(const FollowUp& follow_up, std::string_view encounter, int minute);
    void EmitExams(Random& random);
    void EmitVisits(Random& random);
    void EmitDoses();
    // Opens an encounter at `day` and returns its id; the caller ends it.
    std::string BeginEncounter(Day day, int minute, std::string_view contact);
    struct Measurement {
        std::string_view suffix;  // of the id
        std::string_view loinc;
        std::string_view text_key;
        std::string value;
        std::string_view unit;
    };
    void EmitMeasurement(
        std::string_view encounter,
        std::string_view when,
        const Measurement& measurement
    );
    void BeginObservation(std::string_view id, std::string_view encounter, std::string_view when);
    std::string_view SiteId() const;
    std::string_view DoctorId() const;

    const District& district_;
    const Window& window_;
    const Texts& programme_;
    Emitter& emitter_;
    const Resident* resident_ = nullptr;
    const Course* course_ = nullptr;
    std::vector<Row> diagnoses_;
    std::vector<Row> doses_;
    int encounters_ = 0;
};

}  // namespace kangqu::synth
