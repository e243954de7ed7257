#include "kangqu/store/image.hpp"

#include "image_parts.hpp"
#include "presence_filter.hpp"
#include <algorithm>

namespace kangqu::store {

namespace {

constexpr int kVersionsAPage = 2'000;
constexpr std::int64_t kTextsAPage = 20'000;

class Dropping final : public ImageSink {
public:
    core::Status Tables(const std::vector<ImageTable>&) override { return {}; }
    core::Status Texts(const std::vector<std::pair<std::int64_t, std::string>>&) override {
        return {};
    }
    core::Status Versions(const std::vector<ImageVersion>&) override { return {}; }
    core::Status Reserved(const std::vector<ImageId>&) override { return {}; }
    core::Status Values(const std::vector<ImageValue>&) override { return {}; }
    core::Status End(const ImageFigures&) override { return {}; }
};

std::int64_t IntegerOf(const SqlValue& value) {
    const auto* const integer = std::get_if<std::int64_t>(&value);
    return integer == nullptr ? 0 : *integer;
}

std::string BytesOf(const SqlValue& value) {
    const auto* const bytes = std::get_if<std::string_view>(&value);
    return bytes == nullptr ? std::string() : std::string(*bytes);
}

class StoreReading {
public:
    StoreReading(Store& store, ImageSink& sink, const ImageProgress& progress)
        : store_(store), sink_(sink), progress_(progress), position_(store.position()) {}

    // Versions never change, so each page may come from a snapshot of its own; a long one would
    // hold back the log.
    core::Result<ImageFigures> Run() {
        KQ_TRY(Tables());
        KQ_TRY(Texts());
        for (Position after = 0; after < position_;) {
            KQ_TRY(Versions(after));
        }
        KQ_TRY(Reserved());
        KQ_TRY(Values());
        count_.figures.position = position_;
        KQ_TRY(sink_.End(count_.figures));
        return count_.figures;
    }

private:
    core::Status Tables() {
        const auto states = store_.index_states();
        const auto& tables = store_.index_tables();
        std::vector<ImageTable> list;
        for (std::size_t i = 0; i < states.size(); ++i) {
            list.push_back(
                {states[i].number, states[i].name, ColumnsOf(tables[i]), states[i].lacks_upto}
            );
        }
        return sink_.Tables(list);
    }

    core::Status Texts() {
        for (std::int64_t last = 0;;) {
            std::vector<std::pair<std::int64_t, std::string>> page;
            KQ_ASSIGN(const auto reader, store_.Read());
            const SqlValue binds[] = {last, kTextsAPage};
            KQ_TRY(reader->Query(
                "SELECT number, text FROM interned WHERE number > ? ORDER BY number LIMIT ?",
                binds,
                [&](std::span<const SqlValue> row) {
                    page.emplace_back(IntegerOf(row[0]), BytesOf(row[1]));
                    return true;
                }
            ));
            if (page.empty()) {
                return {};
            }
            last = page.back().first;
            count_.figures.texts += static_cast<std::int64_t>(page.size());
            KQ_TRY(sink_.Texts(page));
        }
    }

    core::Status Versions(Position& after) {
        KQ_ASSIGN(const auto reader, store_.Read());
        const auto wanted = std::min<Position>(kVersionsAPage, position_ - after);
        KQ_ASSIGN(auto feed, reader->Feed(after, static_cast<int>(wanted)));
        std::vector<ImageVersion> page;
        for (Version& version : feed) {
            page.push_back({std::move(version), {}});
        }
        std::size_t at = 0;
        const SqlValue binds[] = {after, wanted};
        KQ_TRY(reader->Query(
            "SELECT change, rows FROM version WHERE change > ? ORDER BY change LIMIT ?",
            binds,
            [&](std::span<const SqlValue> row) {
                if (at < page.size() && IntegerOf(row[0]) == page[at].facts.change) {
                    page[at++].rows = BytesOf(row[1]);
                }
                return true;
            }
        ));
        if (page.size() != static_cast<std::size_t>(wanted) || at != page.size()) {
            return core::MakeError(
                core::ErrorCode::kStoreCorrupt, "feed behind change " + std::to_string(after)
            );
        }
        for (const ImageVersion& version : page) {
            count_.Add(version.facts);
        }
        after += wanted;
        KQ_TRY(sink_.Versions(page));
        if (progress_) {
            progress_(after, position_);
        }
        return {};
    }

