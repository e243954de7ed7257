#include "kangqu/timeline/residents.hpp"

#include "kangqu/records/records.hpp"
#include "kangqu/store/testing.hpp"
#include "kangqu/timeline/organizations.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::timeline {
namespace {

using search::Restriction;

std::string PatientJson(
    const std::string& id,
    const std::string& name,
    const std::string& birth,
    const std::string& organization,
    const std::string& more = ""
) {
    return R"({"resourceType":"Patient","id":")" + id + R"(","name":[{"text":")" + name +
           R"("}],"birthDate":")" + birth +
           R"(","managingOrganization":{"reference":"Organization/)" + organization + R"("})" +
           more + "}";
}

class ResidentsTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "kangqu-timeline-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        indexer_ = search::Indexer::Make().value();
        store::StoreOptions options;
        options.database = store::FreshTestDatabase();
        options.folder = folder_;
        options.index_tables = search::IndexTables();
        options.clock = &clock_;
        store_ = store::Store::Open(std::move(options)).value();
        records_ = std::make_unique<records::Records>(*store_, *indexer_, ids_);
    }
    void TearDown() override {
        records_.reset();
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    void Put(const std::string& text) {
        const auto answers = records_->Load(Restriction::System(), {{"test", 1, text}});
        ASSERT_TRUE(answers.ok());
        ASSERT_FALSE((*answers)[0].refused.has_value()) << (*answers)[0].refused->Line();
    }
    void Delete(const std::string& id) {
        ASSERT_TRUE(records_->Delete(Restriction::System(), "Patient", id, {}).ok());
    }
    void Refresh() {
        const auto reader = store_->Read();
        ASSERT_TRUE(residents_.Refresh(**reader).ok());
        ASSERT_TRUE(organizations_.Refresh(**reader).ok());
    }
    std::vector<std::string> Ids(ListRequest request, const Visibility& visibility) const {
        std::vector<std::string> ids;
        for (const Resident& one : residents_.List(request, visibility).items) {
            ids.push_back(one.id);
        }
        return ids;
    }
    std::vector<std::string> Search(const std::string& text) const {
        ListRequest request;
        request.text = text;
        return Ids(request, Visibility(Restriction::System()));
    }

    core::FixedClock clock_{1'760'000'000'000};
    core::IdSource ids_{clock_};
    std::string folder_;
    std::unique_ptr<const search::Indexer> indexer_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<records::Records> records_;
    Residents residents_;
    Organizations organizations_;
};

TEST_F(ResidentsTest, FollowsTheFeed) {
    Put(PatientJson("p1", "张三", "1950-01-01", "a"));
    Refresh();
    EXPECT_EQ(residents_.size(), 1);
    Put(PatientJson("p2", "李四", "1960-01-01", "a"));
    Put(PatientJson("p1", "张三丰", "1950-01-01", "b"));
    Refresh();
    EXPECT_EQ(residents_.size(), 2);
    EXPECT_EQ(residents_.FindId("p1")->name, "张三丰");
    EXPECT_EQ(residents_.FindId("p1")->organization, "b");
    Delete("p2");
    Refresh();
    EXPECT_EQ(residents_.size(), 1);
    EXPECT_FALSE(residents_.FindId("p2").has_value());
    Put(PatientJson("p2", "李四", "1960-01-01", "a"));
    Refresh();
    EXPECT_EQ(residents_.position(), store_->position());
    EXPECT_TRUE(residents_.FindId("p2").has_value());
}

TEST_F(ResidentsTest, IsFoundByNamePinyinInitialsIdTailAndPhone) {
    Put(PatientJson(
        "p1",
        "张三",
        "1950-01-01",
        "a",
        R"(,"identifier":[{"system":"urn:oid:2.16.156.10011.1.3","value":"99010119500101123X"}],)"
        R"("telecom":[{"system":"phone","value":"19900001234"}])"
    ));
    Put(PatientJson("p2", "李四", "1960-01-01", "a"));
    Refresh();
    const std::vector<std::string> first = {"p1"};
    EXPECT_EQ(Search("张"), first);
    EXPECT_EQ(Search("zhangs"), first);
    EXPECT_EQ(Search("zs"), first);
    EXPECT_EQ(Search("123x"), first);
    EXPECT_EQ(Search("0000"), first);
    EXPECT_EQ(Search("9999").size(), 0U);
    EXPECT_EQ(Search("").size(), 2U);
}

