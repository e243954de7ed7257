#include "extract.hpp"

#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/search/text.hpp"

#include "normal.hpp"
#include <array>
#include <charconv>

namespace kangqu::search {

namespace {

using core::JsonNode;
using fhir::TypeNumber;
using Row = PreparedIndex::Row;

// The complex types that leaves may have.
struct LeafTypes {
    TypeNumber codeable_concept = fhir::FindType("CodeableConcept");
    TypeNumber coding = fhir::FindType("Coding");
    TypeNumber identifier = fhir::FindType("Identifier");
    TypeNumber contact_point = fhir::FindType("ContactPoint");
    TypeNumber human_name = fhir::FindType("HumanName");
    TypeNumber address = fhir::FindType("Address");
    TypeNumber reference = fhir::FindType("Reference");
    TypeNumber canonical = fhir::FindType("canonical");
    TypeNumber money = fhir::FindType("Money");
    TypeNumber range = fhir::FindType("Range");
};

const LeafTypes& Types() {
    static const LeafTypes types;
    return types;
}

class Extraction {
public:
    Extraction(std::uint16_t parameter, std::vector<Row>& out) : parameter_(parameter), out_(out) {}

    void Token(JsonNode value, TypeNumber type) {
        const LeafTypes& types = Types();
        if (type == types.codeable_concept) {
            for (JsonNode one = value["coding"].first(); one; one = one.next()) {
                Code(one["code"].text(), one["system"].text());
            }
        } else if (type == types.coding) {
            Code(value["code"].text(), value["system"].text());
        } else if (type == types.identifier) {
            Code(value["value"].text(), value["system"].text());
        } else if (type == types.contact_point) {
            Code(value["value"].text(), {});
        } else {
            Code(value.text(), {});
        }
    }

    void Uri(JsonNode value) { Code(value.text(), {}); }

    void String(JsonNode value, TypeNumber type) {
        const LeafTypes& types = Types();
        if (type == types.human_name) {
            Name(value);
        } else if (type == types.address) {
            constexpr std::array<std::string_view, 7> kParts = {
                "text", "line", "city", "district", "state", "postalCode", "country"};
            for (const std::string_view part : kParts) {
                Texts(value[part]);
            }
        } else {
            Text(value.text());
        }
    }

    void Reference(JsonNode value, TypeNumber type) {
        if (type != Types().reference) {
            External(value.text());
            if (type == Types().canonical &&
                WithoutVersion(value.text()).size() != value.text().size()) {
                External(WithoutVersion(value.text()));
            }
            return;
        }
        const std::string_view text = value["reference"].text();
        const fhir::Reference reference = fhir::ParseReference(text);
        switch (reference.kind) {
            case fhir::Reference::Kind::kLocal:
                Add(kReferenceTable).text = reference.id;
                out_.back().scope = reference.type;
                break;
            case fhir::Reference::Kind::kAbsolute:
            case fhir::Reference::Kind::kUrn:
            case fhir::Reference::Kind::kOther:
                External(text);
                break;
            case fhir::Reference::Kind::kContained:
            case fhir::Reference::Kind::kConditional:
                break;
        }
    }

    void Quantity(JsonNode value, TypeNumber type) {
        const LeafTypes& types = Types();
        if (type == types.range) {
            Quantity(value["low"], fhir::kNoType);
            Quantity(value["high"], fhir::kNoType);
        } else if (type == types.money) {
            Amount(value["value"].text(), value["currency"].text());
        } else {
            const std::string_view code = value["code"].text();
            const std::string_view unit = value["unit"].text();
            Amount(value["value"].text(), code.empty() ? unit : code);
            if (!code.empty() && !unit.empty() && unit != code) {
                Amount(value["value"].text(), unit);
            }
        }
    }

    void Number(JsonNode value) { Amount(value.text(), {}); }

private:
    Row& Add(Table table) {
        Row& row = out_.emplace_back();
        row.table = table;
        row.parameter = parameter_;
        return row;
    }

