#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/xml.hpp"
#include "kangqu/patch/patch.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <pugixml.hpp>

namespace kangqu::patch {

namespace {

using core::ErrorCode;
using core::MakeError;
using core::Status;

constexpr std::string_view kFhir = "http://hl7.org/fhir";
constexpr std::string_view kXhtml = "http://www.w3.org/1999/xhtml";
constexpr unsigned kParse =
    pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_comments | pugi::parse_pi;
// Longest selector, and how much of it is repeated to the sender.
constexpr std::size_t kMaxSelector = 1'000;
constexpr std::size_t kShown = 100;

// Selectors compare names as they are written, so both documents are brought to one writing:
// elements of FHIR get the prefix f:, those of XHTML h:, and their declarations go.
class Namespaces {
public:
    // `outer` is the default namespace outside of `node`.
    static void ToPrefixes(pugi::xml_node node, std::string outer) {
        if (node.type() != pugi::node_element) {
            return;
        }
        std::string own = std::move(outer);
        std::string fhir_prefix;
        std::vector<std::string> gone;
        for (const pugi::xml_attribute attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            if (name == "xmlns") {
                own = attribute.value();
                gone.emplace_back(name);
            } else if (name.starts_with("xmlns:") && attribute.value() == kFhir) {
                fhir_prefix = name.substr(6);
                fhir_prefix += ':';
            }
        }
        for (const std::string& name : gone) {
            if (own == kFhir || own == kXhtml) {
                node.remove_attribute(name.c_str());
            }
        }
        const std::string name = node.name();
        if (!fhir_prefix.empty() && name.starts_with(fhir_prefix)) {
            node.set_name(("f:" + name.substr(fhir_prefix.size())).c_str());
        } else if (name.find(':') == std::string::npos && (own == kFhir || own == kXhtml)) {
            node.set_name(((own == kFhir ? "f:" : "h:") + name).c_str());
        }
        for (const pugi::xml_node child : node.children()) {
            ToPrefixes(child, own);
        }
    }

    static void ToDeclarations(pugi::xml_node node, std::string_view outer) {
        if (node.type() != pugi::node_element) {
            return;
        }
        const std::string name = node.name();
        const bool fhir = name.starts_with("f:");
        std::string_view own = outer;
        if (fhir || name.starts_with("h:")) {
            own = fhir ? kFhir : kXhtml;
            node.set_name(name.substr(2).c_str());
            if (own != outer) {
                node.prepend_attribute("xmlns").set_value(std::string(own).c_str());
            }
        }
        for (const pugi::xml_node child : node.children()) {
            ToDeclarations(child, own);
        }
    }
};

bool IsNameCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

// Within what RFC 5261 allows: no descendant or other axes, no functions but node tests and
// position, no predicate inside a predicate. That keeps a selector's cost linear.
bool IsAllowed(std::string_view selector) {
    constexpr std::string_view kTests[] = {
        "text", "comment", "processing-instruction", "node", "position", "last"};
    int depth = 0;
    for (std::size_t at = 0; at < selector.size(); ++at) {
        const char c = selector[at];
        const std::string_view rest = selector.substr(at);
        if (c == '\'' || c == '"') {
            at = selector.find(c, at + 1);
            if (at == std::string_view::npos) {
                return false;
            }
        } else if (c == '(') {
            std::size_t start = at;
            while (start > 0 && IsNameCharacter(selector[start - 1])) {
                --start;
            }
            const std::string_view name = selector.substr(start, at - start);
            if (std::find(std::begin(kTests), std::end(kTests), name) == std::end(kTests)) {
                return false;
            }
        } else if (rest.starts_with("//") || rest.starts_with("::") || rest.starts_with("..")) {
            return false;
        }
        depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (depth > 1) {
            return false;
        }
    }
    return !selector.empty() && selector.size() <= kMaxSelector;
}

std::string TextOf(pugi::xml_node node) {
    std::string out;
    for (const pugi::xml_node child : node.children()) {
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
            out += child.value();
        }
    }
    return out;
}

class XmlPatch {
public:
    explicit XmlPatch(pugi::xml_document& target) : target_(target) {}

    Status Apply(pugi::xml_node operation, std::size_t number) {
        number_ = std::to_string(number);
        const std::string name = LocalName(operation);
        if (name != "add" && name != "replace" && name != "remove") {
            return MakeError(
                ErrorCode::kPatchUnknownOperation,
                number_,
                std::string(core::PrefixCodePoints(name, kShown))
            );
        }
        if (!operation.attribute("sel")) {
            return MakeError(ErrorCode::kPatchMissingPart, number_, "sel");
        }
        KQ_ASSIGN(const pugi::xpath_node found, Select(operation.attribute("sel").value()));
        if (name == "add") {
            return Add(found, operation);
        }
        return name == "remove" ? Remove(found) : Replace(found, operation);
    }

private:
    static std::string LocalName(pugi::xml_node node) {
        const std::string name = node.name();
        return name.substr(name.find(':') + 1);
    }

    core::Error Fail(ErrorCode code) const { return MakeError(code, number_, shown_); }

