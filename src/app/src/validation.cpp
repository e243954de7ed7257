#include "validation.hpp"

#include "kangqu/app/files.hpp"
#include "kangqu/fhir/xml.hpp"

namespace kangqu::app {

namespace {

bool IsTerminology(core::JsonNode resource) {
    const std::string_view type = resource["resourceType"].text();
    return (type == "ValueSet" || type == "CodeSystem") && resource["url"];
}

}  // namespace

core::Result<std::unique_ptr<Validation>>
Validation::Make(const core::Clock& clock, const std::string& path) {
    std::unique_ptr<Validation> made(new Validation(clock));
    auto definitions = std::make_unique<validate::Definitions>();
    if (!path.empty()) {
        KQ_TRY(made->Add(path, *definitions));
    }
    made->codes_ = std::make_unique<validate::TerminologyCodes>(made->terminology_.now());
    made->validator_ =
        std::make_unique<validate::Validator>(std::move(definitions), made->codes_.get());
    return made;
}

core::Status Validation::Add(const std::string& path, validate::Definitions& definitions) {
    KQ_ASSIGN(const auto files, ExpandPaths({path}));
    std::vector<terminology::Terminology::Source> sources;
    for (const std::string& file : files) {
        KQ_ASSIGN(std::string text, ReadWhole(file));
        if (fhir::LooksLikeXml(text)) {
            auto json = fhir::JsonFromXml(text);
            if (!json.ok()) {
                return core::At(json.error(), file + ": " + json.error().where);
            }
            text = *std::move(json);
        }
        auto document = core::JsonDocument::Parse(std::move(text));
        if (!document.ok()) {
            return core::At(document.error(), file);
        }
        const core::JsonNode root = (*document)->root();
        if (IsTerminology(root)) {
            sources.push_back({core::Minified(root), file});
        }
        for (core::JsonNode entry = root["entry"].first(); entry; entry = entry.next()) {
            if (IsTerminology(entry["resource"])) {
                sources.push_back({core::Minified(entry["resource"]), file});
            }
        }
        definitions.Add(*std::move(document));
    }
    return terminology_.Add(terminology::Layer::kPack, std::move(sources));
}

}  // namespace kangqu::app
