#include "page.hpp"

namespace kangqu::search {

namespace {

using Plan = CompiledSearch::Plan;

// Candidates read at a time when their texts have to be searched.
constexpr int kTextBatch = 200;

core::Error TooManyTexts(const Plan& plan) {
    return core::MakeError(
        core::ErrorCode::kSearchTooCostly, plan.type_name, std::to_string(plan.limits.read)
    );
}

// Goes through the candidates in batches, reads each and keeps those that hold the words.
class TextRun {
public:
    TextRun(const Plan& plan, store::Reader& reader, PageRun& run)
        : plan_(plan), reader_(reader), run_(run) {}

    core::Status Page(SearchPage& page) {
        std::vector<Cursor> found;
        KQ_TRY(Walk(plan_.after, [&](const Cursor& cursor) {
            found.push_back(cursor);
            return static_cast<int>(found.size()) <= plan_.count;
        }));
        if (static_cast<int>(found.size()) > plan_.count) {
            found.pop_back();
            page.next = CursorText(plan_, found.back());
        }
        for (const Cursor& cursor : found) {
            page.hits.emplace_back(cursor.home, cursor.key);
        }
        return {};
    }

    core::Result<std::int64_t> Total() {
        std::int64_t total = 0;
        KQ_TRY(Walk(std::nullopt, [&](const Cursor&) {
            ++total;
            return true;
        }));
        return total;
    }

private:
    core::Status Walk(std::optional<Cursor> after, const std::function<bool(const Cursor&)>& hit) {
        std::int64_t read = 0;
        for (bool more = true; more;) {
            std::vector<Cursor> batch;
            KQ_ASSIGN(more, run_.Hits(after, kTextBatch, [&](const Cursor& cursor) {
                batch.push_back(cursor);
            }));
            for (const Cursor& cursor : batch) {
                if (++read > plan_.limits.read) {
                    return TooManyTexts(plan_);
                }
                KQ_ASSIGN(
                    const bool holds, HoldsTexts(reader_, plan_.texts, cursor.home, cursor.key)
                );
                if (holds && !hit(cursor)) {
                    return {};
                }
                after = cursor;
            }
        }
        return {};
    }

    const Plan& plan_;
    store::Reader& reader_;
    PageRun& run_;
};

core::Status PlainPage(const Plan& plan, PageRun& run, SearchPage& page) {
    Cursor last;
    KQ_ASSIGN(const bool more, run.Hits(plan.after, plan.count, [&](const Cursor& cursor) {
        page.hits.emplace_back(cursor.home, cursor.key);
        last = cursor;
    }));
    if (more) {
        page.next = CursorText(plan, last);
    }
    return {};
}

}  // namespace

core::Result<SearchPage> CompiledSearch::Run(store::Reader& reader) const {
    const Plan& plan = *plan_;
    SearchPage page;
    Selection selection(plan, reader, 0);
    KQ_TRY(selection.Prepare());
    if (selection.nothing()) {
        if (plan.total) {
            page.total = 0;
        }
        return page;
    }
    PageRun run(plan, reader, selection);
    if (plan.total) {
        KQ_ASSIGN(
            page.total, plan.texts.empty() ? run.Total() : TextRun(plan, reader, run).Total()
        );
    }
    if (plan.count == 0) {
        return page;
    }
    if (plan.sort == SortBy::kId) {
        KQ_TRY(selection.CheckRows());
    } else if (plan.sort != SortBy::kValues) {
        KQ_TRY(selection.CheckCost(plan.count));
    }
    if (!plan.texts.empty()) {
        KQ_TRY(TextRun(plan, reader, run).Page(page));
    } else if (plan.sort == SortBy::kValues) {
        KQ_TRY(SortedPage(plan, reader, selection, page));
    } else {
        KQ_TRY(PlainPage(plan, run, page));
    }
    return page;
}

}  // namespace kangqu::search
