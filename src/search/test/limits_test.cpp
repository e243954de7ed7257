// What a search may cost, and that its statements follow indexes.
#include "shelf.hpp"
#include <set>

namespace kangqu::search {
namespace {

class Limits : public testing::Test {
protected:
    void SetUp() override {
        std::vector<std::string> texts;
        for (int i = 0; i < 30; ++i) {
            const std::string id = "p" + std::to_string(i);
            texts.push_back(
                R"({"resourceType":"Patient","id":")" + id + R"(","gender":")" +
                (i % 2 == 0 ? "male" : "female") + R"(","name":[{"family":"n)" +
                std::to_string(10 + i) +
                R"("}],"text":{"status":"generated","div":"<div>word</div>"}})"
            );
            for (int k = 0; k < 6; ++k) {
                texts.push_back(
                    R"({"resourceType":"Observation","id":")" + id + "o" + std::to_string(k) +
                    R"(","status":"final","code":{"coding":[{"code":"c)" + std::to_string(k) +
                    R"("}]},"effectiveDateTime":"2024-01-)" + std::to_string(11 + k) +
                    R"(","subject":{"reference":"Patient/)" + id +
                    R"("},"valueQuantity":{"value":)" + std::to_string(i * k) + R"(,"unit":"x"}})"
                );
            }
        }
        texts.push_back(
            R"({"resourceType":"Organization","id":"o1","partOf":{"reference":"Organization/o2"}})"
        );
        texts.push_back(
            R"({"resourceType":"Organization","id":"o2","partOf":{"reference":"Organization/o1"}})"
        );
        shelf_.Put(texts);
    }

    std::string
    Refused(const std::string& type, const std::string& query, const SearchLimits& limits = {}) {
        SearchOptions options;
        options.limits = limits;
        return shelf_.Refused(type, Shelf::Query(query), Restriction::System(), options);
    }

    Shelf shelf_;
};

TEST_F(Limits, RowsWalkedThrough) {
    SearchLimits limits;
    limits.scanned = 50;
    // Counting needs every row; a page finds enough among the first.
    EXPECT_EQ(
        Refused("Observation", "status=final&code:not=c1&_total=accurate", limits),
        "search-too-costly"
    );
    EXPECT_EQ(Refused("Observation", "status=final&code:not=c1&_count=5", limits), "");
    EXPECT_EQ(
        Refused("Observation", "status=final&code:not=c0,c1,c2,c3,c4,c5&_count=5", limits),
        "search-too-costly"
    );
    EXPECT_EQ(Refused("Observation", "status=final&_total=accurate", limits), "");
    EXPECT_EQ(Refused("Observation", "code=c1&status=final&_total=accurate", limits), "");
    EXPECT_EQ(Refused("Observation", "_sort=_id", limits), "search-too-costly");
    EXPECT_EQ(Refused("Observation", "status=final&code:not=c1&_total=accurate"), "");
}

TEST_F(Limits, RecordsSortedAndRead) {
    SearchLimits limits;
    limits.sorted = 10;
    limits.read = 10;
    EXPECT_EQ(Refused("Observation", "_sort=code", limits), "search-too-costly");
    EXPECT_EQ(Refused("Observation", "patient=p1&_sort=code", limits), "");
    EXPECT_EQ(Refused("Patient", "_text=word&_total=accurate", limits), "search-too-costly");
    EXPECT_EQ(Refused("Patient", "_text=word&_count=5", limits), "");
    EXPECT_EQ(Refused("Patient", "_text=word&_total=accurate"), "");
}

// Beyond the limit an order that a table has is walked: the same records in the same order.
TEST_F(Limits, ManyByOneText) {
    SearchOptions few;
    few.limits.sorted = 10;
    for (const std::string sort : {"family", "-family"}) {
        const auto query = Shelf::Query("gender=male&_count=4&_sort=" + sort);
        EXPECT_EQ(
            shelf_.FindInOrder("Patient", query, Restriction::System(), few),
            shelf_.FindInOrder("Patient", query)
        );
    }
}

