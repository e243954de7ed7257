#include "entry.hpp"

namespace kangqu::terminology {

core::Result<core::JsonNode> Entry::Root() const {
    if (!document_) {
        KQ_ASSIGN(document_, core::JsonDocument::Parse(std::string(text_)));
    }
    return document_->root();
}

core::Result<core::JsonNode> Entry::root() const {
    const std::lock_guard lock(mutex_);
    return Root();
}

core::Result<std::shared_ptr<const CodeSystem>> Entry::system() const {
    const std::lock_guard lock(mutex_);
    if (!system_) {
        // All it needs is copied, so the document is not kept for it.
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(std::string(text_)));
        KQ_ASSIGN(system_, CodeSystem::Make(document->root()));
    }
    return system_;
}

core::Result<std::shared_ptr<const ConceptMap>> Entry::map() const {
    const std::lock_guard lock(mutex_);
    if (!map_) {
        KQ_ASSIGN(const core::JsonNode resource, Root());
        KQ_ASSIGN(map_, ConceptMap::Make(resource));
    }
    return map_;
}

}  // namespace kangqu::terminology
