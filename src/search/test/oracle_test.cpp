// Random records and random questions, answered again by walking through all of them.
#include "interval.hpp"
#include "shelf.hpp"
#include <functional>
#include <random>

namespace kangqu::search {
namespace {

using Ids = std::vector<std::string>;

struct Sample {
    std::string id;
    std::string system;  // may be empty
    std::string code;
    std::string patient;  // may be empty
    std::string date;     // of any precision; may be empty
    std::string until;    // set for a period
    std::string word;     // note text as value-string; may be empty
    double value = 0;     // quantity when there is no word
};

class Oracle {
public:
    explicit Oracle(unsigned seed) : random_(seed) {}

    template <class T>
    const T& Pick(const std::vector<T>& list) {
        return list[random_() % list.size()];
    }
    bool Chance(unsigned one_in) { return random_() % one_in == 0; }

    std::string Date() {
        char text[48];
        const auto part = [&](unsigned from, unsigned count) {
            return static_cast<int>(from + random_() % count);
        };
        const int year = part(2020, 3);
        const int month = part(1, 3);
        const int day = part(1, 5);
        switch (random_() % 5) {
            case 0:
                std::snprintf(text, sizeof text, "%04d", year);
                break;
            case 1:
                std::snprintf(text, sizeof text, "%04d-%02d", year, month);
                break;
            case 2:
                std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                break;
            default:
                std::snprintf(
                    text,
                    sizeof text,
                    "%04d-%02d-%02dT%02d:00:00%s%s",
                    year,
                    month,
                    day,
                    part(0, 24),
                    Chance(3) ? ".500" : "",
                    Chance(2) ? "Z" : "+08:00"
                );
        }
        return text;
    }

    Sample Make(int number) {
        Sample sample;
        sample.id = "s" + std::to_string(number);
        sample.system = Pick<std::string>({"", "urn:s1", "urn:s2"});
        sample.code = Pick<std::string>({"a", "b", "c"});
        sample.patient = Chance(6) ? "" : "p" + std::to_string(random_() % 6);
        sample.date = Chance(8) ? "" : Date();
        sample.until = Chance(5) ? Date() : "";
        if (sample.date.empty() || (!sample.until.empty() && IntervalOf(sample.until)->high <=
                                                                 IntervalOf(sample.date)->low)) {
            sample.until.clear();
        }
        sample.word = Chance(2) ? Pick<std::string>({"Äpfel", "apfelbaum", "康复", "康健"}) : "";
        sample.value = static_cast<double>(random_() % 200) / 4;
        return sample;
    }

