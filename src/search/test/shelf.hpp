#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/search/index.hpp"
#include "kangqu/search/query.hpp"
#include "kangqu/store/store.hpp"
#include "kangqu/store/testing.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

namespace kangqu::search {

// A store in a temporary folder into which tests put resources.
class Shelf {
public:
    Shelf() {
        static int number = 0;
        folder_ = std::filesystem::temp_directory_path() /
                  ("kangqu-search-" + std::to_string(getpid()) + "-" + std::to_string(++number));
        std::filesystem::create_directories(folder_);
        store::StoreOptions options;
        options.database = store::FreshTestDatabase();
        options.folder = folder_.string();
        options.index_tables = IndexTables();
        options.clock = &clock_;
        auto opened = store::Store::Open(std::move(options));
        EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().Line());
        store_ = std::move(opened).value();
        auto indexer = Indexer::Make();
        EXPECT_TRUE(indexer.ok()) << (indexer.ok() ? "" : indexer.error().Line());
        indexer_ = std::move(indexer).value();
    }
    ~Shelf() {
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    Shelf(const Shelf&) = delete;
    Shelf& operator=(const Shelf&) = delete;

    // Puts several resources in one unit of work; `text` is one JSON each.
    void Put(const std::vector<std::string>& texts) {
        const auto done = store_->Write([&](store::Writer& writer) -> core::Status {
            for (const std::string& text : texts) {
                KQ_TRY(PutOne(writer, text));
            }
            return {};
        });
        EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().Line());
    }

    void Remove(const std::string& type, const std::string& id) {
        const auto done = store_->Write([&](store::Writer& writer) -> core::Status {
            KQ_ASSIGN(const auto at, writer.Find(type, id));
            KQ_TRY(writer.Put(at.value(), store::Method::kDelete, type, id, {}, {}));
            return {};
        });
        EXPECT_TRUE(done.ok());
    }

    using Parameters = std::vector<std::pair<std::string, std::string>>;

    // Ids found, sorted; all pages.
    std::vector<std::string> Find(
        const std::string& type,
        const Parameters& parameters,
        const Restriction& restriction = Restriction::System(),
        const SearchOptions& options = {}
    ) {
        auto ids = FindInOrder(type, parameters, restriction, options);
        std::sort(ids.begin(), ids.end());
        return ids;
    }

