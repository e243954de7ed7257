// Reads a CodeSystem out of its JSON.
#include "kangqu/terminology/terminology.hpp"

#include "code_system.hpp"
#include <algorithm>
#include <map>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

class CodeSystemBuilder {
public:
    explicit CodeSystemBuilder(ResourceHead head) : system_(new CodeSystem()) {
        system_->head_ = std::move(head);
    }

    core::Status ReadSystem(JsonNode resource) {
        const std::string_view content = resource["content"].text();
        system_->content_ = content == "not-present" || content == "example" ? Content::kNotPresent
                            : content == "fragment"                          ? Content::kFragment
                            : content == "supplement"                        ? Content::kSupplement
                                                                             : Content::kComplete;
        const JsonNode sensitive = resource["caseSensitive"];
        system_->case_sensitive_ = !sensitive || sensitive.boolean();
        system_->value_set_ = resource["valueSet"].text();
        for (JsonNode one = resource["property"].first(); one; one = one.next()) {
            PropertyNumber(one["code"].text());
        }
        return ReadConcepts(resource["concept"]);
    }

    // The concepts of a list with those nested in them, in the order of the document.
    core::Status ReadConcepts(JsonNode list) {
        struct Open {
            JsonNode concept_node;
            ConceptNumber parent;
        };
        std::vector<Open> open;
        const auto push = [&open](JsonNode concepts, ConceptNumber parent) {
            const std::size_t first = open.size();
            for (JsonNode one = concepts.first(); one; one = one.next()) {
                open.push_back({one, parent});
            }
            std::reverse(open.begin() + static_cast<std::ptrdiff_t>(first), open.end());
        };
        push(list, kNoConcept);
        while (!open.empty()) {
            const Open next = open.back();
            open.pop_back();
            const auto number = static_cast<ConceptNumber>(drafts_.size());
            KQ_TRY(ReadConcept(next.concept_node));
            if (next.parent != kNoConcept) {
                edges_.emplace_back(next.parent, number);
            }
            push(next.concept_node["concept"], number);
        }
        return {};
    }

    // Designations and properties that a supplement adds to codes that are there.
    void ReadSupplement(JsonNode resource) {
        std::vector<JsonNode> open = {resource["concept"]};
        while (!open.empty()) {
            const JsonNode list = open.back();
            open.pop_back();
            for (JsonNode one = list.first(); one; one = one.next()) {
                const auto found = by_code_.find(one["code"].text());
                if (found != by_code_.end()) {
                    const std::string_view language = resource["language"].text();
                    if (!language.empty() && one["display"]) {
                        drafts_[found->second].designations.push_back(
                            {Copy(language), {}, Copy(one["display"].text())}
                        );
                    }
                    ReadDetails(one, drafts_[found->second]);
                }
                if (one["concept"]) {
                    open.push_back(one["concept"]);
                }
            }
        }
    }

    core::Result<std::shared_ptr<const CodeSystem>> Finish() {
        KQ_TRY(ReadHierarchyProperties());
        for (Draft& draft : drafts_) {
            draft.row.first_designation = Size(system_->designations_);
            draft.row.first_property = Size(system_->properties_);
            Move(draft.designations, system_->designations_);
            Move(draft.properties, system_->properties_);
            system_->concepts_.push_back(draft.row);
        }
        CodeSystem::Concept end;
        end.first_designation = Size(system_->designations_);
        end.first_property = Size(system_->properties_);
        system_->concepts_.push_back(end);
        std::sort(edges_.begin(), edges_.end());
        edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
        LayOut(&CodeSystem::Concept::first_child, system_->children_);
        for (auto& [parent, child] : edges_) {
            std::swap(parent, child);
        }
        std::sort(edges_.begin(), edges_.end());
        LayOut(&CodeSystem::Concept::first_parent, system_->parents_);
        KQ_TRY(system_->IndexCodes());
        return std::shared_ptr<const CodeSystem>(std::move(system_));
    }

    core::Status ReadListed(const std::vector<JsonNode>& concepts) {
        listed_ = true;
        for (const JsonNode& one : concepts) {
            KQ_TRY(ReadConcept(one));
        }
        return {};
    }

private:
    struct Draft {
        CodeSystem::Concept row;
        std::vector<Designation> designations;
        std::vector<ConceptProperty> properties;
    };
    template <class T>
    static std::uint32_t Size(const std::vector<T>& list) {
        return static_cast<std::uint32_t>(list.size());
    }
    template <class T>
    static void Move(std::vector<T>& from, std::vector<T>& to) {
        to.insert(to.end(), from.begin(), from.end());
        from = {};
    }
    std::string_view Copy(std::string_view text) { return system_->pool_.Copy(text); }

    // A code named twice in a list counts once; in a code system it is a fault.
    core::Status ReadConcept(JsonNode json) {
        if (listed_ && by_code_.contains(json["code"].text())) {
            return {};
        }
        if (drafts_.size() >= kMaxConcepts) {
            return MakeError(
                ErrorCode::kTerminologyLimit, system_->head_.url, std::to_string(kMaxConcepts)
            );
        }
        Draft draft;
        draft.row.code = Copy(json["code"].text());
        draft.row.display = Copy(json["display"].text());
        draft.row.definition = Copy(json["definition"].text());
        if (draft.row.code.empty()) {
            return MakeError(ErrorCode::kTerminologyElement, system_->head_.url, "concept.code");
        }
        ReadDetails(json, draft);
        by_code_.emplace(draft.row.code, static_cast<ConceptNumber>(drafts_.size()));
        drafts_.push_back(std::move(draft));
        return {};
    }

