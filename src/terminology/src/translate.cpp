// ConceptMap $translate.
#include "request.hpp"
#include <algorithm>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

namespace {

struct Match {
    std::string equivalence;
    CodingText target;
    std::string map;
    std::string comment;
};

// What narrows a translation besides the code.
struct Wish {
    std::string target_system;
    std::string source_set;
    std::string target_set;
    Direction direction = Direction::kForward;
};

bool Suits(const ConceptMap& map, const Wish& wish) {
    const bool forward = wish.direction == Direction::kForward;
    const auto same = [](const std::string& asked, const std::string& own) {
        return asked.empty() || own.empty() || SplitAddress(own).url == SplitAddress(asked).url;
    };
    return same(wish.source_set, forward ? map.source_set() : map.target_set()) &&
           same(wish.target_set, forward ? map.target_set() : map.source_set());
}

class Translator {
public:
    Translator(const Catalogue::State& state, const Wish& wish, core::CivilDate day)
        : state_(state), wish_(wish), day_(day) {}

    core::Status Add(const ConceptMap& map, const CodingText& coding, int depth) {
        const bool forward = wish_.direction == Direction::kForward;
        for (const ConceptMap::Group& group : map.groups()) {
            const std::string& from = forward ? group.source : group.target;
            const std::string& to = forward ? group.target : group.source;
            if ((!coding.system.empty() && from != coding.system) ||
                (!wish_.target_system.empty() && to != wish_.target_system)) {
                continue;
            }
            const auto& index = forward ? group.forward : group.reverse;
            const auto [first, last] = index.equal_range(coding.code);
            for (auto at = first; at != last; ++at) {
                KQ_TRY(AddMatch(
                    map, to, forward ? group.target_version : group.source_version, at->second
                ));
            }
            if (first == last && forward && group.unmapped) {
                KQ_TRY(AddUnmapped(map, group, coding, depth));
            }
        }
        return {};
    }

    const std::vector<Match>& matches() const noexcept { return matches_; }

private:
    core::Status AddMatch(
        const ConceptMap& map,
        const std::string& system,
        const std::string& version,
        const MapRow& row
    ) {
        Match match;
        match.equivalence = row.equivalence.empty() ? "relatedto" : row.equivalence;
        match.target = {system, version, std::string(row.code), std::string(row.display)};
        if (match.target.display.empty() && !match.target.code.empty()) {
            const auto codes = state_.SystemOn(system, version, day_);
            const ConceptNumber number = codes ? codes->Find(row.code) : kNoConcept;
            match.target.display = number == kNoConcept ? "" : std::string(codes->display(number));
        }
        match.map = map.head().Canonical();
        match.comment = row.comment;
        return Push(std::move(match));
    }

    core::Status Push(Match match) {
        if (matches_.size() >= kMaxMatches) {
            return MakeError(ErrorCode::kTerminologyLimit, match.map, std::to_string(kMaxMatches));
        }
        matches_.push_back(std::move(match));
        return {};
    }

    core::Status AddUnmapped(
        const ConceptMap& map,
        const ConceptMap::Group& group,
        const CodingText& coding,
        int depth
    ) {
        const std::string_view mode = group.unmapped["mode"].text();
        if (mode == "provided") {
            return Push(
                {"equal",
                 {group.target, {}, coding.code, coding.display},
                 map.head().Canonical(),
                 {}}
            );
        }
        if (mode == "fixed") {
            return Push(
                {"inexact",
                 {group.target,
                  {},
                  std::string(group.unmapped["code"].text()),
                  std::string(group.unmapped["display"].text())},
                 map.head().Canonical(),
                 {}}
            );
        }
        const std::size_t index = state_.Find("ConceptMap", group.unmapped["url"].text(), {}, day_);
        if (mode != "other-map" || index == Catalogue::State::kNowhere) {
            return {};
        }
        if (depth >= kMaxImportDepth) {
            return MakeError(
                ErrorCode::kValueSetDepth, map.head().url, std::to_string(kMaxImportDepth)
            );
        }
        KQ_ASSIGN(const auto other, state_.entries[index]->map());
        return Add(*other, coding, depth + 1);
    }

    const Catalogue::State& state_;
    const Wish& wish_;
    core::CivilDate day_;
    std::vector<Match> matches_;
};

// The map that was named, or all that are in force; of one address the best edition.
core::Result<std::vector<std::shared_ptr<const ConceptMap>>>
MapsFor(const Request& request, const Operation& operation, core::CivilDate day) {
    std::vector<std::shared_ptr<const ConceptMap>> out;
    const Catalogue::State& state = request.state();
    if (const JsonNode sent = request.Node("conceptMap"); sent) {
        KQ_ASSIGN(auto map, ConceptMap::Make(sent));
        out.push_back(std::move(map));
        return out;
    }
    if (!operation.id.empty() || !request.Text("url").empty()) {
        KQ_ASSIGN(const std::size_t index, request.Resource("url", "conceptMapVersion"));
        KQ_ASSIGN(auto map, state.entries[index]->map());
        out.push_back(std::move(map));
        return out;
    }
    for (std::size_t i = 0; i < state.entries.size(); ++i) {
        const ResourceHead& head = state.entries[i]->head();
        if (head.type == "ConceptMap" && head.InForceOn(day) &&
            state.Find("ConceptMap", head.url, {}, day) == i) {
            KQ_ASSIGN(auto map, state.entries[i]->map());
            out.push_back(std::move(map));
        }
    }
    return out;
}

// Means that there is no such code, not that there is one.
bool IsAbsence(const Match& match) {
    return match.equivalence == "unmatched" || match.equivalence == "disjoint";
}

std::string Answer(const std::vector<Match>& matches, core::Language language) {
    const bool any = std::any_of(matches.begin(), matches.end(), [](const Match& match) {
        return !IsAbsence(match);
    });
    ParametersWriter out;
    out.AddFlag("result", any);
    if (!any) {
        out.Add(
            "message",
            "valueString",
            language == core::Language::kZh ? "没有对应的代码。" : "No code corresponds."
        );
    }
    for (const Match& match : matches) {
        out.Begin("match");
        out.Add("equivalence", "valueCode", match.equivalence);
        if (!match.target.code.empty()) {
            out.AddCoding("concept", match.target);
        }
        out.Add("source", "valueUri", match.map);
        out.Add("comment", "valueString", match.comment);
        out.End();
    }
    return std::move(out).Finish();
}

}  // namespace

core::Result<std::string> Translate(const Catalogue::State& state, const Operation& operation) {
    const Request request(state, operation);
    KQ_ASSIGN(const auto codings, request.Codings());
    KQ_ASSIGN(const core::CivilDate day, request.Day());
    Wish wish;
    wish.target_system = request.Text("targetsystem").empty() ? request.Text("targetSystem")
                                                              : request.Text("targetsystem");
    wish.source_set = request.Text("source");
    wish.target_set = request.Text("target");
    wish.direction = request.Flag("reverse") ? Direction::kReverse : Direction::kForward;
    KQ_ASSIGN(const auto maps, MapsFor(request, operation, day));
    Translator translator(state, wish, day);
    for (const auto& map : maps) {
        if (!Suits(*map, wish)) {
            continue;
        }
        for (const CodingText& coding : codings) {
            KQ_TRY(translator.Add(*map, coding, 0));
        }
    }
    return Answer(translator.matches(), operation.language);
}

}  // namespace kangqu::terminology
