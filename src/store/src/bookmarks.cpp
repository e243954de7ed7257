#include "kangqu/store/bookmarks.hpp"

#include <charconv>

namespace kangqu::store {

namespace {

constexpr std::string_view kSpace = "bookmark";

core::Result<Position> PositionOf(std::string_view consumer, std::string_view text) {
    Position position = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), position);
    if (failed != std::errc{} || end != text.data() + text.size() || position < 0) {
        return core::MakeError(
            core::ErrorCode::kStoreCorrupt, "bookmark of " + std::string(consumer)
        );
    }
    return position;
}

}  // namespace

core::Result<Position> BookmarkOf(Reader& reader, std::string_view consumer) {
    KQ_ASSIGN(const auto text, reader.GetValue(kSpace, consumer));
    return text ? PositionOf(consumer, *text) : Position{0};
}

core::Status SetBookmark(Writer& writer, std::string_view consumer, Position position) {
    return writer.PutValue(kSpace, consumer, std::to_string(position));
}

core::Status RemoveBookmark(Writer& writer, std::string_view consumer) {
    return writer.RemoveValue(kSpace, consumer);
}

core::Result<std::vector<std::pair<std::string, Position>>> Bookmarks(Reader& reader) {
    std::vector<std::pair<std::string, Position>> all;
    core::Status read;
    KQ_TRY(reader.ScanValues(kSpace, [&](std::string_view key, std::string_view value) {
        auto position = PositionOf(key, value);
        if (!position.ok()) {
            read = position.error();
            return false;
        }
        all.emplace_back(key, position.value());
        return true;
    }));
    KQ_TRY(read);
    return all;
}

}  // namespace kangqu::store
