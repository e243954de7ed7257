// _include, _revinclude and Patient/$everything.
#include "condition.hpp"
#include <algorithm>
#include <set>

namespace kangqu::search {

namespace {

using Plan = CompiledSearch::Plan;
using fhir::TypeNumber;

class Including {
public:
    Including(const Plan& plan, store::Reader& reader) : plan_(plan), reader_(reader) {}

    core::Result<std::vector<Place>> Run(const std::vector<Place>& hits) {
        seen_.insert(hits.begin(), hits.end());
        std::vector<Place> fresh = hits;
        for (int round = 0; !fresh.empty(); ++round) {
            const bool first = round == 0;
            std::vector<Place> found;
            for (const Inclusion& inclusion : plan_.inclusions) {
                if (!first && !inclusion.iterate) {
                    continue;
                }
                if (round > plan_.limits.include_rounds) {
                    return TooMany();
                }
                for (const Place& place : fresh) {
                    KQ_TRY(
                        inclusion.reverse ? Referring(inclusion, place, found)
                                          : ReferredTo(inclusion, place, found)
                    );
                }
            }
            fresh = std::move(found);
        }
        return std::move(out_);
    }

private:
    core::Error TooMany() const {
        return core::MakeError(
            core::ErrorCode::kSearchTooComplex,
            "_include > " + std::to_string(plan_.limits.included)
        );
    }

    // The number under which a parameter's rows stand, with those that cover it.
    core::Result<std::vector<std::int64_t>> NumbersOf(const Parameter& parameter) {
        std::vector<std::int64_t> numbers;
        const auto add = [&](const Parameter& one) -> core::Status {
            KQ_ASSIGN(const auto number, reader_.Interned(one.name()));
            if (number != 0) {
                numbers.push_back(number);
            }
            return {};
        };
        if (parameter.vias.empty()) {
            KQ_TRY(add(parameter));
        }
        for (const Parameter::Via& via : parameter.vias) {
            KQ_TRY(add(plan_.parameters->at(via.parameter)));
        }
        return numbers;
    }

    // A target type that the parameter itself implies: patient is subject that points to a Patient.
    static TypeNumber OnlyTarget(const Inclusion& inclusion) {
        if (inclusion.target != fhir::kNoType || inclusion.parameter == nullptr ||
            inclusion.parameter->vias.empty()) {
            return inclusion.target;
        }
        return inclusion.parameter->vias.front().only;
    }

    core::Status
    ReferredTo(const Inclusion& inclusion, const Place& place, std::vector<Place>& found) {
        std::vector<std::int64_t> parameters;
        if (inclusion.parameter != nullptr) {
            KQ_ASSIGN(parameters, NumbersOf(*inclusion.parameter));
            if (parameters.empty()) {
                return {};
            }
        }
        KQ_ASSIGN(const auto version, reader_.Current(place.first, place.second));
        const bool source = version && (inclusion.source == fhir::kNoType ||
                                        version->type == fhir::TypeOf(inclusion.source).name);
        if (!source) {
            return {};
        }
        Sql query = Sql().Add(
            "SELECT DISTINCT r.type, r.target FROM search_reference r WHERE r.key = ?"
            " AND r.home = ?",
            place.second,
            place.first
        );
        if (!parameters.empty()) {
            query.Add(" AND ").Add(AmongNumbers("r.parameter", parameters));
        }
        std::vector<std::pair<std::int64_t, std::int64_t>> targets;
        KQ_TRY(query.Run(reader_, [&](std::span<const store::SqlValue> row) {
            targets.emplace_back(IntegerOf(row[0]), IntegerOf(row[1]));
            return true;
        }));
        const TypeNumber only = OnlyTarget(inclusion);
        std::int64_t only_number = 0;
        if (only != fhir::kNoType) {
            KQ_ASSIGN(only_number, reader_.Interned(fhir::TypeOf(only).name));
        }
        for (const auto& [type, target] : targets) {
            if (type == 0) {
                KQ_TRY(Canonical(inclusion, target, found));
            } else if (only == fhir::kNoType || type == only_number) {
                KQ_TRY(AddKey(target, found));
            }
        }
        return {};
    }

