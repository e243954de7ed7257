// Orders by values: what no table has in order is found, read and sorted.
#include "kangqu/core/json.hpp"

#include "extract.hpp"
#include "page.hpp"
#include <algorithm>
#include <cstring>

namespace kangqu::search {

namespace {

using Plan = CompiledSearch::Plan;

// First Han character in the order of texts.
constexpr std::string_view kFirstHan = "\xE3\x90\x80";

// The value of one sort key of one record, in bytes that compare as the values do; nothing when
// the record has none.
using SortValue = std::optional<std::string>;

struct Sortable {
    std::vector<SortValue> values;
    store::Home home = 0;
    store::RecordKey key = 0;
};

std::string Ordered(std::uint64_t bits) {
    std::string out(8, '\0');
    for (std::size_t at = 0; at < 8; ++at) {
        out[at] = static_cast<char>(bits >> (56U - 8U * at));
    }
    return out;
}

std::string Ordered(std::int64_t number) {
    return Ordered(static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63U));
}

std::string Ordered(double number) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    const bool negative = (bits >> 63U) != 0;
    return Ordered(negative ? ~bits : bits ^ (std::uint64_t{1} << 63U));
}

// Names are in the order of their readings, so the characters themselves do not count.
bool CountsForOrder(const PreparedIndex::Row& row, bool readings) {
    return row.scope != kInitialsOriginal && (!readings || row.text < kFirstHan);
}

std::vector<std::string> TextsOf(const std::vector<PreparedIndex::Row>& rows) {
    std::vector<std::string> out;
    const bool readings = std::any_of(rows.begin(), rows.end(), [](const auto& row) {
        return row.table == kStringTable && row.scope == kReadingOriginal;
    });
    for (const auto& row : rows) {
        if (row.facet != 0) {
            continue;
        }
        if (row.table == kStringTable) {
            if (CountsForOrder(row, readings)) {
                out.push_back(row.text);
            }
        } else if (row.table == kQuantityTable) {
            if (row.unit_kind == static_cast<std::uint8_t>(UnitKind::kWritten)) {
                out.push_back(Ordered(row.value));
            }
        } else {
            out.push_back(row.table == kReferenceTable ? row.scope + "/" + row.text : row.text);
        }
    }
    return out;
}

// The lowest value of an ascending order, the highest of a descending one.
SortValue
ValueOf(const Plan& plan, const SortKey& key, core::JsonNode resource, const store::Version& of) {
    if (key.parameter == nullptr) {
        return key.by_id ? of.id : Ordered(of.change);
    }
    std::vector<PreparedIndex::Row> rows;
    std::vector<Interval> intervals;
    Extract(
        *key.parameter,
        plan.parameters->NumberOf(*key.parameter),
        resource,
        UnitKnowledge(),
        rows,
        intervals
    );
    std::vector<std::string> values = TextsOf(rows);
    for (const Interval interval : intervals) {
        values.push_back(Ordered(interval.low));
    }
    if (values.empty()) {
        return std::nullopt;
    }
    return key.descending ? *std::max_element(values.begin(), values.end())
                          : *std::min_element(values.begin(), values.end());
}

// Records without a value come last in both directions; the last word has the record's key.
bool Before(const Plan& plan, const Sortable& a, const Sortable& b) {
    for (std::size_t at = 0; at < plan.sort_keys.size(); ++at) {
        const SortValue& x = a.values[at];
        const SortValue& y = b.values[at];
        if (x == y) {
            continue;
        }
        if (!x || !y) {
            return x.has_value();
        }
        return plan.sort_keys[at].descending ? *y < *x : *x < *y;
    }
    return a.key < b.key;
}

// Values as one text and back: "1" size "|" bytes, or "0".
std::string Packed(const std::vector<SortValue>& values) {
    std::string out;
    for (const SortValue& value : values) {
        out += value ? "1" + std::to_string(value->size()) + "|" + *value : "0";
    }
    return out;
}

std::optional<std::vector<SortValue>> Unpacked(std::string_view text, std::size_t count) {
    std::vector<SortValue> out;
    while (!text.empty() && out.size() < count) {
        const bool present = text.front() == '1';
        text.remove_prefix(1);
        if (!present) {
            out.emplace_back();
            continue;
        }
        std::size_t size = 0;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9' && size < 10'000) {
            size = size * 10 + static_cast<std::size_t>(text.front() - '0');
            text.remove_prefix(1);
        }
        if (!text.starts_with('|') || text.size() < size + 1) {
            return std::nullopt;
        }
        out.emplace_back(std::string(text.substr(1, size)));
        text.remove_prefix(size + 1);
    }
    return out.size() == count && text.empty() ? std::optional(out) : std::nullopt;
}

class Sorting {
public:
    Sorting(const Plan& plan, store::Reader& reader, Selection& selection)
        : plan_(plan), reader_(reader), selection_(selection) {}

