#include "value_set.hpp"

#include "kangqu/terminology/ucum.hpp"

#include "filter.hpp"
#include <algorithm>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

namespace {

// `wish`: the canonical unit it must have, or empty.
bool IsUcum(std::string_view code, std::string_view wish) {
    const auto unit = FindUnit(code);
    return unit.ok() && (wish.empty() || unit->canonical() == wish);
}

// type/subtype, as RFC 6838 has it.
bool IsMimeType(std::string_view code, std::string_view) {
    const std::size_t slash = code.find('/');
    const auto is_name = [](std::string_view name) {
        return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   std::string_view("!#$&-^_.+*").find(c) != std::string_view::npos;
        });
    };
    const std::string_view bare = code.substr(0, code.find(';'));
    return slash != std::string_view::npos && is_name(bare.substr(0, slash)) &&
           is_name(bare.substr(slash + 1));
}

// A language with subtags, as BCP 47 has it: letters and digits in groups of at most eight.
bool IsLanguage(std::string_view code, std::string_view) {
    std::size_t group = 0;
    bool first = true;
    for (const char c : code) {
        if (c == '-') {
            if (group < (first ? 2U : 1U) || group > 8) {
                return false;
            }
            group = 0;
            first = false;
            continue;
        }
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (first || c < '0' || c > '9')) {
            return false;
        }
        ++group;
    }
    return group >= (first ? 2U : 1U) && group <= 8;
}

constexpr std::string_view kUcum = "http://unitsofmeasure.org";

// Systems that are a grammar and not a list.
OpenPart GrammarOf(std::string_view system) {
    if (system == kUcum) {
        return {std::string(system), IsUcum, {}};
    }
    if (system == "urn:ietf:bcp:13") {
        return {std::string(system), IsMimeType, {}};
    }
    if (system == "urn:ietf:bcp:47") {
        return {std::string(system), IsLanguage, {}};
    }
    return {std::string(system), nullptr, {}};
}

// The filter that UCUM defines for value sets: all units with one canonical form.
bool IsCanonicalFilter(std::string_view system, JsonNode filters) {
    return system == kUcum && filters.size() == 1 && filters[0]["property"].text() == "canonical" &&
           filters[0]["op"].text() == "=";
}

class Compiler {
public:
    Compiler(
        std::string_view url,
        const Vocabularies& vocabularies,
        core::CivilDate today,
        int depth
    )
        : url_(url), vocabularies_(vocabularies), today_(today), depth_(depth) {}

    core::Result<std::shared_ptr<const CompiledSet>> Run(JsonNode value_set) {
        auto out = std::make_shared<CompiledSet>();
        const JsonNode compose = value_set["compose"];
        if (!compose) {
            KQ_TRY(AddExpansion(value_set["expansion"]["contains"], *out));
            return std::shared_ptr<const CompiledSet>(std::move(out));
        }
        for (JsonNode one = compose["include"].first(); one; one = one.next()) {
            KQ_ASSIGN(const CompiledSet part, Include(one));
            out->AddAll(part);
        }
        for (JsonNode one = compose["exclude"].first(); one; one = one.next()) {
            KQ_ASSIGN(const CompiledSet part, Include(one));
            out->Keep(part, false);
        }
        if (compose["inactive"] && !compose["inactive"].boolean()) {
            DropInactive(*out);
        }
        if (out->size() > kMaxMembers) {
            return MakeError(ErrorCode::kTerminologyLimit, url_, std::to_string(kMaxMembers));
        }
        return std::shared_ptr<const CompiledSet>(std::move(out));
    }

private:
    core::Result<CompiledSet> Include(JsonNode include) {
        CompiledSet out;
        const bool has_system = !include["system"].missing();
        if (has_system) {
            KQ_TRY(AddSystem(include, out));
        }
        bool first = !has_system;
        for (JsonNode one = include["valueSet"].first(); one; one = one.next()) {
            const auto set = vocabularies_.FindSet(one.text(), depth_ + 1);
            if (!set.ok()) {
                if (set.error().code != ErrorCode::kValueSetUnknown) {
                    return set.error();
                }
                out.AddUnknown(set.error());
                continue;
            }
            if (first) {
                out.AddAll(**set);
                first = false;
            } else {
                out.Keep(**set, true);
            }
        }
        return out;
    }

