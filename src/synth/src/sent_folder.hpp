#pragma once

#include "kangqu/core/result.hpp"

#include "chunk.hpp"
#include "output.hpp"
#include <map>
#include <memory>
#include <string>

namespace kangqu::synth {

// Writes what institutions send: <folder>/<institution>/hl7v2|cda/<one file a message>, and
// <institution>/<form>.csv in GB 18030 or <form>.xlsx. Rows over what a worksheet holds are left
// out. Memory: one open file a form.
class SentFolder {
public:
    explicit SentFolder(std::string folder);
    ~SentFolder();
    core::Status Take(const Chunk& chunk);
    core::Status Finish();

private:
    struct Workbook;
    core::Status WriteMessage(const Sent& sent);
    core::Status WriteCsv(const Sent& sent);
    core::Status WriteSheet(const Sent& sent);
    core::Result<std::string> FolderOf(const Sent& sent, const char* kind);

    std::string folder_;
    std::map<std::string, bool> made_;
    std::map<std::string, Output> csv_;
    std::map<std::string, std::unique_ptr<Workbook>> sheets_;
};

// UTF-8 as GB 18030; every character has a form in it.
core::Result<std::string> ToGb18030(std::string_view text);

}  // namespace kangqu::synth
