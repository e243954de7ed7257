#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/search/query.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::api {

// Writes a Bundle of type searchset: Begin, links, entries, End, in this order.
class SearchSet {
public:
    // `base`: of full URLs. All references outlive the object.
    SearchSet(
        store::Reader& reader,
        const search::Restriction& restriction,
        std::string base,
        search::Shape shape
    );

    void Begin(std::optional<std::int64_t> total);
    void Link(
        std::string_view relation,
        const std::string& path,
        const std::vector<std::pair<std::string, std::string>>& parameters
    );
    // The current versions, as the Restriction shows them; `mode`: match or include.
    core::Status Entries(const std::vector<search::Place>& places, std::string_view mode);
    // An OperationOutcome with warnings.
    void Outcome(const std::vector<core::Error>& errors, core::Language language);
    std::string End();

private:
    void BeginEntries();

    store::Reader& reader_;
    const search::Restriction& restriction_;
    std::string base_;
    search::Shape shape_;
    std::string body_;
    core::JsonWriter writer_;
    bool entries_ = false;
};

}  // namespace kangqu::api
