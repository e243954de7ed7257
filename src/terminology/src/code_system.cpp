#include "code_system.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

namespace kangqu::terminology {

using core::JsonNode;

void ConceptBits::SetAll() noexcept {
    std::fill(words_.begin(), words_.end(), ~0ULL);
    if (size_ % 64 != 0) {
        words_.back() = (1ULL << (size_ % 64)) - 1;
    }
}

void ConceptBits::Invert() noexcept {
    for (std::uint64_t& word : words_) {
        word = ~word;
    }
    if (size_ % 64 != 0) {
        words_.back() &= (1ULL << (size_ % 64)) - 1;
    }
}

void ConceptBits::And(const ConceptBits& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) {
        words_[i] &= i < other.words_.size() ? other.words_[i] : 0;
    }
}

std::size_t ConceptBits::Count() const noexcept {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) {
        count += static_cast<std::size_t>(std::popcount(word));
    }
    return count;
}

bool ResourceHead::InForceOn(core::CivilDate day) const noexcept {
    return (!from || *from <= day) && (!to || day <= *to);
}

std::string ResourceHead::Canonical() const {
    return version.empty() ? url : url + "|" + version;
}

core::Result<ResourceHead> ReadHead(JsonNode resource) {
    ResourceHead head;
    head.type = resource["resourceType"].text();
    head.id = resource["id"].text();
    head.url = resource["url"].text();
    head.version = resource["version"].text();
    head.name = resource["name"].text();
    head.title = resource["title"].text();
    head.status = resource["status"].text();
    head.language = resource["language"].text();
    head.date = resource["date"].text();
    if (head.url.empty() && !head.id.empty()) {
        head.url = head.type + "/" + head.id;
    }
    if (head.url.empty()) {
        return core::MakeError(
            core::ErrorCode::kTerminologyElement, head.type + "/" + head.id, "url"
        );
    }
    for (JsonNode one = resource["extension"].first(); one; one = one.next()) {
        if (one["url"].text() ==
            "http://hl7.org/fhir/StructureDefinition/resource-effectivePeriod") {
            head.from = core::ParseDate(one["valuePeriod"]["start"].text().substr(0, 10));
            head.to = core::ParseDate(one["valuePeriod"]["end"].text().substr(0, 10));
        }
    }
    return head;
}

std::string_view TextPool::Copy(std::string_view text) {
    constexpr std::size_t kBlock = 65'536;
    if (text.empty()) {
        return {};
    }
    if (text.size() > left_) {
        const std::size_t size = std::max(kBlock, text.size());
        blocks_.push_back(std::make_unique<char[]>(size));
        at_ = blocks_.back().get();
        left_ = size;
    }
    std::memcpy(at_, text.data(), text.size());
    const std::string_view copy(at_, text.size());
    at_ += text.size();
    left_ -= text.size();
    return copy;
}

std::uint64_t CodeSystem::HashOf(std::string_view code) const noexcept {
    if (case_sensitive_) {
        return std::hash<std::string_view>()(code);
    }
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : code) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        hash = (hash ^ static_cast<unsigned char>(lower)) * 0x100000001b3ULL;
    }
    return hash;
}

bool CodeSystem::Same(std::string_view a, std::string_view b) const noexcept {
    return case_sensitive_
               ? a == b
               : a.size() == b.size() &&
                     std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
                         const auto lower = [](char c) {
                             return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
                         };
                         return lower(x) == lower(y);
                     });
}

core::Status CodeSystem::IndexCodes() {
    slots_.assign(std::bit_ceil(concepts_.size() * 2), kNoConcept);
    const std::size_t mask = slots_.size() - 1;
    for (ConceptNumber number = 0; number < size(); ++number) {
        std::size_t at = HashOf(concepts_[number].code) & mask;
        while (slots_[at] != kNoConcept) {
            if (Same(concepts_[slots_[at]].code, concepts_[number].code)) {
                return core::MakeError(
                    core::ErrorCode::kTerminologyElement,
                    head_.url,
                    "concept.code " + std::string(concepts_[number].code)
                );
            }
            at = (at + 1) & mask;
        }
        slots_[at] = number;
    }
    return {};
}

