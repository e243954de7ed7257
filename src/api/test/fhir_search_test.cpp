#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

class FhirSearch : public FhirServerTest {
protected:
    void SetUp() override {
        FhirServerTest::SetUp();
        Put("/fhir/Organization/a", R"({"resourceType":"Organization","id":"a","name":"A"})");
        for (const std::string id : {"p1", "p2"}) {
            Put("/fhir/Patient/" + id, Patient(id, id == "p1" ? "a" : "b", "n" + id));
        }
        for (int i = 0; i < 5; ++i) {
            const std::string id = "o" + std::to_string(i);
            Put("/fhir/Observation/" + id,
                R"({"resourceType":"Observation","id":")" + id +
                    R"(","status":"final","code":{"text":"x"},"note":[{"text":"n"}],)" +
                    R"("effectiveDateTime":"2024-01-0)" + std::to_string(i + 1) +
                    R"(","subject":{"reference":"Patient/p)" + (i < 3 ? "1" : "2") + "\"}}");
        }
    }

    // "mode id mode id" of all entries.
    static std::string Entries(const Answer& answer) {
        std::string out;
        const auto document = answer.Json();
        const auto entries = document->root()["entry"];
        for (auto entry = entries.first(); entry; entry = entry.next()) {
            out += (out.empty() ? "" : " ") + std::string(entry["search"]["mode"].text()) + " " +
                   std::string(entry["resource"]["id"].text());
        }
        return out;
    }

    static std::string Link(const Answer& answer, std::string_view relation) {
        const auto document = answer.Json();
        const auto links = document->root()["link"];
        for (auto link = links.first(); link; link = link.next()) {
            if (link["relation"].text() == relation) {
                const std::string url(link["url"].text());
                return url.substr(url.find("/fhir/"));
            }
        }
        return {};
    }
};

TEST_F(FhirSearch, PagesSurviveWrites) {
    Answer page = Get("/fhir/Observation?_sort=date&_count=2&_total=accurate");
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(page.Json()->root()["total"].integer(), 5);
    EXPECT_EQ(Entries(page), "match o0 match o1");
    // Written between two pages: one before the place of the cursor, one behind it.
    for (const std::string day : {"2023-01-01", "2024-01-03T12:00:00Z"}) {
        Put("/fhir/Observation/new" + day.substr(2, 2),
            R"({"resourceType":"Observation","id":"new)" + day.substr(2, 2) +
                R"(","status":"final","code":{"text":"x"},"effectiveDateTime":")" + day + "\"}");
    }
    std::string seen;
    for (int pages = 0; pages < 5 && !Link(page, "next").empty(); ++pages) {
        page = Get(Link(page, "next"));
        ASSERT_EQ(page.status, 200) << page.body;
        seen += Entries(page) + " ";
    }
    EXPECT_EQ(seen, "match o2 match new24 match o3 match o4 ");
}

TEST_F(FhirSearch, CursorsBelongToTheirSearch) {
    const std::string next = Link(Get("/fhir/Observation?_count=1"), "next");
    const std::string cursor = next.substr(next.find("_cursor="));
    EXPECT_EQ(Get("/fhir/Observation?_count=3&" + cursor).status, 200);
    EXPECT_EQ(Get("/fhir/Observation?status=final&" + cursor).status, 400);
    EXPECT_EQ(Get("/fhir/Patient?" + cursor).status, 400);
}

TEST_F(FhirSearch, ByForm) {
    const Answer answer = Post(
        "/fhir/Observation/_search?_count=9",
        "patient=Patient%2Fp1&_sort=-date",
        {{"Content-Type", "application/x-www-form-urlencoded"}}
    );
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(Entries(answer), "match o2 match o1 match o0");
    EXPECT_EQ(
        Post(
            "/fhir/Observation/_search",
            "a=%ZZ",
            {{"Content-Type", "application/x-www-form-urlencoded"}}
        ).status,
        400
    );
}

TEST_F(FhirSearch, StrictUnlessLenient) {
    EXPECT_EQ(Get("/fhir/Patient?shoe=43").status, 400);
    EXPECT_EQ(Get("/fhir/Patient?shoe=43").Issue(), "search-unknown-parameter");
    EXPECT_EQ(Get("/fhir/Patient?shoe=43", {{"Prefer", "handling=strict"}}).status, 400);
    const Answer lenient =
        Get("/fhir/Patient?shoe=43&identifier=np1", {{"Prefer", "handling=lenient"}});
    ASSERT_EQ(lenient.status, 200) << lenient.body;
    EXPECT_EQ(Entries(lenient), "match p1 outcome ");
    EXPECT_NE(lenient.body.find("shoe"), std::string::npos);
    EXPECT_EQ(Link(lenient, "self"), "/fhir/Patient?identifier=np1");
}

