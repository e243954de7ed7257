#include "kangqu/records/records.hpp"

#include "locate.hpp"
#include <algorithm>
#include <map>

namespace kangqu::records {

namespace {

// Reads one page of a history: fetches versions newest first and keeps what is asked for and seen.
class HistoryReader {
public:
    HistoryReader(
        store::Reader& reader,
        const search::Restriction& restriction,
        const Records::HistoryQuery& query
    )
        : reader_(reader), restriction_(restriction), query_(query) {}

    core::Result<Records::HistoryPage> Run() {
        if (!query_.id.empty()) {
            KQ_ASSIGN(at_, Locate(reader_, restriction_, query_.type, query_.id));
        }
        const int limit = std::clamp(query_.count, 1, kMaxHistoryPage);
        store::Position before = query_.before;
        int scanned = 0;
        while (true) {
            KQ_ASSIGN(const auto versions, Fetch(before, limit + 1));
            for (const store::Version& version : versions) {
                if (query_.since && version.updated < *query_.since) {
                    return std::move(page_);
                }
                if (page_.records.size() == static_cast<std::size_t>(limit)) {
                    page_.next = before;
                    return std::move(page_);
                }
                KQ_TRY(Visit(version));
                before = version.change;
            }
            scanned += static_cast<int>(versions.size());
            if (versions.size() <= static_cast<std::size_t>(limit)) {
                return std::move(page_);
            }
            if (scanned >= kMaxHistoryScan) {
                page_.next = before;
                return std::move(page_);
            }
        }
    }

private:
    core::Result<std::vector<store::Version>> Fetch(store::Position before, int count) {
        return at_ ? reader_.History(at_->home, at_->key, before, count)
                   : reader_.TypeHistory(query_.type, before, count);
    }

    core::Status Visit(const store::Version& version) {
        KQ_ASSIGN(const bool asked, WasCurrent(version));
        if (!asked) {
            return {};
        }
        KQ_ASSIGN(const bool seen, Seen(version));
        if (seen) {
            page_.records.push_back(Records::Show(restriction_, version));
        }
        return {};
    }

    core::Result<bool> WasCurrent(const store::Version& version) {
        if (!query_.at) {
            return true;
        }
        if (version.updated > query_.at->second) {
            return false;
        }
        if (version.updated >= query_.at->first) {
            return true;
        }
        KQ_ASSIGN(
            const auto next, reader_.AtVersion(version.home, version.key, version.version + 1)
        );
        return !next || next->updated > query_.at->first;
    }

    core::Result<bool> Seen(const store::Version& version) {
        if (at_ || restriction_.is_system()) {
            return true;
        }
        if (!restriction_.MayEver(version.type, search::Action::kRead)) {
            return false;
        }
        const auto known = seen_.find(version.key);
        if (known != seen_.end()) {
            return known->second;
        }
        KQ_ASSIGN(
            const bool admitted,
            search::Admits(
                reader_,
                restriction_,
                search::Action::kRead,
                version.type,
                version.home,
                version.key
            )
        );
        seen_.emplace(version.key, admitted);
        return admitted;
    }

    store::Reader& reader_;
    const search::Restriction& restriction_;
    const Records::HistoryQuery& query_;
    std::optional<store::Placement> at_;
    std::map<store::RecordKey, bool> seen_;
    Records::HistoryPage page_;
};

}  // namespace

core::Result<Records::HistoryPage>
Records::History(const search::Restriction& restriction, const HistoryQuery& query) {
    KQ_ASSIGN(const auto reader, store_.Read());
    return HistoryReader(*reader, restriction, query).Run();
}

}  // namespace kangqu::records
