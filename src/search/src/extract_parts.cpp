#include "extract.hpp"

namespace kangqu::search {

namespace {

using core::JsonNode;
using Row = PreparedIndex::Row;

// What a part holds at one element, as rows of a simple parameter.
std::vector<Row>
ValuesOf(const Part& part, JsonNode element, JsonNode resource, const Knowledge& knowledge) {
    std::vector<Row> out;
    for (const Path& path : part.paths) {
        Walk(path, part.from_resource ? resource : element, [&](JsonNode value) {
            ExtractValue(part.kind, value, path.leaf, knowledge, 0, out);
        });
    }
    std::erase_if(out, [](const Row& row) {
        return row.facet != static_cast<std::uint8_t>(Facet::kItself);
    });
    return out;
}

Row Joined(const Row& first, const Row& second) {
    Row row;
    row.table = kPairTable;
    row.text = first.text;
    row.scope = first.scope;
    row.unit_kind = second.unit_kind;
    if (second.table == kQuantityTable) {
        row.value = second.value;
        row.value_high = second.value;
        row.low = static_cast<std::int64_t>(PairKind::kAmount);
    } else {
        row.text2 = second.text;
        row.low = static_cast<std::int64_t>(
            second.table == kReferenceTable ? PairKind::kReference : PairKind::kCode
        );
    }
    row.scope2 = second.scope;
    return row;
}

}  // namespace

void ExtractParts(
    const Parameter& parameter,
    std::uint16_t number,
    JsonNode resource,
    const Knowledge& knowledge,
    std::vector<Row>& out
) {
    if (parameter.asked_by_parts || parameter.parts.size() < 2) {
        return;
    }
    for (const Path& path : parameter.paths) {
        Walk(path, resource, [&](JsonNode element) {
            const auto firsts = ValuesOf(parameter.parts[0], element, resource, knowledge);
            if (firsts.empty()) {
                return;
            }
            const auto seconds = ValuesOf(parameter.parts[1], element, resource, knowledge);
            for (const Row& first : firsts) {
                for (const Row& second : seconds) {
                    Row row = Joined(first, second);
                    row.parameter = number;
                    if (parameter.parts.size() < 3) {
                        out.push_back(std::move(row));
                        continue;
                    }
                    for (const Row& third :
                         ValuesOf(parameter.parts[2], element, resource, knowledge)) {
                        row.value_high = third.value;
                        out.push_back(row);
                    }
                }
            }
        });
    }
}

}  // namespace kangqu::search
