#include "path.hpp"

#include "kangqu/fhir/resource.hpp"

#include <algorithm>
#include <charconv>

namespace kangqu::search {

namespace {

using core::JsonNode;
using fhir::TypeNumber;

bool IsNamePart(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

core::Error NotUnderstood(std::string_view what) {
    return core::MakeError(core::ErrorCode::kExpressionSyntax, std::string(what));
}

// Reads one alternative from left to right and follows the element tables while doing so.
class PathCompiler {
public:
    PathCompiler(std::string_view text, TypeNumber type) : rest_(text), root_(type) {
        paths_.push_back({{}, type});
    }

    core::Result<std::vector<Path>> Run() {
        const std::string_view first = Name();
        const TypeNumber named = fhir::FindType(first);
        if (named == fhir::kNoType || !fhir::IsA(root_, named)) {
            KQ_TRY(Member(first));
        }
        while (!rest_.empty()) {
            if (Take("[")) {
                KQ_TRY(Index());
            } else if (Take(".")) {
                KQ_TRY(Segment());
            } else {
                return NotUnderstood(rest_);
            }
        }
        return std::move(paths_);
    }

private:
    std::string_view Name() noexcept {
        std::size_t size = 0;
        while (size < rest_.size() && IsNamePart(rest_[size])) {
            ++size;
        }
        const std::string_view name = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return name;
    }

    bool Take(std::string_view text) noexcept {
        if (!rest_.starts_with(text)) {
            return false;
        }
        rest_.remove_prefix(text.size());
        return true;
    }

    core::Status Segment() {
        if (Take("ofType(")) {
            const TypeNumber type = fhir::FindType(Name());
            std::erase_if(paths_, [&](const Path& path) { return path.leaf != type; });
            return Take(")") && !paths_.empty() ? core::Status() : NotUnderstood("ofType");
        }
        if (Take("where(")) {
            return Where();
        }
        return Member(Name());
    }

    core::Status Where() {
        if (Take("resolve() is ")) {
            const TypeNumber type = fhir::FindResourceType(Name());
            for (Path& path : paths_) {
                path.steps.back().resolves_to = type;
            }
            return Take(")") && type != fhir::kNoType ? core::Status() : NotUnderstood("resolve()");
        }
        const std::string_view member = Name();
        if (!Take("='")) {
            return NotUnderstood("where(" + std::string(member));
        }
        const std::size_t end = rest_.find("')");
        if (end == std::string_view::npos) {
            return NotUnderstood("where(" + std::string(member));
        }
        for (Path& path : paths_) {
            path.steps.back().where_member = member;
            path.steps.back().where_value = rest_.substr(0, end);
        }
        rest_.remove_prefix(end + 2);
        return {};
    }

    core::Status Index() {
        std::size_t index = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), index);
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        if (error != std::errc{} || !Take("]")) {
            return NotUnderstood("[");
        }
        for (Path& path : paths_) {
            path.steps.back().index = index;
        }
        return {};
    }

    core::Status Member(std::string_view name) {
        std::vector<Path> onward;
        for (const Path& path : paths_) {
            for (const fhir::ElementFacts& row : fhir::FindPath(path.leaf, name)) {
                Path longer = path;
                longer.steps.push_back({.member = row.name});
                longer.leaf = row.type;
                onward.push_back(std::move(longer));
            }
        }
        if (onward.empty()) {
            return NotUnderstood(name);
        }
        paths_ = std::move(onward);
        return {};
    }

    std::string_view rest_;
    TypeNumber root_;
    std::vector<Path> paths_;
};

bool Fulfils(const PathStep& step, JsonNode value) noexcept {
    if (!step.where_member.empty() && value[step.where_member].text() != step.where_value) {
        return false;
    }
    if (step.resolves_to == fhir::kNoType) {
        return true;
    }
    // A reference says its target's type in its text, or beside it.
    const fhir::Reference reference = fhir::ParseReference(value["reference"].text());
    const std::string_view type = reference.type.empty() ? value["type"].text() : reference.type;
    return type == fhir::TypeOf(step.resolves_to).name;
}

void WalkFrom(
    const Path& path,
    std::size_t at,
    JsonNode node,
    const std::function<void(JsonNode)>& visit
) {
    if (at == path.steps.size()) {
        visit(node);
        return;
    }
    const PathStep& step = path.steps[at];
    const JsonNode found = node[step.member];
    if (!found.is_array()) {
        if (found && Fulfils(step, found)) {
            WalkFrom(path, at + 1, found, visit);
        }
        return;
    }
    std::size_t position = 0;
    for (JsonNode value = found.first(); value; value = value.next(), ++position) {
        if ((!step.index || *step.index == position) && Fulfils(step, value)) {
            WalkFrom(path, at + 1, value, visit);
        }
    }
}

}  // namespace

std::vector<std::string> Alternatives(std::string_view expression) {
    std::vector<std::string> parts(1);
    std::vector<bool> grouping;
    for (std::size_t at = 0; at < expression.size(); ++at) {
        const char c = expression[at];
        const bool call = at > 0 && IsNamePart(expression[at - 1]);
        if (c == '(') {
            grouping.push_back(!call);
        }
        const bool silent = (c == '(' || c == ')') && !grouping.empty() && grouping.back();
        if (c == '|' && grouping.empty()) {
            parts.emplace_back();
        } else if (!silent) {
            parts.back().push_back(c);
        }
        if (c == ')' && !grouping.empty()) {
            grouping.pop_back();
        }
    }
    for (std::string& part : parts) {
        const std::size_t first = part.find_first_not_of(" \r\n\t");
        const std::size_t last = part.find_last_not_of(" \r\n\t");
        part = first == std::string::npos ? std::string() : part.substr(first, last - first + 1);
    }
    return parts;
}

core::Result<std::vector<Path>> CompilePath(std::string_view alternative, TypeNumber type) {
    return PathCompiler(alternative, type).Run();
}

void Walk(const Path& path, JsonNode resource, const std::function<void(JsonNode)>& visit) {
    WalkFrom(path, 0, resource, visit);
}

}  // namespace kangqu::search
