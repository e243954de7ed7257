#include "path.hpp"

#include "kangqu/search/query.hpp"

#include "parameters.hpp"
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::search {
namespace {

TEST(Path, SplitsAlternatives) {
    EXPECT_EQ(
        Alternatives("(A.b.ofType(Quantity)) | A.c.where(x='a|b') | (A.d.ofType(T)).text"),
        (std::vector<std::string>{
            "A.b.ofType(Quantity)", "A.c.where(x='a|b')", "A.d.ofType(T).text"})
    );
}

std::vector<std::string>
Found(std::string_view expression, std::string_view type, const core::JsonDocument& document) {
    std::vector<std::string> out;
    const auto paths = CompilePath(expression, fhir::FindType(type));
    EXPECT_TRUE(paths.ok()) << expression;
    for (const Path& path : paths.value()) {
        Walk(path, document.root(), [&](core::JsonNode node) {
            out.emplace_back(core::Minified(node));
        });
    }
    return out;
}

TEST(Path, Walks) {
    const auto document = core::JsonDocument::Parse(R"({"resourceType":"Patient",
        "name":[{"given":["a","b"]},{"given":["c"]}],
        "telecom":[{"system":"phone","value":"1"},{"system":"email","value":"2"}],
        "deceasedBoolean":true,
        "generalPractitioner":[{"reference":"Practitioner/a"},{"reference":"Organization/b"},
            {"type":"Practitioner","identifier":{"value":"c"}}]})");
    const auto& patient = *document.value();
    using Texts = std::vector<std::string>;
    EXPECT_EQ(Found("Patient.name.given", "Patient", patient), (Texts{"\"a\"", "\"b\"", "\"c\""}));
    EXPECT_EQ(Found("name[1].given", "Patient", patient), (Texts{"\"c\""}));
    EXPECT_EQ(Found("Patient.deceased", "Patient", patient), (Texts{"true"}));
    EXPECT_EQ(Found("Patient.deceased.ofType(dateTime)", "Patient", patient), Texts());
    EXPECT_EQ(
        Found("Patient.telecom.where(system='email').value", "Patient", patient), (Texts{"\"2\""})
    );
    EXPECT_EQ(
        Found("Patient.generalPractitioner.where(resolve() is Practitioner)", "Patient", patient)
            .size(),
        2U
    );
    EXPECT_FALSE(CompilePath("Patient.shoes", fhir::FindType("Patient")).ok());
    EXPECT_FALSE(CompilePath("Patient.name.first()", fhir::FindType("Patient")).ok());
}

TEST(Parameters, AllPublishedOnesCompile) {
    const auto& all = Parameters::All();
    ASSERT_TRUE(all.ok()) << all.error().Line();
    std::set<std::string> not_searchable;
    std::size_t rows = 0;
    std::size_t covered = 0;
    for (const fhir::TypeNumber type : fhir::ResourceTypes()) {
        for (const auto& facts : fhir::SearchParametersOf(type)) {
            const std::string name =
                std::string(fhir::TypeOf(type).name) + "." + std::string(facts.code);
            if (facts.kind == fhir::SearchKind::kComposite ||
                facts.kind == fhir::SearchKind::kSpecial || facts.code == "_id" ||
                facts.code == "_lastUpdated") {
                continue;
            }
            const Parameter* const parameter = all->Find(type, facts.code);
            if (parameter == nullptr) {
                not_searchable.insert(name);
            } else {
                (parameter->vias.empty() ? rows : covered) += 1;
                for (const auto& via : parameter->vias) {
                    EXPECT_TRUE(all->at(via.parameter).vias.empty()) << name;
                }
            }
        }
    }
    EXPECT_EQ(not_searchable, std::set<std::string>());
    EXPECT_GT(rows, 1'300U);
    EXPECT_GT(covered, 60U);
}

TEST(Parameters, CoveredOnesHaveNoRows) {
    const auto& all = Parameters::All().value();
    const auto vias = [&](std::string_view type, std::string_view code) {
        std::vector<std::string> out;
        for (const auto& via : all.Find(fhir::FindType(type), code)->vias) {
            out.push_back(
                std::string(all.at(via.parameter).facts->code) +
                (via.only == fhir::kNoType ? "" : ":" + std::string(fhir::TypeOf(via.only).name))
            );
        }
        return out;
    };
    using Texts = std::vector<std::string>;
    EXPECT_EQ(vias("Observation", "patient"), Texts{"subject:Patient"});
    EXPECT_EQ(vias("Observation", "combo-code"), (Texts{"code", "component-code"}));
    EXPECT_EQ(
        vias("Observation", "combo-value-quantity"),
        (Texts{"component-value-quantity", "value-quantity"})
    );
    EXPECT_EQ(vias("Observation", "subject"), Texts());
    EXPECT_EQ(vias("Patient", "phonetic"), Texts{"name"});
}

TEST(Parameters, OwnDates) {
    const auto& all = Parameters::All().value();
    const auto own = [&](std::string_view type) {
        const Parameter* const parameter = all.OwnDate(fhir::FindType(type));
        return parameter == nullptr ? std::string_view{} : parameter->facts->code;
    };
    EXPECT_EQ(own("Observation"), "date");
    EXPECT_EQ(own("Condition"), "onset-date");
    EXPECT_EQ(own("MedicationRequest"), "authoredon");
    EXPECT_EQ(own("Patient"), "birthdate");
    EXPECT_EQ(own("Organization"), "");
}

TEST(Parameters, SaysWhatIsSearchable) {
    const auto kind = [](std::string_view type, std::string_view name) -> std::string {
        for (const Searchable& one : SearchableOf(type)) {
            if (one.name == name) {
                return one.kind;
            }
        }
        return "";
    };
    EXPECT_EQ(kind("Patient", "name"), "string");
    EXPECT_EQ(kind("Patient", "name-pinyin"), "string");
    EXPECT_EQ(kind("Patient", "_lastUpdated"), "date");
    EXPECT_EQ(kind("Patient", "_tag"), "token");
    EXPECT_EQ(kind("Patient", "shoe-size"), "");
    EXPECT_EQ(kind("Observation", "code-value-quantity"), "composite");
    EXPECT_EQ(kind("Location", "near"), "special");
    EXPECT_TRUE(SearchableOf("Nothing").empty());
    const auto holds = [](const std::vector<std::string>& list, const std::string& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    EXPECT_TRUE(holds(IncludesOf("Observation"), "Observation:subject"));
    EXPECT_FALSE(holds(IncludesOf("Observation"), "Observation:code"));
    EXPECT_TRUE(holds(RevincludesOf("Patient"), "Observation:subject"));
    EXPECT_FALSE(holds(RevincludesOf("Patient"), "Observation:encounter"));
}

// Every published parameter is understood, but for _query, which names queries we do not have.
TEST(Parameters, AllPublishedOnes) {
    std::size_t parameters = 0;
    for (const fhir::TypeNumber type : fhir::ResourceTypes()) {
        for (const auto& facts : fhir::SearchParametersOf(type)) {
            ++parameters;
            const auto searchable = SearchableOf(fhir::TypeOf(type).name);
            EXPECT_TRUE(std::any_of(
                searchable.begin(),
                searchable.end(),
                [&](const auto& one) { return one.name == facts.code; }
            )) << fhir::TypeOf(type).name
               << '.' << facts.code;
        }
    }
    EXPECT_GT(parameters, 2'000U);
}

// Parts of composites lead somewhere.
TEST(Parameters, PartsOfComposites) {
    const auto& all = Parameters::All().value();
    for (const fhir::TypeNumber type : fhir::ResourceTypes()) {
        for (const std::uint16_t number : all.Of(type)) {
            const Parameter& parameter = all.at(number);
            if (parameter.facts->kind != fhir::SearchKind::kComposite) {
                continue;
            }
            EXPECT_GE(parameter.parts.size(), 2U) << parameter.name();
            for (const Part& part : parameter.parts) {
                EXPECT_TRUE(parameter.asked_by_parts || !part.paths.empty())
                    << parameter.name() << ' ' << part.code;
                if (parameter.asked_by_parts) {
                    EXPECT_NE(all.Find(type, part.code), nullptr) << parameter.name();
                }
            }
        }
    }
}

}  // namespace
}  // namespace kangqu::search
