#include "postgres/pending.hpp"

#include "row_code.hpp"
#include <algorithm>
#include <map>
#include <tuple>

namespace kangqu::store::postgres {

namespace {

// Rows of one statement; more go in several.
constexpr std::size_t kRowsAStatement = 20'000;

constexpr std::string_view kInsertTexts =
    "INSERT INTO interned (number, text) SELECT * FROM unnest(?1, ?2) d";
constexpr std::string_view kPutIds =
    "INSERT INTO ids (type, id, home, key) SELECT * FROM unnest(?1, ?2, ?3, ?4) d"
    " ON CONFLICT (type, id) DO UPDATE SET home = excluded.home";
constexpr std::string_view kInsertVersions =
    "INSERT INTO version (change, home, key, type, id, version, updated, method, body, rows)"
    " SELECT * FROM unnest(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) d";
constexpr std::string_view kUpdateRows =
    "UPDATE version SET rows = d.rows FROM unnest(?1, ?2, ?3) d(change, home, rows)"
    " WHERE version.change = d.change AND version.home = d.home";
constexpr std::string_view kPutCurrent =
    "INSERT INTO current (home, key, type, change, version, deleted)"
    " SELECT * FROM unnest(?1, ?2, ?3, ?4, ?5, ?6) d ON CONFLICT (home, key) DO UPDATE SET"
    " change = excluded.change, version = excluded.version, deleted = excluded.deleted";
constexpr std::string_view kInsertSuperseded =
    "INSERT INTO superseded (home, key, version, change) SELECT * FROM unnest(?1, ?2, ?3, ?4) d";
constexpr std::string_view kPutValues =
    "INSERT INTO value (space, key, value) SELECT * FROM unnest(?1, ?2, ?3) d"
    " ON CONFLICT (space, key) DO UPDATE SET value = excluded.value";
constexpr std::string_view kRemoveValues =
    "DELETE FROM value t USING unnest(?1, ?2) d(space, key)"
    " WHERE t.space = d.space AND t.key = d.key";

std::string_view ViewOf(const std::string& bytes) {
    return bytes.empty() ? std::string_view("", 0) : std::string_view(bytes);
}

// One column of a list of structures.
template <class Value, class Row, class Get>
std::vector<Value> Column(const std::vector<const Row*>& rows, Get get) {
    std::vector<Value> column;
    column.reserve(rows.size());
    for (const Row* const row : rows) {
        column.push_back(get(*row));
    }
    return column;
}

template <class Row>
std::vector<const Row*> FirstOf(const std::vector<Row>& rows, std::size_t count) {
    std::vector<const Row*> first;
    first.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        first.push_back(&rows[i]);
    }
    return first;
}

// Of the first `count` rows the last one of each key, in the order of keys.
template <class Row, class Key>
std::vector<const Row*> LastOf(const std::vector<Row>& rows, std::size_t count, Key key) {
    std::map<decltype(key(rows.front())), const Row*> last;
    for (std::size_t i = 0; i < count; ++i) {
        last[key(rows[i])] = &rows[i];
    }
    std::vector<const Row*> list;
    list.reserve(last.size());
    for (const auto& [ignored, row] : last) {
        list.push_back(row);
    }
    return list;
}

template <class Row>
void Forget(std::vector<Row>& rows, std::size_t count) {
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count));
}

using Integers = std::vector<std::int64_t>;
using Views = std::vector<std::string_view>;

}  // namespace

Pending::Mark Pending::mark() const {
    return {
        texts.size(),
        ids.size(),
        versions.size(),
        reindexed.size(),
        current.size(),
        superseded.size(),
        values.size(),
        rows.size()};
}

bool Pending::empty() const {
    return texts.empty() && ids.empty() && versions.empty() && reindexed.empty() &&
           current.empty() && superseded.empty() && values.empty() && rows.empty();
}

void Pending::ReturnTo(const Mark& mark) {
    texts.resize(mark.texts);
    ids.resize(mark.ids);
    versions.resize(mark.versions);
    reindexed.resize(mark.reindexed);
    current.resize(mark.current);
    superseded.resize(mark.superseded);
    values.resize(mark.values);
    rows.resize(mark.rows);
}

