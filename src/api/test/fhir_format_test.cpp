#include "fhir_support.hpp"

namespace kangqu::api::testing {
namespace {

using FhirFormatTest = FhirServerTest;

constexpr std::string_view kXmlPatient =
    R"(<?xml version="1.0" encoding="UTF-8"?><Patient xmlns="http://hl7.org/fhir"><id value="p1"/>)"
    R"(<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>张 &amp; 三</p></div></text>)"
    R"(<birthDate value="1990-01-01"/></Patient>)";

TEST_F(FhirFormatTest, XmlGoesInAndOut) {
    const Answer put =
        Put("/fhir/Patient/p1", std::string(kXmlPatient), {{"Content-Type", "application/fhir+xml"}}
        );
    ASSERT_EQ(put.status, 201) << put.body;
    EXPECT_EQ(put.Json()->root()["birthDate"].text(), "1990-01-01");
    for (const char* accept : {"application/fhir+xml", "application/xml, application/json;q=0.5"}) {
        const Answer xml = Get("/fhir/Patient/p1", {{"Accept", accept}});
        EXPECT_EQ(xml.Header("content-type"), "application/fhir+xml; charset=utf-8");
        EXPECT_NE(xml.body.find("<p>张 &amp; 三</p>"), std::string::npos) << xml.body;
    }
    const Answer lost = Get("/fhir/Patient/p2", {{"Accept", "text/xml"}});
    EXPECT_EQ(lost.status, 404);
    EXPECT_NE(lost.body.find("<OperationOutcome"), std::string::npos);
    const Answer search = Get("/fhir/Patient?birthdate=1990-01-01&_format=xml");
    EXPECT_NE(search.body.find("<Bundle"), std::string::npos);
    const Answer broken =
        Put("/fhir/Patient/p1", "<Patient", {{"Content-Type", "application/fhir+xml"}});
    EXPECT_EQ(broken.status, 400);
}

TEST_F(FhirFormatTest, FormatNamesWinOverAccept) {
    ASSERT_EQ(Put("/fhir/Patient/p1", Patient("p1")).status, 201);
    const auto type = [&](const std::string& format) {
        return Get("/fhir/Patient/p1?_format=" + format, {{"Accept", "application/fhir+xml"}}
        ).Header("content-type");
    };
    for (const char* json : {"json", "application/json", "application/fhir+json", "text/json"}) {
        EXPECT_EQ(type(json), "application/fhir+json; charset=utf-8") << json;
    }
    for (const char* xml : {"xml", "text/xml", "application/fhir%2Bxml"}) {
        EXPECT_EQ(type(xml), "application/fhir+xml; charset=utf-8") << xml;
    }
    EXPECT_EQ(Get("/fhir/Patient/p1?_format=ttl").status, 406);
    EXPECT_EQ(Get("/fhir/Patient/p1", {{"Accept", "text/turtle"}}).status, 406);
    EXPECT_EQ(Get("/fhir/Patient/p1", {{"Accept", "text/turtle, */*;q=0.1"}}).status, 200);
}

TEST_F(FhirFormatTest, ARefusedFormatWritesNothing) {
    const auto before = store_->position();
    EXPECT_EQ(Put("/fhir/Patient/p1", Patient("p1"), {{"Accept", "image/png"}}).status, 406);
    EXPECT_EQ(Put("/fhir/Patient/p1", Patient("p1"), {{"Content-Type", "text/plain"}}).status, 415);
    EXPECT_EQ(store_->position(), before);
}

TEST_F(FhirFormatTest, PrettyIsTheSameResource) {
    const std::string text =
        R"({"resourceType":"Observation","id":"o","status":"final","code":{"text":"x \" y"},)"
        R"("valueQuantity":{"value":1.00}})";
    ASSERT_EQ(Put("/fhir/Observation/o", text).status, 201);
    const Answer pretty = Get("/fhir/Observation/o?_pretty=true");
    EXPECT_NE(pretty.body.find("\n  \"id\": \"o\""), std::string::npos);
    EXPECT_EQ(core::Minified(pretty.Json()->root()), Get("/fhir/Observation/o").body);
}

