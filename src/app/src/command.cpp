#include "kangqu/app/command.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace kangqu::app {

namespace {

std::string Join(const std::vector<std::string>& words, std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t i = from; i < to; ++i) {
        text += (i == from ? "" : " ") + words[i];
    }
    return text;
}

void PrintHelp() {
    std::puts("Usage: kangqu <command> [options]\n\nCommands:");
    for (const Command& command : Commands()) {
        std::printf(
            "  %-34s %s\n", (command.name + " " + command.operands).c_str(), command.summary.c_str()
        );
    }
    std::puts(
        "\n`kangqu <command> --help` tells a command's options.\n"
        "Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 the work failed."
    );
}

void PrintHelp(const Command& command) {
    std::printf(
        "Usage: kangqu %s %s[options]\n\n%s\n",
        command.name.c_str(),
        command.operands.empty() ? "" : (command.operands + " ").c_str(),
        command.summary.c_str()
    );
    if (command.options.empty()) {
        return;
    }
    std::puts("\nOptions:");
    for (const Option& option : command.options) {
        std::string left = "--" + option.name;
        if (!option.placeholder.empty()) {
            left += " " + option.placeholder;
        }
        const std::string fallback =
            option.fallback.empty() ? "" : " (default " + option.fallback + ")";
        std::printf("  %-24s %s%s\n", left.c_str(), option.help.c_str(), fallback.c_str());
    }
}

int Usage(const std::string& what) {
    std::fprintf(stderr, "kangqu: %s. Run `kangqu help`.\n", what.c_str());
    return kWrongUsage;
}

// The longest command whose words begin `arguments`; `used` gets the number of words.
const Command* FindCommand(const std::vector<std::string>& arguments, std::size_t& used) {
    for (std::size_t words = std::min<std::size_t>(2, arguments.size()); words > 0; --words) {
        const std::string name = Join(arguments, 0, words);
        for (const Command& command : Commands()) {
            if (command.name == name) {
                used = words;
                return &command;
            }
        }
    }
    return nullptr;
}

// Reads "--name value", "--name=value" and switches; returns what is wrong, or nothing.
std::optional<std::string> ParseOption(
    const Command& command,
    const std::vector<std::string>& words,
    std::size_t& at,
    Arguments& out
) {
    const std::string& word = words[at];
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const auto option =
        std::find_if(command.options.begin(), command.options.end(), [&](const Option& one) {
            return one.name == name;
        });
    if (option == command.options.end()) {
        return "`" + command.name + "` has no option --" + name;
    }
    if (option->placeholder.empty()) {
        out.values[name] = "on";
        return std::nullopt;
    }
    if (equals != std::string::npos) {
        out.values[name] = word.substr(equals + 1);
        return std::nullopt;
    }
    if (at + 1 >= words.size()) {
        return "--" + name + " needs a value";
    }
    out.values[name] = words[++at];
    return std::nullopt;
}

}  // namespace

const std::string& Arguments::Get(const std::string& name) const {
    static const std::string empty;
    const auto found = values.find(name);
    return found == values.end() ? empty : found->second;
}

core::Result<std::int64_t>
Arguments::Integer(const std::string& name, std::int64_t low, std::int64_t high) const {
    const std::string& text = Get(name);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) {
        return core::MakeError(
            core::ErrorCode::kInvalidArgument,
            "--" + name,
            std::to_string(low) + " .. " + std::to_string(high)
        );
    }
    return value;
}

int Fail(const core::Error& error) {
    std::fprintf(stderr, "kangqu: %s\n", error.Line().c_str());
    return kWorkFailed;
}

int RunProgram(const std::vector<std::string>& arguments) {
    if (arguments.empty() || arguments[0] == "help" || arguments[0] == "--help") {
        PrintHelp();
        return arguments.empty() ? kWrongUsage : kDone;
    }
    std::size_t used = 0;
    const Command* command = FindCommand(arguments, used);
    if (command == nullptr) {
        return Usage("there is no command `" + arguments[0] + "`");
    }
    Arguments parsed;
    for (const Option& option : command->options) {
        if (!option.fallback.empty()) {
            parsed.values[option.name] = option.fallback;
        }
    }
    for (std::size_t at = used; at < arguments.size(); ++at) {
        if (arguments[at] == "--help") {
            PrintHelp(*command);
            return kDone;
        }
        if (arguments[at].substr(0, 2) != "--") {
            parsed.operands.push_back(arguments[at]);
        } else if (const auto wrong = ParseOption(*command, arguments, at, parsed)) {
            return Usage(*wrong);
        }
    }
    if (parsed.operands.size() < command->least_operands ||
        parsed.operands.size() > command->most_operands) {
        return Usage("`" + command->name + "` takes: " + command->operands);
    }
    return command->run(parsed);
}

}  // namespace kangqu::app