    core::Status Reserved() {
        std::vector<ImageId> ids;
        KQ_ASSIGN(const auto reader, store_.Read());
        KQ_TRY(reader->Query(
            "SELECT t.text, kq_id(i.id), i.home, i.key FROM ids i JOIN interned t"
            " ON t.number = i.type WHERE NOT EXISTS (SELECT 1 FROM current c WHERE"
            " c.home = i.home AND c.key = i.key) ORDER BY i.key",
            {},
            [&](std::span<const SqlValue> row) {
                ids.push_back(
                    {BytesOf(row[0]), BytesOf(row[1]), IntegerOf(row[2]), IntegerOf(row[3])}
                );
                return true;
            }
        ));
        count_.figures.reserved = static_cast<std::int64_t>(ids.size());
        return sink_.Reserved(ids);
    }

    core::Status Values() {
        std::vector<ImageValue> values;
        KQ_ASSIGN(const auto reader, store_.Read());
        KQ_TRY(reader->Query(
            "SELECT space, key, value FROM value ORDER BY space, key",
            {},
            [&](std::span<const SqlValue> row) {
                values.push_back({BytesOf(row[0]), BytesOf(row[1]), BytesOf(row[2])});
                return true;
            }
        ));
        count_.figures.values = static_cast<std::int64_t>(values.size());
        return sink_.Values(values);
    }

    Store& store_;
    ImageSink& sink_;
    const ImageProgress& progress_;
    const Position position_;
    ImageCount count_;
};

}  // namespace

void ImageCount::Add(const Version& version) {
    ++figures.versions;
    figures.records += version.version == 1 ? 1 : 0;
    std::uint64_t hash = figures.digest;
    for (const std::int64_t number :
         {version.change,
          version.home,
          version.key,
          version.version,
          version.updated,
          static_cast<std::int64_t>(version.method)}) {
        hash = PresenceFilter::HashOf({}, hash ^ static_cast<std::uint64_t>(number));
    }
    hash = PresenceFilter::HashOf(version.type, hash);
    hash = PresenceFilter::HashOf(version.id, hash);
    figures.digest = PresenceFilter::HashOf(version.body, hash);
    figures.position = version.change;
}

std::string ColumnsOf(const IndexTable& table) {
    std::string text;
    for (const IndexColumn& column : table.columns) {
        text += column.name + ":" + std::to_string(static_cast<int>(column.type)) + ",";
    }
    return text;
}

std::unique_ptr<ImageSink> DropImage() {
    return std::make_unique<Dropping>();
}

core::Result<ImageFigures> ReadStore(Store& store, ImageSink& sink, const ImageProgress& progress) {
    return StoreReading(store, sink, progress).Run();
}

core::Result<ImageFigures>
Backup(Store& store, const std::string& file, const ImageProgress& progress) {
    KQ_ASSIGN(const auto sink, WriteBackup(file));
    return ReadStore(store, *sink, progress);
}

core::Result<ImageFigures> Restore(
    const std::string& file,
    Store& store,
    const RestorePoint& point,
    const ImageProgress& progress
) {
    KQ_ASSIGN(const auto sink, WriteStore(store, progress));
    return ReadBackup(file, point, *sink);
}

core::Result<ImageFigures> Copy(Store& from, Store& to, const ImageProgress& progress) {
    KQ_ASSIGN(const auto sink, WriteStore(to, progress));
    return ReadStore(from, *sink, {});
}

core::Result<ImageFigures> FiguresOf(Store& store) {
    return ReadStore(store, *DropImage(), {});
}

core::Result<ImageFigures> FiguresOfBackup(const std::string& file) {
    return ReadBackup(file, {}, *DropImage());
}

}  // namespace kangqu::store
