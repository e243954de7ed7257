#include "kangqu/expression/value.hpp"

#include "kangqu/core/check.hpp"

namespace kangqu::expression {

Value Value::Boolean(bool value) {
    Value out;
    out.kind_ = Kind::kBoolean;
    out.detail_ = value ? 1 : 0;
    return out;
}

Value Value::Integer(std::int64_t value) {
    Value out;
    out.kind_ = Kind::kInteger;
    out.payload_.number = value;
    return out;
}

Value Value::Long(std::int64_t value) {
    Value out = Integer(value);
    out.kind_ = Kind::kLong;
    return out;
}

Value Value::Decimal(const core::Decimal& value) {
    Value out;
    out.kind_ = Kind::kDecimal;
    out.detail_ = static_cast<std::uint8_t>(value.scale());
    out.payload_.words = {value.low_word(), value.high_word()};
    return out;
}

Value Value::String(std::string_view text) {
    Value out;
    out.kind_ = Kind::kString;
    out.payload_.text = {text.data(), text.size()};
    return out;
}

Value Value::Temporal(const core::Temporal& value) {
    Value out;
    out.kind_ = value.kind == core::TemporalKind::kDate       ? Kind::kDate
                : value.kind == core::TemporalKind::kDateTime ? Kind::kDateTime
                                                              : Kind::kTime;
    out.payload_.moment = {
        value.local_ms, value.offset_minutes, value.kind, value.precision, value.has_offset};
    return out;
}

Value Value::Boxed(Kind kind, const void* data) {
    Value out;
    out.kind_ = kind;
    out.payload_.data = data;
    return out;
}

Value Value::Of(const Quantity* value) {
    return Boxed(Kind::kQuantity, value);
}
Value Value::Of(const Ratio* value) {
    return Boxed(Kind::kRatio, value);
}
Value Value::Of(const Code* value) {
    return Boxed(Kind::kCode, value);
}
Value Value::Of(const Concept* value) {
    return Boxed(Kind::kConcept, value);
}
Value Value::Of(const Interval* value) {
    return Boxed(Kind::kInterval, value);
}
Value Value::Of(const Tuple* value) {
    return Boxed(Kind::kTuple, value);
}
Value Value::Of(const Vocabulary* value) {
    return Boxed(Kind::kVocabulary, value);
}

Value Value::List(std::span<const Value> items) {
    Value out;
    out.kind_ = Kind::kList;
    out.payload_.items = {items.data(), items.size()};
    return out;
}

Value Value::Node(core::JsonNode node, fhir::TypeNumber type, core::JsonNode extension) {
    Value out;
    if (node.missing() && extension.missing()) {
        return out;
    }
    out.kind_ = Kind::kNode;
    out.type_ = type;
    out.payload_.place = {
        node.missing() ? extension.document() : node.document(),
        node.missing() ? kNoNode : node.index(),
        extension.missing() ? kNoNode : extension.index()};
    return out;
}

core::Decimal Value::decimal() const noexcept {
    return core::Decimal::FromWords(payload_.words.low, payload_.words.high, detail_);
}

std::string_view Value::text() const noexcept {
    return {payload_.text.data, payload_.text.size};
}

core::Temporal Value::temporal() const noexcept {
    const Moment& moment = payload_.moment;
    core::Temporal out;
    out.local_ms = moment.local_ms;
    out.offset_minutes = moment.offset;
    out.kind = moment.kind;
    out.precision = moment.precision;
    out.has_offset = moment.has_offset;
    return out;
}

const Interval& Value::interval() const noexcept {
    return *static_cast<const Interval*>(data());
}

const Tuple& Value::tuple() const noexcept {
    return *static_cast<const Tuple*>(data());
}

std::span<const Value> Value::items() const noexcept {
    return {payload_.items.data, payload_.items.size};
}

core::JsonNode Value::node() const noexcept {
    const Place& place = payload_.place;
    return place.index == kNoNode ? core::JsonNode() : place.document->node(place.index);
}

core::JsonNode Value::extension() const noexcept {
    const Place& place = payload_.place;
    return place.extension == kNoNode ? core::JsonNode() : place.document->node(place.extension);
}

}  // namespace kangqu::expression
