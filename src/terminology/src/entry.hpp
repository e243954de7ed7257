#pragma once

#include "kangqu/terminology/terminology.hpp"

#include "code_system.hpp"
#include "concept_map.hpp"
#include <memory>
#include <mutex>
#include <string>

namespace kangqu::terminology {

// One resource on the shelf. Its text is parsed when first asked for.
class Entry {
public:
    Entry(ResourceHead head, Layer layer, std::string text)
        : head_(std::move(head)), layer_(layer), own_(std::move(text)), text_(own_) {}
    // A text that lives as long as the program.
    Entry(ResourceHead head, std::string_view published)
        : head_(std::move(head)), layer_(Layer::kPublished), text_(published) {}
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    const ResourceHead& head() const noexcept { return head_; }
    Layer layer() const noexcept { return layer_; }
    std::string_view text() const noexcept { return text_; }
    core::Result<core::JsonNode> root() const;
    // Without supplements; remembered.
    core::Result<std::shared_ptr<const CodeSystem>> system() const;
    core::Result<std::shared_ptr<const ConceptMap>> map() const;

private:
    core::Result<core::JsonNode> Root() const;

    ResourceHead head_;
    Layer layer_;
    std::string own_;
    std::string_view text_;
    mutable std::mutex mutex_;
    mutable std::unique_ptr<const core::JsonDocument> document_;
    // Shared with the value sets that are made of it.
    mutable std::shared_ptr<const CodeSystem> system_;
    mutable std::shared_ptr<const ConceptMap> map_;
};

}  // namespace kangqu::terminology
