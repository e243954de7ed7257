#include "kangqu/core/utf8.hpp"
#include "kangqu/plan/document.hpp"

#include "clause.hpp"
#include "heading.hpp"
#include "indicator_reader.hpp"
#include "letterhead.hpp"
#include "quantity.hpp"
#include "table.hpp"
#include "task_table.hpp"
#include "units.hpp"
#include <algorithm>
#include <unordered_map>
#include <utility>

namespace kangqu::plan {

namespace {

using core::ErrorCode;
using core::MakeError;

// A heading that stands alone is not longer.
constexpr std::size_t kMaxBareHeading = 60;

// Chapters that tell of today, of principles or of the situation hold no tasks.
bool IsBackground(const std::vector<std::string>& path) {
    for (const std::string& heading : path) {
        for (const char* const word :
             {"背景",
              "发展基础",
              "问题",
              "面临",
              "形势",
              "指导思想",
              "基本原则",
              "总则",
              "总体要求",
              "现状",
              "成效"}) {
            if (heading.find(word) != std::string::npos) {
                return true;
            }
        }
    }
    return false;
}

// A short numbered line that holds a target is an item and no heading.
bool StatesTarget(View line) {
    return line.find_first_of(U",;") != View::npos && !FindQuantities(line).empty();
}

// Words under the headings `path` that no clause has closed yet.
struct Block {
    View text;
    std::vector<std::string> path;
    bool numbered = false;
    bool noisy = false;
};

class PlanReader {
public:
    explicit PlanReader(std::string_view utf8) : source_(utf8), table_(source_) {}

    core::Result<PlanDocument> Read() {
        for (const View raw : Lines(source_.folded())) {
            const View line = Trim(raw);
            raw_ = raw.ends_with(U'\r') ? raw.substr(0, raw.size() - 1) : raw;
            if (!line.empty()) {
                ReadLine(line);
            }
            if (document_.tasks.size() > kPlanMaxTasks) {
                return MakeError(
                    ErrorCode::kTooLarge,
                    std::to_string(document_.tasks.size()),
                    std::to_string(kPlanMaxTasks)
                );
            }
        }
        Drop();
        if (document_.tasks.empty()) {
            TakeUnclaimed();
        }
        document_.indicators = table_.TakeIndicators();
        KQ_TRY(Judge());
        Finish();
        return std::move(document_);
    }

private:
    void ReadLine(View line) {
        if (GoesOn(line)) {
            return;
        }
        View rest = line;
        if (const auto mark = ReadHeadingMark(line)) {
            Drop();
            table_.EndTable();
            seen_heading_ = true;
            EnterHeading(line, *mark);
            const bool bare = line.size() <= kMaxBareHeading && !FindClause(line) &&
                              !Contains(line.substr(0, line.size() - 1), U"。");
            bare_ = View{};
            if (bare && !StatesTarget(line)) {
                noisy_ = mark->noisy;
                bare_ = line;
                // "2.床位达到30张": short, and still a target.
                if (!FindQuantities(line.substr(mark->length)).empty()) {
                    unclaimed_.push_back(Block{line, headings_.Path(), true, false});
                }
                return;
            }
            open_ = Block{line, headings_.Path(), true, mark->noisy || noisy_};
        } else {
            if (!seen_heading_) {
                letterhead_.push_back(line);
            }
            table_.Feed(line);
            if (Contains(line, U"\t")) {
                Drop();
                // With its empty cells at both ends.
                if (const auto row = rows_.Feed(raw_)) {
                    AddRow(*row, line);
                }
                return;
            }
            rows_.End();
            // "1.某事" above "责任单位:甲": the heading is the task.
            if (!bare_.empty() && !open_ && IsClauseLabel(line)) {
                open_ = Block{bare_, headings_.Path(), true, noisy_};
            }
            bare_ = View{};
            Continue(line);
        }
        while (const auto clause = FindClause(rest)) {
            const std::size_t before = document_.tasks.size();
            Close(*clause);
            labelled_ = document_.tasks.size() > before && IsClauseLabel(clause->span);
            const std::size_t used =
                source_.OffsetOf(clause->span) + clause->span.size() - source_.OffsetOf(rest);
            rest = rest.substr(used);
            while (!rest.empty() && (IsSpace(rest.front()) || rest.front() == U'。')) {
                rest.remove_prefix(1);
            }
            if (!rest.empty()) {
                open_ = Block{rest, headings_.Path(), false, false};
            }
        }
    }

