#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

class FhirHistoryTest : public FhirServerTest {
protected:
    // "id/version" of a page's entries, newest first; follows next links.
    std::vector<std::string> All(std::string target, const std::string& user = "all") {
        std::vector<std::string> out;
        for (int pages = 0; !target.empty() && pages < 100; ++pages) {
            const Answer answer = Get(target, {{"x-user", user}});
            EXPECT_EQ(answer.status, 200) << answer.body;
            const auto document = answer.Json();
            target.clear();
            for (auto entry = document->root()["entry"].first(); entry; entry = entry.next()) {
                std::string url(entry["fullUrl"].text());
                std::string tag(entry["response"]["etag"].text());
                out.push_back(url.substr(url.rfind('/') + 1) + tag.substr(2));
            }
            for (auto link = document->root()["link"].first(); link; link = link.next()) {
                if (link["relation"].text() == "next") {
                    const std::string url(link["url"].text());
                    target = url.substr(url.find("/fhir/"));
                }
            }
        }
        return out;
    }
    static std::string Encoded(std::string text) {
        for (std::size_t at = text.find('+'); at != std::string::npos; at = text.find('+')) {
            text.replace(at, 1, "%2B");
        }
        return text;
    }
};

using Names = std::vector<std::string>;

TEST_F(FhirHistoryTest, InstanceTypeAndSystemPageTheSame) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "a")).status, 201);
    ASSERT_EQ(Put("/fhir/Patient/p2", Patient("p2", "a")).status, 201);
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "b")).status, 200);
    ASSERT_EQ(
        Put("/fhir/Organization/a", R"({"resourceType":"Organization","id":"a"})").status, 201
    );
    ASSERT_EQ(Ask(Method::kDelete, "/fhir/Patient/p1").status, 204);
    const Names instance = {"p1\"3\"", "p1\"2\"", "p1\"1\""};
    const Names type = {"p1\"3\"", "p1\"2\"", "p2\"1\"", "p1\"1\""};
    const Names system = {"p1\"3\"", "a\"1\"", "p1\"2\"", "p2\"1\"", "p1\"1\""};
    for (const char* count : {"1", "2", "50"}) {
        const std::string query = "_history?_count=" + std::string(count);
        EXPECT_EQ(All("/fhir/Patient/p1/" + query), instance);
        EXPECT_EQ(All("/fhir/Patient/" + query), type);
        EXPECT_EQ(All("/fhir/" + query), system);
    }
    const auto document = Get("/fhir/Patient/p1/_history").Json();
    const auto newest = document->root()["entry"][0];
    EXPECT_TRUE(newest["resource"].missing());
    EXPECT_EQ(newest["request"]["method"].text(), "DELETE");
    EXPECT_TRUE(fhir::CheckStructure(document->root()).empty());
}

TEST_F(FhirHistoryTest, SinceAndAt) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "a")).status, 201);
    std::this_thread::sleep_for(20ms);
    const std::string between = Encoded(core::FormatInstant(clock_.Now()));
    std::this_thread::sleep_for(20ms);
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "b")).status, 200);
    ASSERT_EQ(Put("/fhir/Patient/p2", Patient("p2", "a")).status, 201);
    EXPECT_EQ(All("/fhir/Patient/p1/_history?_since=" + between), (Names{"p1\"2\""}));
    EXPECT_EQ(All("/fhir/_history?_count=1&_since=" + between), (Names{"p2\"1\"", "p1\"2\""}));
    EXPECT_EQ(All("/fhir/Patient/_history?_at=" + between), (Names{"p1\"1\""}));
    EXPECT_EQ(
        All("/fhir/Patient/p1/_history?_at=" + core::FormatDate(core::ChinaDate(clock_.Now()))),
        (Names{"p1\"2\"", "p1\"1\""})
    ) << "both were current at some time of the day";
    EXPECT_TRUE(All("/fhir/_history?_at=2001").empty());
    EXPECT_EQ(Get("/fhir/_history?_since=soon").status, 400);
    EXPECT_EQ(Get("/fhir/_history?_count=0").status, 400);
    EXPECT_EQ(
        Get("/fhir/_history?_count=" + std::to_string(records::kMaxHistoryPage + 1)).status, 400
    );
}

TEST_F(FhirHistoryTest, ShowsNobodyWhatIsNotHis) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1", "a")).status, 201);
    ASSERT_EQ(Put("/fhir/Patient/p2", Patient("p2", "b")).status, 201);
    ASSERT_EQ(
        Put("/fhir/Organization/a", R"({"resourceType":"Organization","id":"a"})").status, 201
    );
    EXPECT_EQ(All("/fhir/_history", "a"), (Names{"a\"1\"", "p1\"1\""}));
    EXPECT_EQ(All("/fhir/Patient/_history?_count=1", "b"), (Names{"p2\"1\""}));
    EXPECT_TRUE(All("/fhir/_history", "nobody").empty());
    EXPECT_EQ(Get("/fhir/Patient/p2/_history", {{"x-user", "a"}}).status, 404);
}

}  // namespace
}  // namespace kangqu::api::testing
