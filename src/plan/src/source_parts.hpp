#pragma once

#include "kangqu/core/result.hpp"

#include <string>
#include <string_view>

// One function a kind of file; each takes bytes that begin as the kind does.
namespace kangqu::plan {

// Most characters that a packed file may unfold to.
constexpr std::size_t kSourceMaxText = std::size_t{16} << 20U;

core::Result<std::string> TextOfDocx(std::string_view bytes);
core::Result<std::string> TextOfPdf(std::string_view bytes);
// `html` is UTF-8. Any text gives some text: tags, scripts and styles are left out, blocks begin
// lines, cells of a row are separated by tabs, entities are resolved.
std::string TextOfHtml(std::string_view html);

}  // namespace kangqu::plan