core::Status Pending::Prepare(Connection& connection) const {
    const Integers none;
    const Views no_texts;
    const auto integers = [&](int count) {
        Params params;
        for (int i = 0; i < count; ++i) {
            params.AddArray(none);
        }
        return params;
    };
    KQ_TRY(connection.Ready(kInsertTexts, integers(1).AddTexts(no_texts)));
    KQ_TRY(
        connection.Ready(kPutIds, integers(1).AddBytesArray(no_texts).AddArray(none).AddArray(none))
    );
    KQ_TRY(connection.Ready(
        kInsertVersions,
        integers(4)
            .AddBytesArray(no_texts)
            .AddArray(none)
            .AddArray(none)
            .AddArray(none)
            .AddBytesArray(no_texts)
            .AddBytesArray(no_texts)
    ));
    KQ_TRY(connection.Ready(kUpdateRows, integers(2).AddBytesArray(no_texts)));
    KQ_TRY(connection.Ready(kPutCurrent, integers(6)));
    KQ_TRY(connection.Ready(kInsertSuperseded, integers(4)));
    Params value;
    value.AddTexts(no_texts).AddTexts(no_texts);
    KQ_TRY(connection.Ready(kRemoveValues, value));
    KQ_TRY(connection.Ready(kPutValues, value.AddBytesArray(no_texts)));
    for (const PlacedTable& placed : tables_) {
        const Params arrays = RowArrays(placed.table).ToParams();
        KQ_TRY(connection.Ready(InsertRowsSql(placed.table), arrays));
        KQ_TRY(connection.Ready(RemoveRowsSql(placed.table), arrays));
    }
    return {};
}

core::Status Pending::Queue(Connection& connection, const Mark& mark) {
    KQ_TRY(QueueRecords(connection, mark));
    KQ_TRY(QueueVersions(connection, mark.versions));
    if (mark.reindexed > 0) {
        const auto list =
            LastOf(reindexed, mark.reindexed, [](const PendingRows& row) { return row.change; });
        Params params;
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.change; }));
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.home; }));
        params.AddBytesArray(Column<std::string_view>(list, [](const auto& row) {
            return ViewOf(row.rows);
        }));
        KQ_TRY(connection.Queue(kUpdateRows, params));
        Forget(reindexed, mark.reindexed);
    }
    KQ_TRY(QueueCurrent(connection, mark.current));
    KQ_TRY(QueueValues(connection, mark.values));
    return QueueRows(connection, mark.rows);
}

core::Status Pending::QueueRecords(Connection& connection, const Mark& mark) {
    if (mark.texts > 0) {
        const auto list = FirstOf(texts, mark.texts);
        Params params;
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.number; }));
        params.AddTexts(Column<std::string_view>(list, [](const auto& row) {
            return ViewOf(row.text);
        }));
        KQ_TRY(connection.Queue(kInsertTexts, params));
        Forget(texts, mark.texts);
    }
    if (mark.ids > 0) {
        const auto list = LastOf(ids, mark.ids, [](const PendingId& row) {
            return std::pair(row.type, std::string_view(row.id));
        });
        Params params;
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.type; }));
        params.AddBytesArray(Column<std::string_view>(list, [](const auto& row) {
            return ViewOf(row.id);
        }));
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.home; }));
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.key; }));
        KQ_TRY(connection.Queue(kPutIds, params));
        Forget(ids, mark.ids);
    }
    if (mark.superseded > 0) {
        const auto list = FirstOf(superseded, mark.superseded);
        Params params;
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.home; }));
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.key; }));
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.version; }));
        params.AddArray(Column<std::int64_t>(list, [](const auto& row) { return row.change; }));
        KQ_TRY(connection.Queue(kInsertSuperseded, params));
        Forget(superseded, mark.superseded);
    }
    return {};
}

core::Status Pending::QueueVersions(Connection& connection, std::size_t count) {
    if (count == 0) {
        return {};
    }
    const auto list = FirstOf(versions, count);
    const auto integers = [&](auto get) {
        return Column<std::int64_t>(list, get);
    };
    Params params;
    params.AddArray(integers([](const auto& row) { return row.facts.change; }));
    params.AddArray(integers([](const auto& row) { return row.facts.home; }));
    params.AddArray(integers([](const auto& row) { return row.facts.key; }));
    params.AddArray(integers([](const auto& row) { return row.type; }));
    params.AddBytesArray(Column<std::string_view>(list, [](const auto& row) {
        return ViewOf(row.id);
    }));
    params.AddArray(integers([](const auto& row) { return row.facts.version; }));
    params.AddArray(integers([](const auto& row) { return row.facts.updated; }));
    params.AddArray(integers([](const auto& row) {
        return static_cast<std::int64_t>(row.facts.method);
    }));
    params.AddBytesArray(Column<std::string_view>(list, [](const auto& row) {
        return row.body ? ViewOf(*row.body) : std::string_view();
    }));
    params.AddBytesArray(Column<std::string_view>(list, [](const auto& row) {
        return row.rows.empty() ? std::string_view() : std::string_view(row.rows);
    }));
    KQ_TRY(connection.Queue(kInsertVersions, params));
    Forget(versions, count);
    return {};
}

