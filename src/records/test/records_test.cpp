#include "kangqu/records/records.hpp"

#include "kangqu/search/query.hpp"
#include "kangqu/store/testing.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace kangqu::records {
namespace {

using core::ErrorCode;
using search::Action;
using search::Grant;
using search::Mask;
using search::Restriction;
using search::Scope;

class RecordsTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "kangqu-records-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        auto indexer = search::Indexer::Make();
        ASSERT_TRUE(indexer.ok());
        indexer_ = std::move(indexer).value();
        store::StoreOptions options;
        options.database = store::FreshTestDatabase();
        options.folder = folder_;
        options.index_tables = search::IndexTables();
        options.clock = &clock_;
        auto store = store::Store::Open(std::move(options));
        ASSERT_TRUE(store.ok()) << store.error().Line();
        store_ = std::move(store).value();
        records_ = std::make_unique<Records>(*store_, *indexer_, ids_);
    }
    void TearDown() override {
        records_.reset();
        store_.reset();
        std::filesystem::remove_all(folder_);
    }

    static std::unique_ptr<const core::JsonDocument> Json(std::string text) {
        auto document = core::JsonDocument::Parse(std::move(text));
        EXPECT_TRUE(document.ok()) << document.error().Line();
        return std::move(document).value();
    }
    core::Result<Receipt> Put(
        const std::string& text,
        const Restriction& restriction = Restriction::System(),
        std::optional<std::int64_t> if_match = std::nullopt
    ) {
        const auto document = Json(text);
        const auto root = document->root();
        return records_->Update(
            restriction, root["resourceType"].text(), root["id"].text(), root, if_match
        );
    }
    std::vector<LoadAnswer> Load(const std::vector<std::string>& texts) {
        std::vector<LoadLine> lines;
        for (const std::string& text : texts) {
            lines.push_back({"test.ndjson", static_cast<std::int64_t>(lines.size()) + 1, text});
        }
        auto answers = records_->Load(Restriction::System(), lines);
        EXPECT_TRUE(answers.ok());
        return std::move(answers).value();
    }

    core::FixedClock clock_{1'760'000'000'000};
    core::IdSource ids_{clock_};
    std::string folder_;
    std::unique_ptr<const search::Indexer> indexer_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Records> records_;
};

// A family doctor's Restriction: residents of one organisation.
Restriction OfOrganization(std::string organization) {
    Restriction restriction;
    Grant grant;
    grant.actions = {Action::kRead, Action::kCreate, Action::kUpdate, Action::kDelete};
    grant.scope = Scope::kOrganizations;
    grant.organizations = {std::move(organization)};
    restriction.grants.push_back(std::move(grant));
    return restriction;
}

std::string Patient(const std::string& id, const std::string& organization) {
    return R"({"resourceType":"Patient","id":")" + id +
           R"(","name":[{"text":"张三"}],"managingOrganization":{"reference":"Organization/)" +
           organization + R"("}})";
}

TEST_F(RecordsTest, KeepsNumberTextAndSplicesMeta) {
    const auto receipt = Put(
        R"({"resourceType":"Observation","id":"o1","meta":{"versionId":"9","profile":["urn:x"]},)"
        R"( "status":"final","code":{"text":"体重"},"valueQuantity":{"value":60.00,"unit":"kg"}})"
    );
    ASSERT_TRUE(receipt.ok()) << receipt.error().Line();
    EXPECT_EQ(receipt->outcome, Receipt::Outcome::kCreated);
    const auto record = records_->Read(Restriction::System(), "Observation", "o1");
    ASSERT_TRUE(record.ok());
    const auto document = Json(record->json);
    EXPECT_EQ(document->root()["valueQuantity"]["value"].text(), "60.00");
    EXPECT_EQ(document->root()["id"].text(), "o1");
    EXPECT_EQ(document->root()["meta"]["versionId"].text(), "1");
    EXPECT_EQ(document->root()["meta"]["profile"][0].text(), "urn:x");
}

