#include "image_parts.hpp"
#include "row_code.hpp"
#include <algorithm>

namespace kangqu::store {

namespace {

constexpr std::size_t kTextsAUnit = 5'000;
constexpr std::string_view kBookmarks = "bookmark";

// Fills an empty store. A portion is a unit of work; what fails leaves a store that is not empty
// and so cannot be taken for a whole one by a second try.
class Filling final : public ImageSink {
public:
    Filling(Store& store, const ImageProgress& progress) : store_(store), progress_(progress) {}

    core::Status Tables(const std::vector<ImageTable>& tables) override {
        const auto states = store_.index_states();
        const auto& mine = store_.index_tables();
        for (const ImageTable& table : tables) {
            for (std::size_t i = 0; i < mine.size(); ++i) {
                if (mine[i].name == table.name && ColumnsOf(mine[i]) == table.columns) {
                    numbers_[table.number] = states[i].number;
                    lacks_[table.name] = table.lacks_upto;
                }
            }
        }
        return {};
    }

    core::Status Texts(const std::vector<std::pair<std::int64_t, std::string>>& texts) override {
        for (std::size_t from = 0; from < texts.size(); from += kTextsAUnit) {
            const std::size_t to = std::min(texts.size(), from + kTextsAUnit);
            const auto written = store_.Write([&](Writer& writer) -> core::Status {
                for (std::size_t i = from; i < to; ++i) {
                    KQ_TRY(writer.AdoptText(texts[i].first, texts[i].second));
                }
                return {};
            });
            KQ_TRY(written);
        }
        return {};
    }

    core::Status Versions(const std::vector<ImageVersion>& versions) override {
        std::vector<std::string> rows;
        for (const ImageVersion& version : versions) {
            KQ_ASSIGN(std::string own, Renumbered(version.rows));
            rows.push_back(std::move(own));
        }
        const auto written = store_.Write([&](Writer& writer) -> core::Status {
            for (std::size_t i = 0; i < versions.size(); ++i) {
                KQ_TRY(writer.AdoptVersion(versions[i].facts, rows[i]));
            }
            return {};
        });
        KQ_TRY(written);
        if (progress_) {
            progress_(written.value(), 0);
        }
        return {};
    }

    core::Status Reserved(const std::vector<ImageId>& ids) override {
        const auto written = store_.Write([&](Writer& writer) -> core::Status {
            for (const ImageId& id : ids) {
                KQ_ASSIGN(const auto there, writer.Find(id.type, id.id));
                if (!there) {
                    KQ_TRY(writer.AdoptId(id.type, id.id, id.home, id.key));
                }
            }
            return {};
        });
        KQ_TRY(written);
        return {};
    }

    core::Status Values(const std::vector<ImageValue>& values) override {
        const Position end = store_.position();
        const auto written = store_.Write([&](Writer& writer) -> core::Status {
            for (const ImageValue& one : values) {
                const bool late =
                    one.space == kBookmarks && std::strtoll(one.value.c_str(), nullptr, 10) > end;
                KQ_TRY(writer.PutValue(one.space, one.key, late ? std::to_string(end) : one.value));
            }
            return {};
        });
        KQ_TRY(written);
        return {};
    }

    // Tables the source did not have, or had otherwise, are to be filled by reindexing.
    core::Status End(const ImageFigures& figures) override {
        const auto written = store_.Write([&](Writer& writer) -> core::Status {
            for (const IndexTable& table : store_.index_tables()) {
                const auto known = lacks_.find(table.name);
                const Position lacks = known == lacks_.end()
                                           ? figures.position
                                           : std::min(known->second, figures.position);
                if (lacks > 0) {
                    KQ_TRY(writer.AdoptLack(table.name, lacks));
                }
            }
            return {};
        });
        KQ_TRY(written);
        return {};
    }

private:
    // The rows in the numbers of this store's tables.
    core::Result<std::string> Renumbered(const std::string& packed) const {
        KQ_ASSIGN(const std::vector<std::string> rows, UnpackRows(packed));
        std::vector<std::string> own;
        for (const std::string& row : rows) {
            std::string_view rest = row;
            const auto number = TakeInteger(rest);
            const auto mine = number ? numbers_.find(*number) : numbers_.end();
            if (mine != numbers_.end()) {
                std::string& made = own.emplace_back();
                AppendInteger(mine->second, made);
                made += rest;
            }
        }
        std::sort(own.begin(), own.end());
        return PackRows(own);
    }

    Store& store_;
    const ImageProgress& progress_;
    std::map<std::int64_t, std::int64_t> numbers_;
    std::map<std::string, Position> lacks_;
};

}  // namespace

core::Result<std::unique_ptr<ImageSink>> WriteStore(Store& store, const ImageProgress& progress) {
    KQ_ASSIGN(const auto reader, store.Read());
    std::int64_t things = 0;
    KQ_TRY(reader->Query(
        "SELECT (SELECT count(*) FROM version) + (SELECT count(*) FROM ids) +"
        " (SELECT count(*) FROM interned) + (SELECT count(*) FROM value)",
        {},
        [&](std::span<const SqlValue> row) {
            things = std::get<std::int64_t>(row[0]);
            return false;
        }
    ));
    if (things != 0) {
        return core::MakeError(core::ErrorCode::kStoreNotEmpty, "the store");
    }
    return std::unique_ptr<ImageSink>(std::make_unique<Filling>(store, progress));
}

}  // namespace kangqu::store
