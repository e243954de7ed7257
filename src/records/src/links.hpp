#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace kangqu::records {

// What the entries of a bundle are called in it, and what they are called once it is written.
class Links {
public:
    // Finds "Type/id" for a conditional reference; empty when the text stays as it is.
    using Resolver = std::function<core::Result<std::string>(std::string_view text)>;

    void Add(std::string full_url, std::string local) {
        names_[std::move(full_url)] = std::move(local);
    }
    const std::string* Find(std::string_view text) const;

    // `resource` with every link to another entry replaced: references, elements of type uri, url,
    // oid and uuid, and links in narratives (FHIR http#trules). `full_url` is that of the
    // resource's own entry: relative references are read against it. Null when nothing changes.
    core::Result<std::unique_ptr<const core::JsonDocument>>
    Rewrite(core::JsonNode resource, std::string_view full_url, const Resolver& resolve) const;

private:
    std::map<std::string, std::string, std::less<>> names_;
};

}  // namespace kangqu::records