    std::vector<std::string> FindInOrder(
        const std::string& type,
        Parameters parameters,
        const Restriction& restriction = Restriction::System(),
        const SearchOptions& options = {}
    ) {
        std::vector<std::string> ids;
        auto reader = store_->Read();
        EXPECT_TRUE(reader.ok());
        parameters.emplace_back("_cursor", "");
        for (int pages = 0; pages < 10'000; ++pages) {
            Parameters asked = parameters;
            if (asked.back().second.empty()) {
                asked.pop_back();
            }
            const auto compiled = Compile(type, asked, restriction, options);
            EXPECT_TRUE(compiled.ok()) << (compiled.ok() ? "" : compiled.error().Line());
            if (!compiled.ok()) {
                return ids;
            }
            const auto page = compiled.value().Run(**reader);
            EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().Line());
            if (!page.ok()) {
                return ids;
            }
            for (const auto& [home, key] : page->hits) {
                ids.push_back(ids_[key]);
            }
            if (page->next.empty()) {
                break;
            }
            parameters.back().second = page->next;
        }
        return ids;
    }

    std::int64_t Total(
        const std::string& type,
        Parameters parameters,
        const Restriction& restriction = Restriction::System(),
        const SearchOptions& options = {}
    ) {
        parameters.emplace_back("_count", "0");
        auto reader = store_->Read();
        const auto compiled = Compile(type, parameters, restriction, options);
        EXPECT_TRUE(compiled.ok()) << (compiled.ok() ? "" : compiled.error().Line());
        const auto page = compiled->Run(**reader);
        EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().Line());
        return page->total.value_or(-1);
    }

    // The code of the error that a search gives when it is compiled or run; empty when it is fine.
    std::string Refused(
        const std::string& type,
        const Parameters& parameters,
        const Restriction& restriction = Restriction::System(),
        const SearchOptions& options = {}
    ) {
        auto reader = store_->Read();
        const auto compiled = Compile(type, parameters, restriction, options);
        if (!compiled.ok()) {
            return std::string(core::FactsOf(compiled.error().code).code);
        }
        const auto page = compiled->Run(**reader);
        if (!page.ok()) {
            return std::string(core::FactsOf(page.error().code).code);
        }
        const auto included = compiled->Include(**reader, page->hits);
        return included.ok() ? "" : std::string(core::FactsOf(included.error().code).code);
    }

    // Type/id of all that a page includes, sorted.
    std::vector<std::string> Included(
        const std::string& type,
        const Parameters& parameters,
        const Restriction& restriction = Restriction::System()
    ) {
        auto reader = store_->Read();
        const auto compiled = Compile(type, parameters, restriction);
        EXPECT_TRUE(compiled.ok()) << (compiled.ok() ? "" : compiled.error().Line());
        const auto page = compiled->Run(**reader);
        EXPECT_TRUE(page.ok()) << (page.ok() ? "" : page.error().Line());
        const auto included = compiled->Include(**reader, page->hits);
        EXPECT_TRUE(included.ok()) << (included.ok() ? "" : included.error().Line());
        return Names(**reader, included.value());
    }

    static std::vector<std::string> Names(store::Reader& reader, const std::vector<Place>& places) {
        std::vector<std::string> out;
        for (const auto& [home, key] : places) {
            const auto version = reader.Current(home, key);
            out.push_back((*version)->type + "/" + (*version)->id);
        }
        std::sort(out.begin(), out.end());
        return out;
    }

    // "a=b&c=d", nothing decoded.
    static Parameters Query(std::string_view text) {
        Parameters out;
        while (!text.empty()) {
            const std::string_view part = text.substr(0, text.find('&'));
            text.remove_prefix(std::min(text.size(), part.size() + 1));
            const std::size_t equals = part.find('=');
            out.emplace_back(part.substr(0, equals), part.substr(equals + 1));
        }
        return out;
    }

    store::Placement PlaceOf(const std::string& type, const std::string& id) {
        auto reader = store_->Read();
        return (*reader)->Find(type, id)->value();
    }

    store::Store& store() { return *store_; }
    const Indexer& indexer() const { return *indexer_; }

    core::Status PutOne(store::Writer& writer, const std::string& text) {
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(text));
        const core::JsonNode root = document->root();
        const std::string type(root["resourceType"].text());
        const std::string id(root["id"].text());
        KQ_ASSIGN(const auto prepared, indexer_->Prepare(root, fhir::FindResourceType(type)));
        store::Home home = 0;
        for (const std::string_view owner : {"subject", "patient", "beneficiary"}) {
            const auto reference = fhir::ParseReference(root[owner]["reference"].text());
            if (home == 0 && reference.kind == fhir::Reference::Kind::kLocal &&
                reference.type == "Patient") {
                KQ_ASSIGN(const auto patient, writer.Reserve("Patient", reference.id, 0));
                home = patient.home;
            }
        }
        KQ_ASSIGN(const auto at, writer.Reserve(type, id, home));
        KQ_ASSIGN(const auto rows, indexer_->Finish(writer, prepared, at));
        const auto method = at.version == 0 ? store::Method::kCreate : store::Method::kUpdate;
        KQ_TRY(writer.Put(at, method, type, id, fhir::StoredForm(root), rows));
        ids_[at.key] = id;
        return {};
    }

private:
    std::filesystem::path folder_;
    core::FixedClock clock_{1'790'000'000'000};
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<const Indexer> indexer_;
    std::map<store::RecordKey, std::string> ids_;
};

}  // namespace kangqu::search
