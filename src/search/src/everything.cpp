#include "kangqu/core/json.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/search/query.hpp"

#include "interval.hpp"
#include "sql.hpp"
#include <algorithm>
#include <set>

namespace kangqu::search {

namespace {

class EverythingRun {
public:
    EverythingRun(
        store::Reader& reader,
        const EverythingQuery& query,
        const Restriction& restriction
    )
        : reader_(reader), query_(query), restriction_(restriction) {}

    core::Result<EverythingPage> Page() {
        EverythingPage page;
        KQ_ASSIGN(const auto patient, reader_.Find("Patient", query_.patient));
        if (!patient || patient->version == 0 || patient->deleted) {
            return Absent();
        }
        KQ_ASSIGN(const bool admitted, Admitted("Patient", patient->home, patient->key));
        if (!admitted) {
            return Absent();
        }
        KQ_ASSIGN(const auto places, Places(patient->home));
        for (const Place& place : places) {
            if (static_cast<int>(page.hits.size()) == query_.limit) {
                page.next = page.hits.back().second;
                break;
            }
            KQ_ASSIGN(const bool kept, Keeps(place));
            if (kept) {
                page.hits.push_back(place);
            }
        }
        KQ_TRY(Supporting(page));
        return page;
    }

private:
    core::Error Absent() const {
        return core::MakeError(core::ErrorCode::kNotFound, "Patient/" + query_.patient);
    }

    core::Result<bool> Admitted(std::string_view type, store::Home home, store::RecordKey key) {
        return Admits(reader_, restriction_, Action::kRead, type, home, key);
    }

    // The resident's records in the order of their keys, wherever they stand.
    core::Result<std::vector<Place>> Places(store::Home home) {
        std::vector<Place> out;
        const Sql query = Sql().Add(
            "SELECT c.home, c.key FROM current c WHERE c.home = ? AND c.deleted = 0 AND c.key > ?"
            " AND NOT EXISTS (SELECT 1 FROM search_elsewhere e WHERE e.key = c.key"
            " AND e.patient = 0)"
            " UNION SELECT e.home, e.key FROM search_elsewhere e WHERE e.patient = ? AND e.key > ?"
            " ORDER BY 2",
            home,
            query_.after,
            home,
            query_.after
        );
        KQ_TRY(query.Run(reader_, [&](std::span<const store::SqlValue> row) {
            out.emplace_back(IntegerOf(row[0]), IntegerOf(row[1]));
            return true;
        }));
        return out;
    }

    core::Result<bool> Keeps(const Place& place) {
        KQ_ASSIGN(const auto version, reader_.Current(place.first, place.second));
        if (!version || version->method == store::Method::kDelete ||
            version->updated < query_.since) {
            return false;
        }
        const auto& types = query_.types;
        if (!types.empty() && std::find(types.begin(), types.end(), version->type) == types.end()) {
            return false;
        }
        KQ_ASSIGN(const bool admitted, Admitted(version->type, place.first, place.second));
        if (!admitted) {
            return false;
        }
        KQ_ASSIGN(const bool within, WithinDates(place.second));
        if (within) {
            KQ_TRY(Remember(*version));
        }
        return within;
    }

    // Care dates: a record without a date of its own belongs to all times.
    core::Result<bool> WithinDates(store::RecordKey key) {
        if (!query_.start && !query_.end) {
            return true;
        }
        std::int64_t span = static_cast<std::int64_t>(Span::kNone);
        std::int64_t at = 0;
        const Sql query = Sql().Add("SELECT span, at FROM search_record WHERE key = ?", key);
        KQ_TRY(query.Run(reader_, [&](std::span<const store::SqlValue> row) {
            span = IntegerOf(row[0]);
            at = IntegerOf(row[1]);
            return false;
        }));
        if (span == static_cast<std::int64_t>(Span::kNone)) {
            return true;
        }
        const bool bounded = span < static_cast<std::int64_t>(kSpanMs.size());
        const std::int64_t end =
            bounded ? at + kSpanMs[static_cast<std::size_t>(span)] : kFarFuture;
        return (!query_.start || end > *query_.start) && (!query_.end || at < *query_.end);
    }

    core::Status Remember(const store::Version& version) {
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(version.body));
        for (const core::JsonNode node : fhir::ReferencesOf(document->root())) {
            const auto reference = fhir::ParseReference(node.text());
            if (reference.kind == fhir::Reference::Kind::kLocal && reference.type != "Patient") {
                referred_.emplace(reference.type, reference.id);
            }
        }
        return {};
    }

    // Only what is no resident's: another resident's record does not come along.
    core::Status Supporting(EverythingPage& page) {
        for (const auto& [type, id] : referred_) {
            const bool wanted =
                query_.types.empty() ||
                std::find(query_.types.begin(), query_.types.end(), type) != query_.types.end();
            KQ_ASSIGN(const auto at, reader_.Find(type, id));
            if (!wanted || !at || at->version == 0 || at->deleted || at->home != at->key) {
                continue;
            }
            KQ_ASSIGN(
                const auto speaks,
                Sql()
                    .Add("SELECT speaks_of_patient FROM search_record WHERE key = ?", at->key)
                    .Number(reader_)
            );
            KQ_ASSIGN(const bool admitted, Admitted(type, at->home, at->key));
            if (speaks == 0 && admitted) {
                page.supporting.emplace_back(at->home, at->key);
            }
        }
        return {};
    }

    store::Reader& reader_;
    const EverythingQuery& query_;
    const Restriction& restriction_;
    std::set<std::pair<std::string, std::string>> referred_;
};

}  // namespace

std::optional<std::pair<core::InstantMs, core::InstantMs>> DateInterval(std::string_view text) {
    const auto interval = IntervalOf(text);
    if (!interval) {
        return std::nullopt;
    }
    return std::pair(interval->low, interval->high);
}

core::Result<EverythingPage>
Everything(store::Reader& reader, const EverythingQuery& query, const Restriction& restriction) {
    return EverythingRun(reader, query, restriction).Page();
}

}  // namespace kangqu::search
