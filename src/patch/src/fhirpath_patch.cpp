#include "kangqu/core/utf8.hpp"
#include "kangqu/expression/fhirpath.hpp"
#include "kangqu/patch/patch.hpp"

#include "tree.hpp"
#include <algorithm>
#include <optional>

namespace kangqu::patch {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using core::Status;
using expression::FhirPath;
using expression::Value;

// Longest path repeated to the sender, in code points.
constexpr std::size_t kShown = 100;

// Where an item of a result stands: `owner`.`key`, and its position when that is a list. The
// resource itself has no owner.
struct Spot {
    Tree* owner = nullptr;
    std::string key;  // of the value, without the underscore of its sibling
    std::optional<std::size_t> index;
    fhir::TypeNumber owner_type = fhir::kNoType;
};

// What an operation brings: a value and, for a primitive, its id and extensions.
struct NewValue {
    Tree value;
    Tree more;
    std::string type;  // CodeableConcept, string; empty for a backbone element

    bool has_more() const noexcept { return more.is_object(); }
};

struct Operation {
    std::string number;
    std::string_view type;
    std::string_view path;
    std::string_view name;
    std::optional<std::int64_t> index;
    std::optional<std::int64_t> source;
    std::optional<std::int64_t> destination;
    JsonNode value;  // the part named value

    core::Error Fail(ErrorCode code) const {
        return MakeError(code, number, std::string(core::PrefixCodePoints(path, kShown)));
    }
    core::Error Missing(std::string part) const {
        return MakeError(ErrorCode::kPatchMissingPart, number, std::move(part));
    }
};

std::string Sibling(std::string_view key) {
    return "_" + std::string(key);
}

// The member of a parameter that holds its value: valueCode, resource.
JsonNode ValueMember(JsonNode part) {
    for (JsonNode member = part.first(); member; member = member.next()) {
        if ((member.key().size() > 5 && member.key().starts_with("value")) ||
            member.key() == "resource") {
            return member;
        }
    }
    for (JsonNode member = part.first(); member; member = member.next()) {
        if (member.key().starts_with("_value")) {
            return member;
        }
    }
    return {};
}

Operation ReadOperation(JsonNode parameter, std::size_t number) {
    Operation out;
    out.number = std::to_string(number);
    for (JsonNode part = parameter["part"].first(); part; part = part.next()) {
        const std::string_view name = part["name"].text();
        const JsonNode value = ValueMember(part);
        if (name == "type") {
            out.type = value.text();
        } else if (name == "path") {
            out.path = value.text();
        } else if (name == "name") {
            out.name = value.text();
        } else if (name == "index") {
            out.index = value.integer();
        } else if (name == "source") {
            out.source = value.integer();
        } else if (name == "destination") {
            out.destination = value.integer();
        } else if (name == "value") {
            out.value = part;
        }
    }
    return out;
}

// The row for `name` in `type`, where a choice may be named without its type.
const fhir::ElementFacts*
RowFor(fhir::TypeNumber type, std::string_view name, std::string_view value_type) {
    if (const fhir::ElementFacts* const row = fhir::FindElement(type, name)) {
        return row;
    }
    std::string typed(name);
    typed += value_type;
    if (typed.size() > name.size() && typed[name.size()] >= 'a' && typed[name.size()] <= 'z') {
        typed[name.size()] = static_cast<char>(typed[name.size()] - 'a' + 'A');
    }
    return fhir::FindElement(type, typed);
}

// Lists of values and of siblings are changed together and keep the same length.
class PairOfLists {
public:
    PairOfLists(Tree& owner, const std::string& key, bool primitive)
        : owner_(owner), key_(key), primitive_(primitive) {
        Take(values_, key);
        if (primitive) {
            Take(more_, Sibling(key));
        }
        const std::size_t size = std::max(values_.size(), more_.size());
        values_.resize(size);
        more_.resize(size);
    }

