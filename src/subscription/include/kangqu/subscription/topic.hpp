#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kangqu::subscription {

// What of a type's changes belongs to a topic.
struct Trigger {
    std::string type;
    bool on_create = false;
    bool on_update = false;
    bool on_delete = false;
    std::string criteria;  // search query the record must meet; empty: none
};

// A SubscriptionTopic as packs write it: the R4B and R5 resource's resourceTrigger and canFilterBy.
struct Topic {
    std::string url;
    std::string title;
    std::vector<Trigger> triggers;
    struct Filter {
        std::string type;
        std::string parameter;
    };
    std::vector<Filter> filters;

    bool MayFilterBy(std::string_view type, std::string_view parameter) const noexcept;
};

// kPackInvalid with the file's name as `where` for a topic without url, with an unknown type or
// with criteria that do not compile.
core::Result<Topic> ReadTopic(core::JsonNode resource, const std::string& where);
// Every topics/*.json of every pack below `folder`, by url.
core::Result<std::vector<Topic>> LoadTopics(const std::string& folder);

}  // namespace kangqu::subscription