    void ReadDetails(JsonNode json, Draft& draft) {
        for (JsonNode one = json["designation"].first(); one; one = one.next()) {
            draft.designations.push_back(
                {Copy(one["language"].text()),
                 Copy(one["use"]["code"].text()),
                 Copy(one["value"].text())}
            );
        }
        for (JsonNode one = json["property"].first(); one; one = one.next()) {
            ReadProperty(one, draft);
        }
    }

    void ReadProperty(JsonNode json, Draft& draft) {
        const std::string_view name = json["code"].text();
        JsonNode value;
        for (JsonNode member = json.first(); member; member = member.next()) {
            value = member.key().starts_with("value") ? member : value;
        }
        const std::string_view text = value.is_object() ? value["code"].text() : value.text();
        draft.properties.push_back({PropertyNumber(name), Copy(value.key()), Copy(text)});
        CodeSystem::Concept& row = draft.row;
        const auto day = [&]() -> std::optional<std::int32_t> {
            const auto date = core::ParseDate(text.substr(0, 10));
            return date ? std::optional(static_cast<std::int32_t>(core::DaysOf(*date)))
                        : std::nullopt;
        };
        if (name == "inactive") {
            row.retired = row.retired || text == "true";
        } else if (name == "status") {
            row.retired = row.retired || text == "retired" || text == "inactive" ||
                          text == "nullified" || text == "R";
        } else if (name == "notSelectable" || name == "abstract") {
            row.abstract = row.abstract || text == "true";
        } else if (name == "effectiveDate") {
            row.from_day = day().value_or(row.from_day);
        } else if (name == "retirementDate") {
            row.to_day = day().value_or(row.to_day);
        }
    }

    std::uint16_t PropertyNumber(std::string_view name) {
        auto& names = system_->property_names_;
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) {
            names.emplace_back(name);
            return static_cast<std::uint16_t>(names.size() - 1);
        }
        return static_cast<std::uint16_t>(found - names.begin());
    }

    // Parents and children named by properties instead of by nesting.
    core::Status ReadHierarchyProperties() {
        for (ConceptNumber number = 0; number < drafts_.size(); ++number) {
            for (const ConceptProperty& one : drafts_[number].properties) {
                const std::string& name = system_->property_names_[one.property];
                const bool up = name == "parent" || name == "subsumedBy";
                if (!up && name != "child") {
                    continue;
                }
                const auto other = by_code_.find(one.value);
                if (other != by_code_.end()) {
                    edges_.emplace_back(up ? other->second : number, up ? number : other->second);
                }
            }
        }
        return {};
    }

    // The second numbers of the sorted edges as lists, one a first number.
    void LayOut(std::uint32_t CodeSystem::Concept::*first, std::vector<ConceptNumber>& out) {
        std::size_t at = 0;
        for (ConceptNumber number = 0; number < system_->concepts_.size(); ++number) {
            system_->concepts_[number].*first = Size(out);
            for (; at < edges_.size() && edges_[at].first == number; ++at) {
                out.push_back(edges_[at].second);
            }
        }
    }

    std::unique_ptr<CodeSystem> system_;
    bool listed_ = false;
    std::vector<Draft> drafts_;
    std::map<std::string_view, ConceptNumber> by_code_;
    std::vector<std::pair<ConceptNumber, ConceptNumber>> edges_;  // parent, child
};

core::Result<std::shared_ptr<const CodeSystem>>
CodeSystem::Make(JsonNode resource, std::span<const JsonNode> supplements) {
    KQ_ASSIGN(ResourceHead head, ReadHead(resource));
    CodeSystemBuilder builder(std::move(head));
    KQ_TRY(builder.ReadSystem(resource));
    for (const JsonNode& supplement : supplements) {
        builder.ReadSupplement(supplement);
    }
    return builder.Finish();
}

core::Result<std::shared_ptr<const CodeSystem>>
CodeSystem::OfList(std::string_view url, std::string_view version, JsonNode concepts) {
    std::vector<JsonNode> nodes;
    for (JsonNode one = concepts.first(); one; one = one.next()) {
        nodes.push_back(one);
    }
    ResourceHead head;
    head.type = "CodeSystem";
    head.url = url;
    head.version = version;
    CodeSystemBuilder builder(std::move(head));
    KQ_TRY(builder.ReadListed(nodes));
    return builder.Finish();
}

core::Result<std::shared_ptr<const CodeSystem>>
CodeSystem::OfNodes(std::string_view url, const std::vector<JsonNode>& concepts) {
    ResourceHead head;
    head.type = "CodeSystem";
    head.url = url;
    CodeSystemBuilder builder(std::move(head));
    KQ_TRY(builder.ReadListed(concepts));
    return builder.Finish();
}

}  // namespace kangqu::terminology
