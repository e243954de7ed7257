#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>

#include <unistd.h>

namespace kangqu::fhir {

// Third-party resources that may lie beside the project; tests skip when they do not.
inline std::filesystem::path Suite(const std::string& name) {
    return std::filesystem::path(KANGQU_SOURCE_DIR) / ".." / "shared" / "suites" / name;
}

inline std::string OutputOf(const std::string& command) {
    std::string out;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 65536> buffer;
    std::size_t count = 0;
    while (pipe && (count = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0) {
        out.append(buffer.data(), count);
    }
    return out;
}

// File name -> text of the published R4 examples; empty when they are absent.
inline std::map<std::string, std::string> R4Examples() {
    std::map<std::string, std::string> out;
    const auto archive = Suite("r4-examples") / "r4-instances.tar.xz";
    if (!std::filesystem::exists(archive)) {
        return out;
    }
    const auto folder =
        std::filesystem::temp_directory_path() / ("kangqu-r4-examples-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    OutputOf("tar -xJf '" + archive.string() + "' -C '" + folder.string() + "'");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".json") {
            std::ifstream in(entry.path(), std::ios::binary);
            out.emplace(
                entry.path().filename().string(),
                std::string(std::istreambuf_iterator<char>(in), {})
            );
        }
    }
    std::filesystem::remove_all(folder);
    return out;
}

// Texts of the first `limit` Synthea bundles by name; empty when they are absent.
inline std::map<std::string, std::string> SyntheaBundles(std::size_t limit) {
    std::map<std::string, std::string> out;
    if (!std::filesystem::exists(Suite("synthea120"))) {
        return out;
    }
    std::map<std::string, std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(Suite("synthea120"))) {
        if (entry.path().extension() == ".bz2") {
            paths.emplace(entry.path().filename().string(), entry.path().string());
        }
    }
    for (const auto& [name, path] : paths) {
        if (out.size() == limit) {
            break;
        }
        out.emplace(name, OutputOf("bzip2 -dc '" + path + "'"));
    }
    return out;
}

}  // namespace kangqu::fhir
