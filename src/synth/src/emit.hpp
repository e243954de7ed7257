#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/synth/synth.hpp"

#include "catalog.hpp"
#include "chunk.hpp"
#include "course.hpp"
#include "district.hpp"
#include "resident.hpp"
#include "tables.hpp"
#include "template.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::synth {

// The tag that says a resource is made up, as the value of `meta`.
std::string SyntheticMeta(const Texts& texts);

// Writes single resources into a chunk.
class Emitter {
public:
    Emitter(const Texts& texts, const Templates& templates);

    // Where what follows is written; must outlive its use.
    void WriteTo(Chunk& chunk);

    // A resource of the pack.
    void Put(const Template& made, const Fill& fill);
    void Put(std::string_view name, const Fill& fill) { Put(templates_[name], fill); }

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
    const Templates& templates() const noexcept { return templates_; }
    Chunk& chunk() noexcept { return *chunk_; }

private:
    const Texts& texts_;
    const Templates& templates_;
    const std::string meta_;  // the same for every resource
    Chunk* chunk_ = nullptr;
    std::optional<core::JsonWriter> writer_;
    std::string_view type_;
};

void EmitDistrict(const District& district, Emitter& emitter);
// The resident and everything that happened to them.
class ResidentEmitter {
public:
    ResidentEmitter(
        const District& district,
        const Window& window,
        const Programmes& programmes,
        Emitter& emitter
    );
    void Emit(const Resident& resident, const Course& course, Random& random);
    // How many encounters the last resident has so far.
    int encounters() const noexcept { return encounters_; }

private:
    void EmitPatient(bool contracted);
    void EmitNameAndNumbers();
    void EmitAddress();
    void EmitContracts();
    void EmitProgramme(const ProgrammeCourse& course);
    void EmitFollowUps(const ProgrammeCourse& course, Random& random);
    void EmitFollowUpClass(const FollowUp& follow_up, std::string_view encounter, int minute);
    void EmitControlled(
        const Programme& programme,
        const FollowUp& follow_up,
        std::string_view encounter,
        int minute
    );
    void EmitPair(const FollowUp& follow_up, std::string_view encounter, int minute);
    void NoteFabrication(const FollowUp& follow_up, std::string_view encounter);
    void EmitExams(Random& random);
    void EmitVisits(Random& random);
    void EmitDoses();
    // Opens an encounter at `day` and returns its id; the caller ends it.
    std::string BeginEncounter(Day day, int minute, std::string_view contact);
    struct Measurement {
        std::string_view suffix;  // of the id
        std::string_view loinc;
        std::string_view text;
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
    const Programmes& programmes_;
    Emitter& emitter_;
    Catalog catalog_;
    std::vector<Row> ethnicities_;
    Vaccination vaccination_;
    const Resident* resident_ = nullptr;
    const Course* course_ = nullptr;
    std::vector<Row> diagnoses_;
    int encounters_ = 0;
};

}  // namespace kangqu::synth
