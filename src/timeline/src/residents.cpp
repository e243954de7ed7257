#include "kangqu/timeline/residents.hpp"

#include "kangqu/search/text.hpp"

#include <algorithm>
#include <mutex>

namespace kangqu::timeline {

namespace {

bool Contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

bool IsDigits(std::string_view text) {
    return text.size() >= 4 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || c == 'X' || c == 'x';
           });
}

std::string UpperX(std::string_view text) {
    std::string out(text);
    std::replace(out.begin(), out.end(), 'x', 'X');
    return out;
}

// What the text of a ListRequest asks for, prepared once a list.
class Needle {
public:
    explicit Needle(std::string_view text) : text_(text), digits_(IsDigits(text)) {
        if (digits_) {
            text_ = UpperX(text);
        } else {
            latin_ = search::PinyinOf(text).full;
        }
    }
    bool Matches(const Resident& resident) const {
        if (text_.empty()) {
            return true;
        }
        if (digits_) {
            return resident.citizen_id.ends_with(text_) || resident.citizen_id == text_ ||
                   Contains(resident.phone, text_);
        }
        if (Contains(resident.name, text_)) {
            return true;
        }
        // Latin letters may be pinyin or initials; Han characters must stand in the name itself.
        return latin_ == text_ &&
               (resident.pinyin.starts_with(text_) || resident.initials.starts_with(text_));
    }

private:
    std::string text_;
    std::string latin_;
    bool digits_;
};

std::int64_t BirthKey(const Resident& resident) {
    return resident.birth ? core::DaysOf(*resident.birth) : INT64_MIN;
}

bool Before(const Resident& a, const Resident& b, Order order) {
    switch (order) {
        case Order::kName:
            if (a.order != b.order) {
                return a.order < b.order;
            }
            if (a.name != b.name) {
                return a.name < b.name;
            }
            break;
        case Order::kAge:
            // Older later: age rises as the birth date falls.
            if (BirthKey(a) != BirthKey(b)) {
                return BirthKey(a) > BirthKey(b);
            }
            break;
        case Order::kUnit:
            if (a.organization != b.organization) {
                return a.organization < b.organization;
            }
            break;
        case Order::kId:
            break;
    }
    return a.id < b.id;
}

}  // namespace

Visibility::Visibility(const search::Restriction& restriction)
    : everything_(restriction.is_system()) {
    for (const search::Grant& grant : restriction.grants) {
        const bool patients =
            grant.types.empty() ||
            std::find(grant.types.begin(), grant.types.end(), "Patient") != grant.types.end();
        const bool reads =
            std::find(grant.actions.begin(), grant.actions.end(), search::Action::kRead) !=
            grant.actions.end();
        if (!patients || !reads) {
            continue;
        }
        switch (grant.scope) {
            case search::Scope::kEverything:
                everything_ = true;
                break;
            case search::Scope::kOrganizations:
                organizations_.insert(
                    organizations_.end(), grant.organizations.begin(), grant.organizations.end()
                );
                break;
            case search::Scope::kPatient:
                patients_.push_back(grant.patient);
                break;
            case search::Scope::kWithoutResident:
                break;
        }
    }
    std::sort(organizations_.begin(), organizations_.end());
}

bool Visibility::Sees(const Resident& resident) const {
    return everything_ ||
           std::binary_search(
               organizations_.begin(), organizations_.end(), resident.organization
           ) ||
           std::find(patients_.begin(), patients_.end(), resident.id) != patients_.end();
}

std::string Masked(std::string_view text) {
    if (text.size() < 9) {
        return std::string(text.size(), '*');
    }
    std::string out(text);
    std::fill(out.begin() + 3, out.end() - 4, '*');
    return out;
}

core::Status Residents::RefreshAll(store::Reader& reader) {
    std::vector<Resident> rows;
    constexpr int kPage = 2'000;
    store::Position before = 0;
    // The newest version of each Patient stands first in the type's history.
    std::unordered_map<store::Home, bool> seen;
    while (true) {
        KQ_ASSIGN(const auto versions, reader.TypeHistory("Patient", before, kPage));
        for (const store::Version& version : versions) {
            if (seen.emplace(version.key, true).second &&
                version.method != store::Method::kDelete) {
                rows.push_back(ResidentOf(version.home, version.id, version.body));
            }
            before = version.change;
        }
        if (versions.size() < kPage) {
            break;
        }
    }
    const std::unique_lock lock(mutex_);
    rows_ = std::move(rows);
    by_home_.clear();
    by_id_.clear();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        by_home_[rows_[i].home] = i;
        by_id_[rows_[i].id] = i;
    }
    filled_ = true;
    position_ = reader.position();
    return {};
}