TEST_F(RecordsTest, VersionsRiseAndSameContentMakesNone) {
    ASSERT_TRUE(Put(Patient("p1", "a")).ok());
    EXPECT_EQ(Put(Patient("p1", "a"))->outcome, Receipt::Outcome::kUnchanged);
    const auto second = Put(Patient("p1", "b"));
    EXPECT_EQ(second->version, 2);
    EXPECT_EQ(
        Put(Patient("p1", "c"), Restriction::System(), 1).error().code, ErrorCode::kVersionConflict
    );
    EXPECT_EQ(Put(Patient("p1", "c"), Restriction::System(), 2)->version, 3);
    const auto history = records_->History(Restriction::System(), {"Patient", "p1", 0, 2, {}, {}});
    ASSERT_TRUE(history.ok());
    ASSERT_EQ(history->records.size(), 2U);
    EXPECT_EQ(history->records[0].version, 3);
    const auto rest =
        records_->History(Restriction::System(), {"Patient", "p1", history->next, 2, {}, {}});
    ASSERT_EQ(rest->records.size(), 1U);
    EXPECT_EQ(rest->records[0].version, 1);
    EXPECT_EQ(rest->next, 0);
}

TEST_F(RecordsTest, DeletedIsGoneAndMayComeBack) {
    ASSERT_TRUE(Put(Patient("p1", "a")).ok());
    EXPECT_EQ(records_->Delete(Restriction::System(), "Patient", "p1", {})->version, 2);
    EXPECT_EQ(
        records_->Read(Restriction::System(), "Patient", "p1").error().code, ErrorCode::kGone
    );
    EXPECT_EQ(
        records_->Delete(Restriction::System(), "Patient", "p1", {})->outcome,
        Receipt::Outcome::kUnchanged
    );
    EXPECT_TRUE(records_->ReadVersion(Restriction::System(), "Patient", "p1", 1).ok());
    EXPECT_EQ(Put(Patient("p1", "a"))->version, 3);
    EXPECT_TRUE(records_->Read(Restriction::System(), "Patient", "p1").ok());
}

TEST_F(RecordsTest, RefusesWithTheElement) {
    const auto bad = Put(R"({"resourceType":"Patient","id":"p1","birthDate":"1990-13-01"})");
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().where, "Patient.birthDate");
    EXPECT_EQ(
        records_->Read(Restriction::System(), "Patient", "p1").error().code, ErrorCode::kNotFound
    );
}

TEST_F(RecordsTest, PlacesRecordsWithTheirResidentWhateverTheOrder) {
    ASSERT_TRUE(
        Put(R"({"resourceType":"Observation","id":"o1","status":"final","code":{"text":"x"},)"
            R"("subject":{"reference":"Patient/p1"}})")
            .ok()
    );
    ASSERT_TRUE(Put(Patient("p1", "a")).ok());
    const auto reader = store_->Read();
    const auto patient = (*reader)->Find("Patient", "p1");
    const auto observation = (*reader)->Find("Observation", "o1");
    ASSERT_TRUE(patient.ok() && *patient && observation.ok() && *observation);
    EXPECT_EQ((*observation)->home, (*patient)->home);
    EXPECT_EQ((*patient)->home, (*patient)->key);
}

TEST_F(RecordsTest, ARecordThatRefersToItselfStaysWithItsResident) {
    ASSERT_TRUE(Put(Patient("p1", "a")).ok());
    const std::string encounter =
        R"({"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"AMB"},)"
        R"("subject":{"reference":"Patient/p1"},"partOf":{"reference":"Encounter/e1"}})";
    ASSERT_TRUE(Put(encounter).ok());
    EXPECT_TRUE(records_->Read(Restriction::System(), "Encounter", "e1").ok());
    const auto reader = store_->Read();
    EXPECT_EQ(
        (*(*reader)->Find("Encounter", "e1"))->home, (*(*reader)->Find("Patient", "p1"))->home
    );
}