TEST_F(FhirFormatTest, GzipBothWays) {
    const auto put = [&](const std::string& bytes, const char* coding) {
        return Put("/fhir/Patient/p1", bytes, {{"Content-Encoding", coding}});
    };
    const std::string packed = Gzip(Patient("p1", std::string(50, 'x')));
    EXPECT_EQ(put(packed, "gzip").status, 201);
    EXPECT_EQ(put(packed.substr(0, packed.size() / 2), "gzip").status, 400);
    EXPECT_EQ(put(packed + "more", "gzip").status, 400);
    EXPECT_EQ(put("plain", "gzip").status, 400);
    EXPECT_EQ(put(packed, "br").status, 415);
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(Post("/fhir/Patient", Patient("", "a", "g")).status, 201);
    }
    const Answer answer = Get("/fhir/Patient?identifier=urn:s%7Cg", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(answer.Header("content-encoding"), "gzip");
    const auto unpacked = Gunzip(answer.body, 1U << 20U);
    ASSERT_TRUE(unpacked.ok());
    EXPECT_EQ(unpacked->substr(0, 24), R"({"resourceType":"Bundle")");
}

TEST_F(FhirFormatTest, APackedBombIsRefusedAtTheBodyLimit) {
    const std::string bomb = Gzip(std::string(kDefaultBodyLimit + 1, ' '));
    ASSERT_LT(bomb.size(), kDefaultBodyLimit / 100);
    const Answer answer = Put("/fhir/Patient/p1", bomb, {{"Content-Encoding", "gzip"}});
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.Issue(), "too-large");
}

TEST_F(FhirFormatTest, LimitsOfBodies) {
    RawSocket socket(server_->port());
    ASSERT_TRUE(socket.Send(
        "POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nx-user: all\r\nContent-Type: "
        "application/fhir+json\r\nContent-Length: " +
        std::to_string(kDefaultBodyLimit + 1) + "\r\n\r\n"
    ));
    EXPECT_NE(socket.ReadAll().find("413"), std::string::npos);
    std::string large = R"({"resourceType":"Patient","id":"p1","name":[{"text":")";
    large += std::string(records::kMaxResourceBytes, 'x') + "\"}]}";
    EXPECT_EQ(Put("/fhir/Patient/p1", large).status, 413);
    std::string deep;
    for (std::size_t i = 0; i <= core::kJsonMaxDepth; ++i) {
        deep += R"({"extension":[)";
    }
    EXPECT_EQ(Put("/fhir/Patient/p1", deep).Issue(), "json-too-deep");
}

TEST_F(FhirFormatTest, TheCapabilityStatementNamesWhatIsRegistered) {
    const Answer answer = Get("/fhir/metadata");
    ASSERT_EQ(answer.status, 200);
    const auto document = answer.Json();
    const auto errors = fhir::CheckStructure(document->root());
    EXPECT_TRUE(errors.empty()) << (errors.empty() ? "" : errors[0].Line());
    const auto rest = document->root()["rest"][0];
    std::set<std::string> codes;
    for (auto one = rest["resource"][0]["interaction"].first(); one; one = one.next()) {
        codes.insert(std::string(one["code"].text()));
    }
    EXPECT_TRUE(codes.contains("patch") && codes.contains("history-type"));
    std::set<std::string> operations;
    for (auto one = rest["resource"][0]["operation"].first(); one; one = one.next()) {
        operations.insert(std::string(one["name"].text()));
    }
    EXPECT_TRUE(operations.contains("meta-add"));
    EXPECT_NE(answer.body.find("20000"), std::string::npos) << "the bundle limit is told";
}

}  // namespace
}  // namespace kangqu::api::testing
