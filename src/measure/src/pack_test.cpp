#include "kangqu/measure/pack_test.hpp"

#include "kangqu/core/json.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/measure/subject.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace kangqu::measure {

namespace {

using core::ErrorCode;
using core::MakeError;

std::vector<std::string> Words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) {
        words.push_back(std::move(word));
    }
    return words;
}

std::string Listed(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        out += (out.empty() ? "" : ",") + word;
    }
    return out.empty() ? "-" : out;
}

std::string PopulationsOf(std::uint8_t bits) {
    std::string out;
    for (const Population one :
         {kInitialPopulation,
          kDenominator,
          kDenominatorExclusion,
          kNumerator,
          kNumeratorExclusion,
          kDenominatorException}) {
        if ((bits & one) != 0) {
            out += (out.empty() ? "" : " ") + std::string(NameOf(one));
        }
    }
    return out.empty() ? "-" : out;
}

// The resident a resource belongs to: its own id for a Patient, else its first reference to one.
std::string ResidentOf(core::JsonNode resource) {
    if (resource["resourceType"].text() == "Patient") {
        return std::string(resource["id"].text());
    }
    for (const core::JsonNode node : fhir::ReferencesOf(resource)) {
        const fhir::Reference reference = fhir::ParseReference(node.text());
        if (reference.type == "Patient") {
            return std::string(reference.id);
        }
    }
    return {};
}

class Script {
public:
    Script(
        const Pack& pack,
        std::string file,
        PackTestOutcome& outcome,
        std::shared_ptr<const terminology::Catalogue> catalogue
    )
        : pack_(pack),
          file_(std::move(file)),
          outcome_(outcome),
          catalogue_(std::move(catalogue)) {}

    core::Status Run() {
        std::ifstream in(file_);
        for (std::string line; std::getline(in, line);) {
            ++number_;
            if (!line.empty() && line.back() == '\r') {
                line.pop_back();
            }
            if (line.find_first_not_of(" \t") != std::string::npos && line[0] != '#') {
                KQ_TRY(Statement(line));
            }
        }
        return {};
    }

private:
    std::string Where() const { return file_ + ":" + std::to_string(number_); }

    core::Error Wrong(std::string why) const {
        return core::At(MakeError(ErrorCode::kPackInvalid, pack_.name, std::move(why)), Where());
    }

    core::Status Statement(const std::string& line) {
        const std::size_t space = line.find(' ');
        const std::string word = line.substr(0, space);
        const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
        if (word == "measure") {
            return UseMeasure(rest);
        }
        if (word == "period") {
            return UsePeriod(Words(rest));
        }
        if (word == "resource") {
            return AddResource(rest);
        }
        if (word == "expect") {
            return Expect(Words(rest));
        }
        return Wrong("statement \"" + word + "\"");
    }

    core::Status UseMeasure(const std::string& id) {
        const auto found =
            std::find_if(pack_.measures.begin(), pack_.measures.end(), [&](const Measure& one) {
                return one.id == id;
            });
        if (found == pack_.measures.end()) {
            return Wrong("no measure " + id);
        }
        measure_ = &*found;
        return {};
    }

    core::Status UsePeriod(const std::vector<std::string>& words) {
        const auto from = words.size() == 2 ? core::ParseDate(words[0]) : std::nullopt;
        const auto to = words.size() == 2 ? core::ParseDate(words[1]) : std::nullopt;
        if (!from || !to || *to < *from) {
            return Wrong("period FROM TO");
        }
        period_ = Period{*from, *to};
        return {};
    }

    core::Status AddResource(const std::string& text) {
        auto document = core::JsonDocument::Parse(text);
        if (!document.ok()) {
            return core::At(std::move(document).error(), Where());
        }
        const core::JsonNode root = (*document)->root();
        auto errors = fhir::CheckStructure(root);
        if (!errors.empty()) {
            return core::At(std::move(errors.front()), Where());
        }
        const std::string resident = ResidentOf(root);
        if (resident.empty()) {
            return Wrong("the resource belongs to no resident");
        }
        return residents_[resident].Add(text);
    }

    core::Status Expect(const std::vector<std::string>& words) {
        const auto mark = std::find(words.begin(), words.end(), "reasons");
        if (measure_ == nullptr || !period_ || words.empty() || words.end() - mark != 2) {
            return Wrong("expect ID POPULATION... reasons CODE,...");
        }
        std::uint8_t populations = 0;
        for (auto word = words.begin() + 1; word != mark; ++word) {
            const std::uint8_t bit = FindPopulation(*word);
            if (bit == 0 && *word != "-") {
                return Wrong("population " + *word);
            }
            populations = static_cast<std::uint8_t>(populations | bit);
        }
        KQ_ASSIGN(const auto judge, SubjectJudge::Make(*measure_, *period_, kNow, catalogue_));
        const auto result = judge->Judge(residents_[words[0]]);
        if (!result.ok()) {
            outcome_.failures.push_back(Where() + ": " + result.error().Line());
            return {};
        }
        const std::string reasons = *(mark + 1);
        if (result->populations == populations && Listed(result->reasons) == reasons) {
            ++outcome_.passed;
            return {};
        }
        outcome_.failures.push_back(
            Where() + ": " + words[0] + " expected " + PopulationsOf(populations) + " reasons " +
            reasons + ", found " + PopulationsOf(result->populations) + " reasons " +
            Listed(result->reasons)
        );
        return {};
    }

    // 2026-01-01T00:00:00Z. Tests do not depend on the day they run.
    static constexpr core::InstantMs kNow = 1'767'225'600'000;

    const Pack& pack_;
    std::string file_;
    PackTestOutcome& outcome_;
    // Shared with the judges made of it.
    std::shared_ptr<const terminology::Catalogue> catalogue_;
    int number_ = 0;
    const Measure* measure_ = nullptr;
    std::optional<Period> period_;
    std::map<std::string, SubjectRecords> residents_;
};

}  // namespace

core::Result<PackTestOutcome>
RunPackTests(const Pack& pack, const std::shared_ptr<const terminology::Catalogue>& catalogue) {
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(pack.folder + "/test", error)) {
        if (entry.path().extension() == ".test") {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    PackTestOutcome outcome;
    for (const std::string& file : files) {
        KQ_TRY(Script(pack, file, outcome, catalogue).Run());
    }
    return outcome;
}

}  // namespace kangqu::measure