TEST_F(FhirSearch, IncludesAndShapes) {
    const Answer answer =
        Get("/fhir/Observation?_id=o0&_include=Observation:subject"
            "&_include:iterate=Patient:organization&_elements=status");
    EXPECT_EQ(Entries(answer), "match o0 include p1 include a");
    EXPECT_EQ(answer.body.find("effectiveDateTime"), std::string::npos);
    EXPECT_NE(answer.body.find("SUBSETTED"), std::string::npos);
    const Answer summary = Get("/fhir/Observation?_id=o0&_summary=true");
    EXPECT_NE(summary.body.find("effectiveDateTime"), std::string::npos);
    EXPECT_EQ(summary.body.find("\"note\""), std::string::npos);
    const Answer count = Get("/fhir/Observation?_summary=count");
    EXPECT_EQ(count.Json()->root()["total"].integer(), 5);
    EXPECT_EQ(Entries(count), "");
    EXPECT_EQ(
        Entries(Get("/fhir/Patient?_id=p2&_revinclude=Observation:patient")),
        "match p2 include o3 include o4"
    );
}

TEST_F(FhirSearch, CompartmentAndEverything) {
    EXPECT_EQ(
        Entries(Get("/fhir/Patient/p1/Observation?_sort=date")), "match o0 match o1 match o2"
    );
    EXPECT_EQ(Get("/fhir/Patient/p1/ValueSet").status, 501);
    EXPECT_EQ(Get("/fhir/Observation/o1/Patient").status, 501);
    Answer page = Get("/fhir/Patient/p1/$everything?_count=3");
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(Entries(page), "match p1 match o0 match o1 include a");
    page = Get(Link(page, "next"));
    EXPECT_EQ(Entries(page), "match o2");
    EXPECT_EQ(
        Entries(Get("/fhir/Patient/p1/$everything?_type=Observation&start=2024-01-02")),
        "match o1 match o2"
    );
    EXPECT_EQ(Get("/fhir/Patient/none/$everything").status, 404);
    EXPECT_EQ(Get("/fhir/Patient/p1/$everything?shoe=1").status, 400);
}

TEST_F(FhirSearch, OnlyOnesOwn) {
    const std::vector<Pair> b = {{"x-user", "b"}};
    EXPECT_EQ(Entries(Get("/fhir/Observation?_sort=date", b)), "match o3 match o4");
    EXPECT_EQ(Get("/fhir/Observation?_summary=count", b).Json()->root()["total"].integer(), 2);
    EXPECT_EQ(Get("/fhir/Patient/p1/$everything", b).status, 404);
    EXPECT_EQ(Entries(Get("/fhir/Patient/p1/Observation", b)), "");
    EXPECT_EQ(Entries(Get("/fhir/Observation?patient.identifier=np1", b)), "");
    EXPECT_EQ(Entries(Get("/fhir/Organization?_has:Patient:organization:identifier=np1", b)), "");
    EXPECT_EQ(
        Entries(Get("/fhir/Organization?_has:Patient:organization:identifier=np1")), "match a"
    );
    EXPECT_EQ(
        Entries(Get("/fhir/Organization?_id=a&_revinclude=Patient:organization", b)), "match a"
    );
}

TEST_F(FhirSearch, CapabilityIsWhatIsThere) {
    const auto document = Get("/fhir/metadata").Json();
    const auto resources = document->root()["rest"][0]["resource"];
    std::size_t parameters = 0;
    for (auto resource = resources.first(); resource; resource = resource.next()) {
        for (auto one = resource["searchParam"].first(); one; one = one.next()) {
            ++parameters;
            const std::string name(one["name"].text());
            const std::string type(resource["type"].text());
            if (type != "Patient" || name == "_has" || name == "_filter") {
                continue;
            }
            // Each parameter that is told of is understood.
            const Answer answer = Get("/fhir/" + type + "?" + name + ":missing=true");
            const bool of_store = name == "_id" || name == "_lastUpdated" || name == "_list" ||
                                  name == "_text" || name == "_content" || name == "name-pinyin" ||
                                  name == "name-initials";
            EXPECT_EQ(answer.status, of_store ? 400 : 200) << name;
        }
    }
    EXPECT_GT(parameters, 2'500U);
}

}  // namespace
}  // namespace kangqu::api::testing
