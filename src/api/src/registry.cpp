#include "kangqu/api/route.hpp"
#include "kangqu/core/check.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace kangqu::api {

namespace {

std::vector<std::string_view> SplitTemplate(std::string_view path) {
    KQ_CHECK(!path.empty() && path.front() == '/', "a route's path begins with a slash");
    std::vector<std::string_view> parts;
    path.remove_prefix(1);
    while (!path.empty()) {
        const auto slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        KQ_CHECK(!parts.back().empty(), "a route's path has no empty segment");
        KQ_CHECK(slash != path.size() - 1, "a route's path has no trailing slash");
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    }
    return parts;
}

bool IsName(std::string_view part) noexcept {
    return part.size() > 2 && part.front() == '{' && part.back() == '}';
}

}  // namespace

std::string_view NameOf(Cost cost) noexcept {
    constexpr std::array<std::string_view, kCostClasses + 1> kNames = {
        "read", "write", "heavy", "sign-in", "inline"};
    return kNames[static_cast<std::size_t>(cost)];
}

bool IsFhirPath(std::string_view path) noexcept {
    return path == "/fhir" || path.substr(0, 6) == "/fhir/";
}

struct Registry::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> named;
    std::vector<std::size_t> routes;  // those that end here, one a method
};

Registry::Registry() : root_(std::make_unique<Node>()) {}
Registry::~Registry() = default;

void Registry::Add(Route route) {
    KQ_CHECK(route.handler, "a route has a handler");
    KQ_CHECK(
        !route.id.empty() && !route.summary.zh.empty() && !route.summary.en.empty(),
        "a route describes itself in both languages"
    );
    KQ_CHECK(
        route.method != Method::kHead && route.method != Method::kOptions &&
            route.method != Method::kOther,
        "HEAD and OPTIONS are answered by the transport"
    );
    KQ_CHECK(
        route.cost != Cost::kInline || route.needs == Needs::kNothing,
        "an inline route looks nobody up"
    );
    Node* node = root_.get();
    std::set<std::string_view> names;
    for (const std::string_view part : SplitTemplate(route.path)) {
        if (IsName(part)) {
            KQ_CHECK(names.insert(part).second, "a route names each path parameter once");
            if (!node->named) {
                node->named = std::make_unique<Node>();
            }
            node = node->named.get();
        } else {
            auto& child = node->literals[std::string(part)];
            if (!child) {
                child = std::make_unique<Node>();
            }
            node = child.get();
        }
    }
    for (const Route& other : routes_) {
        KQ_CHECK(other.id != route.id, "a route's id is unique");
    }
    for (const std::size_t index : node->routes) {
        KQ_CHECK(routes_[index].method != route.method, "one route for a path and method");
    }
    node->routes.push_back(routes_.size());
    route.programs = route.programs || IsFhirPath(route.path);
    routes_.push_back(std::move(route));
}

namespace {

void FillParams(
    const Route& route,
    const std::vector<std::string>& segments,
    std::vector<Pair>& params
) {
    const auto parts = SplitTemplate(route.path);
    for (std::size_t at = 0; at < parts.size(); ++at) {
        if (IsName(parts[at])) {
            params.push_back({std::string(parts[at].substr(1, parts[at].size() - 2)), segments[at]}
            );
        }
    }
}

}  // namespace

Registry::Match Registry::Find(const std::vector<std::string>& segments, Method method) const {
    const Method wanted = method == Method::kHead ? Method::kGet : method;
    Match match;
    std::set<std::string_view> allowed;
    // Depth first, literals before names; the depth is bounded by kMaxSegments.
    std::vector<std::pair<const Node*, std::size_t>> open{{root_.get(), 0}};
    while (!open.empty()) {
        const auto [node, depth] = open.back();
        open.pop_back();
        if (depth < segments.size()) {
            const std::string& segment = segments[depth];
            if (node->named && !segment.empty()) {
                open.emplace_back(node->named.get(), depth + 1);
            }
            if (const auto it = node->literals.find(segment); it != node->literals.end()) {
                open.emplace_back(it->second.get(), depth + 1);
            }
            continue;
        }
        for (const std::size_t index : node->routes) {
            if (routes_[index].method == wanted && match.route == nullptr) {
                match.route = &routes_[index];
                match.index = index;
                FillParams(*match.route, segments, match.params);
            }
            allowed.insert(NameOf(routes_[index].method));
        }
    }
    if (!allowed.empty()) {
        allowed.insert("OPTIONS");
        if (allowed.count("GET") != 0) {
            allowed.insert("HEAD");
        }
    }
    for (const std::string_view name : allowed) {
        match.allow += (match.allow.empty() ? "" : ", ") + std::string(name);
    }
    return match;
}

}  // namespace kangqu::api