    std::size_t size() const noexcept { return values_.size(); }
    void Insert(std::size_t at, NewValue value) {
        const auto offset = static_cast<std::ptrdiff_t>(at);
        values_.insert(values_.begin() + offset, std::move(value.value));
        more_.insert(more_.begin() + offset, std::move(value.more));
    }
    void Erase(std::size_t at) {
        const auto offset = static_cast<std::ptrdiff_t>(at);
        values_.erase(values_.begin() + offset);
        more_.erase(more_.begin() + offset);
    }
    void Set(std::size_t at, NewValue value) {
        values_[at] = std::move(value.value);
        more_[at] = std::move(value.more);
    }
    void Move(std::size_t from, std::size_t to) {
        NewValue value{std::move(values_[from]), std::move(more_[from]), {}};
        Erase(from);
        Insert(to, std::move(value));
    }
    // Back into the owner; lists without content go.
    void Store() {
        Put(values_, key_);
        if (primitive_) {
            Put(more_, Sibling(key_));
        }
    }

private:
    void Take(std::vector<Tree>& list, const std::string& key) {
        if (Tree* const found = owner_.Find(key)) {
            list = std::move(found->children);
        }
    }
    void Put(std::vector<Tree>& list, const std::string& key) {
        const bool any = std::any_of(list.begin(), list.end(), [](const Tree& item) {
            return item.kind != core::JsonKind::kNull;
        });
        if (!any) {
            owner_.Erase(key);
            return;
        }
        Tree& member = owner_.Member(key);
        member = Tree::Array();
        member.children = std::move(list);
    }

    Tree& owner_;
    const std::string key_;
    bool primitive_;
    std::vector<Tree> values_;
    std::vector<Tree> more_;
};

bool IsPrimitive(fhir::TypeNumber type) {
    return fhir::TypeOf(type).kind == fhir::TypeKind::kPrimitive;
}

// One operation on one document: what it evaluates on and what it changes.
class Change {
public:
    Change(const Operation& operation, JsonNode resource)
        : operation_(operation), resource_(resource), root_(Tree::Of(resource)) {
        type_ = fhir::FindResourceType(resource["resourceType"].text());
    }

    core::Result<std::string> Run() {
        if (operation_.type.empty() || operation_.path.empty()) {
            return operation_.Missing(operation_.type.empty() ? "type" : "path");
        }
        if (operation_.type == "add") {
            KQ_TRY(Add());
        } else if (operation_.type == "insert") {
            KQ_TRY(Insert());
        } else if (operation_.type == "delete") {
            KQ_TRY(Delete());
        } else if (operation_.type == "replace") {
            KQ_TRY(Replace());
        } else if (operation_.type == "move") {
            KQ_TRY(Move());
        } else {
            return MakeError(
                ErrorCode::kPatchUnknownOperation,
                operation_.number,
                std::string(core::PrefixCodePoints(operation_.type, kShown))
            );
        }
        return TextOf(root_);
    }

private:
    // The items of an expression; values live in arena_ and the document.
    core::Result<std::vector<Value>> Evaluate(std::string_view path) {
        const auto compiled = FhirPath::Compile(path, type_);
        if (!compiled.ok()) {
            return operation_.Fail(ErrorCode::kPatchBadPath);
        }
        KQ_ASSIGN(
            const auto items,
            compiled->Evaluate(resource_, type_, expression::Environment{}, arena_)
        );
        const bool nodes = std::all_of(items.begin(), items.end(), [this](const Value& item) {
            return item.is(expression::Kind::kNode) && NodeOf(item).document() == Document();
        });
        if (!nodes) {
            return operation_.Fail(ErrorCode::kPatchBadPath);
        }
        return std::vector<Value>(items.begin(), items.end());
    }
    const core::JsonDocument* Document() const noexcept { return resource_.document(); }
    static JsonNode NodeOf(const Value& item) {
        return item.node() ? item.node() : item.extension();
    }

    // Down from the root to the node, in the document and in the tree side by side.
    Spot Locate(const Value& item) {
        Spot spot;
        const std::uint32_t wanted = NodeOf(item).index();
        JsonNode node = resource_;
        Tree* tree = &root_;
        while (node.index() != wanted) {
            std::size_t at = 0;
            JsonNode child = node.first();
            for (JsonNode next = child.next(); next && next.index() <= wanted;
                 next = child.next()) {
                child = next;
                ++at;
            }
            if (node.is_object()) {
                spot.owner = tree;
                spot.key = child.key();
                spot.index.reset();
            } else {
                spot.index = at;
            }
            node = child;
            tree = &tree->children[at];
        }
        if (spot.key.starts_with('_')) {
            spot.key.erase(0, 1);
        }
        return spot;
    }

