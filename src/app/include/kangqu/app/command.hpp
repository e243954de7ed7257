#pragma once

#include "kangqu/core/result.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::app {

// Exit codes of every command.
constexpr int kDone = 0;        // done
constexpr int kAnswerIsNo = 1;  // invalid, tests failed, not equal
constexpr int kWrongUsage = 2;
constexpr int kWorkFailed = 3;

struct Option {
    std::string name;         // "data"
    std::string placeholder;  // "DIR"; empty for a switch
    std::string fallback;     // value when not given
    std::string help;
};

// What was typed, checked against the command's options.
class Arguments {
public:
    std::vector<std::string> operands;
    std::map<std::string, std::string> values;

    bool Has(const std::string& name) const { return values.contains(name); }
    const std::string& Get(const std::string& name) const;
    // An integer option within [low, high]; kInvalidArgument otherwise.
    core::Result<std::int64_t> Integer(const std::string& name, std::int64_t low, std::int64_t high)
        const;
};

struct Command {
    std::string name;      // "plan read"
    std::string operands;  // "FILE"
    std::string summary;
    std::vector<Option> options;
    std::size_t least_operands = 0;
    std::size_t most_operands = 0;
    std::function<int(const Arguments&)> run;
};

// All commands, in the order of `kangqu help`.
const std::vector<Command>& Commands();

// Parses and runs; prints help and usage errors. `arguments` without the program's name.
int RunProgram(const std::vector<std::string>& arguments);

// Prints an error as one line on stderr and returns kWorkFailed.
int Fail(const core::Error& error);

}  // namespace kangqu::app