    core::Status Page(SearchPage& page) {
        std::vector<Cursor> found;
        PageRun run(plan_, reader_, selection_);
        KQ_TRY(selection_.CheckCostOfAll());
        const auto limit = static_cast<int>(plan_.limits.sorted);
        KQ_ASSIGN(const bool more, run.Hits(std::nullopt, limit, [&](const Cursor& cursor) {
            found.push_back(cursor);
        }));
        if (more) {
            return Walk(page);
        }
        return SortFound(found, page);
    }

private:
    core::Status SortFound(const std::vector<Cursor>& found, SearchPage& page) {
        std::vector<Sortable> all;
        all.reserve(found.size());
        for (const Cursor& cursor : found) {
            KQ_ASSIGN(const auto version, reader_.Current(cursor.home, cursor.key));
            if (!version || version->method == store::Method::kDelete) {
                continue;
            }
            KQ_ASSIGN(const auto document, core::JsonDocument::Parse(version->body));
            Sortable one;
            one.home = cursor.home;
            one.key = cursor.key;
            for (const SortKey& key : plan_.sort_keys) {
                one.values.push_back(ValueOf(plan_, key, document->root(), *version));
            }
            all.push_back(std::move(one));
        }
        const auto before = [this](const Sortable& a, const Sortable& b) {
            return Before(plan_, a, b);
        };
        std::sort(all.begin(), all.end(), before);
        auto from = all.begin();
        if (plan_.after) {
            auto values = Unpacked(plan_.after->text, plan_.sort_keys.size());
            if (!values) {
                return core::MakeError(core::ErrorCode::kSearchBadValue, "_cursor", "", "_sort");
            }
            const Sortable last{std::move(*values), plan_.after->home, plan_.after->key};
            from = std::upper_bound(all.begin(), all.end(), last, before);
        }
        for (; from != all.end(); ++from) {
            if (page.hits.size() == static_cast<std::size_t>(plan_.count)) {
                const Sortable& last = *std::prev(from);
                page.next = CursorText(plan_, {0, 0, Packed(last.values), last.home, last.key});
                break;
            }
            page.hits.emplace_back(from->home, from->key);
        }
        return {};
    }

    core::Error TooCostly() const {
        return core::MakeError(
            core::ErrorCode::kSearchTooCostly, plan_.type_name, std::to_string(plan_.limits.sorted)
        );
    }

    // Many records by one text: the table of texts has them in order. Each record stands at its
    // first text; records without one follow in no page.
    core::Status Walk(SearchPage& page) {
        const SortKey& key = plan_.sort_keys.front();
        const bool walks = plan_.sort_keys.size() == 1 && key.parameter != nullptr &&
                           key.parameter->table == kStringTable && key.parameter->vias.empty();
        if (!walks) {
            return TooCostly();
        }
        KQ_ASSIGN(const Sql query, WalkQuery(key));
        std::string text;
        Cursor last;
        return query.Run(reader_, [&](std::span<const store::SqlValue> row) {
            if (page.hits.size() == static_cast<std::size_t>(plan_.count)) {
                last.text = Packed({SortValue(text)});
                page.next = CursorText(plan_, last);
                return false;
            }
            const auto* const held = std::get_if<std::string_view>(&row[0]);
            text = held == nullptr ? std::string() : std::string(*held);
            last.home = IntegerOf(row[1]);
            last.key = IntegerOf(row[2]);
            page.hits.emplace_back(last.home, last.key);
            return true;
        });
    }

    core::Result<Sql> WalkQuery(const SortKey& key) {
        const std::string d = selection_.alias();
        KQ_ASSIGN(const auto parameter, reader_.Interned(key.parameter->name()));
        KQ_ASSIGN(const Sql holds, selection_.TestOf());
        KQ_ASSIGN(const bool readings, HasReadings(parameter));
        const auto counts = [&](const std::string& row) {
            Sql test = Sql().Add(row + ".original <> ?", std::string(kInitialsOriginal));
            if (readings) {
                test.Add(" AND " + row + ".text < ?", std::string(kFirstHan));
            }
            return test;
        };
        const std::string beyond = key.descending ? " < " : " > ";
        const std::string way = key.descending ? " DESC" : "";
        Sql page = Sql("SELECT DISTINCT " + d + ".text, " + d + ".home, " + d +
                       ".key FROM search_string " + d + " WHERE ")
                       .Add(d + ".parameter = ? AND ", parameter)
                       .Add(counts(d))
                       .Add(
                           " AND NOT EXISTS (SELECT 1 FROM search_string e WHERE e.key = " + d +
                           ".key AND e.home = " + d + ".home AND e.text" +
                           (key.descending ? " > " : " < ") + d + ".text AND "
                       )
                       .Add("e.parameter = ? AND ", parameter)
                       .Add(counts("e"))
                       .Add(") AND ")
                       .Add(holds);
        if (plan_.after) {
            const auto values = Unpacked(plan_.after->text, 1);
            if (!values || !values->front()) {
                return core::MakeError(core::ErrorCode::kSearchBadValue, "_cursor", "", "_sort");
            }
            page.Add(
                " AND " + d + ".text" + (key.descending ? " <= ?" : " >= ?"), *values->front()
            );
            page.Add(
                " AND (" + d + ".text, " + d + ".home, " + d + ".key)" + beyond + "(?, ?, ?)",
                *values->front(),
                plan_.after->home,
                plan_.after->key
            );
        }
        return page.Add(
            " ORDER BY 1" + way + ", 2" + way + ", 3" + way + " LIMIT ?",
            static_cast<std::int64_t>(plan_.count) + 1
        );
    }

    core::Result<bool> HasReadings(std::int64_t parameter) {
        KQ_ASSIGN(
            const auto one,
            Sql()
                .Add(
                    "SELECT 1 FROM search_string WHERE parameter = ? AND text >= ? AND text < ?"
                    " AND original = ? LIMIT 1",
                    parameter,
                    std::string("a"),
                    std::string("{"),
                    std::string(kReadingOriginal)
                )
                .Number(reader_)
        );
        return one == 1;
    }

    const Plan& plan_;
    store::Reader& reader_;
    Selection& selection_;
};

}  // namespace

core::Status
SortedPage(const Plan& plan, store::Reader& reader, Selection& selection, SearchPage& page) {
    return Sorting(plan, reader, selection).Page(page);
}

}  // namespace kangqu::search