core::Status Pending::QueueCurrent(Connection& connection, std::size_t count) {
    if (count == 0) {
        return {};
    }
    const auto list = LastOf(current, count, [](const PendingCurrent& row) {
        return std::pair(row.home, row.key);
    });
    const auto integers = [&](auto get) {
        return Column<std::int64_t>(list, get);
    };
    Params params;
    params.AddArray(integers([](const auto& row) { return row.home; }));
    params.AddArray(integers([](const auto& row) { return row.key; }));
    params.AddArray(integers([](const auto& row) { return row.type; }));
    params.AddArray(integers([](const auto& row) { return row.change; }));
    params.AddArray(integers([](const auto& row) { return row.version; }));
    params.AddArray(integers([](const auto& row) { return row.deleted; }));
    KQ_TRY(connection.Queue(kPutCurrent, params));
    Forget(current, count);
    return {};
}

core::Status Pending::QueueValues(Connection& connection, std::size_t count) {
    if (count == 0) {
        return {};
    }
    const auto list = LastOf(values, count, [](const PendingValue& row) {
        return std::pair(std::string_view(row.space), std::string_view(row.key));
    });
    Views put[3];
    Views removed[2];
    for (const PendingValue* const row : list) {
        if (row->value) {
            put[0].push_back(row->space);
            put[1].push_back(row->key);
            put[2].push_back(ViewOf(*row->value));
        } else {
            removed[0].push_back(row->space);
            removed[1].push_back(row->key);
        }
    }
    if (!put[0].empty()) {
        KQ_TRY(connection.Queue(
            kPutValues, Params().AddTexts(put[0]).AddTexts(put[1]).AddBytesArray(put[2])
        ));
    }
    if (!removed[0].empty()) {
        KQ_TRY(connection.Queue(kRemoveValues, Params().AddTexts(removed[0]).AddTexts(removed[1])));
    }
    Forget(values, count);
    return {};
}

core::Status Pending::QueueRows(Connection& connection, std::size_t count) {
    if (count == 0) {
        return {};
    }
    // By table, row, home and key; of several operations on one row the last decides.
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) {
        order[i] = i;
    }
    const auto key = [&](std::size_t i) {
        return std::tuple(std::string_view(rows[i].row), rows[i].home, rows[i].key);
    };
    std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
        return std::tuple(key(left), left) < std::tuple(key(right), right);
    });
    const PlacedTable* table = nullptr;
    std::optional<RowArrays> arrays[2];
    const auto send = [&](std::size_t most) -> core::Status {
        for (const bool insert : {false, true}) {
            auto& some = arrays[insert ? 1 : 0];
            if (table != nullptr && some && some->size() > most) {
                KQ_TRY(connection.Queue(
                    insert ? InsertRowsSql(table->table) : RemoveRowsSql(table->table),
                    some->ToParams()
                ));
                some->Clear();
            }
        }
        return {};
    };
    for (std::size_t i = 0; i < count; ++i) {
        if (i + 1 < count && key(order[i]) == key(order[i + 1])) {
            continue;
        }
        const PendingIndexRow& one = rows[order[i]];
        std::string_view bytes = one.row;
        const auto number = TakeInteger(bytes);
        if (table == nullptr || table->number != number) {
            KQ_TRY(send(0));
            const auto found =
                std::find_if(tables_.begin(), tables_.end(), [&](const PlacedTable& placed) {
                    return placed.number == number;
                });
            // Rows of dropped definitions still stand in old versions.
            table = found == tables_.end() ? nullptr : &*found;
            if (table == nullptr) {
                continue;
            }
            arrays[0].emplace(table->table);
            arrays[1].emplace(table->table);
        }
        KQ_TRY(arrays[one.insert ? 1 : 0]->Add(bytes, one.home, one.key));
        KQ_TRY(send(kRowsAStatement));
    }
    KQ_TRY(send(0));
    Forget(rows, count);
    return {};
}

}  // namespace kangqu::store::postgres
