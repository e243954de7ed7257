#include "support.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace kangqu::api::testing {
namespace {

class StaticTest : public ::testing::Test {
protected:
    StaticTest() {
        folder_.Write("web/index.html", "<html>home</html>");
        folder_.Write("web/assets/app-3fK9d2Qx.js", "code");
        folder_.Write("web/assets/app-3fK9d2Qx.js.gz", "packed");
        folder_.Write("web/assets/plain.css", "css");
        folder_.Write("web/.hidden", "secret");
        folder_.Write("web/sub/..secret", "secret");
        folder_.Write("outside.txt", "secret");
        std::filesystem::create_symlink(folder_ / "outside.txt", folder_ / "web/link.txt");
        std::filesystem::create_directory_symlink(folder_.path(), folder_ / "web/up");
    }
    core::Result<Response> Serve(std::string target, std::vector<Pair> headers = {}) const {
        Request request;
        request.headers = std::move(headers);
        KQ_TRY(ParseTarget(target, request));
        return StaticFiles(folder_ / "web").Serve(request);
    }
    TempFolder folder_;
};

TEST_F(StaticTest, FilesTypesAndCaching) {
    const Response home = Serve("/").value();
    EXPECT_EQ(home.body, "<html>home</html>");
    EXPECT_EQ(*home.Find("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(*home.Find("Cache-Control"), "no-cache");
    const Response script = Serve("/assets/app-3fK9d2Qx.js").value();
    EXPECT_EQ(script.body, "code");
    EXPECT_EQ(*script.Find("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_NE(script.Find("Cache-Control")->find("immutable"), std::string::npos);
    EXPECT_EQ(*Serve("/assets/plain.css").value().Find("Cache-Control"), "no-cache");
}

TEST_F(StaticTest, PagesOfTheApplicationFallBackToItsIndex) {
    EXPECT_EQ(Serve("/plans/p1/targets").value().body, "<html>home</html>");
    EXPECT_EQ(Serve("/assets/missing.js").error().code, core::ErrorCode::kRouteUnknown);
    EXPECT_EQ(Serve("/favicon.ico").error().code, core::ErrorCode::kRouteUnknown);
}

TEST_F(StaticTest, PackedFilesAndConditionalRequests) {
    const Response packed = Serve("/assets/app-3fK9d2Qx.js", {{"accept-encoding", "gzip"}}).value();
    EXPECT_EQ(packed.body, "packed");
    EXPECT_EQ(*packed.Find("Content-Encoding"), "gzip");
    const Response home = Serve("/").value();
    const Response again = Serve("/", {{"if-none-match", *home.Find("ETag")}}).value();
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(again.body.empty());
    EXPECT_NE(*packed.Find("ETag"), *Serve("/assets/app-3fK9d2Qx.js").value().Find("ETag"));
}

TEST_F(StaticTest, NothingOutsideTheFolderIsRead) {
    for (const char* target :
         {"/../outside.txt",
          "/assets/../../outside.txt",
          "/%2e%2e/outside.txt",
          "/..%2foutside.txt",
          "/assets/..%2f..%2foutside.txt",
          "/..%5coutside.txt",
          "/link.txt",
          "/up/outside.txt",
          "/up/web/index.html.txt",
          "/.hidden",
          "/sub/..secret",
          "//etc/passwd.txt",
          "/./index.html"}) {
        const auto answer = Serve(target);
        if (answer.ok()) {
            EXPECT_EQ(answer->body, "<html>home</html>") << target;
        }
        EXPECT_TRUE(!answer.ok() || answer->body.find("secret") == std::string::npos) << target;
    }
    EXPECT_FALSE(Serve("/link.txt").ok());
    EXPECT_FALSE(Serve("/up/outside.txt").ok());
    EXPECT_FALSE(Serve("/.hidden").ok());
    EXPECT_FALSE(Serve("/%00").ok());
}

TEST_F(StaticTest, WithoutAnIndexNothingIsServed) {
    EXPECT_FALSE(StaticFiles("").active());
    EXPECT_FALSE(StaticFiles(folder_ / "nowhere").active());
    EXPECT_FALSE(StaticFiles(folder_ / "web/assets").active());
}

TEST_F(StaticTest, OverTheWireWithHeadAndNoIndexForPrograms) {
    TestServer test;
    test.dispatcher_options.web_folder = folder_ / "web";
    test.Start();
    const auto client = test.NewClient();
    const Response home = client->Get("/deep/page").value();
    EXPECT_EQ(home.body, "<html>home</html>");
    EXPECT_NE(home.Find("content-security-policy")->find("default-src 'self'"), std::string::npos);
    ClientRequest head;
    head.method = Method::kHead;
    const Response only_head = client->Send(head).value();
    EXPECT_EQ(only_head.status, 200);
    EXPECT_EQ(*only_head.Find("content-length"), "17");
    for (const char* target : {"/api/none", "/fhir/none", "/oauth2/none", "/.well-known/none"}) {
        EXPECT_EQ(client->Get(target).value().status, 404) << target;
    }
    const RawSocket raw(test.port());
    raw.Send("GET /../../outside.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(raw.ReadAll().substr(0, 12), "HTTP/1.1 404");
}

}  // namespace
}  // namespace kangqu::api::testing
