#include "kangqu/synth/synth.hpp"

#include "life.hpp"
#include "map.hpp"
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <system_error>

namespace kangqu::synth {
namespace {

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

core::Error Unwritable(const std::string& path, int error) {
    return core::MakeError(
        core::ErrorCode::kFileUnwritable, path, std::generic_category().message(error)
    );
}

core::Result<File> Open(const std::string& path) {
    File file(std::fopen(path.c_str(), "wb"));
    if (!file) {
        return Unwritable(path, errno);
    }
    return file;
}

core::Status Write(std::FILE* file, std::string_view text, const std::string& path) {
    if (std::fwrite(text.data(), 1, text.size(), file) != text.size()) {
        return Unwritable(path, errno);
    }
    return {};
}

// A file may have no room for what is still buffered: closing must be looked at too.
core::Status Finish(File file, const std::string& path) {
    if (std::fclose(file.release()) != 0) {
        return Unwritable(path, errno);
    }
    return {};
}

core::Status WriteWhole(const std::string& path, std::string_view text) {
    KQ_ASSIGN(File file, Open(path));
    KQ_TRY(Write(file.get(), text, path));
    return Finish(std::move(file), path);
}

class FolderSink final : public SynthSink {
public:
    explicit FolderSink(std::string folder) : folder_(std::move(folder)) {}

    core::Status Put(std::string_view type, std::string_view json) override {
        auto found = files_.find(type);
        if (found == files_.end()) {
            KQ_ASSIGN(File file, Open(PathOf(type)));
            found = files_.emplace(type, std::move(file)).first;
        }
        std::FILE* file = found->second.get();
        if (std::fwrite(json.data(), 1, json.size(), file) != json.size() ||
            std::fputc('\n', file) == EOF) {
            return Unwritable(PathOf(type), errno);
        }
        return {};
    }

    core::Status FinishAll() {
        for (auto& [type, file] : files_) {
            KQ_TRY(Finish(std::move(file), PathOf(type)));
        }
        files_.clear();
        return {};
    }

    std::string PathOf(std::string_view type) const {
        return folder_ + "/" + std::string(type) + ".ndjson";
    }

private:
    std::string folder_;
    std::map<std::string, File, std::less<>> files_;
};

}  // namespace

core::Result<SynthSummary> GenerateFolder(const SynthOptions& options, const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return core::MakeError(core::ErrorCode::kFileUnwritable, folder, error.message());
    }
    FolderSink sink(folder);
    KQ_ASSIGN(SynthSummary summary, Generate(options, sink));
    KQ_TRY(sink.FinishAll());
    const World world(options);
    KQ_TRY(WriteWhole(folder + "/district.geojson", DistrictMap(world.district).GeoJson()));
    KQ_TRY(WriteWhole(folder + "/truth.json", summary.truth_json));
    return summary;
}

}  // namespace kangqu::synth