    // A label line right below a task that a label line closed names further units of it.
    bool GoesOn(View line) {
        if (!labelled_ || open_) {
            labelled_ = false;
            return false;
        }
        if (IsClauseRemark(line)) {
            return true;
        }
        const auto clause = IsClauseLabel(line) ? FindClause(line) : std::nullopt;
        if (!clause) {
            labelled_ = false;
            return false;
        }
        Task& task = document_.tasks.back();
        for (const View unit : clause->units) {
            task.units.push_back(source_.Printed(unit));
        }
        task.collective = task.collective || clause->collective;
        task.offset.end = source_.OffsetOf(clause->span) + clause->span.size();
        task.text = source_.Printed(
            source_.folded().substr(task.offset.start, task.offset.end - task.offset.start)
        );
        return true;
    }

    void EnterHeading(View line, const HeadingMark& mark) {
        View sentence = line.substr(0, line.find(U'。'));
        if (const auto clause = FindClause(sentence)) {
            sentence = sentence.substr(0, source_.OffsetOf(clause->span) - source_.OffsetOf(line));
        }
        std::string text = source_.Printed(Trim(sentence));
        if (mark.noisy) {
            const View number = mark.number;
            text = "(" + source_.Printed(number) + ")" +
                   source_.Printed(Trim(sentence.substr(std::min(mark.length, sentence.size()))));
        }
        headings_.Enter(mark.kind, std::move(text));
    }

    // A line without number goes on with a numbered item, or stands for itself.
    void Continue(View line) {
        const auto clause = FindClause(line);
        const bool lone_clause = clause && clause->span.data() == line.data();
        if (open_ && (open_->numbered || lone_clause)) {
            const std::size_t begin = source_.OffsetOf(open_->text);
            const std::size_t end = source_.OffsetOf(line) + line.size();
            open_->text = source_.folded().substr(begin, end - begin);
            return;
        }
        Drop();
        open_ = Block{line, headings_.Path(), false, noisy_};
    }

    // A block that no clause closes: kept for documents that name no units.
    void Drop() {
        if (open_) {
            unclaimed_.push_back(std::move(*open_));
            open_.reset();
        }
    }

    void Close(const ResponsibilityClause& clause) {
        if (!open_) {
            return;
        }
        const std::size_t begin = source_.OffsetOf(open_->text);
        const std::size_t body_end = source_.OffsetOf(clause.span);
        if (body_end <= begin) {
            open_.reset();
            return;
        }
        Block block = std::move(*open_);
        open_.reset();
        block.text = source_.folded().substr(begin, body_end - begin);
        Task task = TaskOf(block, body_end + clause.span.size());
        for (const View unit : clause.units) {
            task.units.push_back(source_.Printed(unit));
        }
        task.mode = clause.mode;
        task.lead_unit = clause.mode == ResponsibilityMode::kLeadFirst ? task.units.front() : "";
        task.declaration = clause.declaration.empty() ? "" : source_.Printed(clause.declaration);
        task.collective = clause.collective;
        if (clause.unclosed) {
            task.doubts.push_back({"unclosed-clause", task.units.back()});
        }
        AddTask(std::move(task), block);
    }

    Task TaskOf(const Block& block, std::size_t end) const {
        Task task;
        task.path = block.path;
        task.offset = {source_.OffsetOf(block.text), end};
        task.text =
            source_.Printed(source_.folded().substr(task.offset.start, end - task.offset.start));
        const View words = WithoutMark(block.text);
        task.title = source_.Printed(Trim(words.substr(0, words.find_first_of(U"。\n"))));
        if (block.noisy) {
            task.doubts.push_back({"noisy-number", {}});
        }
        return task;
    }

    static View WithoutMark(View text) {
        const auto mark = ReadHeadingMark(text.substr(0, text.find(U'\n')));
        return mark ? text.substr(mark->length) : text;
    }

    // A row of a table of tasks.
    void AddRow(const TaskTable::Row& row, View line) {
        Block block;
        block.text = row.text;
        block.path = headings_.Path();
        for (const View above : row.above) {
            block.path.push_back(source_.Printed(above));
        }
        Task task = TaskOf(block, source_.OffsetOf(row.text) + row.text.size());
        task.offset = {source_.OffsetOf(line), source_.OffsetOf(line) + line.size()};
        task.text = source_.Printed(line);
        for (const View unit : row.units) {
            task.units.push_back(source_.Printed(unit));
            task.collective = task.collective || unit.starts_with(U'各');
        }
        task.mode = row.by_duty ? ResponsibilityMode::kEachByDuty : ResponsibilityMode::kLeadFirst;
        task.lead_unit = row.by_duty ? std::string() : task.units.front();
        AddTask(std::move(task), block);
        for (const View target : row.targets) {
            IndicatorReader more(source_);
            more.Read(target);
            for (Indicator& indicator : more.TakeIndicators()) {
                document_.tasks.back().indicators.push_back(std::move(indicator));
            }
        }
    }

