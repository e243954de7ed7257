#include "kangqu/synth/persons.hpp"

#include "kangqu/core/json.hpp"

#include "generate.hpp"
#include "output.hpp"
#include "record.hpp"
#include <algorithm>
#include <array>

namespace kangqu::synth {
namespace {

constexpr std::string_view kHeader =
    "id,source,name,sex,birthDate,idNumber,phone,address,division,recordedOn\n";

constexpr std::uint32_t kIdFactor = 2'654'435'761U;

// A record as written, and what is true of it.
struct Line {
    std::uint64_t order = 0;
    std::size_t source = 0;
    std::int64_t person = 0;
    Record record;
};

class Writer {
public:
    Writer(const World& world, const std::string& folder)
        : world_(world), maker_(world), folder_(folder) {}

    core::Status Open() {
        for (std::size_t source = 0; source < maker_.sources(); ++source) {
            const std::string path = folder_ + "/" + std::string(maker_.SourceKey(source)) + ".csv";
            KQ_ASSIGN(Output file, Output::Open(path));
            KQ_TRY(file.Write(kHeader));
            files_.push_back(std::move(file));
        }
        KQ_ASSIGN(Output truth, Output::Open(folder_ + "/persons-truth.csv"));
        files_.push_back(std::move(truth));
        records_.resize(maker_.sources());
        return files_.back().Write("id,person,errors\n");
    }

    core::Status Add(const std::vector<Resident>& block) {
        lines_.clear();
        for (std::size_t i = 0; i < block.size();) {
            std::vector<const Resident*> household;
            const std::size_t first = i;
            while (i < block.size() && block[i].household == block[first].household) {
                household.push_back(&block[i++]);
            }
            for (const Resident* const resident : household) {
                Draw(*resident, household);
            }
        }
        persons_ += static_cast<std::int64_t>(block.size());
        std::sort(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
            return a.order < b.order;
        });
        for (const Line& line : lines_) {
            KQ_TRY(Write(line));
        }
        return {};
    }

    core::Result<PersonsSummary> Finish() {
        for (Output& file : files_) {
            KQ_TRY(file.Finish());
        }
        PersonsSummary summary;
        summary.persons = persons_;
        summary.records = serial_;
        for (std::size_t source = 0; source < maker_.sources(); ++source) {
            summary.by_source.emplace_back(maker_.SourceKey(source), records_[source]);
        }
        for (std::size_t i = 0; i < kRecordErrors; ++i) {
            summary.errors.emplace_back(KeyOf(static_cast<RecordError>(i)), errors_[i]);
        }
        KQ_TRY(WriteWhole(folder_ + "/persons.json", Json(summary)));
        return summary;
    }

private:
    void Draw(const Resident& resident, const std::vector<const Resident*>& household) {
        for (std::size_t source = 0; source < maker_.sources(); ++source) {
            Random random(
                world_.options.seed,
                Stream::kRecord,
                static_cast<std::uint64_t>(resident.number) | (std::uint64_t{source} << 40U)
            );
            const int count = maker_.Records(random, source, resident);
            for (int i = 0; i < count; ++i) {
                Line& line = lines_.emplace_back();
                line.order = std::uint64_t{random.Next()} << 32U;
                line.order |= random.Next();
                line.source = source;
                line.person = resident.number;
                line.record = maker_.Make(random, source, resident, household);
            }
        }
    }

    core::Status Write(const Line& line) {
        // A number multiplied by an odd one modulo a power of two: no id twice, no order left.
        char id[24];
        const auto mixed = static_cast<std::uint32_t>(++serial_) * kIdFactor;
        std::snprintf(id, sizeof id, "m%08x", mixed);
        const Record& record = line.record;
        std::string text = id;
        text.append(",").append(maker_.SourceKey(line.source)).append(",").append(record.name);
        text.append(record.male ? ",male," : ",female,").append(record.birth);
        text.append(",").append(record.id_number).append(",").append(record.phone);
        text.append(",").append(record.address).append(",").append(record.division);
        text.append(",").append(DateText(record.recorded)).append("\n");
        KQ_TRY(files_[line.source].Write(text));
        text = id;
        char person[24];
        std::snprintf(person, sizeof person, ",r%07lld,", static_cast<long long>(line.person));
        text += person;
        for (std::size_t i = 0; i < record.errors.size(); ++i) {
            text.append(i == 0 ? "" : " ").append(KeyOf(record.errors[i]));
            ++errors_[static_cast<std::size_t>(record.errors[i])];
        }
        ++records_[line.source];
        return files_.back().Write(text + "\n");
    }

    std::string Json(const PersonsSummary& summary) const {
        std::string out;
        core::JsonWriter writer(out);
        writer.BeginObject().Field("persons", summary.persons).Field("records", summary.records);
        writer.Key("sources").BeginObject();
        for (const auto& [source, count] : summary.by_source) {
            writer.Field(source, count);
        }
        writer.EndObject().Key("errors").BeginArray();
        for (std::size_t i = 0; i < kRecordErrors; ++i) {
            const auto error = static_cast<RecordError>(i);
            writer.BeginObject().Field("error", KeyOf(error)).Key("ratePerMille").BeginArray();
            for (std::size_t source = 0; source < maker_.sources(); ++source) {
                writer.Int(maker_.RateOf(error, source));
            }
            writer.EndArray().Field("records", errors_[i]).EndObject();
        }
        writer.EndArray().EndObject();
        return out + "\n";
    }

    const World& world_;
    RecordMaker maker_;
    std::string folder_;
    std::vector<Output> files_;
    std::vector<Line> lines_;
    std::int64_t serial_ = 0;
    std::int64_t persons_ = 0;
    std::vector<std::int64_t> records_;
    std::array<std::int64_t, kRecordErrors> errors_{};
};

}  // namespace

core::Result<PersonsSummary>
GeneratePersons(const SynthOptions& options, const std::string& folder) {
    KQ_TRY(CheckOptions(options));
    KQ_TRY(MakeFolder(folder));
    const auto world = std::make_unique<World>(options);
    Writer writer(*world, folder);
    KQ_TRY(writer.Open());
    ResidentSource residents(world->options, world->window, world->district, world->names);
    for (auto block = residents.NextBlock(); !block.empty(); block = residents.NextBlock()) {
        KQ_TRY(writer.Add(block));
    }
    return writer.Finish();
}

}  // namespace kangqu::synth
