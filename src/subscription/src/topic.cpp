#include "kangqu/subscription/topic.hpp"

#include "kangqu/fhir/definitions.hpp"
#include "kangqu/records/query_text.hpp"
#include "kangqu/search/query.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace kangqu::subscription {

using core::JsonNode;

namespace {

core::Error Invalid(const std::string& where, std::string what) {
    return core::At(core::MakeError(core::ErrorCode::kPackInvalid, where, std::move(what)), where);
}

// "Patient" of a type name or of its canonical URL.
std::string TypeName(std::string_view text) {
    return std::string(
        text.substr(text.rfind('/') == std::string_view::npos ? 0 : text.rfind('/') + 1)
    );
}

core::Result<Trigger> ReadTrigger(JsonNode node, const std::string& where) {
    Trigger trigger;
    trigger.type = TypeName(node["resource"].text());
    if (fhir::FindResourceType(trigger.type) == fhir::kNoType) {
        return Invalid(where, "resourceTrigger.resource " + trigger.type);
    }
    for (JsonNode one = node["supportedInteraction"].first(); one; one = one.next()) {
        trigger.on_create = trigger.on_create || one.text() == "create";
        trigger.on_update = trigger.on_update || one.text() == "update";
        trigger.on_delete = trigger.on_delete || one.text() == "delete";
    }
    if (!trigger.on_create && !trigger.on_update && !trigger.on_delete) {
        trigger.on_create = trigger.on_update = true;
    }
    trigger.criteria = node["queryCriteria"]["current"].text();
    const std::string prefix = trigger.type + "?";
    if (trigger.criteria.starts_with(prefix)) {
        trigger.criteria.erase(0, prefix.size());
    }
    const auto compiled =
        search::Compile(trigger.type, records::QueryPairs(trigger.criteria), search::Restriction());
    if (!compiled.ok()) {
        return Invalid(where, compiled.error().Line());
    }
    return trigger;
}

}  // namespace

bool Topic::MayFilterBy(std::string_view type, std::string_view parameter) const noexcept {
    return std::any_of(filters.begin(), filters.end(), [&](const Filter& filter) {
        return filter.type == type && filter.parameter == parameter;
    });
}

core::Result<Topic> ReadTopic(JsonNode resource, const std::string& where) {
    Topic topic;
    topic.url = resource["url"].text();
    topic.title = resource["title"].text();
    if (resource["resourceType"].text() != "SubscriptionTopic" || topic.url.empty()) {
        return Invalid(where, "SubscriptionTopic.url");
    }
    for (JsonNode one = resource["resourceTrigger"].first(); one; one = one.next()) {
        KQ_ASSIGN(Trigger trigger, ReadTrigger(one, where));
        topic.triggers.push_back(std::move(trigger));
    }
    if (topic.triggers.empty()) {
        return Invalid(where, "SubscriptionTopic.resourceTrigger");
    }
    for (JsonNode one = resource["canFilterBy"].first(); one; one = one.next()) {
        topic.filters.push_back(
            {TypeName(one["resource"].text()), std::string(one["filterParameter"].text())}
        );
    }
    return topic;
}

core::Result<std::vector<Topic>> LoadTopics(const std::string& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& pack : std::filesystem::directory_iterator(folder, error)) {
        std::error_code none;
        for (const auto& file : std::filesystem::directory_iterator(pack.path() / "topics", none)) {
            if (file.path().extension() == ".json") {
                files.push_back(file.path());
            }
        }
    }
    std::sort(files.begin(), files.end());
    std::vector<Topic> topics;
    for (const std::filesystem::path& file : files) {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        auto document = core::JsonDocument::Parse(text.str());
        if (!document.ok()) {
            return core::At(document.error(), file.string());
        }
        KQ_ASSIGN(Topic topic, ReadTopic(document.value()->root(), file.string()));
        topics.push_back(std::move(topic));
    }
    return topics;
}

}  // namespace kangqu::subscription