    // A canonical URL leads to the resources of the parameter's target types that have it.
    core::Status
    Canonical(const Inclusion& inclusion, std::int64_t url, std::vector<Place>& found) {
        if (inclusion.parameter == nullptr) {
            return {};
        }
        for (const TypeNumber target : inclusion.parameter->facts->targets) {
            const Parameter* const by_url = plan_.parameters->Find(target, "url");
            if (by_url == nullptr ||
                (inclusion.target != fhir::kNoType && inclusion.target != target)) {
                continue;
            }
            KQ_ASSIGN(const auto number, reader_.Interned(by_url->name()));
            const Sql query = Sql().Add(
                "SELECT key FROM search_token WHERE parameter = ? AND code = ? AND system = 0",
                number,
                url
            );
            KQ_TRY(AddKeysOf(query, found));
        }
        return {};
    }

    core::Status
    Referring(const Inclusion& inclusion, const Place& place, std::vector<Place>& found) {
        KQ_ASSIGN(const auto version, reader_.Current(place.first, place.second));
        if (!version) {
            return {};
        }
        const TypeNumber target = fhir::FindResourceType(version->type);
        if (inclusion.target != fhir::kNoType && inclusion.target != target) {
            return {};
        }
        KQ_ASSIGN(const auto type, reader_.Interned(version->type));
        std::vector<const Parameter*> links;
        if (inclusion.parameter != nullptr) {
            links.push_back(inclusion.parameter);
        } else {
            for (const std::uint16_t number : plan_.parameters->Of(inclusion.source)) {
                const Parameter& one = plan_.parameters->at(number);
                if (one.table == kReferenceTable && one.vias.empty()) {
                    links.push_back(&one);
                }
            }
        }
        for (const Parameter* link : links) {
            KQ_ASSIGN(const auto numbers, NumbersOf(*link));
            for (const std::int64_t number : numbers) {
                const Sql query = Sql().Add(
                    "SELECT key FROM search_reference WHERE parameter = ? AND type = ?"
                    " AND target = ? LIMIT ?",
                    number,
                    type,
                    place.second,
                    static_cast<std::int64_t>(plan_.limits.included) + 1
                );
                KQ_TRY(AddKeysOf(query, found));
            }
        }
        return {};
    }

    core::Status AddKeysOf(const Sql& query, std::vector<Place>& found) {
        std::vector<std::int64_t> keys;
        KQ_TRY(query.Run(reader_, [&](std::span<const store::SqlValue> row) {
            keys.push_back(IntegerOf(row[0]));
            return true;
        }));
        for (const std::int64_t key : keys) {
            KQ_TRY(AddKey(key, found));
        }
        return {};
    }

    // What is not there, not the reader's to see, or there already, adds nothing.
    core::Status AddKey(std::int64_t key, std::vector<Place>& found) {
        KQ_ASSIGN(
            const auto home,
            Sql().Add("SELECT home FROM search_record WHERE key = ?", key).Number(reader_)
        );
        const Place place{home, key};
        if (home == 0 || !seen_.insert(place).second) {
            return {};
        }
        KQ_ASSIGN(const auto version, reader_.Current(home, key));
        if (!version || version->method == store::Method::kDelete) {
            return {};
        }
        KQ_ASSIGN(
            const bool admitted,
            Admits(reader_, plan_.restriction, Action::kRead, version->type, home, key)
        );
        if (!admitted) {
            return {};
        }
        if (out_.size() >= plan_.limits.included) {
            return TooMany();
        }
        out_.push_back(place);
        found.push_back(place);
        return {};
    }

    const Plan& plan_;
    store::Reader& reader_;
    std::set<Place> seen_;
    std::vector<Place> out_;
};

}  // namespace

core::Result<std::vector<Place>>
CompiledSearch::Include(store::Reader& reader, const std::vector<Place>& hits) const {
    if (plan_->inclusions.empty() || hits.empty()) {
        return std::vector<Place>();
    }
    return Including(*plan_, reader).Run(hits);
}

}  // namespace kangqu::search