TEST_F(ResidentsTest, OrdersAndPages) {
    Put(PatientJson("p1", "王一", "1950-01-01", "a"));
    Put(PatientJson("p2", "安二", "1940-01-01", "a"));
    Put(PatientJson("p3", "李三", "1960-01-01", "a"));
    Refresh();
    const Visibility all(Restriction::System());
    ListRequest request;
    EXPECT_EQ(Ids(request, all), (std::vector<std::string>{"p2", "p3", "p1"}));
    request.order = Order::kAge;
    EXPECT_EQ(Ids(request, all), (std::vector<std::string>{"p3", "p1", "p2"}));
    request.descending = true;
    EXPECT_EQ(Ids(request, all), (std::vector<std::string>{"p2", "p1", "p3"}));
    request.offset = 1;
    request.limit = 1;
    EXPECT_EQ(Ids(request, all), (std::vector<std::string>{"p1"}));
    request.offset = 99;
    EXPECT_TRUE(Ids(request, all).empty());
}

TEST_F(ResidentsTest, KeepsASurnameTogether) {
    Put(PatientJson("p1", "李志军", "1950-01-01", "a"));
    Put(PatientJson("p2", "林秀云", "1950-01-01", "a"));
    Put(PatientJson("p3", "李金金", "1950-01-01", "a"));
    Refresh();
    EXPECT_EQ(
        Ids({}, Visibility(Restriction::System())), (std::vector<std::string>{"p3", "p1", "p2"})
    );
}

TEST_F(ResidentsTest, CountsAllButShowsOnlyWhatMayBeSeen) {
    Put(PatientJson("p1", "王一", "1950-01-01", "a"));
    Put(PatientJson("p2", "安二", "1940-01-01", "b"));
    Refresh();
    Restriction restriction;
    EXPECT_EQ(residents_.List({}, Visibility(restriction)).visible, 0);
    search::Grant grant;
    grant.actions = {search::Action::kRead};
    grant.scope = search::Scope::kOrganizations;
    grant.organizations = {"b"};
    restriction.grants.push_back(grant);
    const ListPage page = residents_.List({}, Visibility(restriction));
    EXPECT_EQ(page.total, 2);
    EXPECT_EQ(page.visible, 1);
    ASSERT_EQ(page.items.size(), 1U);
    EXPECT_EQ(page.items[0].id, "p2");
    restriction.grants[0].scope = search::Scope::kWithoutResident;
    EXPECT_EQ(residents_.List({}, Visibility(restriction)).visible, 0);
}

TEST(ResidentRow, TakesTheNameInUse) {
    const Resident row = ResidentOf(
        7,
        "p1",
        R"({"resourceType":"Patient","name":[{"use":"old","text":"旧名"},{"family":"欧阳","given":["小","满"]}],)"
        R"("gender":"female","deceasedDateTime":"2024-05-06T07:00:00+08:00","birthDate":"1950",)"
        R"("meta":{"tag":[{"system":"urn:kangqu:tag","code":"synthetic"}]}})"
    );
    EXPECT_EQ(row.name, "欧阳小满");
    EXPECT_EQ(row.sex, Sex::kFemale);
    EXPECT_TRUE(row.synthetic);
    EXPECT_EQ(row.death, (core::CivilDate{2024, 5, 6}));
    EXPECT_FALSE(row.birth.has_value());
}

TEST(ResidentRow, MasksAllButTheEnds) {
    EXPECT_EQ(Masked("99010119500101123X"), "990***********123X");
    EXPECT_EQ(Masked("12345678"), "********");
    EXPECT_EQ(Masked(""), "");
}

TEST_F(ResidentsTest, OrganisationsAreATreeEvenWithACycle) {
    const auto organization = [](const std::string& id, const std::string& parent) {
        return R"({"resourceType":"Organization","id":")" + id + R"(","name":"n-)" + id + R"(")" +
               (parent.empty() ? "" : R"(,"partOf":{"reference":"Organization/)" + parent + R"("})"
               ) +
               "}";
    };
    Put(organization("top", ""));
    Put(organization("b", "top"));
    Put(organization("a", "top"));
    Put(organization("leaf", "a"));
    Put(organization("x", "y"));
    Put(organization("y", "x"));
    Refresh();
    EXPECT_EQ(organizations_.Subtree("top"), (std::vector<std::string>{"a", "b", "leaf", "top"}));
    EXPECT_EQ(organizations_.Subtree("x"), (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(organizations_.Subtree("none"), (std::vector<std::string>{"none"}));
    EXPECT_EQ(organizations_.NameOf("leaf"), "n-leaf");
    EXPECT_EQ(organizations_.NameOf("none"), "none");
    const auto tree = organizations_.Tree();
    ASSERT_GE(tree.size(), 4U);
    EXPECT_EQ(tree[0].id, "top");
    EXPECT_EQ(tree[1].id, "a");
}

}  // namespace
}  // namespace kangqu::timeline