TEST_F(Limits, Included) {
    SearchLimits limits;
    limits.included = 3;
    EXPECT_EQ(
        Refused("Patient", "_id=p1&_revinclude=Observation:patient", limits), "search-too-complex"
    );
    limits.included = 6;
    EXPECT_EQ(Refused("Patient", "_id=p1&_revinclude=Observation:patient", limits), "");
    // A ring of parts ends when all of it is there.
    EXPECT_EQ(Refused("Organization", "_id=o1&_include:iterate=Organization:partof"), "");
    limits.include_rounds = 0;
    EXPECT_EQ(
        Refused(
            "Observation",
            "_id=p1o1&_include=Observation:subject&_include:iterate=Patient:organization",
            limits
        ),
        "search-too-complex"
    );
}

TEST_F(Limits, LengthOfWhatIsAsked) {
    std::string chain = "partof";
    for (int i = 0; i <= kMaxChain; ++i) {
        chain += ".partof";
    }
    EXPECT_EQ(Refused("Organization", chain + ".name=x"), "search-too-complex");
    EXPECT_EQ(Refused("Organization", "partof.partof.partof.name=x"), "");
    EXPECT_EQ(Refused("Patient", "_sort=gender,name,family,given,birthdate"), "search-too-complex");
    std::string brackets = "gender eq male";
    for (int i = 0; i < 20; ++i) {
        brackets = "(" + brackets + ")";
    }
    EXPECT_EQ(Refused("Patient", "_filter=" + brackets), "search-bad-value");
    std::string many = "gender eq male";
    for (std::size_t i = 0; i < kMaxCriteria; ++i) {
        many += " or gender eq male";
    }
    EXPECT_EQ(Refused("Patient", "_filter=" + many), "search-too-complex");
    SearchLimits limits;
    limits.codes = 3;
    EXPECT_EQ(Refused("Observation", "code:text=none", limits), "");
}

// Passes questions on and remembers them.
class Listening final : public store::Reader {
public:
    explicit Listening(store::Reader& reader) : reader_(reader) {}
    store::Position position() const override { return reader_.position(); }
    core::Result<std::optional<store::Placement>> Find(std::string_view type, std::string_view id)
        override {
        return reader_.Find(type, id);
    }
    core::Result<std::optional<store::Version>> Current(store::Home home, store::RecordKey key)
        override {
        return reader_.Current(home, key);
    }
    core::Result<std::optional<store::Version>>
    AtVersion(store::Home home, store::RecordKey key, std::int64_t version) override {
        return reader_.AtVersion(home, key, version);
    }
    core::Result<std::vector<store::Version>>
    History(store::Home home, store::RecordKey key, store::Position before, int limit) override {
        return reader_.History(home, key, before, limit);
    }
    core::Result<std::vector<store::Version>>
    TypeHistory(std::string_view type, store::Position before, int limit) override {
        return reader_.TypeHistory(type, before, limit);
    }
    core::Status ScanHome(store::Home home, const std::function<bool(const store::Version&)>& visit)
        override {
        return reader_.ScanHome(home, visit);
    }
    core::Result<std::vector<store::Version>> Feed(store::Position after, int limit) override {
        return reader_.Feed(after, limit);
    }
    core::Result<std::vector<store::Home>> ChangedHomes(store::Position after, store::Position upto)
        override {
        return reader_.ChangedHomes(after, upto);
    }
    core::Status Query(
        std::string_view sql,
        std::span<const store::SqlValue> binds,
        const std::function<bool(std::span<const store::SqlValue>)>& row
    ) override {
        asked.emplace_back(sql);
        return reader_.Query(sql, binds, row);
    }
    core::Result<std::int64_t> Interned(std::string_view text) override {
        return reader_.Interned(text);
    }
    core::Result<std::optional<std::string>> GetValue(std::string_view space, std::string_view key)
        override {
        return reader_.GetValue(space, key);
    }
    core::Status ScanValues(
        std::string_view space,
        const std::function<bool(std::string_view, std::string_view)>& visit
    ) override {
        return reader_.ScanValues(space, visit);
    }

