#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/expression/cql.hpp"
#include "kangqu/expression/environment.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::expression {

// Libraries to include, given as texts beforehand. Any thread once filled.
class LibraryTexts final : public LibrarySource {
public:
    // CQL, or a FHIR Library (or Bundle of them) whose content holds text/cql; what is neither is
    // left out. kJsonSyntax and its like for a broken document.
    core::Status Add(std::string text);
    // Of several versions the one asked for, else the last one added.
    core::Result<std::string> Find(std::string_view name, std::string_view version) const override;

private:
    void AddCql(std::string text);
    void AddLibrary(core::JsonNode library);
    std::multimap<std::string, std::pair<std::string, std::string>, std::less<>> texts_;
};

// Value sets whose codes are listed: expansions, and compositions that name their codes or import
// other value sets. A set with filters is unknown here. Any thread once filled.
class ListedValueSets final : public ValueSets {
public:
    // A ValueSet, or a Bundle of them; anything else is left out.
    void Add(core::JsonNode resource);
    Answer Contains(
        std::string_view value_set,
        std::string_view version,
        std::string_view system,
        std::string_view code
    ) const override;
    bool Expand(std::string_view value_set, std::string_view version, const Visitor& visit)
        const override;

private:
    struct Set {
        std::map<std::string, std::set<std::string, std::less<>>, std::less<>> systems;
        std::set<std::string, std::less<>> codes;  // of any system
        std::vector<std::string> imports;
    };
    void AddValueSet(core::JsonNode value_set);
    bool AddCompose(core::JsonNode compose, Set& out) const;
    static void AddExpansion(core::JsonNode list, Set& out);
    static void AddCode(std::string_view system, std::string_view code, Set& out);
    const Set* Find(std::string_view value_set) const;
    bool Has(const Set& set, std::string_view system, std::string_view code, int depth) const;
    std::map<std::string, Set, std::less<>> sets_;
};

}  // namespace kangqu::expression