    core::Status AddSystem(JsonNode include, CompiledSet& out) {
        const std::string_view url = include["system"].text();
        const std::string_view version = include["version"].text();
        const auto codes = vocabularies_.FindSystem(url, version);
        const bool here = codes && codes->content() != Content::kNotPresent;
        if (include["concept"]) {
            return AddList(include["concept"], url, version, here ? codes : nullptr, out);
        }
        if (!here) {
            if (IsCanonicalFilter(url, include["filter"])) {
                OpenPart part = GrammarOf(url);
                part.wish = include["filter"][0]["value"].text();
                out.AddOpen(std::move(part));
            } else if (include["filter"]) {
                out.AddUnknown(MakeError(ErrorCode::kCodeSystemUnknown, std::string(url)));
            } else {
                out.AddOpen(GrammarOf(url));
            }
            return {};
        }
        ConceptBits bits(codes->size());
        if (codes->size() > 0) {
            bits.SetAll();
        }
        for (JsonNode one = include["filter"].first(); one; one = one.next()) {
            const auto chosen = Choose(*codes, one, vocabularies_, url_, depth_);
            if (!chosen.ok()) {
                out.AddUnknown(chosen.error());
                return {};
            }
            bits.And(*chosen);
        }
        if (codes->content() == Content::kFragment && !include["filter"]) {
            out.AddUnknown(MakeError(ErrorCode::kCodeSystemPartial, std::string(url), "$expand"));
        }
        for (ConceptNumber number = 0; number < codes->size(); ++number) {
            if (bits.test(number)) {
                out.Add(codes, number, {});
            }
        }
        return {};
    }

    // Codes named one by one. Those that the system here does not have (a fragment) make a list of
    // their own.
    core::Status AddList(
        JsonNode list,
        std::string_view url,
        std::string_view version,
        const std::shared_ptr<const CodeSystem>& codes,
        CompiledSet& out
    ) {
        std::shared_ptr<const CodeSystem> named;
        for (JsonNode one = list.first(); one; one = one.next()) {
            const ConceptNumber number = codes ? codes->Find(one["code"].text()) : kNoConcept;
            if (number != kNoConcept) {
                out.Add(codes, number, one["display"].text());
                continue;
            }
            if (!named) {
                KQ_ASSIGN(named, CodeSystem::OfList(url, version, list));
            }
            if (const ConceptNumber own = named->Find(one["code"].text()); own != kNoConcept) {
                out.Add(named, own, {});
            }
        }
        return {};
    }

    // A value set that was sent as an expansion only.
    core::Status AddExpansion(JsonNode contains, CompiledSet& out) {
        std::vector<JsonNode> open = {contains};
        while (!open.empty()) {
            const JsonNode list = open.back();
            open.pop_back();
            for (JsonNode one = list.first(); one; one = one.next()) {
                if (one["code"] && !one["abstract"].boolean()) {
                    listed_[std::string(one["system"].text())].push_back(one);
                }
                if (one["contains"]) {
                    open.push_back(one["contains"]);
                }
            }
        }
        for (const auto& [system, nodes] : listed_) {
            KQ_ASSIGN(const auto codes, CodeSystem::OfNodes(system, nodes));
            for (ConceptNumber number = 0; number < codes->size(); ++number) {
                out.Add(codes, number, {});
            }
        }
        return {};
    }

    void DropInactive(CompiledSet& set) const {
        CompiledSet inactive;
        for (const SetPart& part : set.parts()) {
            for (const ConceptNumber number : part.members) {
                if (part.codes->inactive(number, today_)) {
                    inactive.Add(part.codes, number, {});
                }
            }
        }
        set.Keep(inactive, false);
    }