    std::vector<std::string> asked;

private:
    store::Reader& reader_;
};

// Tables that the plan of a statement goes through from end to end without an index.
std::vector<std::string> Scans(store::Reader& reader, const std::string& sql) {
    std::vector<std::string> out;
    std::set<std::string> made;  // by the statement itself
    const auto marks = static_cast<std::size_t>(std::count(sql.begin(), sql.end(), '?'));
    const std::vector<store::SqlValue> binds(marks, std::int64_t{0});
    const auto done = reader.Query("EXPLAIN QUERY PLAN " + sql, binds, [&](auto row) {
        const std::string line(std::get<std::string_view>(row[3]));
        for (const std::string_view word : {"CO-ROUTINE ", "MATERIALIZE "}) {
            if (line.starts_with(word)) {
                made.insert(line.substr(word.size()));
            }
        }
        if (line.starts_with("SCAN ")) {
            const std::string name = line.substr(5, line.find(' ', 5) - 5);
            const bool known = made.count(name) != 0 || name == "json_each" || name == "CONSTANT" ||
                               name.starts_with("(") || line.find("USING") != std::string::npos;
            if (!known) {
                out.push_back(line);
            }
        }
        return true;
    });
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().Line());
    return out;
}

TEST_F(Limits, NoStatementScansATable) {
    if (store::TestsUsePostgres()) {
        GTEST_SKIP() << "reads the plans of SQLite";
    }
    auto reader = shelf_.store().Read();
    const std::vector<std::pair<std::string, std::string>> searches = {
        {"Observation", ""},
        {"Observation", "code=c1"},
        {"Observation", "code=c1,c2,c3,c4,c5,c0&date=2024-01-12"},
        {"Observation", "code=c1&patient=p1,p2"},
        {"Observation", "status=final&value-quantity=gt10||x&_sort=-date"},
        {"Observation", "value-quantity=gt10"},
        {"Observation", "code-value-quantity=c1$gt3"},
        {"Observation", "subject:Patient.gender=male&date=ge2024-01-13"},
        {"Observation", "encounter:missing=true&code:not=c1"},
        {"Observation", "_sort=-_lastUpdated&code=c1"},
        {"Observation", "_id=p1o1&_include=Observation:subject"},
        {"Patient", "name=n1&gender=male"},
        {"Patient", "_has:Observation:patient:code=c1"},
        {"Patient", "birthdate:missing=true&_revinclude=Observation:patient"},
        {"Patient", "family:exact=n11"},
        {"Condition", "recorded-date=2024"},
    };
    Restriction one;
    Grant grant;
    grant.actions = {Action::kRead};
    grant.scope = Scope::kOrganizations;
    grant.organizations = {"o1"};
    one.grants.push_back(grant);
    std::size_t statements = 0;
    for (const Restriction& restriction : {Restriction::System(), one}) {
        for (const auto& [type, query] : searches) {
            Listening listening(**reader);
            auto parameters = Shelf::Query(query);
            parameters.emplace_back("_total", "accurate");
            const auto compiled = Compile(type, parameters, restriction);
            ASSERT_TRUE(compiled.ok()) << compiled.error().Line();
            const auto page = compiled->Run(listening);
            ASSERT_TRUE(page.ok()) << page.error().Line();
            ASSERT_TRUE(compiled->Include(listening, page->hits).ok());
            for (const std::string& sql : listening.asked) {
                ++statements;
                for (const std::string& scan : Scans(**reader, sql)) {
                    ADD_FAILURE() << type << '?' << query << ": " << scan << "\n" << sql;
                }
            }
        }
    }
    EXPECT_GT(statements, 60U);
}

}  // namespace
}  // namespace kangqu::search