    void Code(std::string_view code, std::string_view system) {
        if (!code.empty()) {
            Row& row = Add(kTokenTable);
            row.text = code;
            row.scope = system;
        }
    }

    void External(std::string_view url) {
        if (!url.empty()) {
            Add(kReferenceTable).text = url;
        }
    }

    void Amount(std::string_view text, std::string_view unit) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc{} && !text.empty()) {
            Row& row = Add(kQuantityTable);
            row.value = number;
            row.scope = unit;
        }
    }

    // A row keeps the sender's text only where it differs from the normal form.
    void Text(std::string_view original) {
        const std::string_view kept = core::PrefixCodePoints(original, kMaxStringPoints);
        std::string normal = Normalised(kept);
        if (normal.empty()) {
            return;
        }
        Row& row = Add(kStringTable);
        row.scope = normal == kept ? std::string() : std::string(kept);
        row.text = std::move(normal);
    }

    void Texts(JsonNode value) {
        if (value.is_string()) {
            Text(value.text());
        }
        for (JsonNode one = value.first(); one && value.is_array(); one = one.next()) {
            Text(one.text());
        }
    }

    void Derived(std::string text) {
        if (!text.empty()) {
            Row& row = Add(kStringTable);
            row.text = std::move(text);
            row.scope = kDerivedOriginal;
        }
    }

    // The parts, the whole, and for a Chinese name its readings.
    void Name(JsonNode value) {
        for (const std::string_view part : {"family", "given", "prefix", "suffix", "text"}) {
            Texts(value[part]);
        }
        std::string whole(value["text"].text());
        if (whole.empty()) {
            whole = value["family"].text();
            for (JsonNode given = value["given"].first(); given; given = given.next()) {
                whole += given.text();
            }
            if (!HasHan(whole)) {
                return;
            }
            Text(whole);
        }
        Readings(whole);
    }

    void Readings(std::string_view whole) {
        if (!HasHan(whole)) {
            return;
        }
        Pinyin pinyin = PinyinOf(core::PrefixCodePoints(whole, kMaxStringPoints));
        Derived(std::move(pinyin.full));
        Derived(std::move(pinyin.initials));
    }

    std::uint16_t parameter_;
    std::vector<Row>& out_;
};

void ExtractValue(fhir::SearchKind kind, JsonNode value, TypeNumber leaf, Extraction& extraction) {
    switch (kind) {
        case fhir::SearchKind::kToken:
            extraction.Token(value, leaf);
            break;
        case fhir::SearchKind::kString:
            extraction.String(value, leaf);
            break;
        case fhir::SearchKind::kReference:
            extraction.Reference(value, leaf);
            break;
        case fhir::SearchKind::kUri:
            extraction.Uri(value);
            break;
        case fhir::SearchKind::kNumber:
            extraction.Number(value);
            break;
        case fhir::SearchKind::kQuantity:
            extraction.Quantity(value, leaf);
            break;
        case fhir::SearchKind::kDate:
        case fhir::SearchKind::kComposite:
        case fhir::SearchKind::kSpecial:
            break;
    }
}

}  // namespace

std::string_view WithoutVersion(std::string_view canonical) noexcept {
    return canonical.substr(0, canonical.find('|'));
}

void Extract(
    const Parameter& parameter,
    std::uint16_t number,
    JsonNode resource,
    std::vector<Row>& out,
    std::vector<Interval>& intervals
) {
    Extraction extraction(number, out);
    bool exists = false;
    for (const Path& path : parameter.paths) {
        Walk(path, resource, [&](JsonNode value) {
            if (parameter.existence) {
                exists = exists || value.text() != "false";
            } else if (parameter.facts->kind == fhir::SearchKind::kDate) {
                for (const Interval interval : IntervalsOf(value, path.leaf)) {
                    intervals.push_back(interval);
                }
            } else {
                ExtractValue(parameter.facts->kind, value, path.leaf, extraction);
            }
        });
    }
    if (parameter.existence) {
        Row& row = out.emplace_back();
        row.table = kTokenTable;
        row.parameter = number;
        row.text = exists ? "true" : "false";
    }
}

}  // namespace kangqu::search