    std::mt19937 random_;
};

std::string JsonOf(const Sample& sample) {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject().Field("resourceType", "Observation").Field("id", sample.id);
    writer.Field("status", "final").Key("code").BeginObject().Key("coding").BeginArray();
    writer.BeginObject();
    if (!sample.system.empty()) {
        writer.Field("system", sample.system);
    }
    writer.Field("code", sample.code).EndObject().EndArray().EndObject();
    if (!sample.patient.empty()) {
        writer.Key("subject").BeginObject();
        writer.Field("reference", "Patient/" + sample.patient).EndObject();
    }
    if (!sample.until.empty()) {
        writer.Key("effectivePeriod").BeginObject();
        writer.Field("start", sample.date).Field("end", sample.until).EndObject();
    } else if (!sample.date.empty()) {
        writer.Field("effectiveDateTime", sample.date);
    }
    if (!sample.word.empty()) {
        writer.Field("valueString", sample.word);
    } else {
        writer.Key("valueQuantity").BeginObject().Key("value").Double(sample.value).EndObject();
    }
    writer.EndObject();
    return out;
}

using Test = std::function<bool(const Sample&)>;
struct Question {
    std::pair<std::string, std::string> asked;
    Test holds;
};

Question AboutCode(Oracle& oracle) {
    const auto code = oracle.Pick<std::string>({"a", "b", "c", "d"});
    const auto system = oracle.Pick<std::string>({"", "urn:s1", "urn:s2", "urn:s3"});
    switch (oracle.random_() % 4) {
        case 0:
            return {{"code", code}, [=](const Sample& s) {
                        return s.code == code;
                    }};
        case 1:
            return {{"code", system + "|" + code}, [=](const Sample& s) {
                        return s.code == code && s.system == system;
                    }};
        case 2:
            return {{"code", "urn:s1|"}, [=](const Sample& s) {
                        return s.system == "urn:s1";
                    }};
        default:
            return {{"code:not", code}, [=](const Sample& s) {
                        return s.code != code;
                    }};
    }
}

Question AboutDate(Oracle& oracle) {
    const std::pair<std::string, Prefix> prefixes[] = {
        {"", Prefix::kEq},
        {"ne", Prefix::kNe},
        {"gt", Prefix::kGt},
        {"lt", Prefix::kLt},
        {"ge", Prefix::kGe},
        {"le", Prefix::kLe},
        {"sa", Prefix::kSa},
        {"eb", Prefix::kEb}};
    const auto& [text, prefix] = prefixes[oracle.random_() % std::size(prefixes)];
    const std::string date = oracle.Date();
    const Interval searched = *IntervalOf(date);
    return {{"date", text + date}, [=, prefix = prefix](const Sample& s) {
                if (s.date.empty()) {
                    return false;
                }
                Interval target = *IntervalOf(s.date);
                if (!s.until.empty()) {
                    target.high = IntervalOf(s.until)->high;
                }
                return Holds(prefix, target, searched);
            }};
}

Question AboutPatient(Oracle& oracle) {
    const std::string one = "p" + std::to_string(oracle.random_() % 7);
    const std::string two = "p" + std::to_string(oracle.random_() % 7);
    const auto name = oracle.Pick<std::string>({"patient", "subject"});
    return {{name, "Patient/" + one + "," + two}, [=](const Sample& s) {
                return s.patient == one || s.patient == two;
            }};
}

Question AboutValue(Oracle& oracle) {
    const double value = static_cast<double>(oracle.random_() % 200) / 4;
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", value);
    switch (oracle.random_() % 3) {
        case 0:
            return {{"value-quantity", "gt" + std::string(text)}, [=](const Sample& s) {
                        return s.word.empty() && s.value > value;
                    }};
        case 1:
            return {{"combo-value-quantity", "le" + std::string(text)}, [=](const Sample& s) {
                        return s.word.empty() && s.value <= value;
                    }};
        default:
            return {{"value-quantity", text}, [=](const Sample& s) {
                        return s.word.empty() && s.value == value;
                    }};
    }
}

Question AboutWord(Oracle& oracle) {
    switch (oracle.random_() % 4) {
        case 0:
            return {{"value-string", "APFEL"}, [](const Sample& s) {
                        return s.word == "Äpfel" || s.word == "apfelbaum";
                    }};
        case 1:
            return {{"value-string:exact", "Äpfel"}, [](const Sample& s) {
                        return s.word == "Äpfel";
                    }};
        case 2:
            return {{"value-string", "康"}, [](const Sample& s) {
                        return s.word.starts_with("康");
                    }};
        default:
            return {{"value-string:contains", "健"}, [](const Sample& s) {
                        return s.word == "康健";
                    }};
    }
}

class AgainstOracle : public testing::TestWithParam<unsigned> {};

TEST_P(AgainstOracle, SameAnswer) {
    Oracle oracle(GetParam());
    Shelf shelf;
    std::vector<Sample> samples;
    std::vector<std::string> texts;
    for (int i = 0; i < 300; ++i) {
        samples.push_back(oracle.Make(i));
        texts.push_back(JsonOf(samples.back()));
    }
    shelf.Put(texts);
    // A third is written again with other contents.
    texts.clear();
    for (int i = 0; i < 300; i += 3) {
        samples[static_cast<std::size_t>(i)] = oracle.Make(i);
        texts.push_back(JsonOf(samples[static_cast<std::size_t>(i)]));
    }
    shelf.Put(texts);
    Question (*const kinds[])(Oracle&) = {
        AboutCode, AboutDate, AboutPatient, AboutValue, AboutWord};
    for (int round = 0; round < 150; ++round) {
        std::vector<Question> questions;
        Shelf::Parameters asked;
        for (auto n = 1 + oracle.random_() % 3; n > 0; --n) {
            questions.push_back(kinds[oracle.random_() % std::size(kinds)](oracle));
            asked.push_back(questions.back().asked);
        }
        Ids expected;
        for (const Sample& sample : samples) {
            if (std::all_of(questions.begin(), questions.end(), [&](const Question& question) {
                    return question.holds(sample);
                })) {
                expected.push_back(sample.id);
            }
        }
        std::sort(expected.begin(), expected.end());
        std::string text;
        for (const auto& [name, value] : asked) {
            text += name + "=" + value + "&";
        }
        EXPECT_EQ(shelf.Total("Observation", asked), static_cast<std::int64_t>(expected.size()))
            << text;
        const std::string sort =
            oracle.Pick<std::string>({"", "date", "-date", "_id", "-_lastUpdated"});
        if (!sort.empty()) {
            asked.emplace_back("_sort", sort);
        }
        asked.emplace_back("_count", std::to_string(1 + oracle.random_() % 40));
        EXPECT_EQ(shelf.Find("Observation", asked), expected) << text << sort;
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AgainstOracle, testing::Values(11U, 12U, 13U, 14U));

}  // namespace
}  // namespace kangqu::search