    core::Result<NewValue> ReadValue(fhir::TypeNumber backbone) const {
        if (!operation_.value) {
            return operation_.Missing("value");
        }
        return ReadPart(operation_.value, backbone, 0);
    }

    core::Result<NewValue> ReadPart(JsonNode part, fhir::TypeNumber backbone, std::size_t depth)
        const {
        NewValue out;
        if (const JsonNode value = ValueMember(part)) {
            const std::string key(value.key());
            const bool sibling = key.starts_with('_');
            out.type = key == "resource" ? "" : key.substr(sibling ? 6 : 5);
            out.value = sibling ? Tree() : Tree::Of(value);
            if (const JsonNode more = part[sibling ? key : Sibling(key)]) {
                out.more = Tree::Of(more);
            }
            return out;
        }
        if (!part["part"] || backbone == fhir::kNoType || depth > core::kJsonMaxDepth) {
            return operation_.Missing("value[x]");
        }
        out.value = Tree::Object();
        for (JsonNode inner = part["part"].first(); inner; inner = inner.next()) {
            const JsonNode typed = ValueMember(inner);
            const std::string_view type =
                typed && typed.key() != "resource" ? typed.key().substr(5) : "";
            const auto* const row = RowFor(backbone, inner["name"].text(), type);
            if (row == nullptr) {
                return operation_.Fail(ErrorCode::kPatchNotAllowed);
            }
            KQ_ASSIGN(NewValue value, ReadPart(inner, row->type, depth + 1));
            KQ_TRY(Append(out.value, *row, std::move(value)));
        }
        return out;
    }

    // Sets an element that is not there, or adds to a list.
    Status Append(Tree& owner, const fhir::ElementFacts& row, NewValue value) const {
        const std::string key(row.name);
        const bool primitive = IsPrimitive(row.type);
        const bool object = value.value.is_object();
        if (primitive == object && value.value.kind != core::JsonKind::kNull) {
            return operation_.Fail(ErrorCode::kPatchNotAllowed);
        }
        if (row.many) {
            PairOfLists lists(owner, key, primitive);
            lists.Insert(lists.size(), std::move(value));
            lists.Store();
            return {};
        }
        if (owner.Find(key) != nullptr || (primitive && owner.Find(Sibling(key)) != nullptr)) {
            return operation_.Fail(ErrorCode::kPatchNotAllowed);
        }
        Put(owner, key, std::move(value));
        return {};
    }

    static void Put(Tree& owner, const std::string& key, NewValue value) {
        if (value.value.kind != core::JsonKind::kNull) {
            owner.Member(key) = std::move(value.value);
        }
        if (value.has_more()) {
            owner.Member(Sibling(key)) = std::move(value.more);
        }
    }

    // The object that gets members of `item`: for a primitive, its sibling.
    Tree* ContainerOf(const Value& item) {
        const Spot spot = Locate(item);
        if (!IsPrimitive(item.type())) {
            Tree* const found = spot.owner == nullptr ? &root_ : spot.owner->Find(spot.key);
            return spot.index ? &found->children[*spot.index] : found;
        }
        Tree& sibling = spot.owner->Member(Sibling(spot.key));
        Tree* place = &sibling;
        if (spot.index) {
            sibling.kind = core::JsonKind::kArray;
            sibling.children.resize(std::max(sibling.children.size(), *spot.index + 1));
            place = &sibling.children[*spot.index];
        }
        place->kind = core::JsonKind::kObject;
        return place;
    }

    Status Add() {
        if (operation_.name.empty()) {
            return operation_.Missing("name");
        }
        KQ_ASSIGN(const auto items, Evaluate(operation_.path));
        if (items.size() != 1) {
            return operation_.Fail(
                items.empty() ? ErrorCode::kPatchNoTarget : ErrorCode::kPatchManyTargets
            );
        }
        return AddTo(items[0], operation_.name);
    }

    Status AddTo(const Value& item, std::string_view name) {
        const JsonNode typed = ValueMember(operation_.value);
        const std::string_view type =
            typed && typed.key() != "resource" ? typed.key().substr(5) : "";
        const auto* const row = RowFor(item.type(), name, type);
        if (row == nullptr) {
            return operation_.Fail(ErrorCode::kPatchNotAllowed);
        }
        KQ_ASSIGN(NewValue value, ReadValue(row->type));
        return Append(*ContainerOf(item), *row, std::move(value));
    }

