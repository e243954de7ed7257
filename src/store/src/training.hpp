#pragma once

#include "kangqu/store/store.hpp"

#include "body_codec.hpp"
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store {

// When dictionaries are learnt from a store's own bodies: soon after its beginning, and again when
// the mix of types has shown itself. Old bodies keep the dictionary they were packed with.
class Training {
public:
    // The number of the dictionary that is due at `position`, or 0. Asked again it says 0.
    std::int64_t Due(Position position, std::int64_t newest);
    // Changes whose bodies are learnt from, evenly spread.
    static Position StepOf(Position position);

private:
    Position trained_at_ = 0;
};

}  // namespace kangqu::store
