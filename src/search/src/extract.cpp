#include "extract.hpp"

#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/search/text.hpp"

#include "normal.hpp"
#include <array>
#include <charconv>
#include <cstdio>

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

constexpr std::string_view kCurrencies = "urn:iso:std:iso:4217";

const LeafTypes& Types() {
    static const LeafTypes types;
    return types;
}

class Extraction {
public:
    Extraction(std::uint16_t parameter, const Knowledge& knowledge, std::vector<Row>& out)
        : parameter_(parameter), knowledge_(knowledge), out_(out) {}

    void Token(JsonNode value, TypeNumber type) {
        const LeafTypes& types = Types();
        if (type == types.codeable_concept) {
            const std::string_view text = value["text"].text();
            bool said = false;
            for (JsonNode one = value["coding"].first(); one; one = one.next()) {
                Code(one["code"].text(), one["system"].text());
                Words(one["display"].text());
                said = said || one["display"].text() == text;
            }
            Words(said ? std::string_view{} : text);
        } else if (type == types.coding) {
            Code(value["code"].text(), value["system"].text());
            Words(value["display"].text());
        } else if (type == types.identifier) {
            Code(value["value"].text(), value["system"].text());
            OfType(value);
            Words(value["type"]["text"].text());
        } else if (type == types.contact_point) {
            Code(value["value"].text(), {});
        } else {
            Code(value.text(), {});
        }
    }

    void Uri(JsonNode value, TypeNumber type) {
        Code(value.text(), {});
        const std::string_view plain = WithoutVersion(value.text());
        if (type == Types().canonical && plain.size() != value.text().size()) {
            Code(plain, {});
        }
    }

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
        // Bundle.entry[0].resource: the record that the bundle holds.
        if (const std::string_view held = value["resourceType"].text(); !held.empty()) {
            if (!value["id"].text().empty()) {
                Row& row = Add(kReferenceTable);
                row.text = value["id"].text();
                row.scope = held;
            }
            return;
        }
        if (type != Types().reference) {
            External(value.text());
            if (type == Types().canonical &&
                WithoutVersion(value.text()).size() != value.text().size()) {
                External(WithoutVersion(value.text()));
            }
            return;
        }
        const JsonNode identifier = value["identifier"];
        if (identifier) {
            Faceted(Facet::kIdentifier, std::string(identifier["value"].text())).scope =
                identifier["system"].text();
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
            return;
        }
        double number = 0;
        if (!ReadNumber(value["value"].text(), number)) {
            return;
        }
        const bool money = type == types.money;
        const std::string_view code = value[money ? "currency" : "code"].text();
        const std::string_view unit = value["unit"].text();
        const std::string_view system = money ? kCurrencies : value["system"].text();
        Amount(number, code.empty() ? unit : code, UnitKind::kWritten);
        if (!code.empty() && !unit.empty() && unit != code) {
            Amount(number, unit, UnitKind::kAlias);
        }
        if (code.empty() || system.empty()) {
            return;
        }
        const auto canonical =
            system == kUcum ? knowledge_.Canonical(value["value"].text(), code) : std::nullopt;
        if (canonical) {
            Amount(Rounded(canonical->value), canonical->unit, UnitKind::kCanonical);
        } else {
            Amount(number, std::string(system) + "|" + std::string(code), UnitKind::kSystem);
        }
    }

    void Number(JsonNode value) {
        double number = 0;
        if (ReadNumber(value.text(), number)) {
            Amount(number, {}, UnitKind::kWritten);
        }
    }

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

    static bool ReadNumber(std::string_view text, double& number) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        return error == std::errc{} && !text.empty();
    }

    void Amount(double number, std::string_view unit, UnitKind kind) {
        Row& row = Add(kQuantityTable);
        row.value = number;
        row.scope = unit;
        row.unit_kind = static_cast<std::uint8_t>(kind);
    }

    Row& Faceted(Facet facet, std::string text) {
        Row& row = Add(kTokenTable);
        row.facet = static_cast<std::uint8_t>(facet);
        row.text = std::move(text);
        return row;
    }

    // The words of a code; the same words twice become one row.
    void Words(std::string_view text) {
        std::string normal = Normalised(core::PrefixCodePoints(text, kMaxStringPoints));
        if (!normal.empty()) {
            Faceted(Facet::kText, std::move(normal));
        }
    }

    // An Identifier under each of its types' codes: "system|code|value".
    void OfType(JsonNode identifier) {
        const std::string_view value = identifier["value"].text();
        if (value.empty()) {
            return;
        }
        for (JsonNode type = identifier["type"]["coding"].first(); type; type = type.next()) {
            std::string text(type["system"].text());
            text.append("|").append(type["code"].text()).append("|").append(value);
            Faceted(Facet::kOfType, std::move(text));
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

    void Derived(std::string text, std::string_view original) {
        if (!text.empty()) {
            Row& row = Add(kStringTable);
            row.text = std::move(text);
            row.scope = original;
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
        Derived(std::move(pinyin.full), kReadingOriginal);
        Derived(std::move(pinyin.initials), kInitialsOriginal);
    }

    std::uint16_t parameter_;
    const Knowledge& knowledge_;
    std::vector<Row>& out_;
};

}  // namespace

double Rounded(double value) noexcept {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.12g", value);
    double rounded = value;
    std::from_chars(
        text.data(), text.data() + std::char_traits<char>::length(text.data()), rounded
    );
    return rounded;
}

void ExtractValue(
    fhir::SearchKind kind,
    JsonNode value,
    TypeNumber leaf,
    const Knowledge& knowledge,
    std::uint16_t parameter,
    std::vector<Row>& out
) {
    Extraction extraction(parameter, knowledge, out);
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
            extraction.Uri(value, leaf);
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

namespace {

// Location.position: latitude and longitude in degrees.
void Place(JsonNode position, std::uint16_t parameter, std::vector<Row>& out) {
    const std::string_view latitude = position["latitude"].text();
    const std::string_view longitude = position["longitude"].text();
    Row row;
    row.table = kPairTable;
    row.parameter = parameter;
    const auto read = [](std::string_view text, double& value) {
        return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
    };
    if (read(latitude, row.value) && read(longitude, row.value_high)) {
        out.push_back(std::move(row));
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
    const Knowledge& knowledge,
    std::vector<Row>& out,
    std::vector<Interval>& intervals
) {
    const fhir::SearchKind kind = parameter.facts->kind;
    if (kind == fhir::SearchKind::kComposite) {
        ExtractParts(parameter, number, resource, knowledge, out);
        return;
    }
    bool exists = false;
    for (const Path& path : parameter.paths) {
        Walk(path, resource, [&](JsonNode value) {
            if (parameter.existence) {
                exists = exists || value.text() != "false";
            } else if (kind == fhir::SearchKind::kDate) {
                for (const Interval interval : IntervalsOf(value, path.leaf)) {
                    intervals.push_back(interval);
                }
            } else if (kind == fhir::SearchKind::kSpecial) {
                Place(value, number, out);
            } else {
                ExtractValue(kind, value, path.leaf, knowledge, number, out);
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
