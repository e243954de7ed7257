#pragma once

#include <string_view>

// The extension urls of a plan, written and read.
namespace kangqu::plan {

inline constexpr std::string_view kDocNoSystem = "urn:kangqu:doc-no";
inline constexpr std::string_view kPublishedUrl = "urn:kangqu:published";
inline constexpr std::string_view kSourceUrl = "urn:kangqu:source-text";
inline constexpr std::string_view kTaskUrl = "urn:kangqu:task";
inline constexpr std::string_view kUnitUrl = "urn:kangqu:responsible-unit";
inline constexpr std::string_view kDoubtUrl = "urn:kangqu:doubt";
inline constexpr std::string_view kReviewUrl = "urn:kangqu:review";
inline constexpr std::string_view kUndoUrl = "urn:kangqu:review-undo-version";
inline constexpr std::string_view kTargetUrl = "urn:kangqu:target";

}  // namespace kangqu::plan
