#include "kangqu/core/utf8.hpp"
#include "kangqu/patch/patch.hpp"

#include "tree.hpp"
#include <algorithm>
#include <charconv>
#include <optional>

namespace kangqu::patch {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using core::Status;

// Longest path repeated to the sender, in code points.
constexpr std::size_t kShown = 100;

// A JSON Pointer (RFC 6901) as its steps; nothing when it is not well-formed.
std::optional<std::vector<std::string>> Steps(std::string_view pointer) {
    std::vector<std::string> steps;
    if (!pointer.empty() && pointer.front() != '/') {
        return std::nullopt;
    }
    for (std::size_t at = 0; at < pointer.size(); ++at) {
        const char c = pointer[at];
        if (c == '/') {
            steps.emplace_back();
        } else if (c != '~') {
            steps.back().push_back(c);
        } else if (++at < pointer.size() && (pointer[at] == '0' || pointer[at] == '1')) {
            steps.back().push_back(pointer[at] == '0' ? '~' : '/');
        } else {
            return std::nullopt;
        }
    }
    return steps;
}

// Digits without leading zeros.
std::optional<std::size_t> ArrayIndex(std::string_view step) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), value);
    const bool good = error == std::errc{} && end == step.data() + step.size() &&
                      (step.size() == 1 || step.front() != '0');
    return good ? std::optional(value) : std::nullopt;
}

class JsonPatch {
public:
    explicit JsonPatch(JsonNode target) : root_(Tree::Of(target)) {}

    Status Apply(JsonNode operation, std::size_t number) {
        number_ = std::to_string(number);
        const std::string_view op = operation["op"].text();
        KQ_ASSIGN(const auto path, Path(operation, "path"));
        if (op == "add" || op == "replace" || op == "test") {
            const JsonNode value = operation["value"];
            if (value.missing()) {
                return MakeError(ErrorCode::kPatchMissingPart, number_, "value");
            }
            return op == "add"       ? Add(path, Tree::Of(value))
                   : op == "replace" ? Replace(path, Tree::Of(value))
                                     : Test(path, Tree::Of(value));
        }
        if (op == "remove") {
            KQ_TRY(Remove(path));
            return {};
        }
        if (op == "move" || op == "copy") {
            KQ_ASSIGN(const auto from, Path(operation, "from"));
            return op == "move" ? Move(from, path) : Copy(from, path);
        }
        return MakeError(
            ErrorCode::kPatchUnknownOperation,
            number_,
            std::string(core::PrefixCodePoints(op, kShown))
        );
    }

    std::string Text() const { return TextOf(root_); }

private:
    using Pointer = std::vector<std::string>;

    core::Result<Pointer> Path(JsonNode operation, std::string_view member) {
        const JsonNode text = operation[member];
        if (!text.is_string()) {
            return MakeError(ErrorCode::kPatchMissingPart, number_, std::string(member));
        }
        shown_ = core::PrefixCodePoints(text.text(), kShown);
        if (auto steps = Steps(text.text())) {
            return *std::move(steps);
        }
        return Fail(ErrorCode::kPatchBadPath);
    }

    core::Error Fail(ErrorCode code) const { return MakeError(code, number_, shown_); }

    // The value at the first `count` steps; null when there is none.
    Tree* Find(const Pointer& path, std::size_t count) {
        Tree* at = &root_;
        for (std::size_t i = 0; i < count && at != nullptr; ++i) {
            if (at->is_object()) {
                at = at->Find(path[i]);
            } else if (at->is_array()) {
                const auto index = ArrayIndex(path[i]);
                at = index && *index < at->children.size() ? &at->children[*index] : nullptr;
            } else {
                at = nullptr;
            }
        }
        return at;
    }

    Status Add(const Pointer& path, Tree value) {
        const Extent extent = ExtentOf(value);
        added_ += extent.bytes;
        if (added_ > kMaxAddedBytes) {
            const std::string limit = std::to_string(kMaxAddedBytes) + " B";
            return MakeError(ErrorCode::kTooLarge, "> " + limit, limit);
        }
        if (path.size() + extent.depth > core::kJsonMaxDepth) {
            return MakeError(ErrorCode::kJsonTooDeep, std::to_string(core::kJsonMaxDepth));
        }
        if (path.empty()) {
            root_ = std::move(value);
            return {};
        }
        Tree* const parent = Find(path, path.size() - 1);
        if (parent == nullptr || (!parent->is_object() && !parent->is_array())) {
            return Fail(ErrorCode::kPatchNoTarget);
        }
        if (parent->is_object()) {
            parent->Member(path.back()) = std::move(value);
            return {};
        }
        auto& items = parent->children;
        const auto index = path.back() == "-" ? items.size() : ArrayIndex(path.back());
        if (!index || *index > items.size()) {
            return MakeError(
                ErrorCode::kPatchOutOfRange, number_, path.back(), std::to_string(items.size())
            );
        }
        items.insert(items.begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
        return {};
    }

    core::Result<Tree> Remove(const Pointer& path) {
        Tree* const found = Find(path, path.size());
        if (found == nullptr || path.empty()) {
            return Fail(ErrorCode::kPatchNoTarget);
        }
        Tree value = std::move(*found);
        Tree& parent = *Find(path, path.size() - 1);
        if (parent.is_object()) {
            parent.Erase(path.back());
        } else {
            parent.children.erase(parent.children.begin() + (found - parent.children.data()));
        }
        return value;
    }

    Status Replace(const Pointer& path, Tree value) {
        Tree* const found = Find(path, path.size());
        if (found == nullptr) {
            return Fail(ErrorCode::kPatchNoTarget);
        }
        *found = std::move(value);
        return {};
    }

    Status Test(const Pointer& path, const Tree& value) {
        const Tree* const found = Find(path, path.size());
        return found != nullptr && Equal(*found, value) ? Status{}
                                                        : Fail(ErrorCode::kPatchTestFailed);
    }

    Status Move(const Pointer& from, const Pointer& path) {
        if (path.size() > from.size() && std::equal(from.begin(), from.end(), path.begin())) {
            return Fail(ErrorCode::kPatchNotAllowed);
        }
        if (path == from && Find(from, from.size()) != nullptr) {
            return {};
        }
        KQ_ASSIGN(Tree value, Remove(from));
        return Add(path, std::move(value));
    }

    Status Copy(const Pointer& from, const Pointer& path) {
        const Tree* const found = Find(from, from.size());
        return found == nullptr ? Fail(ErrorCode::kPatchNoTarget) : Add(path, Tree(*found));
    }

    Tree root_;
    std::size_t added_ = 0;  // bytes
    std::string number_;
    std::string shown_;
};

}  // namespace

core::Result<std::string> ApplyJsonPatch(core::JsonNode target, core::JsonNode patch) {
    if (!patch.is_array() || patch.size() == 0) {
        return MakeError(ErrorCode::kPatchEmpty);
    }
    if (patch.size() > kMaxOperations) {
        return MakeError(
            ErrorCode::kPatchTooLong, std::to_string(patch.size()), std::to_string(kMaxOperations)
        );
    }
    JsonPatch changed(target);
    std::size_t number = 0;
    for (JsonNode operation = patch.first(); operation; operation = operation.next()) {
        KQ_TRY(changed.Apply(operation, ++number));
    }
    return changed.Text();
}

}  // namespace kangqu::patch
