#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace kangqu::expression {

// Memory of one evaluation: handed out by moving a pointer, given back all at once by Reset, which
// keeps the blocks for the next evaluation. Only for types without destructors. One thread.
class Arena {
public:
    Arena() = default;
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    template <class T>
    T* New(const T& value) {
        static_assert(std::is_trivially_destructible_v<T>);
        return new (Take(sizeof(T), alignof(T))) T(value);
    }
    // Uninitialised room for `count` values of a trivial type.
    template <class T>
    T* Room(std::size_t count) {
        static_assert(std::is_trivially_copyable_v<T>);
        return static_cast<T*>(Take(sizeof(T) * count, alignof(T)));
    }
    std::string_view Copy(std::string_view text);
    // Everything handed out so far is dead.
    void Reset() noexcept;
    std::size_t used() const noexcept { return used_; }

private:
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };
    void* Take(std::size_t size, std::size_t align);
    void* TakeFromNext(std::size_t size, std::size_t align);

    std::vector<Block> blocks_;
    std::size_t block_ = 0;
    std::size_t at_ = 0;
    std::size_t used_ = 0;
};

}  // namespace kangqu::expression
