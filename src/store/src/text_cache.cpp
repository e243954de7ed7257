#include "text_cache.hpp"

#include <mutex>

namespace kangqu::store {

namespace {

// Above it the cache starts again.
constexpr std::size_t kMaxTexts = 200'000;

}  // namespace

std::int64_t TextCache::NumberOf(std::string_view text) const {
    const std::shared_lock lock(mutex_);
    const auto found = numbers_.find(text);
    return found == numbers_.end() ? 0 : found->second;
}

std::string TextCache::TextOf(std::int64_t number) const {
    const std::shared_lock lock(mutex_);
    const auto found = texts_.find(number);
    return found == texts_.end() ? std::string() : found->second;
}

void TextCache::Add(std::int64_t number, std::string_view text) {
    const std::unique_lock lock(mutex_);
    if (numbers_.size() >= kMaxTexts) {
        numbers_.clear();
        texts_.clear();
    }
    numbers_.emplace(text, number);
    texts_.emplace(number, text);
}

void TextCache::Clear() {
    const std::unique_lock lock(mutex_);
    numbers_.clear();
    texts_.clear();
}

}  // namespace kangqu::store
