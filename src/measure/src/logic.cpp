#include "logic.hpp"

#include "kangqu/fhir/definitions.hpp"

namespace kangqu::measure {

namespace {

using core::ErrorCode;
using core::MakeError;

// "library Name version 'x'": the name behind the first `library` at the start of a line.
std::string_view LibraryName(std::string_view text) {
    std::size_t at = text.starts_with("library ") ? 0 : text.find("\nlibrary ");
    if (at == std::string_view::npos) {
        return {};
    }
    at = text.find("library ", at) + 8;
    const std::string_view rest = text.substr(at);
    return rest.substr(0, rest.find_first_of(" \r\n"));
}

class Includes final : public expression::LibrarySource {
public:
    explicit Includes(const std::vector<std::string>& texts) : texts_(texts) {}
    core::Result<std::string> Find(std::string_view name, std::string_view) const override {
        for (const std::string& text : texts_) {
            if (LibraryName(text) == name) {
                return text;
            }
        }
        return MakeError(ErrorCode::kExpressionUnknownName, std::string(name), "");
    }

private:
    const std::vector<std::string>& texts_;
};

}  // namespace

core::Result<std::shared_ptr<const Logic>> Logic::Make(const LogicSource& source) {
    const auto logic = std::make_shared<Logic>();
    const Includes includes(source.includes);
    auto library = expression::CompileCql(source.cql, &includes);
    if (!library.ok()) {
        core::Error error = std::move(library).error();
        error.where = source.file + (error.where.empty() ? "" : ":" + error.where);
        return error;
    }
    logic->library_ = std::move(library).value();
    const auto find = [&](const std::string& name) -> core::Result<std::uint32_t> {
        const auto number = logic->library_->Find(name);
        if (!number) {
            return core::At(
                MakeError(ErrorCode::kExpressionUnknownName, name, " (definition)"), source.file
            );
        }
        return *number;
    };
    for (const auto& [bit, name] : source.populations) {
        KQ_ASSIGN(const std::uint32_t number, find(name));
        logic->populations_.emplace_back(bit, number);
    }
    for (const std::string& name : source.reasons) {
        KQ_ASSIGN(const std::uint32_t number, find(name));
        logic->reasons_.push_back(number);
    }
    for (const fhir::TypeNumber type : logic->library_->retrieved_types()) {
        logic->types_read_.emplace_back(fhir::TypeOf(type).name);
    }
    return std::shared_ptr<const Logic>(logic);
}

}  // namespace kangqu::measure
