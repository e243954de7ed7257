#include "kangqu/terminology/terminology.hpp"

#include "catalogue.hpp"
#include "published.hpp"
#include <algorithm>

namespace kangqu::terminology {

using core::ErrorCode;
using core::MakeError;

struct Terminology::Shelf {
    explicit Shelf(const core::Clock& the_clock) : clock(the_clock) {
        for (const PublishedRow& row : PublishedRows()) {
            ResourceHead head;
            head.type = row.type;
            head.id = row.id;
            head.url = row.url;
            head.version = row.version;
            entries.push_back(std::make_shared<const Entry>(
                std::move(head), PublishedText().substr(row.offset, row.size)
            ));
        }
    }

    // Called with the lock held.
    void Erase(Layer layer, std::string_view type, std::string_view id) {
        std::erase_if(entries, [&](const std::shared_ptr<const Entry>& entry) {
            return entry->layer() == layer && entry->head().type == type && entry->head().id == id;
        });
        current.reset();
    }

    const core::Clock& clock;
    std::mutex mutex;
    // Shared with the catalogues made of them.
    std::vector<std::shared_ptr<const Entry>> entries;
    std::shared_ptr<const Catalogue> current;  // shared with its users; null: to be made
};

Terminology::Terminology(const core::Clock& clock) : shelf_(std::make_unique<Shelf>(clock)) {}
Terminology::~Terminology() = default;

core::Status Terminology::Add(Layer layer, std::vector<Source> sources) {
    std::vector<std::shared_ptr<const Entry>> fresh;
    for (Source& source : sources) {
        auto document = core::JsonDocument::Parse(source.json);
        if (!document.ok()) {
            return core::At(std::move(document).error(), source.where);
        }
        auto head = ReadHead((*document)->root());
        if (!head.ok()) {
            return core::At(std::move(head).error(), source.where);
        }
        if (head->type != "CodeSystem" && head->type != "ValueSet" && head->type != "ConceptMap") {
            return core::At(
                MakeError(ErrorCode::kTerminologyElement, head->type, "resourceType"), source.where
            );
        }
        fresh.push_back(
            std::make_shared<const Entry>(std::move(*head), layer, std::move(source.json))
        );
    }
    const std::lock_guard lock(shelf_->mutex);
    for (auto& entry : fresh) {
        if (!entry->head().id.empty()) {
            shelf_->Erase(layer, entry->head().type, entry->head().id);
        }
        shelf_->entries.push_back(std::move(entry));
    }
    shelf_->current.reset();
    return {};
}

void Terminology::Remove(Layer layer, std::string_view type, std::string_view id) {
    const std::lock_guard lock(shelf_->mutex);
    shelf_->Erase(layer, type, id);
}

std::shared_ptr<const Catalogue> Terminology::now() const {
    const core::InstantMs now = shelf_->clock.Now();
    const std::lock_guard lock(shelf_->mutex);
    // Which edition is in force may change with the day.
    if (!shelf_->current || shelf_->current->state().today != core::ChinaDate(now)) {
        shelf_->current = std::make_shared<const Catalogue>(
            std::make_unique<Catalogue::State>(shelf_->entries, now)
        );
    }
    return shelf_->current;
}

std::vector<OperationParameter> ReadParameters(core::JsonNode body) {
    std::vector<OperationParameter> out;
    const std::string_view type = body["resourceType"].text();
    if (type != "Parameters") {
        const char* name = type == "ValueSet"     ? "valueSet"
                           : type == "CodeSystem" ? "codeSystem"
                           : type == "ConceptMap" ? "conceptMap"
                                                  : "";
        if (*name != '\0') {
            out.push_back({name, {}, body});
        }
        return out;
    }
    for (core::JsonNode one = body["parameter"].first(); one; one = one.next()) {
        OperationParameter parameter{std::string(one["name"].text()), {}, {}};
        for (core::JsonNode member = one.first(); member; member = member.next()) {
            if (member.key() == "resource" ||
                (member.key().starts_with("value") && member.is_object())) {
                parameter.node = member;
            } else if (member.key().starts_with("value")) {
                parameter.value = member.text();
            }
        }
        out.push_back(std::move(parameter));
    }
    return out;
}

}  // namespace kangqu::terminology