    // The same numbered item printed twice is one task with two places.
    void AddTask(Task task, const Block& block) {
        if (block.numbered && !task.path.empty()) {
            const auto [slot, fresh] =
                by_heading_.try_emplace(task.path.back(), document_.tasks.size());
            if (!fresh && document_.tasks[slot->second].units == task.units) {
                Task& first = document_.tasks[slot->second];
                first.repeated_at.push_back(task.offset);
                if (first.repeated_at.size() == 1) {
                    first.doubts.push_back({"repeated", {}});
                }
                return;
            }
        }
        task.no = static_cast<int>(document_.tasks.size()) + 1;
        IndicatorReader indicators(source_);
        indicators.Read(WithoutMark(block.text));
        task.indicators = indicators.TakeIndicators();
        for (Doubt& doubt : indicators.TakeDoubts()) {
            task.doubts.push_back(std::move(doubt));
        }
        document_.tasks.push_back(std::move(task));
    }

    // No clause in the whole document: its numbered items are the tasks.
    void TakeUnclaimed() {
        for (const Block& block : unclaimed_) {
            const bool heading = block.text.size() < 20 && FindQuantities(block.text).empty();
            if (block.path.empty() || IsBackground(block.path) || heading ||
                document_.tasks.size() >= kPlanMaxTasks) {
                continue;
            }
            const View text = Trim(block.text);
            Block trimmed = block;
            trimmed.text = text;
            Task task = TaskOf(trimmed, source_.OffsetOf(text) + text.size());
            task.doubts.push_back({"no-units", {}});
            AddTask(std::move(task), trimmed);
        }
        unclaimed_.clear();
    }

    core::Status Judge() const {
        const bool units =
            std::any_of(document_.tasks.begin(), document_.tasks.end(), [](const Task& task) {
                return !task.units.empty();
            });
        const bool targets =
            std::any_of(document_.tasks.begin(), document_.tasks.end(), [](const Task& task) {
                return !task.indicators.empty();
            });
        if (units || targets || !document_.indicators.empty()) {
            return {};
        }
        return MakeError(
            ErrorCode::kPlanNotADocument,
            seen_heading_
                ? "有编号标题，但没有“责任单位”说明，也没有带数值的目标 (headings, but neither "
                  "responsible units nor targets)"
                : "没有编号标题，也没有“责任单位”说明 (neither numbered headings nor "
                  "responsible units)"
        );
    }

    void Finish() {
        Letterhead head = ReadLetterhead(source_, letterhead_);
        document_.title = std::move(head.title);
        document_.issuer = std::move(head.issuer);
        document_.doc_no = std::move(head.doc_no);
        document_.date = std::move(head.date);
        document_.published = std::move(head.published);
        for (const Block& block : unclaimed_) {
            if (block.path.empty() || IsBackground(block.path)) {
                continue;
            }
            IndicatorReader aims(source_);
            aims.Read(WithoutMark(block.text));
            for (Indicator& indicator : aims.TakeIndicators()) {
                document_.indicators.push_back(std::move(indicator));
            }
        }
        RestoreElidedPrefixes(document_.tasks);
    }

    SourceText source_;
    TableReader table_;
    TaskTable rows_;
    PlanDocument document_;
    HeadingStack headings_;
    std::vector<View> letterhead_;
    std::optional<Block> open_;
    View raw_;   // the line being read, with its spaces
    View bare_;  // the line above, when it was a heading alone
    std::vector<Block> unclaimed_;
    std::unordered_map<std::string, std::size_t> by_heading_;
    bool seen_heading_ = false;
    bool labelled_ = false;  // the last line closed a task with a label of its own
    bool noisy_ = false;
};

}  // namespace

core::Result<PlanDocument> ReadPlan(std::string_view utf8_text) {
    if (utf8_text.size() > kPlanMaxBytes) {
        return MakeError(
            ErrorCode::kTooLarge,
            std::to_string(utf8_text.size()) + " B",
            std::to_string(kPlanMaxBytes) + " B"
        );
    }
    if (const auto bad = core::FindInvalidUtf8(utf8_text)) {
        return MakeError(ErrorCode::kNotUtf8, std::to_string(*bad));
    }
    return PlanReader(utf8_text).Read();
}

std::string SliceCodePoints(std::string_view utf8_text, TextRange range) {
    if (range.end < range.start || range.end > core::CountCodePoints(utf8_text)) {
        return {};
    }
    const std::size_t begin = core::PrefixCodePoints(utf8_text, range.start).size();
    return std::string(core::PrefixCodePoints(utf8_text.substr(begin), range.end - range.start));
}

}  // namespace kangqu::plan
