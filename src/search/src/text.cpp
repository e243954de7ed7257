#include "kangqu/search/text.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/utf8.hpp"

#include "normal.hpp"
#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include <opencc/opencc.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

namespace kangqu::search {

namespace {

bool IsHan(char32_t c) noexcept {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0x20000 && c <= 0x323AF) || (c >= 0xF900 && c <= 0xFAFF);
}

// Characters that the full normalisation leaves as they are.
bool IsPlainHan(char32_t c) noexcept {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF);
}

icu::UnicodeString FromUtf8(std::string_view text) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size()))
    );
}

// NFKC with case folding, then decomposed and without marks.
std::string Folded(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* const fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
    const auto* const decompose = icu::Normalizer2::getNFDInstance(status);
    const auto* const compose = icu::Normalizer2::getNFCInstance(status);
    KQ_CHECK(U_SUCCESS(status), "ICU has no normalisation data");
    const icu::UnicodeString folded = fold->normalize(FromUtf8(text), status);
    const icu::UnicodeString parts = decompose->normalize(folded, status);
    icu::UnicodeString kept;
    for (std::int32_t at = 0; at < parts.length(); at = parts.moveIndex32(at, 1)) {
        const UChar32 c = parts.char32At(at);
        // Only marks on Latin, Greek and Cyrillic letters are accents; those of other scripts
        // (voicing of kana, vowels of Indic scripts) tell letters apart.
        if (c < 0x0300 || c > 0x036F) {
            kept.append(c);
        }
    }
    std::string out;
    compose->normalize(kept, status).toUTF8String(out);
    KQ_CHECK(U_SUCCESS(status), "text was not normalised");
    return out;
}

std::string WithSingleSpaces(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool pending = false;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            pending = !out.empty();
            continue;
        }
        if (pending) {
            out.push_back(' ');
            pending = false;
        }
        out.push_back(c);
    }
    return out;
}

// Surnames that are read otherwise than the character usually is.
constexpr std::pair<std::string_view, std::string_view> kSurnames[] = {
    {"万俟", "moqi"},   {"尉迟", "yuchi"},  {"长孙", "zhangsun"}, {"单于", "chanyu"},
    {"澹台", "tantai"}, {"令狐", "linghu"}, {"宰父", "zaifu"},    {"单", "shan"},
    {"仇", "qiu"},      {"曾", "zeng"},     {"解", "xie"},        {"区", "ou"},
    {"查", "zha"},      {"朴", "piao"},     {"翟", "zhai"},       {"盖", "ge"},
    {"任", "ren"},      {"乐", "yue"},      {"覃", "qin"},        {"华", "hua"},
    {"缪", "miao"},     {"员", "yun"},      {"黑", "he"},         {"逄", "pang"},
    {"种", "chong"},    {"折", "she"},      {"繁", "po"},         {"祭", "zhai"},
    {"秘", "bi"},       {"冼", "xian"},     {"洗", "xian"},       {"纪", "ji"},
    {"过", "guo"},      {"晁", "chao"},     {"石", "shi"},        {"沈", "shen"},
    {"贾", "jia"},      {"柏", "bai"},      {"牟", "mu"},         {"宓", "mi"},
    {"车", "che"},      {"阚", "kan"},      {"郗", "xi"},         {"佴", "nai"},
    {"褚", "chu"},      {"隗", "wei"},      {"卜", "bu"},         {"臧", "zang"},
    {"尹", "yin"},      {"燕", "yan"},      {"哈", "ha"},         {"那", "na"},
    {"葛", "ge"},       {"洪", "hong"},     {"厘", "li"},         {"俞", "yu"},
    {"余", "yu"},       {"于", "yu"},       {"重", "chong"},      {"召", "shao"},
};

// Readings of single characters. ICU's Han-Latin takes some microseconds each, so what was asked
// once is kept; one transliterator serves all threads behind the lock.
class Readings {
public:
    std::string Of(char32_t c) {
        const std::lock_guard lock(mutex_);
        const auto [entry, missing] = known_.try_emplace(c);
        if (missing) {
            entry->second = Ask(c);
        }
        return entry->second;
    }

private:
    std::string Ask(char32_t c) {
        if (!transliterator_) {
            UErrorCode status = U_ZERO_ERROR;
            transliterator_.reset(
                icu::Transliterator::createInstance("Han-Latin; NFC", UTRANS_FORWARD, status)
            );
            KQ_CHECK(U_SUCCESS(status) && transliterator_, "ICU has no Han-Latin data");
        }
        icu::UnicodeString text(static_cast<UChar32>(c));
        transliterator_->transliterate(text);
        std::string out;
        text.toUTF8String(out);
        return Syllable(out);
    }

