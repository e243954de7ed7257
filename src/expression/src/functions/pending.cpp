#include "functions/registry.hpp"
namespace kangqu::expression {
std::span<const Method> MatchingMethods() {
    return {};
}
std::span<const Method> MathMethods() {
    return {};
}
std::span<const Method> ConversionMethods() {
    return {};
}
std::span<const Method> BoundaryMethods() {
    return {};
}
}  // namespace kangqu::expression
