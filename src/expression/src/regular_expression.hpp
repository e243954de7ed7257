#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// A regular expression as FHIRPath and CQL use it: a point matches line ends too, groups are
// numbered or named ((?<year>...)), no look-around and no back references. The time of a match is
// linear in the text. Immutable, any thread.
//
// Two implementations, chosen when the program is built: RE2, and for WebAssembly the host's
// (docs/adr/0011).
class RegularExpression {
public:
    // Nothing when `pattern` is none; `why` says what is wrong with it.
    static std::unique_ptr<const RegularExpression>
    Compile(std::string_view pattern, std::string& why);
    virtual ~RegularExpression() = default;

    virtual bool FoundIn(std::string_view text) const = 0;
    virtual bool Matches(std::string_view text) const = 0;
    // Every match replaced; $1 and ${name} stand for groups, \$ for a dollar. Nothing when the
    // replacement names a group that there is not. Ends early beyond `limit` bytes.
    virtual std::optional<std::string>
    Replace(std::string_view text, std::string_view replacement, std::size_t limit) const = 0;
    // The texts between the matches.
    virtual std::vector<std::string> Split(std::string_view text) const = 0;
};

}  // namespace kangqu::expression