    // All items in one list of the document; the position of each is in the spots.
    core::Result<std::vector<Spot>> OneList(const std::vector<Value>& items) {
        std::vector<Spot> spots;
        for (const Value& item : items) {
            spots.push_back(Locate(item));
            const Spot& spot = spots.back();
            if (!spot.index || spot.owner != spots[0].owner || spot.key != spots[0].key) {
                return operation_.Fail(ErrorCode::kPatchManyTargets);
            }
        }
        return spots;
    }

    core::Error OutOfRange(std::int64_t position, std::size_t size) const {
        return MakeError(
            ErrorCode::kPatchOutOfRange,
            operation_.number,
            std::to_string(position),
            std::to_string(size)
        );
    }

    Status Insert() {
        if (!operation_.index) {
            return operation_.Missing("index");
        }
        KQ_ASSIGN(const auto items, Evaluate(operation_.path));
        const std::int64_t index = *operation_.index;
        if (index < 0 || index > static_cast<std::int64_t>(items.size())) {
            return OutOfRange(index, items.size());
        }
        if (items.empty()) {
            return InsertFirst();
        }
        KQ_ASSIGN(const auto spots, OneList(items));
        KQ_ASSIGN(NewValue value, ReadValue(items[0].type()));
        const auto at = static_cast<std::size_t>(index);
        PairOfLists lists(*spots[0].owner, spots[0].key, IsPrimitive(items[0].type()));
        lists.Insert(at < spots.size() ? *spots[at].index : *spots.back().index + 1, value);
        lists.Store();
        return {};
    }

    // Into a list that is not there yet: the path without its last name leads to the owner.
    Status InsertFirst() {
        const std::size_t dot = operation_.path.rfind('.');
        const bool plain = dot != std::string_view::npos &&
                           operation_.path.find_first_of("()[]'", dot) == std::string_view::npos;
        if (!plain) {
            return operation_.Fail(ErrorCode::kPatchNoTarget);
        }
        KQ_ASSIGN(const auto owners, Evaluate(operation_.path.substr(0, dot)));
        if (owners.size() != 1) {
            return operation_.Fail(
                owners.empty() ? ErrorCode::kPatchNoTarget : ErrorCode::kPatchManyTargets
            );
        }
        return AddTo(owners[0], operation_.path.substr(dot + 1));
    }

    Status Delete() {
        KQ_ASSIGN(const auto items, Evaluate(operation_.path));
        if (items.empty()) {
            return {};
        }
        const Spot spot = Locate(items[0]);
        if (items.size() > 1 || spot.owner == nullptr) {
            return operation_.Fail(
                items.size() > 1 ? ErrorCode::kPatchManyTargets : ErrorCode::kPatchNotAllowed
            );
        }
        const bool primitive = IsPrimitive(items[0].type());
        if (spot.index) {
            PairOfLists lists(*spot.owner, spot.key, primitive);
            lists.Erase(*spot.index);
            lists.Store();
        } else {
            spot.owner->Erase(spot.key);
            if (primitive) {
                spot.owner->Erase(Sibling(spot.key));
            }
        }
        Prune(root_);
        return {};
    }

    // Elements that lost their last member go too: FHIR has no empty ones. True when `tree` is one.
    static bool Prune(Tree& tree) {
        if (!tree.is_object() && !tree.is_array()) {
            return false;
        }
        for (std::size_t at = tree.children.size(); at-- > 0;) {
            Tree& child = tree.children[at];
            if (!Prune(child)) {
                continue;
            }
            // Siblings of a list of primitives keep their positions.
            const bool padded =
                tree.is_array() &&
                std::any_of(tree.children.begin(), tree.children.end(), [](const Tree& other) {
                    return other.kind == core::JsonKind::kNull;
                });
            if (padded) {
                child = Tree();
                continue;
            }
            tree.children.erase(tree.children.begin() + static_cast<std::ptrdiff_t>(at));
            if (tree.is_object()) {
                tree.keys.erase(tree.keys.begin() + static_cast<std::ptrdiff_t>(at));
            }
        }
        return tree.children.empty();
    }