TEST_F(RecordsTest, TransactionIsAllOrNothingAndResolvesReferences) {
    const std::string good =
        R"({"resourceType":"Bundle","type":"transaction","entry":[)"
        R"({"fullUrl":"urn:uuid:1","resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},)"
        R"("subject":{"reference":"urn:uuid:2"}},"request":{"method":"POST","url":"Observation"}},)"
        R"({"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","id":"p9"},"request":{"method":"PUT","url":"Patient/p9"}}]})";
    const auto document = Json(good);
    const auto receipts = records_->Transaction(Restriction::System(), document->root());
    ASSERT_TRUE(receipts.ok()) << receipts.error().Line();
    ASSERT_EQ(receipts->size(), 2U);
    const auto observation =
        records_->Read(Restriction::System(), "Observation", (*receipts)[0].id);
    EXPECT_EQ(Json(observation->json)->root()["subject"]["reference"].text(), "Patient/p9");

    std::string bad = good;
    bad.replace(
        bad.find("\"Patient\",\"id\":\"p9\""), 19, "\"Patient\",\"id\":\"p8\",\"gender\":[1]"
    );
    bad.replace(bad.find("Patient/p9"), 10, "Patient/p8");
    const auto before = store_->position();
    const auto refused = Json(bad);
    const auto failed = records_->Transaction(Restriction::System(), refused->root());
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().where.substr(0, 24), "Bundle.entry[1].resource");
    EXPECT_EQ(store_->position(), before);
}

TEST_F(RecordsTest, TransactionRefusesWhatItCannotResolve) {
    const auto document = Json(
        R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Observation",)"
        R"("status":"final","code":{"text":"x"},"subject":{"reference":"urn:uuid:none"}},"request":{"method":"POST","url":"Observation"}}]})"
    );
    const auto failed = records_->Transaction(Restriction::System(), document->root());
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::kReferenceUnresolved);
    EXPECT_EQ(failed.error().where, "Bundle.entry[0].resource");
}

TEST_F(RecordsTest, ConditionalReferencesFindTheOneMatch) {
    ASSERT_TRUE(
        Put(R"({"resourceType":"Practitioner","id":"d1","identifier":[{"system":"urn:npi","value":"7"}]})"
        )
            .ok()
    );
    const auto bundle = Json(
        R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Observation",)"
        R"("status":"final","code":{"text":"x"},"performer":[{"reference":"Practitioner?identifier=urn:npi|7"}]},)"
        R"("request":{"method":"POST","url":"Observation"}}]})"
    );
    const auto receipts = records_->Transaction(Restriction::System(), bundle->root());
    ASSERT_TRUE(receipts.ok()) << receipts.error().Line();
    const auto record = records_->Read(Restriction::System(), "Observation", (*receipts)[0].id);
    EXPECT_EQ(Json(record->json)->root()["performer"][0]["reference"].text(), "Practitioner/d1");
}

TEST_F(RecordsTest, ConditionalCreateBy32RacersMakesOne) {
    const std::string text =
        R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient",)"
        R"("identifier":[{"system":"urn:s","value":"1"}]},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=urn:s|1"}}]})";
    std::vector<std::thread> racers;
    std::atomic<int> created{0};
    for (int i = 0; i < 32; ++i) {
        racers.emplace_back([&] {
            const auto document = Json(text);
            const auto receipts = records_->Transaction(Restriction::System(), document->root());
            ASSERT_TRUE(receipts.ok()) << receipts.error().Line();
            created += (*receipts)[0].outcome == Receipt::Outcome::kCreated ? 1 : 0;
        });
    }
    for (std::thread& racer : racers) {
        racer.join();
    }
    EXPECT_EQ(created, 1);
}

TEST_F(RecordsTest, LoadKeepsTheGoodLinesAndSaysWhyNot) {
    const auto answers = Load({
        Patient("p1", "a"),
        "{\"resourceType\":\"Patient\",",
        R"({"resourceType":"Nothing","id":"x"})",
        R"({"resourceType":"Patient","id":"p2","name":"no array"})",
        R"({"resourceType":"Patient","id":"p 3"})",
        Patient("p4", "a"),
    });
    EXPECT_FALSE(answers[0].refused);
    EXPECT_EQ(answers[1].refused->code, ErrorCode::kJsonSyntax);
    EXPECT_EQ(answers[2].refused->code, ErrorCode::kFhirUnknownType);
    EXPECT_EQ(answers[3].refused->where, "Patient.name");
    EXPECT_EQ(answers[4].refused->where, "Patient.id");
    EXPECT_FALSE(answers[5].refused);
    EXPECT_TRUE(records_->Read(Restriction::System(), "Patient", "p4").ok());
}