core::Status Residents::Refresh(store::Reader& reader) {
    store::Position from = 0;
    {
        const std::shared_lock lock(mutex_);
        if (filled_ && position_ >= reader.position()) {
            return {};
        }
        from = position_;
    }
    if (!filled_) {
        return RefreshAll(reader);
    }
    KQ_ASSIGN(const auto homes, reader.ChangedHomes(from, reader.position()));
    std::vector<std::pair<store::Home, std::optional<Resident>>> changes;
    for (const store::Home home : homes) {
        // A resident's own record has the home's number as its key.
        KQ_ASSIGN(const auto current, reader.Current(home, home));
        if (!current || current->type != "Patient") {
            continue;
        }
        const bool live = current->method != store::Method::kDelete;
        changes.emplace_back(
            home, live ? std::optional(ResidentOf(home, current->id, current->body)) : std::nullopt
        );
    }
    const std::unique_lock lock(mutex_);
    for (auto& [home, resident] : changes) {
        if (resident) {
            Put(std::move(*resident));
        } else {
            Remove(home);
        }
    }
    position_ = reader.position();
    return {};
}

void Residents::Put(Resident resident) {
    const auto found = by_home_.find(resident.home);
    if (found != by_home_.end()) {
        rows_[found->second] = std::move(resident);
        return;
    }
    by_home_[resident.home] = rows_.size();
    by_id_[resident.id] = rows_.size();
    rows_.push_back(std::move(resident));
}

void Residents::Remove(store::Home home) {
    const auto found = by_home_.find(home);
    if (found == by_home_.end()) {
        return;
    }
    const std::size_t at = found->second;
    by_id_.erase(rows_[at].id);
    by_home_.erase(found);
    if (at + 1 != rows_.size()) {
        rows_[at] = std::move(rows_.back());
        by_home_[rows_[at].home] = at;
        by_id_[rows_[at].id] = at;
    }
    rows_.pop_back();
}

store::Position Residents::position() const {
    const std::shared_lock lock(mutex_);
    return position_;
}

std::int64_t Residents::size() const {
    const std::shared_lock lock(mutex_);
    return static_cast<std::int64_t>(rows_.size());
}

ListPage Residents::List(const ListRequest& request, const Visibility& visibility) const {
    const Needle needle(request.text);
    const std::shared_lock lock(mutex_);
    ListPage page;
    page.position = position_;
    std::vector<const Resident*> found;
    for (const Resident& resident : rows_) {
        if ((request.include && !request.include(resident)) || !needle.Matches(resident)) {
            continue;
        }
        ++page.total;
        if (visibility.Sees(resident)) {
            found.push_back(&resident);
        }
    }
    page.visible = static_cast<std::int64_t>(found.size());
    const std::int64_t from = std::clamp<std::int64_t>(request.offset, 0, page.visible);
    const std::int64_t to = std::min(page.visible, from + std::max<std::int64_t>(0, request.limit));
    const auto less = [&request](const Resident* a, const Resident* b) {
        return request.descending ? Before(*b, *a, request.order) : Before(*a, *b, request.order);
    };
    // Only what the page shows needs its place.
    std::nth_element(found.begin(), found.begin() + from, found.end(), less);
    std::partial_sort(found.begin() + from, found.begin() + to, found.end(), less);
    for (std::int64_t i = from; i < to; ++i) {
        page.items.push_back(*found[static_cast<std::size_t>(i)]);
    }
    return page;
}

std::optional<Resident> Residents::Find(store::Home home) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_home_.find(home);
    return found == by_home_.end() ? std::nullopt : std::optional(rows_[found->second]);
}

std::optional<Resident> Residents::FindId(std::string_view id) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_id_.find(std::string(id));
    return found == by_id_.end() ? std::nullopt : std::optional(rows_[found->second]);
}

void Residents::Visit(const std::function<void(const Resident&)>& visit) const {
    const std::shared_lock lock(mutex_);
    for (const Resident& resident : rows_) {
        visit(resident);
    }
}

}  // namespace kangqu::timeline