    Status Replace() {
        KQ_ASSIGN(const auto items, Evaluate(operation_.path));
        if (items.size() != 1) {
            return operation_.Fail(
                items.empty() ? ErrorCode::kPatchNoTarget : ErrorCode::kPatchManyTargets
            );
        }
        const Spot spot = Locate(items[0]);
        KQ_ASSIGN(NewValue value, ReadValue(items[0].type()));
        const bool primitive = IsPrimitive(items[0].type());
        const std::string key = KeyFor(items[0], spot, value);
        const bool other_kind =
            value.value.kind != core::JsonKind::kNull && primitive == value.value.is_object();
        if (spot.owner == nullptr || (key == spot.key && other_kind)) {
            return operation_.Fail(ErrorCode::kPatchNotAllowed);
        }
        if (spot.index) {
            PairOfLists lists(*spot.owner, spot.key, primitive);
            lists.Set(*spot.index, std::move(value));
            lists.Store();
            return {};
        }
        if (key != spot.key) {
            Rename(*spot.owner, spot.key, key);
        }
        spot.owner->Erase(Sibling(key));
        Put(*spot.owner, key, std::move(value));
        return {};
    }

    // deceasedBoolean becomes deceasedDateTime when that is what comes in its place.
    static std::string KeyFor(const Value& item, const Spot& spot, const NewValue& value) {
        const std::string_view old_type = fhir::TypeOf(item.type()).name;
        std::string suffix(old_type);
        if (!suffix.empty() && suffix[0] >= 'a' && suffix[0] <= 'z') {
            suffix[0] = static_cast<char>(suffix[0] - 'a' + 'A');
        }
        const bool choice = spot.key.size() > suffix.size() && spot.key.ends_with(suffix);
        return choice && !value.type.empty()
                   ? spot.key.substr(0, spot.key.size() - suffix.size()) + value.type
                   : spot.key;
    }

    static void Rename(Tree& owner, const std::string& from, const std::string& to) {
        owner.Erase(Sibling(from));
        std::replace(owner.keys.begin(), owner.keys.end(), from, to);
    }

    Status Move() {
        if (!operation_.source || !operation_.destination) {
            return operation_.Missing(operation_.source ? "destination" : "source");
        }
        KQ_ASSIGN(const auto items, Evaluate(operation_.path));
        if (items.empty()) {
            return operation_.Fail(ErrorCode::kPatchNoTarget);
        }
        KQ_ASSIGN(const auto spots, OneList(items));
        for (const std::int64_t at : {*operation_.source, *operation_.destination}) {
            if (at < 0 || at >= static_cast<std::int64_t>(spots.size())) {
                return OutOfRange(at, spots.size());
            }
        }
        PairOfLists lists(*spots[0].owner, spots[0].key, IsPrimitive(items[0].type()));
        lists.Move(
            *spots[static_cast<std::size_t>(*operation_.source)].index,
            *spots[static_cast<std::size_t>(*operation_.destination)].index
        );
        lists.Store();
        return {};
    }

    const Operation& operation_;
    JsonNode resource_;
    fhir::TypeNumber type_ = fhir::kNoType;
    Tree root_;
    expression::Arena arena_;
};

}  // namespace

core::Result<std::string> ApplyFhirPathPatch(core::JsonNode resource, core::JsonNode parameters) {
    if (parameters["resourceType"].text() != "Parameters") {
        return MakeError(ErrorCode::kPatchEmpty);
    }
    const std::size_t count = parameters["parameter"].size();
    if (count > kMaxOperations) {
        return MakeError(
            ErrorCode::kPatchTooLong, std::to_string(count), std::to_string(kMaxOperations)
        );
    }
    std::string text = core::Minified(resource);
    const std::size_t size_limit = text.size() + kMaxAddedBytes;
    std::size_t number = 0;
    for (JsonNode one = parameters["parameter"].first(); one; one = one.next()) {
        if (one["name"].text() != "operation") {
            continue;
        }
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(std::move(text)));
        const Operation operation = ReadOperation(one, ++number);
        KQ_ASSIGN(text, Change(operation, document->root()).Run());
        if (text.size() > size_limit) {
            const std::string limit = std::to_string(size_limit) + " B";
            return MakeError(ErrorCode::kTooLarge, "> " + limit, limit);
        }
    }
    return text;
}

}  // namespace kangqu::patch
