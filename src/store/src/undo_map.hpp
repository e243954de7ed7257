#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kangqu::store {

// A map that remembers what was there, so that changes of a failed unit can be taken back.
template <class Key, class Value, class Hash = std::hash<Key>>
class UndoMap {
public:
    const Value* Find(const Key& key) const {
        const auto found = map_.find(key);
        return found == map_.end() ? nullptr : &found->second;
    }
    void Set(const Key& key, Value value) {
        const auto [place, made] = map_.try_emplace(key, value);
        log_.emplace_back(key, made ? std::nullopt : std::optional<Value>(place->second));
        if (!made) {
            place->second = std::move(value);
        }
    }
    std::size_t mark() const { return log_.size(); }
    void ReturnTo(std::size_t mark) {
        while (log_.size() > mark) {
            auto& [key, before] = log_.back();
            if (before) {
                map_[key] = std::move(*before);
            } else {
                map_.erase(key);
            }
            log_.pop_back();
        }
    }
    // What was set stays. A map larger than `most` starts again.
    void Keep(std::size_t most) {
        log_.clear();
        if (map_.size() > most) {
            map_.clear();
        }
    }

private:
    std::unordered_map<Key, Value, Hash> map_;
    std::vector<std::pair<Key, std::optional<Value>>> log_;
};

}  // namespace kangqu::store