TEST_F(RecordsTest, LoadTwiceChangesNothing) {
    Load({Patient("p1", "a"), Patient("p2", "a")});
    const auto before = store_->position();
    const auto again = Load({Patient("p1", "a"), Patient("p2", "a")});
    EXPECT_EQ(again[0].receipts[0].outcome, Receipt::Outcome::kUnchanged);
    EXPECT_EQ(store_->position(), before);
}

TEST_F(RecordsTest, AbsenceDenies) {
    ASSERT_TRUE(Put(Patient("p1", "a")).ok());
    const Restriction nothing;
    EXPECT_EQ(records_->Read(nothing, "Patient", "p1").error().code, ErrorCode::kNotFound);
    EXPECT_EQ(
        records_->History(nothing, {"Patient", "p1", 0, 10, {}, {}}).error().code,
        ErrorCode::kNotFound
    );
    EXPECT_EQ(Put(Patient("p2", "a"), nothing).error().code, ErrorCode::kForbidden);
}

TEST_F(RecordsTest, OneOrganisationNeverSeesOrTakesAnother) {
    ASSERT_TRUE(Put(Patient("p1", "a")).ok());
    ASSERT_TRUE(Put(Patient("p2", "b")).ok());
    const Restriction a = OfOrganization("a");
    EXPECT_TRUE(records_->Read(a, "Patient", "p1").ok());
    EXPECT_EQ(records_->Read(a, "Patient", "p2").error().code, ErrorCode::kNotFound);
    EXPECT_EQ(Put(Patient("p2", "a"), a).error().code, ErrorCode::kForbidden);
    EXPECT_EQ(Put(Patient("p1", "b"), a).error().code, ErrorCode::kForbidden);
    EXPECT_TRUE(records_->Read(a, "Patient", "p1").ok());
    EXPECT_EQ(Put(Patient("p3", "b"), a).error().code, ErrorCode::kForbidden);
    EXPECT_TRUE(Put(Patient("p4", "a"), a).ok());
    // Deleting what one may not see is answered like deleting what never was.
    EXPECT_EQ(records_->Delete(a, "Patient", "p2", {})->outcome, Receipt::Outcome::kUnchanged);
    EXPECT_EQ(records_->Delete(a, "Patient", "p2", {})->version, 0);
    EXPECT_EQ(records_->Delete(a, "Patient", "p2", 1).error().code, ErrorCode::kVersionConflict);
    EXPECT_EQ(records_->Delete(a, "Patient", "p2", 1).error().args[1], "0");
    EXPECT_TRUE(records_->Read(Restriction::System(), "Patient", "p2").ok());
}

TEST_F(RecordsTest, MasksShowEndsAndForbidWritingBack) {
    ASSERT_TRUE(
        Put(R"({"resourceType":"Patient","id":"p1","identifier":[{"system":"s","value":"990101199001011234"}],)"
            R"("telecom":[{"value":"1990000"}],"address":[{"text":"x"}]})")
            .ok()
    );
    Restriction masked = Restriction();
    Grant grant;
    grant.actions = {Action::kRead, Action::kUpdate};
    grant.scope = Scope::kEverything;
    masked.grants.push_back(grant);
    masked.masks = {
        Mask{"Patient", {"identifier", "value"}, Mask::Style::kKeepEnds},
        Mask{"Patient", {"telecom", "value"}, Mask::Style::kKeepEnds},
        Mask{"Patient", {"address"}, Mask::Style::kRemove},
    };
    const auto record = records_->Read(masked, "Patient", "p1");
    ASSERT_TRUE(record.ok());
    const auto root = Json(record->json);
    EXPECT_EQ(root->root()["identifier"][0]["value"].text(), "990***********1234");
    EXPECT_EQ(root->root()["telecom"][0]["value"].text(), "*******");
    EXPECT_TRUE(root->root()["address"].missing());
    EXPECT_EQ(Put(Patient("p1", "a"), masked).error().code, ErrorCode::kMaskedWrite);
}

}  // namespace
}  // namespace kangqu::records