    core::Result<pugi::xpath_node> Select(const std::string& selector) {
        shown_ = core::PrefixCodePoints(selector, kShown);
        if (!IsAllowed(selector)) {
            return Fail(ErrorCode::kPatchBadPath);
        }
        try {
            const pugi::xpath_node_set found = target_.select_nodes(selector.c_str());
            if (found.size() == 1) {
                return *found.begin();
            }
            return Fail(found.empty() ? ErrorCode::kPatchNoTarget : ErrorCode::kPatchManyTargets);
        } catch (const pugi::xpath_exception&) {
            return Fail(ErrorCode::kPatchBadPath);
        }
    }

    Status Add(const pugi::xpath_node& found, pugi::xml_node operation) {
        pugi::xml_node node = found.node();
        if (found.attribute() || !node) {
            return Fail(ErrorCode::kPatchNotAllowed);
        }
        const std::string type = operation.attribute("type").value();
        if (!type.empty()) {
            return AddAttribute(node, type, TextOf(operation));
        }
        const std::string position = operation.attribute("pos").value();
        const bool beside = position == "before" || position == "after";
        pugi::xml_node parent = beside ? node.parent() : node;
        const bool root = beside && parent.type() == pugi::node_document;
        if (!parent || root || parent.type() != pugi::node_element) {
            return Fail(ErrorCode::kPatchNotAllowed);
        }
        pugi::xml_node before = position == "before"    ? node
                                : position == "after"   ? node.next_sibling()
                                : position == "prepend" ? node.first_child()
                                                        : pugi::xml_node();
        for (const pugi::xml_node child : operation.children()) {
            if (before) {
                parent.insert_copy_before(child, before);
            } else {
                parent.append_copy(child);
            }
        }
        return {};
    }

    Status AddAttribute(pugi::xml_node node, const std::string& type, const std::string& value) {
        constexpr std::string_view kNamespace = "namespace::";
        const std::string name = type.starts_with('@') ? type.substr(1)
                                 : type.starts_with(kNamespace)
                                     ? "xmlns:" + type.substr(kNamespace.size())
                                     : "";
        const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
            return IsNameCharacter(c) || c == ':';
        });
        if (!good || node.attribute(name.c_str())) {
            return Fail(ErrorCode::kPatchNotAllowed);
        }
        node.append_attribute(name.c_str()).set_value(value.c_str());
        return {};
    }

    Status Remove(const pugi::xpath_node& found) {
        if (found.attribute()) {
            found.parent().remove_attribute(found.attribute());
            return {};
        }
        pugi::xml_node node = found.node();
        pugi::xml_node parent = node.parent();
        if (parent.type() != pugi::node_element) {
            return Fail(ErrorCode::kPatchNotAllowed);
        }
        parent.remove_child(node);
        return {};
    }

    Status Replace(const pugi::xpath_node& found, pugi::xml_node operation) {
        if (found.attribute()) {
            found.attribute().set_value(TextOf(operation).c_str());
            return {};
        }
        pugi::xml_node node = found.node();
        pugi::xml_node parent = node.parent();
        if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
            node.set_value(TextOf(operation).c_str());
            return {};
        }
        for (const pugi::xml_node child : operation.children()) {
            if (child.type() == node.type()) {
                parent.insert_copy_before(child, node);
                parent.remove_child(node);
                return {};
            }
        }
        return Fail(ErrorCode::kPatchNotAllowed);
    }

    pugi::xml_document& target_;
    std::string number_;
    std::string shown_;
};

core::Status Load(std::string_view text, pugi::xml_document& document) {
    KQ_TRY(fhir::CheckXml(text));
    if (!document.load_buffer(text.data(), text.size(), kParse, pugi::encoding_utf8)) {
        return MakeError(ErrorCode::kXmlSyntax, "1", "1");
    }
    Namespaces::ToPrefixes(document.document_element(), {});
    return {};
}

class StringOutput : public pugi::xml_writer {
public:
    explicit StringOutput(std::string& out) : out_(out) {}
    void write(const void* data, size_t size) override {
        out_.append(static_cast<const char*>(data), size);
    }

private:
    std::string& out_;
};

}  // namespace

core::Result<std::string> ApplyXmlPatch(std::string_view target, std::string_view patch) {
    pugi::xml_document document;
    pugi::xml_document operations;
    KQ_TRY(Load(target, document));
    KQ_TRY(Load(patch, operations));
    XmlPatch changed(document);
    std::size_t number = 0;
    for (const pugi::xml_node operation : operations.document_element().children()) {
        if (operation.type() == pugi::node_element) {
            if (++number > kMaxOperations) {
                return MakeError(
                    ErrorCode::kPatchTooLong,
                    "> " + std::to_string(kMaxOperations),
                    std::to_string(kMaxOperations)
                );
            }
            KQ_TRY(changed.Apply(operation, number));
        }
    }
    if (number == 0) {
        return MakeError(ErrorCode::kPatchEmpty);
    }
    Namespaces::ToDeclarations(document.document_element(), {});
    std::string out;
    StringOutput output(out);
    document.save(output, "", pugi::format_raw | pugi::format_no_declaration);
    return out;
}

core::Result<std::string> ApplyXmlPatch(core::JsonNode resource, std::string_view patch) {
    KQ_ASSIGN(const std::string xml, fhir::XmlFromJson(resource));
    KQ_ASSIGN(const std::string changed, ApplyXmlPatch(std::string_view(xml), patch));
    return fhir::JsonFromXml(changed);
}

}  // namespace kangqu::patch
