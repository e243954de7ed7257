#include "kangqu/timeline/organizations.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/fhir/resource.hpp"

#include <algorithm>
#include <mutex>
#include <set>

namespace kangqu::timeline {

namespace {

Organization OrganizationOf(const store::Version& version) {
    const auto document = core::JsonDocument::Parse(version.body);
    KQ_CHECK(document.ok(), "a stored body must parse");
    const core::JsonNode root = document.value()->root();
    Organization organization;
    organization.id = version.id;
    organization.name = root["name"].text();
    organization.kind = root["type"][0]["coding"][0]["code"].text();
    organization.parent = fhir::ParseReference(root["partOf"]["reference"].text()).id;
    return organization;
}

}  // namespace

core::Status Organizations::Refresh(store::Reader& reader) {
    KQ_ASSIGN(const auto newest, reader.TypeHistory("Organization", 0, 1));
    const store::Position last = newest.empty() ? 0 : newest.front().change;
    {
        const std::shared_lock lock(mutex_);
        if (position_ == last) {
            return {};
        }
    }
    std::map<std::string, Organization, std::less<>> found;
    std::set<std::string> seen;
    constexpr int kPage = 1'000;
    store::Position before = 0;
    while (true) {
        KQ_ASSIGN(const auto versions, reader.TypeHistory("Organization", before, kPage));
        for (const store::Version& version : versions) {
            if (seen.insert(version.id).second && version.method != store::Method::kDelete) {
                found.emplace(version.id, OrganizationOf(version));
            }
            before = version.change;
        }
        if (versions.size() < kPage) {
            break;
        }
    }
    const std::unique_lock lock(mutex_);
    by_id_ = std::move(found);
    position_ = last;
    return {};
}

std::optional<Organization> Organizations::Find(std::string_view id) const {
    const std::shared_lock lock(mutex_);
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::string Organizations::NameOf(std::string_view id) const {
    const auto organization = Find(id);
    return organization ? organization->name : std::string(id);
}

std::vector<std::string> Organizations::Subtree(std::string_view id) const {
    const std::shared_lock lock(mutex_);
    std::vector<std::string> out = {std::string(id)};
    std::set<std::string> seen = {std::string(id)};
    for (std::size_t i = 0; i < out.size(); ++i) {
        const std::string parent = out[i];
        for (const auto& [child, organization] : by_id_) {
            if (organization.parent == parent && seen.insert(child).second) {
                out.push_back(child);
            }
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Organization> Organizations::Tree() const {
    const std::shared_lock lock(mutex_);
    std::multimap<std::string, const Organization*> children;
    std::vector<const Organization*> level;
    for (const auto& [id, organization] : by_id_) {
        const bool root = organization.parent.empty() || !by_id_.contains(organization.parent);
        if (root) {
            level.push_back(&organization);
        } else {
            children.emplace(organization.parent, &organization);
        }
    }
    const auto by_name = [](const Organization* a, const Organization* b) {
        return a->name != b->name ? a->name < b->name : a->id < b->id;
    };
    std::vector<Organization> out;
    std::set<std::string> seen;
    while (!level.empty()) {
        std::sort(level.begin(), level.end(), by_name);
        std::vector<const Organization*> next;
        for (const Organization* organization : level) {
            if (!seen.insert(organization->id).second) {
                continue;
            }
            out.push_back(*organization);
            const auto [from, to] = children.equal_range(organization->id);
            for (auto child = from; child != to; ++child) {
                next.push_back(child->second);
            }
        }
        level = std::move(next);
    }
    return out;
}

}  // namespace kangqu::timeline
