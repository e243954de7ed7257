#include "names.hpp"

namespace kangqu::synth {
namespace {

constexpr int kOneCharacterPerMille = 140;

std::size_t PoolOf(bool male, bool old) noexcept {
    return (male ? 2U : 0U) + (old ? 1U : 0U);
}

}  // namespace

Names::Names() {
    for (const Row& row : RowsOf("surnames")) {
        surnames_.push_back(row[0]);
        surname_weights_.Add(NumberOf(row[1]));
    }
    for (const Row& row : RowsOf("given-names")) {
        Pool& pool = given_[PoolOf(row[0] == "m", row[1] == "old")];
        pool.characters.push_back(row[2]);
        pool.weights.Add(NumberOf(row[3]));
    }
    for (const Row& row : RowsOf("minority-names")) {
        with_dot_[row[0] == "m" ? 1 : 0].push_back(row);
    }
}

std::string_view Names::Surname(Random& random) const {
    return surnames_[surname_weights_.Pick(random)];
}

PersonName Names::Han(Random& random, std::string_view surname, bool male, bool old) const {
    const Pool& pool = given_[PoolOf(male, old)];
    PersonName name;
    name.family = surname;
    const std::size_t first = pool.weights.Pick(random);
    const std::size_t second = pool.weights.Pick(random);
    name.given = pool.characters[first];
    if (!random.PerMille(kOneCharacterPerMille)) {
        name.given += pool.characters[second];
    }
    name.text = name.family + name.given;
    return name;
}

PersonName Names::WithDot(Random& random, bool male) const {
    const auto& rows = with_dot_[male ? 1 : 0];
    const Row& row = rows[random.Below(static_cast<std::uint32_t>(rows.size()))];
    const Row& father = with_dot_[1][random.Below(static_cast<std::uint32_t>(with_dot_[1].size()))];
    PersonName name;
    name.given = row[1];
    name.family = random.PerMille(500) ? row[2] : father[2];
    name.text = name.given + "·" + name.family;
    return name;
}

}  // namespace kangqu::synth
