#include "kangqu/bulk/import.hpp"

#include "kangqu/fhir/resource.hpp"

#include <cstdio>
#include <filesystem>

namespace kangqu::bulk {

namespace {

using core::ErrorCode;
using core::MakeError;

constexpr std::size_t kLinesAtOnce = 256;
constexpr std::string_view kErrorsFile = "errors.ndjson";

class Import {
public:
    Import(
        records::Records& records,
        const search::Restriction& restriction,
        const std::string& folder,
        ImportState& state
    )
        : records_(records), restriction_(restriction), folder_(folder), state_(state) {}

    core::Status File(
        const ImportInput& input,
        std::string_view text,
        const std::function<core::Status()>& checkpoint,
        const std::function<bool()>& stop
    ) {
        if (state_.files.size() <= state_.input) {
            state_.files.push_back({input.type, input.url, 0, 0});
        }
        std::vector<records::LoadLine> lines;
        std::int64_t number = 0;
        while (!text.empty() && !stop()) {
            std::string_view line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(text.size(), line.size() + 1));
            ++number;
            line.remove_suffix(line.ends_with('\r') ? 1 : 0);
            if (number <= state_.line || line.find_first_not_of(" \t") == std::string_view::npos) {
                continue;
            }
            lines.push_back({input.url, number, std::string(line)});
            if (lines.size() == kLinesAtOnce || text.empty()) {
                KQ_TRY(Batch(input, lines));
                lines.clear();
                state_.line = number;
                KQ_TRY(checkpoint());
            }
        }
        if (!lines.empty() && !stop()) {
            KQ_TRY(Batch(input, lines));
        }
        return {};
    }

private:
    core::Status Batch(const ImportInput& input, const std::vector<records::LoadLine>& lines) {
        std::vector<records::LoadLine> taken;
        ImportFile& file = state_.files[state_.input];
        for (const records::LoadLine& line : lines) {
            const auto document = core::JsonDocument::Parse(line.text);
            const bool other = document.ok() && !input.type.empty() &&
                               document.value()->root()["resourceType"].text() != input.type;
            if (other) {
                const std::string type(document.value()->root()["resourceType"].text());
                KQ_TRY(Refuse(
                    file,
                    line,
                    MakeError(ErrorCode::kFhirBadValue, "resourceType", type, input.type)
                ));
            } else {
                taken.push_back(line);
            }
        }
        KQ_ASSIGN(const auto answers, records_.Load(restriction_, taken));
        for (std::size_t i = 0; i < answers.size(); ++i) {
            if (answers[i].refused) {
                KQ_TRY(Refuse(file, taken[i], *answers[i].refused));
            } else {
                ++file.accepted;
            }
        }
        return {};
    }

    core::Status Refuse(ImportFile& file, const records::LoadLine& line, core::Error error) {
        if (file.refused++ >= kMaxExplained) {
            return {};
        }
        state_.errors = kErrorsFile;
        error.where = line.source + ":" + std::to_string(line.number) +
                      (error.where.empty() ? "" : " " + error.where);
        const std::string path = folder_ + "/" + state_.errors;
        std::FILE* const out = std::fopen(path.c_str(), "ab");
        if (out == nullptr) {
            return MakeError(ErrorCode::kFileUnwritable, path, "errors");
        }
        const std::string text = fhir::OperationOutcome({error}, core::Language::kZh) + "\n";
        const bool written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
        const bool closed = std::fclose(out) == 0;
        return written && closed ? core::Status{}
                                 : MakeError(ErrorCode::kFileUnwritable, path, "errors");
    }

    records::Records& records_;
    const search::Restriction& restriction_;
    const std::string& folder_;
    ImportState& state_;
};

}  // namespace

core::Status RunImport(
    records::Records& records,
    const search::Restriction& restriction,
    const ImportPlan& plan,
    const Fetch& fetch,
    const std::string& folder,
    ImportState& state,
    const std::function<core::Status(const ImportState&)>& checkpoint,
    const std::function<bool()>& stop
) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return MakeError(ErrorCode::kFileUnwritable, folder, error.message());
    }
    Import import(records, restriction, folder, state);
    const auto save = [&] {
        return checkpoint(state);
    };
    while (state.input < plan.inputs.size()) {
        if (stop()) {
            return {};
        }
        const ImportInput& input = plan.inputs[state.input];
        KQ_ASSIGN(const std::string text, fetch(input.url));
        if (text.size() > kMaxInputBytes) {
            return MakeError(
                ErrorCode::kTooLarge, input.url, std::to_string(kMaxInputBytes) + " B"
            );
        }
        KQ_TRY(import.File(input, text, save, stop));
        if (stop()) {
            return {};
        }
        ++state.input;
        state.line = 0;
        KQ_TRY(save());
    }
    state.done = true;
    return save();
}

void WritePlan(core::JsonWriter& writer, const ImportPlan& plan) {
    writer.BeginObject().Key("inputs").BeginArray();
    for (const ImportInput& input : plan.inputs) {
        writer.BeginObject().Field("type", input.type).Field("url", input.url).EndObject();
    }
    writer.EndArray().EndObject();
}

ImportPlan ReadImportPlan(core::JsonNode node) {
    ImportPlan plan;
    for (core::JsonNode input = node["inputs"].first(); input; input = input.next()) {
        plan.inputs.push_back({std::string(input["type"].text()), std::string(input["url"].text())}
        );
    }
    return plan;
}

void WriteState(core::JsonWriter& writer, const ImportState& state) {
    writer.BeginObject().Field("input", static_cast<std::int64_t>(state.input));
    writer.Field("line", state.line).Field("errors", state.errors).Field("done", state.done);
    writer.Key("files").BeginArray();
    for (const ImportFile& file : state.files) {
        writer.BeginObject().Field("type", file.type).Field("url", file.url);
        writer.Field("accepted", file.accepted).Field("refused", file.refused).EndObject();
    }
    writer.EndArray().EndObject();
}

ImportState ReadImportState(core::JsonNode node) {
    ImportState state;
    state.input = static_cast<std::size_t>(node["input"].integer().value_or(0));
    state.line = node["line"].integer().value_or(0);
    state.errors = node["errors"].text();
    state.done = node["done"].boolean();
    for (core::JsonNode file = node["files"].first(); file; file = file.next()) {
        state.files.push_back(
            {std::string(file["type"].text()),
             std::string(file["url"].text()),
             file["accepted"].integer().value_or(0),
             file["refused"].integer().value_or(0)}
        );
    }
    return state;
}

}  // namespace kangqu::bulk
