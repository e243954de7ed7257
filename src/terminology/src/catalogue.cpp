#include "catalogue.hpp"

#include <algorithm>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

namespace {

// "4.0.10" after "4.0.9": digits count as numbers.
bool VersionBefore(std::string_view a, std::string_view b) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9';
    };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (!digit(a[i]) || !digit(b[j])) {
            if (a[i] != b[j]) {
                return a[i] < b[j];
            }
            ++i;
            ++j;
            continue;
        }
        const auto number = [&digit](std::string_view text, std::size_t& at) {
            while (at < text.size() && text[at] == '0') {
                ++at;
            }
            const std::size_t start = at;
            while (at < text.size() && digit(text[at])) {
                ++at;
            }
            return text.substr(start, at - start);
        };
        const std::string_view x = number(a, i);
        const std::string_view y = number(b, j);
        if (x != y) {
            return x.size() != y.size() ? x.size() < y.size() : x < y;
        }
    }
    return a.size() - i < b.size() - j;
}

// Which of two entries of one address is asked for when no edition is named.
bool Better(const Entry& a, const Entry& b) {
    if (a.layer() != b.layer()) {
        return a.layer() > b.layer();
    }
    if (a.head().from != b.head().from) {
        return a.head().from > b.head().from;
    }
    return VersionBefore(b.head().version, a.head().version);
}

}  // namespace

AddressParts SplitAddress(std::string_view canonical) noexcept {
    const std::size_t bar = canonical.find('|');
    return bar == std::string_view::npos
               ? AddressParts{canonical, {}}
               : AddressParts{canonical.substr(0, bar), canonical.substr(bar + 1)};
}

Catalogue::State::State(std::vector<std::shared_ptr<const Entry>> all, core::InstantMs the_now)
    : now(the_now),
      today(core::ChinaDate(the_now)),
      entries(std::move(all)),
      worked(entries.size()) {
    std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
        return Better(*a, *b);
    });
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const ResourceHead& head = entries[i]->head();
        by_url[head.url].push_back(i);
        by_id.emplace(std::pair<std::string_view, std::string_view>(head.type, head.id), i);
        // Only what others brought can add to what is published.
        if (head.type == "CodeSystem" && entries[i]->layer() != Layer::kPublished) {
            const auto root = entries[i]->root();
            if (root.ok() && (*root)["content"].text() == "supplement") {
                const auto to = SplitAddress((*root)["supplements"].text());
                supplements.emplace(std::string(to.url), i);
            }
        }
    }
}

std::size_t Catalogue::State::Find(
    std::string_view type,
    std::string_view canonical,
    std::string_view version,
    core::CivilDate day
) const {
    const AddressParts parts = SplitAddress(canonical);
    const std::string_view edition = parts.version.empty() ? version : parts.version;
    const auto found = by_url.find(parts.url);
    std::size_t any = kNowhere;
    if (found == by_url.end()) {
        return any;
    }
    for (const std::size_t index : found->second) {
        const ResourceHead& head = entries[index]->head();
        if (head.type != type || (!edition.empty() && head.version != edition)) {
            continue;
        }
        if (!edition.empty() || head.InForceOn(day)) {
            return index;
        }
        any = any == kNowhere ? index : any;
    }
    return any;
}

std::size_t Catalogue::State::FindById(std::string_view type, std::string_view id) const {
    const auto found = by_id.find({type, id});
    return found == by_id.end() ? kNowhere : found->second;
}

std::shared_ptr<const CodeSystem>
Catalogue::State::FindSystem(std::string_view url, std::string_view version) const {
    return SystemOn(url, version, today);
}

std::shared_ptr<const CodeSystem> Catalogue::State::SystemOn(
    std::string_view url,
    std::string_view version,
    core::CivilDate day
) const {
    const std::size_t index = Find("CodeSystem", url, version, day);
    if (index == kNowhere) {
        return nullptr;
    }
    const auto system = SystemOf(index);
    return system.ok() ? *system : nullptr;
}

core::Result<std::shared_ptr<const CodeSystem>> Catalogue::State::SystemOf(std::size_t index
) const {
    const Entry& entry = *entries[index];
    const auto [first, last] = supplements.equal_range(entry.head().url);
    if (first == last) {
        return entry.system();
    }
    const std::lock_guard lock(mutex);
    if (!worked[index].system) {
        std::vector<JsonNode> nodes;
        for (auto at = first; at != last; ++at) {
            KQ_ASSIGN(const JsonNode node, entries[at->second]->root());
            nodes.push_back(node);
        }
        KQ_ASSIGN(const JsonNode resource, entry.root());
        KQ_ASSIGN(worked[index].system, CodeSystem::Make(resource, nodes));
    }
    return worked[index].system;
}