    // Without tone marks; the vowel ü is typed as v on Chinese keyboards.
    static std::string Syllable(std::string_view reading) {
        std::string out;
        for (std::size_t at = 0; at < reading.size();) {
            const char32_t letter = core::NextCodePoint(reading, at);
            constexpr std::u32string_view kUmlauts = U"üǖǘǚǜÜǕǗǙǛ";
            if (kUmlauts.find(letter) != std::u32string_view::npos) {
                out.push_back('v');
            } else {
                core::AppendUtf8(letter, out);
            }
        }
        std::string plain;
        for (const char c : Folded(out)) {
            if (c >= 'a' && c <= 'z') {
                plain.push_back(c);
            }
        }
        return plain;
    }

    std::mutex mutex_;
    std::unique_ptr<icu::Transliterator> transliterator_;
    std::unordered_map<char32_t, std::string> known_;
};

Readings& SharedReadings() {
    // Lives as long as the program; a cache, not state.
    static Readings readings;
    return readings;
}

// Initials of a two-character surname are those of both characters; its syllables end where the
// second reading begins.
// A space before all words but the first.
void AppendWord(std::string_view word, std::string& out) {
    if (!out.empty()) {
        out.push_back(' ');
    }
    out += word;
}

void AppendSurname(std::string_view surname, std::string_view reading, Pinyin& out) {
    out.full += reading;
    AppendWord(reading, out.order);
    out.initials.push_back(reading.front());
    if (core::CountCodePoints(surname) == 2) {
        std::size_t at = 0;
        core::NextCodePoint(surname, at);
        const std::string second = SharedReadings().Of(core::NextCodePoint(surname, at));
        out.initials.push_back(second.empty() ? reading.back() : second.front());
    }
}

// Simplified forms of Han characters, each by itself: what a phrase around a character would say
// cannot count, or the start of a text would not be the start of its normal form.
class SimplifiedForms {
public:
    SimplifiedForms() {
        opencc_t converter = opencc_open("t2s.json");
        // NOLINTNEXTLINE(performance-no-int-to-ptr,cppcoreguidelines-pro-type-cstyle-cast)
        KQ_CHECK(converter != reinterpret_cast<opencc_t>(-1), "OpenCC has no t2s data");
        forms_.resize(kLast - kFirst + 1);
        for (char32_t c = kFirst; c <= kLast; ++c) {
            std::string one;
            core::AppendUtf8(c, one);
            std::array<char, 32> buffer{};
            const std::size_t size =
                opencc_convert_utf8_to_buffer(converter, one.data(), one.size(), buffer.data());
            std::size_t at = 0;
            const bool single = size > 0 && size < 5;
            forms_[c - kFirst] =
                single ? core::NextCodePoint(std::string_view(buffer.data(), size), at) : c;
        }
        opencc_close(converter);
    }

    char32_t Of(char32_t c) const noexcept {
        return c < kFirst || c > kLast ? c : forms_[c - kFirst];
    }

private:
    static constexpr char32_t kFirst = 0x3400;
    static constexpr char32_t kLast = 0x9FFF;
    std::vector<char32_t> forms_;
};

// Every Traditional character of `text` in its Simplified form.
std::string Simplified(std::string_view text) {
    static const SimplifiedForms forms;
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        core::AppendUtf8(forms.Of(core::NextCodePoint(text, at)), out);
    }
    return out;
}

}  // namespace

std::string Normalised(std::string_view text) {
    std::string lowered;
    bool has_han = false;
    lowered.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        const char32_t c = core::NextCodePoint(text, at);
        if (c >= 0x80 && !IsPlainHan(c)) {
            return WithSingleSpaces(Simplified(Folded(text)));
        }
        has_han = has_han || c >= 0x80;
        if (c >= 'A' && c <= 'Z') {
            lowered.push_back(static_cast<char>(c - 'A' + 'a'));
        } else {
            lowered += text.substr(start, at - start);
        }
    }
    return WithSingleSpaces(has_han ? Simplified(lowered) : lowered);
}

bool HasHan(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        if (IsHan(core::NextCodePoint(text, at))) {
            return true;
        }
    }
    return false;
}

Pinyin PinyinOf(std::string_view name) {
    Pinyin out;
    const std::string text = Normalised(name);
    std::string_view rest = text;
    for (const auto& [surname, reading] : kSurnames) {
        if (rest.starts_with(surname)) {
            AppendSurname(surname, reading, out);
            rest.remove_prefix(surname.size());
            break;
        }
    }
    bool word_begins = true;
    for (std::size_t at = 0; at < rest.size();) {
        const char32_t c = core::NextCodePoint(rest, at);
        if (IsHan(c)) {
            const std::string syllable = SharedReadings().Of(c);
            out.full += syllable;
            out.initials += syllable.substr(0, 1);
            AppendWord(syllable, out.order);
            word_begins = true;
        } else if (u_isalnum(static_cast<UChar32>(c)) != 0) {
            core::AppendUtf8(c, out.full);
            if (word_begins) {
                core::AppendUtf8(c, out.initials);
                AppendWord({}, out.order);
            }
            core::AppendUtf8(c, out.order);
            word_begins = false;
        } else {
            word_begins = true;
        }
    }
    return out;
}

}  // namespace kangqu::search
