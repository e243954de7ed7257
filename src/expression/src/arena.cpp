#include "kangqu/expression/arena.hpp"

#include <algorithm>
#include <cstring>

namespace kangqu::expression {

namespace {
constexpr std::size_t kBlockBytes = std::size_t{64} << 10U;
}  // namespace

void* Arena::Take(std::size_t size, std::size_t align) {
    used_ += size;
    if (block_ < blocks_.size()) {
        const std::size_t at = (at_ + align - 1) / align * align;
        if (at + size <= blocks_[block_].size) {
            at_ = at + size;
            return blocks_[block_].bytes.get() + at;
        }
    }
    return TakeFromNext(size, align);
}

void* Arena::TakeFromNext(std::size_t size, std::size_t align) {
    if (block_ < blocks_.size()) {
        ++block_;
    }
    // Blocks come from operator new[], aligned for every type used here.
    static_cast<void>(align);
    while (block_ < blocks_.size() && blocks_[block_].size < size) {
        ++block_;
    }
    if (block_ >= blocks_.size()) {
        const std::size_t bytes = std::max(size, kBlockBytes);
        blocks_.push_back({std::make_unique<std::byte[]>(bytes), bytes});
        block_ = blocks_.size() - 1;
    }
    at_ = size;
    return blocks_[block_].bytes.get();
}

std::string_view Arena::Copy(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    char* room = Room<char>(text.size());
    std::memcpy(room, text.data(), text.size());
    return {room, text.size()};
}

void Arena::Reset() noexcept {
    block_ = 0;
    at_ = 0;
    used_ = 0;
}

}  // namespace kangqu::expression