ConceptNumber CodeSystem::Find(std::string_view code) const noexcept {
    if (slots_.empty()) {
        return kNoConcept;
    }
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = HashOf(code) & mask; slots_[at] != kNoConcept; at = (at + 1) & mask) {
        if (Same(concepts_[slots_[at]].code, code)) {
            return slots_[at];
        }
    }
    return kNoConcept;
}

std::string_view CodeSystem::code(ConceptNumber number) const noexcept {
    return concepts_[number].code;
}
std::string_view CodeSystem::display(ConceptNumber number) const noexcept {
    return concepts_[number].display;
}
std::string_view CodeSystem::definition(ConceptNumber number) const noexcept {
    return concepts_[number].definition;
}

std::string_view CodeSystem::display(ConceptNumber number, std::string_view language)
    const noexcept {
    const auto speaks = [&](std::string_view own) {
        return own.substr(0, 2) == language.substr(0, 2);
    };
    // An edition that names no language is in English.
    if (language.empty() || speaks(head_.language.empty() ? "en" : head_.language)) {
        return display(number);
    }
    for (const Designation& one : designations(number)) {
        if (speaks(one.language)) {
            return one.value;
        }
    }
    return display(number);
}

std::span<const Designation> CodeSystem::designations(ConceptNumber number) const noexcept {
    const std::uint32_t first = concepts_[number].first_designation;
    return std::span(designations_).subspan(first, concepts_[number + 1].first_designation - first);
}
std::span<const ConceptProperty> CodeSystem::properties(ConceptNumber number) const noexcept {
    const std::uint32_t first = concepts_[number].first_property;
    return std::span(properties_).subspan(first, concepts_[number + 1].first_property - first);
}
std::span<const ConceptNumber> CodeSystem::parents(ConceptNumber number) const noexcept {
    const std::uint32_t first = concepts_[number].first_parent;
    return std::span(parents_).subspan(first, concepts_[number + 1].first_parent - first);
}
std::span<const ConceptNumber> CodeSystem::children(ConceptNumber number) const noexcept {
    const std::uint32_t first = concepts_[number].first_child;
    return std::span(children_).subspan(first, concepts_[number + 1].first_child - first);
}

std::string_view CodeSystem::property(ConceptNumber number, std::string_view name) const noexcept {
    for (const ConceptProperty& one : properties(number)) {
        if (property_names_[one.property] == name) {
            return one.value;
        }
    }
    return {};
}

void CodeSystem::AddWithDescendants(ConceptNumber number, ConceptBits& out) const {
    std::vector<ConceptNumber> open = {number};
    while (!open.empty()) {
        const ConceptNumber one = open.back();
        open.pop_back();
        if (!out.test(one)) {
            out.set(one);
            open.insert(open.end(), children(one).begin(), children(one).end());
        }
    }
}

void CodeSystem::AddWithAncestors(ConceptNumber number, ConceptBits& out) const {
    std::vector<ConceptNumber> open = {number};
    while (!open.empty()) {
        const ConceptNumber one = open.back();
        open.pop_back();
        if (!out.test(one)) {
            out.set(one);
            open.insert(open.end(), parents(one).begin(), parents(one).end());
        }
    }
}

bool CodeSystem::Subsumes(ConceptNumber ancestor, ConceptNumber number) const {
    ConceptBits above(size());
    AddWithAncestors(number, above);
    return above.test(ancestor);
}

bool CodeSystem::abstract(ConceptNumber number) const noexcept {
    return concepts_[number].abstract;
}

bool CodeSystem::inactive(ConceptNumber number, core::CivilDate day) const noexcept {
    const Concept& one = concepts_[number];
    const auto days = core::DaysOf(day);
    return one.retired || days < one.from_day || days >= one.to_day;
}

}  // namespace kangqu::terminology
