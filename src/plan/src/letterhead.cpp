#include "letterhead.hpp"

#include "kangqu/core/clock.hpp"

#include <algorithm>

namespace kangqu::plan {

namespace {

constexpr std::size_t kMaxTitle = 80;
constexpr std::size_t kMaxIssuer = 30;
constexpr std::size_t kMaxDocumentNumber = 30;

constexpr std::initializer_list<View> kTitleNouns = {
    U"方案",
    U"规划",
    U"意见",
    U"计划",
    U"纲要",
    U"要点",
    U"清单",
    U"通知",
    U"分工",
    U"行动",
    U"办法",
    U"规划》"};
constexpr std::initializer_list<View> kIssuerNouns = {
    U"办公室",
    U"办公厅",
    U"人民政府",
    U"管委会",
    U"管理委员会",
    U"卫生健康委员会",
    U"卫生健康局",
    U"卫生健康委",
    U"委员会",
    U"领导小组"};
constexpr std::initializer_list<View> kIssuerLabels =
    {U"发布机构", U"发布单位", U"发文机关", U"发文单位", U"来源", U"制定机关"};

int Digits(View text, std::size_t& at, std::size_t most) {
    int value = 0;
    std::size_t count = 0;
    while (at < text.size() && count < most && IsDigit(text[at])) {
        value = value * 10 + static_cast<int>(text[at] - U'0');
        ++at;
        ++count;
    }
    return count == 0 ? -1 : value;
}

bool Step(View text, std::size_t& at, View marks) {
    const bool there = at < text.size() && marks.find(text[at]) != View::npos;
    at += there ? 1U : 0U;
    return there;
}

std::string FirstDate(View line) {
    for (std::size_t at = 0; at < line.size(); ++at) {
        const bool starts = IsDigit(line[at]) && (at == 0 || !IsDigit(line[at - 1]));
        if (std::string date = starts ? ReadDate(line.substr(at)) : std::string(); !date.empty()) {
            return date;
        }
    }
    return {};
}

// "青政办〔2020〕24号" around its year bracket at `open`; empty when it is none.
View DocumentNumberAt(View line, std::size_t open) {
    std::size_t at = open + 1;
    const int year = Digits(line, at, 4);
    if (year < 1949 || !Step(line, at, U"〕]】)") || !(Step(line, at, U"第") || true) ||
        Digits(line, at, 5) < 0 || !Step(line, at, U"号")) {
        return {};
    }
    std::size_t begin = open;
    while (begin > 0 && IsHan(line[begin - 1]) && open - begin < kMaxDocumentNumber) {
        --begin;
    }
    // One in brackets is another document that this one refers to.
    const bool cited = begin > 0 && View(U"(》").find(line[begin - 1]) != View::npos;
    return begin == open || cited ? View{} : line.substr(begin, at - begin);
}

View DocumentNumber(View line) {
    for (std::size_t open = line.find_first_of(U"〔[【"); open != View::npos;
         open = line.find_first_of(U"〔[【", open + 1)) {
        if (const View number = DocumentNumberAt(line, open); !number.empty()) {
            return number;
        }
    }
    return {};
}

bool IsTitle(View line) {
    if (line.empty() || line.size() > kMaxTitle || Contains(line, U"。") ||
        Contains(line, U"号 ") || !DocumentNumber(line).empty()) {
        return false;
    }
    return !SuffixOf(line, kTitleNouns).empty();
}

// The issuer inside "某政府关于印发…的通知" or "某政府关于推进…的意见".
View IssuerOfTitle(View title) {
    const std::size_t about = title.find(U"关于");
    if (about == View::npos || about < 3 || about > kMaxIssuer) {
        return {};
    }
    return SuffixOf(title.substr(0, about), kIssuerNouns).empty() ? View{} : title.substr(0, about);
}

View LabelledIssuer(View line) {
    for (const View label : kIssuerLabels) {
        const std::size_t at = line.find(label);
        if (at == View::npos) {
            continue;
        }
        View value = Trim(line.substr(at + label.size()));
        DropPrefix(value, {U":"});
        value = Trim(value);
        value = value.substr(0, value.find_first_of(U" |"));
        if (value.size() >= 3 && value.size() <= kMaxIssuer &&
            !SuffixOf(value, kIssuerNouns).empty()) {
            return value;
        }
    }
    return {};
}

bool IsSignature(View line) {
    return line.size() >= 4 && line.size() <= kMaxIssuer && !SuffixOf(line, kIssuerNouns).empty() &&
           line.find_first_of(U":,、。") == View::npos;
}

}  // namespace

std::string ReadDate(View text) {
    std::size_t at = 0;
    core::CivilDate date;
    date.year = Digits(text, at, 4);
    if (date.year < 1949 || date.year > 2200 || !Step(text, at, U"年-/.")) {
        return {};
    }
    date.month = Digits(text, at, 2);
    if (!Step(text, at, U"月-/.")) {
        return {};
    }
    date.day = Digits(text, at, 2);
    return date.month > 0 && date.day > 0 && IsValid(date) ? core::FormatDate(date) : std::string();
}

Letterhead ReadLetterhead(const SourceText& source, const std::vector<View>& lines) {
    Letterhead head;
    View title;
    View title_issuer;
    View label_issuer;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const View line = lines[i];
        if (IsTitle(line)) {
            // The inner title follows the notice that carries it.
            const bool notice = line.ends_with(U"通知") && !title.empty();
            title = notice ? title : line;
            title_issuer = title_issuer.empty() ? IssuerOfTitle(line) : title_issuer;
        }
        if (const View number = DocumentNumber(line); !number.empty() && head.doc_no.empty()) {
            head.doc_no = source.Printed(number);
        }
        label_issuer = label_issuer.empty() ? LabelledIssuer(line) : label_issuer;
        const std::string date = FirstDate(line);
        if (date.empty()) {
            continue;
        }
        const bool signature = !ReadDate(line).empty() && Contains(line, U"年");
        (signature ? head.date : head.published) = date;
        if (signature && i > 0 && IsSignature(lines[i - 1])) {
            head.issuer = source.Printed(lines[i - 1]);
        }
    }
    head.title = source.Printed(title.empty() ? source.folded().substr(0, 0) : title);
    for (const View candidate : {title_issuer, label_issuer}) {
        if (head.issuer.empty() && !candidate.empty()) {
            head.issuer = source.Printed(candidate);
        }
    }
    head.date = head.date.empty() ? head.published : head.date;
    return head;
}

}  // namespace kangqu::plan
