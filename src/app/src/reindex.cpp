#include "reindex.hpp"

#include "kangqu/records/prepare.hpp"
#include "kangqu/search/index.hpp"

#include <algorithm>

namespace kangqu::app {

namespace {

constexpr int kVersionsAPage = 500;

// Makes the search rows of the records behind `after` again, at most a page; moves `after` on.
core::Status ReindexPage(Platform& platform, store::Position& after) {
    std::vector<std::pair<store::Version, records::Prepared>> page;
    {
        KQ_ASSIGN(const auto reader, platform.store().Read());
        KQ_ASSIGN(auto versions, reader->Feed(after, kVersionsAPage));
        for (store::Version& version : versions) {
            after = version.change;
            KQ_ASSIGN(const auto newest, reader->Find(version.type, version.id));
            if (!newest || newest->version != version.version || version.body.empty()) {
                continue;
            }
            KQ_ASSIGN(const auto document, core::JsonDocument::Parse(version.body));
            KQ_ASSIGN(
                auto prepared,
                records::Prepare(platform.indexer(), document->root(), version.id, version.type)
            );
            page.emplace_back(std::move(version), std::move(prepared));
        }
    }
    if (page.empty()) {
        return {};
    }
    const auto written = platform.store().Write([&](store::Writer& writer) -> core::Status {
        for (const auto& [version, prepared] : page) {
            KQ_ASSIGN(const auto place, writer.Find(version.type, version.id));
            if (!place || place->version != version.version) {
                continue;
            }
            KQ_ASSIGN(const auto rows, platform.indexer().Finish(writer, prepared.index, *place));
            KQ_TRY(writer.Reindex(*place, rows));
        }
        return {};
    });
    KQ_TRY(written);
    return {};
}

}  // namespace

core::Status Reindex(Platform& platform) {
    const store::Position end = platform.store().position();
    for (store::Position after = 0; after < end;) {
        const store::Position before = after;
        KQ_TRY(ReindexPage(platform, after));
        if (after == before) {
            break;
        }
    }
    const auto written = platform.store().Write([&](store::Writer& writer) -> core::Status {
        for (const store::IndexTable& table : platform.store().index_tables()) {
            KQ_TRY(writer.AdoptLack(table.name, 0));
        }
        return {};
    });
    KQ_TRY(written);
    platform.SetIndexComplete();
    return {};
}

core::Result<bool> CompleteIndex(Platform& platform) {
    const auto states = platform.store().index_states();
    const bool lacks = std::any_of(states.begin(), states.end(), [](const auto& state) {
        return state.lacks_upto > 0;
    });
    if (!lacks || platform.index_complete()) {
        return false;
    }
    KQ_TRY(Reindex(platform));
    return true;
}

}  // namespace kangqu::app
