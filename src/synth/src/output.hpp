#pragma once

#include "kangqu/core/result.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace kangqu::synth {

// A file being written; every error is told, also those that show at closing only.
class Output {
public:
    static core::Result<Output> Open(const std::string& path);
    core::Status Write(std::string_view text);
    core::Status Finish();

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;
};

core::Status WriteWhole(const std::string& path, std::string_view text);
// Makes the folder and those above it.
core::Status MakeFolder(const std::string& path);

}  // namespace kangqu::synth
