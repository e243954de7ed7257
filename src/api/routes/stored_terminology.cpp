#include "kangqu/api/stored_terminology.hpp"

#include "kangqu/records/records.hpp"

#include <set>
#include <string>
#include <vector>

namespace kangqu::api {

namespace {

constexpr std::array<std::string_view, 3> kTypes = {"CodeSystem", "ValueSet", "ConceptMap"};

}  // namespace

core::Status StoredTerminology::Follow() {
    const std::lock_guard lock(mutex_);
    if (store_.position() == seen_) {
        return {};
    }
    KQ_ASSIGN(const auto reader, store_.Read());
    const store::Position now = reader->position();
    for (std::size_t type = 0; type < kTypes.size(); ++type) {
        KQ_TRY(FollowType(*reader, type));
    }
    seen_ = now;
    return {};
}

core::Status StoredTerminology::FollowType(store::Reader& reader, std::size_t type) {
    constexpr int kPage = 200;
    std::set<std::string> met;
    std::vector<terminology::Terminology::Source> changed;
    store::Position before = 0;
    store::Position newest = seen_of_type_.at(type);
    bool more = true;
    // A first look at one version tells that there is nothing new.
    for (int limit = 1; more; limit = kPage) {
        KQ_ASSIGN(const auto versions, reader.TypeHistory(kTypes.at(type), before, limit));
        more = static_cast<int>(versions.size()) == limit;
        for (const store::Version& version : versions) {
            if (version.change <= seen_of_type_.at(type)) {
                more = false;
                break;
            }
            newest = std::max(newest, version.change);
            before = version.change;
            // Newest first: later ones of the same id are older.
            if (!met.insert(version.id).second) {
                continue;
            }
            if (version.method == store::Method::kDelete) {
                terminology_.Remove(terminology::Layer::kStore, kTypes.at(type), version.id);
                continue;
            }
            changed.push_back(
                {records::Records::Show(search::Restriction::System(), version).json,
                 std::string(kTypes.at(type)) + "/" + version.id}
            );
        }
    }
    if (!changed.empty()) {
        KQ_TRY(terminology_.Add(terminology::Layer::kStore, std::move(changed)));
    }
    seen_of_type_.at(type) = newest;
    return {};
}

}  // namespace kangqu::api
