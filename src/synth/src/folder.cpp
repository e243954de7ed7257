#include "kangqu/synth/synth.hpp"

#include "generate.hpp"
#include "map.hpp"
#include "output.hpp"
#include "sent_folder.hpp"
#include <map>
#include <memory>

namespace kangqu::synth {
namespace {

// One file for each type.
class TypeFiles {
public:
    explicit TypeFiles(std::string folder) : folder_(std::move(folder)) {}

    core::Status Take(const Chunk& chunk) {
        for (std::size_t i = 0; i < chunk.lines.size(); ++i) {
            const std::string_view type = chunk.lines[i].type;
            auto found = files_.find(type);
            if (found == files_.end()) {
                const std::string path = folder_ + "/" + std::string(type) + ".ndjson";
                KQ_ASSIGN(Output file, Output::Open(path));
                found = files_.emplace(type, std::move(file)).first;
            }
            KQ_TRY(found->second.Write(chunk.Text(i)));
            KQ_TRY(found->second.Write("\n"));
        }
        return {};
    }

    core::Status Finish() {
        for (auto& [type, file] : files_) {
            KQ_TRY(file.Finish());
        }
        return {};
    }

private:
    std::string folder_;
    std::map<std::string, Output, std::less<>> files_;
};

}  // namespace

core::Result<SynthSummary> GenerateFolder(const SynthOptions& options, const std::string& folder) {
    KQ_TRY(CheckOptions(options));
    KQ_TRY(MakeFolder(folder));
    const auto world = std::make_unique<World>(options);
    TypeFiles files(folder);
    SentFolder sent(folder + "/sent");
    KQ_ASSIGN(SynthSummary summary, GenerateChunks(*world, [&](Chunk& chunk) -> core::Status {
                  KQ_TRY(files.Take(chunk));
                  return sent.Take(chunk);
              }));
    KQ_TRY(files.Finish());
    KQ_TRY(sent.Finish());
    KQ_TRY(WriteWhole(folder + "/district.geojson", DistrictMap(world->district).GeoJson()));
    KQ_TRY(WriteWhole(folder + "/truth.json", summary.truth_json));
    return summary;
}

}  // namespace kangqu::synth