core::Result<std::shared_ptr<const CompiledSet>>
Catalogue::State::FindSet(std::string_view canonical, int depth) const {
    const std::size_t index = Find("ValueSet", canonical, {}, today);
    if (index == kNowhere) {
        return MakeError(ErrorCode::kValueSetUnknown, std::string(canonical.substr(0, 300)));
    }
    return SetOf(index, depth);
}

core::Result<std::shared_ptr<const CompiledSet>>
Catalogue::State::SetOf(std::size_t index, int depth) const {
    const std::lock_guard lock(mutex);
    Worked& mine = worked[index];
    if (mine.set) {
        return mine.set;
    }
    const Entry& entry = *entries[index];
    if (std::find(under_way.begin(), under_way.end(), index) != under_way.end()) {
        return MakeError(ErrorCode::kValueSetCycle, entry.head().url);
    }
    if (depth > kMaxImportDepth) {
        return MakeError(
            ErrorCode::kValueSetDepth, entry.head().url, std::to_string(kMaxImportDepth)
        );
    }
    KQ_ASSIGN(const JsonNode resource, entry.root());
    under_way.push_back(index);
    auto compiled = CompileSet(resource, *this, today, depth);
    under_way.pop_back();
    KQ_ASSIGN(mine.set, std::move(compiled));
    mine.quick.store(mine.set.get(), std::memory_order_release);
    return mine.set;
}

Catalogue::Catalogue(std::unique_ptr<State> state) : state_(std::move(state)) {}
Catalogue::~Catalogue() = default;

Member Catalogue::Contains(
    std::string_view value_set,
    std::string_view version,
    std::string_view system,
    std::string_view code
) const {
    const std::size_t index = state_->Find("ValueSet", value_set, version, state_->today);
    if (index == State::kNowhere) {
        return Member::kUnknown;
    }
    const CompiledSet* set = state_->worked[index].quick.load(std::memory_order_acquire);
    if (set == nullptr) {
        const auto worked = state_->SetOf(index, 0);
        if (!worked.ok()) {
            return Member::kUnknown;
        }
        set = worked->get();  // the catalogue keeps it
    }
    return code.empty() ? Member::kNo : set->Contains(system, {}, code);
}

Member MemberSet::Contains(std::string_view system, std::string_view code) const {
    return set_->Contains(system, {}, code);
}

core::Result<MemberSet> Catalogue::FindMembers(std::string_view value_set, std::string_view version)
    const {
    const std::size_t index = state_->Find("ValueSet", value_set, version, state_->today);
    if (index == State::kNowhere) {
        return MakeError(ErrorCode::kValueSetUnknown, std::string(value_set.substr(0, 300)));
    }
    KQ_ASSIGN(const auto set, state_->SetOf(index, 0));
    return MemberSet(*set);  // the catalogue keeps it
}

std::vector<std::string> Catalogue::Canonicals(std::string_view type) const {
    std::vector<std::string> out;
    for (const auto& entry : state_->entries) {
        if (entry->head().type == type) {
            out.push_back(entry->head().Canonical());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<core::Error> Catalogue::Check(Layer layer) const {
    std::vector<core::Error> out;
    const auto note = [&out](const Entry& entry, core::Error error) {
        out.push_back(core::At(std::move(error), entry.head().Canonical()));
    };
    for (std::size_t index = 0; index < state_->entries.size(); ++index) {
        const auto& entry = state_->entries[index];
        if (entry->layer() != layer) {
            continue;
        }
        if (entry->head().type == "CodeSystem") {
            if (const auto system = entry->system(); !system.ok()) {
                note(*entry, system.error());
            }
        } else if (entry->head().type == "ConceptMap") {
            if (const auto map = entry->map(); !map.ok()) {
                note(*entry, map.error());
            }
        } else {
            const auto set = state_->SetOf(index, 0);
            if (!set.ok()) {
                note(*entry, set.error());
            } else {
                for (const core::Error& error : (*set)->unknown()) {
                    note(*entry, error);
                }
            }
        }
    }
    return out;
}

const std::vector<OperationName>& OperationNames() {
    static const std::vector<OperationName> names = {
        {"ValueSet", "expand"},
        {"ValueSet", "validate-code"},
        {"CodeSystem", "validate-code"},
        {"CodeSystem", "lookup"},
        {"CodeSystem", "subsumes"},
        {"ConceptMap", "translate"},
    };
    return names;
}

core::Result<std::string> Catalogue::Operate(const Operation& operation) const {
    using Run = core::Result<std::string> (*)(const State&, const Operation&);
    static constexpr Run kRuns[] = {
        Expand, ValidateInSet, ValidateInSystem, Lookup, Subsumes, Translate};
    const auto& names = OperationNames();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].type == operation.type && names[i].name == operation.name) {
            return kRuns[i](*state_, operation);
        }
    }
    return MakeError(ErrorCode::kNotSupported, operation.type + "/$" + operation.name);
}

}  // namespace kangqu::terminology
