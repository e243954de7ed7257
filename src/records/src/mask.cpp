#include "mask.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"

namespace kangqu::records {

namespace {

using core::JsonNode;
using search::Mask;

// A mask and how many of its steps the walk has taken.
struct Active {
    const Mask* mask;
    std::size_t step;
};

std::string KeepEnds(std::string_view text) {
    constexpr std::size_t kHead = 3;
    constexpr std::size_t kTail = 4;
    constexpr std::size_t kShortest = 9;
    const std::u32string points = core::DecodeUtf8(text);
    const bool whole = points.size() < kShortest;
    std::u32string out = points;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (whole || (i >= kHead && i + kTail < out.size())) {
            out[i] = U'*';
        }
    }
    return core::EncodeUtf8(out);
}

void Write(core::JsonWriter& writer, JsonNode node, const std::vector<Active>& active);

// Masks that go on at member `key`; `mask` is set when one of them ends there.
std::vector<Active>
Onward(const std::vector<Active>& active, std::string_view key, const Mask*& mask) {
    std::vector<Active> onward;
    for (const Active& one : active) {
        if (one.mask->path[one.step] != key) {
            continue;
        }
        if (one.step + 1 == one.mask->path.size()) {
            mask = one.mask;
        } else {
            onward.push_back({one.mask, one.step + 1});
        }
    }
    return onward;
}

void WriteObject(core::JsonWriter& writer, JsonNode node, const std::vector<Active>& active) {
    writer.BeginObject();
    for (JsonNode member = node.first(); member; member = member.next()) {
        const Mask* ends = nullptr;
        const auto onward = Onward(active, member.key(), ends);
        if (ends != nullptr && (ends->style == Mask::Style::kRemove || !member.is_string())) {
            continue;
        }
        writer.Key(member.key());
        if (ends != nullptr) {
            writer.String(KeepEnds(member.text()));
        } else {
            Write(writer, member, onward);
        }
    }
    writer.EndObject();
}

void Write(core::JsonWriter& writer, JsonNode node, const std::vector<Active>& active) {
    if (!active.empty() && node.is_object()) {
        WriteObject(writer, node, active);
    } else if (!active.empty() && node.is_array()) {
        writer.BeginArray();
        for (JsonNode element = node.first(); element; element = element.next()) {
            Write(writer, element, active);
        }
        writer.EndArray();
    } else {
        writer.Node(node);
    }
}

}  // namespace

std::string Masked(std::string_view body, const std::vector<const Mask*>& masks) {
    const auto document = core::JsonDocument::Parse(std::string(body));
    KQ_CHECK(document.ok(), "a stored body must parse");
    std::vector<Active> active;
    for (const Mask* mask : masks) {
        if (!mask->path.empty()) {
            active.push_back({mask, 0});
        }
    }
    std::string out;
    core::JsonWriter writer(out);
    Write(writer, document.value()->root(), active);
    return out;
}

}  // namespace kangqu::records