    std::string url_;
    const Vocabularies& vocabularies_;
    core::CivilDate today_;
    int depth_;
    std::map<std::string, std::vector<JsonNode>> listed_;
};

}  // namespace

Member CompiledSet::Contains(
    std::string_view system,
    std::string_view version,
    std::string_view code
) const {
    for (const SetPart& part : parts_) {
        const ResourceHead& head = part.codes->head();
        if ((!system.empty() && head.url != system) ||
            (!version.empty() && !head.version.empty() && head.version != version)) {
            continue;
        }
        if (part.bits.test(part.codes->Find(code))) {
            return Member::kYes;
        }
    }
    bool unknown = !unknown_.empty();
    for (const OpenPart& part : open_) {
        if (!system.empty() && part.system != system) {
            continue;
        }
        if (part.accepts != nullptr && part.accepts(code, part.wish)) {
            return Member::kYes;
        }
        unknown = unknown || part.accepts == nullptr;
    }
    return unknown ? Member::kUnknown : Member::kNo;
}

std::size_t CompiledSet::size() const noexcept {
    std::size_t count = 0;
    for (const SetPart& part : parts_) {
        count += part.members.size();
    }
    return count;
}

SetPart& CompiledSet::PartOf(const std::shared_ptr<const CodeSystem>& codes) {
    for (SetPart& part : parts_) {
        if (part.codes == codes) {
            return part;
        }
    }
    parts_.push_back({codes, {}, ConceptBits(codes->size()), {}});
    return parts_.back();
}

void CompiledSet::Add(
    const std::shared_ptr<const CodeSystem>& codes,
    ConceptNumber number,
    std::string_view display
) {
    SetPart& part = PartOf(codes);
    if (part.bits.test(number)) {
        return;
    }
    // The same code from another list of the same system counts once.
    for (const SetPart& other : parts_) {
        if (&other != &part && other.codes->head().url == codes->head().url &&
            other.codes->head().version == codes->head().version &&
            other.bits.test(other.codes->Find(codes->code(number)))) {
            return;
        }
    }
    part.bits.set(number);
    part.members.push_back(number);
    if (!display.empty() && display != codes->display(number)) {
        part.displays.emplace(number, display);
    }
}

void CompiledSet::AddAll(const CompiledSet& other) {
    for (const SetPart& part : other.parts_) {
        for (const ConceptNumber number : part.members) {
            const auto own = part.displays.find(number);
            Add(part.codes, number, own == part.displays.end() ? "" : std::string_view(own->second)
            );
        }
    }
    open_.insert(open_.end(), other.open_.begin(), other.open_.end());
    unknown_.insert(unknown_.end(), other.unknown_.begin(), other.unknown_.end());
}

void CompiledSet::Keep(const CompiledSet& other, bool when_member) {
    for (SetPart& part : parts_) {
        std::erase_if(part.members, [&](ConceptNumber number) {
            const Member member = other.Contains(
                part.codes->head().url, part.codes->head().version, part.codes->code(number)
            );
            const bool drop = (member == Member::kYes) != when_member;
            if (drop) {
                part.bits.reset(number);
            }
            return drop;
        });
    }
    std::erase_if(open_, [&](const OpenPart& mine) {
        const bool theirs =
            std::any_of(other.open_.begin(), other.open_.end(), [&mine](const OpenPart& one) {
                return one.system == mine.system;
            });
        return theirs != when_member;
    });
    unknown_.insert(unknown_.end(), other.unknown_.begin(), other.unknown_.end());
}

core::Result<std::shared_ptr<const CompiledSet>>
CompileSet(JsonNode value_set, const Vocabularies& vocabularies, core::CivilDate today, int depth) {
    return Compiler(value_set["url"].text(), vocabularies, today, depth).Run(value_set);
}

}  // namespace kangqu::terminology
