#include "sent_folder.hpp"

#include "kangqu/core/check.hpp"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <vector>

#include <iconv.h>
#include <xlsxwriter.h>

namespace kangqu::synth {
namespace {

constexpr std::string_view kColumns =
    "姓名\t证件号码\t联系电话\t随访日期\t随访方式\t主要指标\t第二指标\t随访分类";
constexpr lxw_row_t kMostRows = 1'000'000;
constexpr int kMadeYear = 126;  // since 1900: a workbook says when it was made, the same for all

std::vector<std::string> Fields(std::string_view row) {
    std::vector<std::string> fields;
    while (true) {
        const std::size_t tab = row.find('\t');
        fields.emplace_back(row.substr(0, tab));
        if (tab == std::string_view::npos) {
            return fields;
        }
        row.remove_prefix(tab + 1);
    }
}

std::string CsvRow(std::string_view row) {
    std::string csv(row);
    for (char& c : csv) {
        c = c == '\t' ? ',' : c;
    }
    return csv + "\r\n";
}

}  // namespace

struct SentFolder::Workbook {
    std::string path;
    lxw_workbook* book = nullptr;
    lxw_worksheet* sheet = nullptr;
    lxw_row_t rows = 0;

    void Add(std::string_view row) {
        if (rows >= kMostRows) {
            return;
        }
        lxw_col_t column = 0;
        for (const std::string& field : Fields(row)) {
            worksheet_write_string(sheet, rows, column++, field.c_str(), nullptr);
        }
        ++rows;
    }
};

core::Result<std::string> ToGb18030(std::string_view text) {
    const iconv_t made = iconv_open("GB18030", "UTF-8");
    KQ_CHECK(made != reinterpret_cast<iconv_t>(-1), "the C library does not know GB 18030");
    std::string in(text);
    std::string out(text.size() * 2 + 8, '\0');
    char* from = in.data();
    char* to = out.data();
    std::size_t left = in.size();
    std::size_t room = out.size();
    const bool done = iconv(made, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
    iconv_close(made);
    if (!done) {
        return core::MakeError(core::ErrorCode::kInternal, "a text has no form in GB 18030");
    }
    out.resize(out.size() - room);
    return out;
}

SentFolder::SentFolder(std::string folder) : folder_(std::move(folder)) {}

SentFolder::~SentFolder() {
    for (auto& [path, workbook] : sheets_) {
        if (workbook->book != nullptr) {
            lxw_workbook_free(workbook->book);
        }
    }
}

core::Result<std::string> SentFolder::FolderOf(const Sent& sent, const char* kind) {
    std::string path = folder_ + "/" + sent.folder;
    if (*kind != '\0') {
        path.append("/").append(kind);
    }
    bool& made = made_[path];
    if (!made) {
        KQ_TRY(MakeFolder(path));
        made = true;
    }
    return path;
}

core::Status SentFolder::WriteMessage(const Sent& sent) {
    const bool messages = sent.form == Sent::Form::kMessages;
    KQ_ASSIGN(const std::string folder, FolderOf(sent, messages ? "hl7v2" : "cda"));
    return WriteWhole(folder + "/" + sent.name, sent.text);
}

core::Status SentFolder::WriteCsv(const Sent& sent) {
    KQ_ASSIGN(const std::string folder, FolderOf(sent, ""));
    const std::string path = folder + "/" + sent.name + ".csv";
    auto found = csv_.find(path);
    if (found == csv_.end()) {
        KQ_ASSIGN(Output file, Output::Open(path));
        KQ_ASSIGN(const std::string header, ToGb18030(CsvRow(kColumns)));
        KQ_TRY(file.Write(header));
        found = csv_.emplace(path, std::move(file)).first;
    }
    KQ_ASSIGN(const std::string row, ToGb18030(CsvRow(sent.text)));
    return found->second.Write(row);
}

core::Status SentFolder::WriteSheet(const Sent& sent) {
    KQ_ASSIGN(const std::string folder, FolderOf(sent, ""));
    const std::string path = folder + "/" + sent.name + ".xlsx";
    auto& workbook = sheets_[path];
    if (!workbook) {
        workbook = std::make_unique<Workbook>();
        workbook->path = path;
        lxw_workbook_options options = {};
        options.constant_memory = LXW_TRUE;
        workbook->book = workbook_new_opt(path.c_str(), &options);
        if (workbook->book == nullptr) {
            return core::MakeError(core::ErrorCode::kFileUnwritable, path, std::strerror(errno));
        }
        std::tm when{};
        when.tm_year = kMadeYear;
        when.tm_mday = 1;
        when.tm_hour = 12;
        lxw_doc_properties properties = {};
        properties.created = timegm(&when);
        workbook_set_properties(workbook->book, &properties);
        workbook->sheet = workbook_add_worksheet(workbook->book, nullptr);
        workbook->Add(kColumns);
    }
    workbook->Add(sent.text);
    return {};
}

core::Status SentFolder::Take(const Chunk& chunk) {
    for (const Sent& sent : chunk.sent) {
        switch (sent.form) {
            case Sent::Form::kMessages:
            case Sent::Form::kDocument:
                KQ_TRY(WriteMessage(sent));
                break;
            case Sent::Form::kCsv:
                KQ_TRY(WriteCsv(sent));
                break;
            case Sent::Form::kSheet:
                KQ_TRY(WriteSheet(sent));
                break;
        }
    }
    return {};
}

core::Status SentFolder::Finish() {
    for (auto& [path, file] : csv_) {
        KQ_TRY(file.Finish());
    }
    csv_.clear();
    for (auto& [path, workbook] : sheets_) {
        const lxw_error error = workbook_close(workbook->book);
        workbook->book = nullptr;
        if (error != LXW_NO_ERROR) {
            return core::MakeError(core::ErrorCode::kFileUnwritable, path, lxw_strerror(error));
        }
    }
    sheets_.clear();
    return {};
}

}  // namespace kangqu::synth
