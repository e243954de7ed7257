#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/records/records.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kangqu::app {

// Where lines go: the store in this process, or a running server through its socket. Called from
// several threads at once. The error of the call means that none of the lines was kept.
using LoadSink = std::function<
    core::Result<std::vector<records::LoadAnswer>>(const std::vector<records::LoadLine>&)>;

struct LoadOptions {
    std::string refused_file;  // made only when something is refused
    int threads = 2;
    // Called now and then from one thread at a time with lines answered so far.
    std::function<void(std::int64_t lines, std::int64_t resources)> progress;
};

struct LoadSummary {
    std::int64_t lines = 0;
    std::int64_t refused = 0;
    std::int64_t resources = 0;
    // type -> created, updated, unchanged, deleted
    std::map<std::string, std::array<std::int64_t, 4>> by_type;
};

// Sends lines in batches from several threads. A line whose criteria match nothing yet is tried
// once more at the end. Refused lines are written with their reasons. Used from one thread.
class LoadPipeline {
public:
    LoadPipeline(const LoadOptions& options, const LoadSink& sink);
    ~LoadPipeline();
    LoadPipeline(const LoadPipeline&) = delete;
    LoadPipeline& operator=(const LoadPipeline&) = delete;

    // Waits while too many batches are on their way. After an error only Finish is of use.
    core::Status Add(records::LoadLine line);
    // .ndjson line by line, .json and .xml as one line; broken packing is an error that names the
    // file.
    core::Status AddFile(const std::string& path);
    // Sends what is left and waits for all answers.
    core::Result<LoadSummary> Finish();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

// Lines as the body of a request to a running server, and its answers back.
std::string EncodeLines(const std::vector<records::LoadLine>& lines);
core::Result<std::vector<records::LoadLine>> DecodeLines(std::string_view text);
std::string EncodeAnswers(const std::vector<records::LoadAnswer>& answers);
core::Result<std::vector<records::LoadAnswer>> DecodeAnswers(std::string_view text);

}  // namespace kangqu::app
