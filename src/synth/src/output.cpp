#include "output.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace kangqu::synth {
namespace {

core::Error Unwritable(const std::string& path, int error) {
    return core::MakeError(
        core::ErrorCode::kFileUnwritable, path, std::generic_category().message(error)
    );
}

}  // namespace

core::Result<Output> Output::Open(const std::string& path) {
    Output output;
    output.path_ = path;
    output.file_.reset(std::fopen(path.c_str(), "wb"));
    if (!output.file_) {
        return Unwritable(path, errno);
    }
    return output;
}

core::Status Output::Write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) {
        return Unwritable(path_, errno);
    }
    return {};
}

core::Status Output::Finish() {
    if (std::fclose(file_.release()) != 0) {
        return Unwritable(path_, errno);
    }
    return {};
}

core::Status WriteWhole(const std::string& path, std::string_view text) {
    KQ_ASSIGN(Output output, Output::Open(path));
    KQ_TRY(output.Write(text));
    return output.Finish();
}

core::Status MakeFolder(const std::string& path) {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
        return core::MakeError(core::ErrorCode::kFileUnwritable, path, error.message());
    }
    return {};
}

}  // namespace kangqu::synth
