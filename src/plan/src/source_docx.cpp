// Word processor files of Office Open XML: paragraphs as lines, tables as rows of tabbed cells.
#include "source_parts.hpp"
#include <memory>
#include <vector>

#include <pugixml.hpp>
#include <zip.h>

namespace kangqu::plan {

namespace {

using core::ErrorCode;
using core::MakeError;

constexpr const char* kKind = "Word";
constexpr const char* kBody = "word/document.xml";
// Deeper nesting is no document that a person wrote.
constexpr int kMaxDepth = 64;

struct ZipClose {
    void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct FileClose {
    void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};

core::Result<std::string> ReadEntry(zip_t* archive, const char* name) {
    zip_stat_t facts;
    zip_stat_init(&facts);
    if (zip_stat(archive, name, 0, &facts) != 0) {
        return MakeError(ErrorCode::kPlanUnsupportedFormat, "ZIP");
    }
    if (facts.size > kSourceMaxText * 4) {
        return MakeError(
            ErrorCode::kTooLarge,
            std::to_string(facts.size) + " B",
            std::to_string(kSourceMaxText * 4) + " B"
        );
    }
    const std::unique_ptr<zip_file_t, FileClose> file(zip_fopen(archive, name, 0));
    if (!file) {
        return MakeError(ErrorCode::kPlanDamaged, kKind, zip_strerror(archive));
    }
    std::string content(facts.size, '\0');
    const zip_int64_t read = zip_fread(file.get(), content.data(), content.size());
    if (read < 0 || static_cast<std::size_t>(read) != content.size()) {
        return MakeError(ErrorCode::kPlanDamaged, kKind, zip_file_strerror(file.get()));
    }
    return content;
}

// A macro project, under whatever name the package gives it.
std::string MacrosIn(zip_t* archive) {
    const zip_int64_t count = zip_get_num_entries(archive, 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        const char* const raw = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0);
        const std::string_view name = raw == nullptr ? "" : raw;
        if (name.find("vbaProject") != std::string_view::npos ||
            name.find("vbaData") != std::string_view::npos) {
            return std::string(name);
        }
    }
    return {};
}

class Words {
public:
    std::string Take() { return std::move(out_); }

    void Block(const pugi::xml_node& node, int depth) {
        if (depth > kMaxDepth || out_.size() > kSourceMaxText) {
            return;
        }
        const std::string_view name = node.name();
        if (name == "w:p") {
            Paragraph(node);
            out_ += '\n';
        } else if (name == "w:tbl") {
            Table(node, depth);
        } else if (name != "w:sectPr") {
            for (const pugi::xml_node& child : node.children()) {
                Block(child, depth + 1);
            }
        }
    }

private:
    void Paragraph(const pugi::xml_node& node) {
        for (const pugi::xml_node& child : node.children()) {
            Run(child, 0);
        }
    }

    void Run(const pugi::xml_node& node, int depth) {
        const std::string_view name = node.name();
        if (depth > kMaxDepth || name == "w:del" || name == "w:instrText" || name == "w:pPr" ||
            name == "mc:Fallback") {
            return;
        }
        if (name == "w:t") {
            out_ += node.text().get();
        } else if (name == "w:tab") {
            out_ += ' ';
        } else if (name == "w:br" || name == "w:cr") {
            out_ += '\n';
        } else if (name == "w:noBreakHyphen") {
            out_ += '-';
        } else {
            for (const pugi::xml_node& child : node.children()) {
                Run(child, depth + 1);
            }
        }
    }

    // A row is a line; paragraphs of one cell are joined.
    void Table(const pugi::xml_node& table, int depth) {
        for (const pugi::xml_node& row : table.children("w:tr")) {
            bool first = true;
            for (const pugi::xml_node& cell : row.children("w:tc")) {
                if (!first) {
                    out_ += '\t';
                }
                first = false;
                const std::size_t begin = out_.size();
                for (const pugi::xml_node& child : cell.children()) {
                    Block(child, depth + 1);
                }
                Flatten(begin);
            }
            out_ += '\n';
        }
    }

    // Line ends inside a cell go; nested tables become words.
    void Flatten(std::size_t begin) {
        std::string cell;
        for (const char c : std::string_view(out_).substr(begin)) {
            if (c == '\t') {
                cell += ' ';
            } else if (c != '\n') {
                cell += c;
            }
        }
        out_.resize(begin);
        out_ += cell;
    }

    std::string out_;
};

}  // namespace

core::Result<std::string> TextOfDocx(std::string_view bytes) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* const opened =
        source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    if (opened == nullptr) {
        zip_source_free(source);
        return MakeError(ErrorCode::kPlanDamaged, kKind, why);
    }
    const std::unique_ptr<zip_t, ZipClose> archive(opened);
    if (const std::string macros = MacrosIn(archive.get()); !macros.empty()) {
        return MakeError(ErrorCode::kPlanMacros, macros);
    }
    KQ_ASSIGN(const std::string types, ReadEntry(archive.get(), "[Content_Types].xml"));
    if (types.find("macroEnabled") != std::string::npos) {
        return MakeError(ErrorCode::kPlanMacros, ".docm");
    }
    if (types.find("wordprocessingml") == std::string::npos) {
        const bool sheet = types.find("spreadsheetml") != std::string::npos;
        const bool slides = types.find("presentationml") != std::string::npos;
        return MakeError(
            ErrorCode::kPlanUnsupportedFormat, sheet ? "Excel" : (slides ? "PowerPoint" : "ZIP")
        );
    }
    KQ_ASSIGN(const std::string body, ReadEntry(archive.get(), kBody));
    pugi::xml_document document;
    // Without parse_doctype and entities beyond the five of XML nothing unfolds or is fetched.
    const auto parsed = document.load_buffer(
        body.data(),
        body.size(),
        pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata | pugi::parse_eol
    );
    if (!parsed) {
        return MakeError(ErrorCode::kPlanDamaged, kKind, parsed.description());
    }
    Words words;
    words.Block(document.document_element(), 0);
    return words.Take();
}

}  // namespace kangqu::plan
