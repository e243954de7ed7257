// $validate-code of value sets and code systems.
#include "request.hpp"
#include <algorithm>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

namespace {

// What was found of one coding.
struct Finding {
    bool valid = false;
    std::string message;
    CodingText coding;  // with the display it ought to have
};

bool SameDisplay(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        };
        return lower(x) == lower(y);
    });
}

bool IsDisplayOf(const CodeSystem& codes, ConceptNumber number, std::string_view display) {
    const auto list = codes.designations(number);
    return SameDisplay(codes.display(number), display) ||
           std::any_of(list.begin(), list.end(), [display](const Designation& one) {
               return SameDisplay(one.value, display);
           });
}

std::string Say(const Operation& operation, std::string zh, std::string en) {
    return operation.language == core::Language::kZh ? std::move(zh) : std::move(en);
}

// Display, day and abstractness of a code that its system has.
void Judge(
    const Request& request,
    const Operation& operation,
    const CodeSystem& codes,
    core::CivilDate day,
    Finding& finding
) {
    const ConceptNumber number = codes.Find(finding.coding.code);
    if (number == kNoConcept) {
        return;
    }
    const std::string given = finding.coding.display;
    finding.coding.display = codes.display(number, request.Language());
    finding.coding.version = codes.head().version;
    if (!given.empty() && !IsDisplayOf(codes, number, given)) {
        finding.valid = false;
        finding.message =
            Say(operation,
                "名称“" + given + "”与代码不符，应为“" + finding.coding.display + "”。",
                "The display \"" + given + "\" is not that of the code: \"" +
                    finding.coding.display + "\".");
    }
    if (codes.abstract(number) && request.Text("abstract") == "false") {
        finding.valid = false;
        finding.message =
            Say(operation, "该代码只用于归类，不能选用。", "The code only groups others.");
    }
    if (!request.Text("date").empty() && codes.inactive(number, day)) {
        finding.valid = false;
        finding.message =
            Say(operation,
                "该代码在 " + core::FormatDate(day) + " 无效。",
                "The code is not valid on " + core::FormatDate(day) + ".");
    }
}

std::string
NotThere(const Operation& operation, const CodingText& coding, const std::string& where) {
    const std::string code =
        coding.system.empty() ? coding.code : coding.system + "#" + coding.code;
    return Say(
        operation,
        where + " 中没有代码 " + code + "。",
        "The code " + code + " is not in " + where + "."
    );
}

std::string Answer(const Finding& finding) {
    ParametersWriter out;
    out.AddFlag("result", finding.valid);
    out.Add("message", "valueString", finding.message);
    out.Add("code", "valueCode", finding.coding.code);
    out.Add("system", "valueUri", finding.coding.system);
    out.Add("version", "valueString", finding.coding.version);
    out.Add("display", "valueString", finding.coding.display);
    return std::move(out).Finish();
}

// The first coding that is valid, else the last that is not.
template <class Check>
core::Result<std::string>
AnswerFirstValid(const std::vector<CodingText>& codings, const Check& check) {
    Finding last;
    for (const CodingText& coding : codings) {
        KQ_ASSIGN(Finding finding, check(coding));
        last = std::move(finding);
        if (last.valid) {
            break;
        }
    }
    return Answer(last);
}

// A code without a system is looked for in all of the set's.
const SetPart* PartWith(const CompiledSet& set, const CodingText& coding) {
    for (const SetPart& part : set.parts()) {
        if ((coding.system.empty() || part.codes->head().url == coding.system) &&
            part.bits.test(part.codes->Find(coding.code))) {
            return &part;
        }
    }
    return nullptr;
}

}  // namespace

core::Result<std::string> ValidateInSet(const Catalogue::State& state, const Operation& operation) {
    const Request request(state, operation);
    KQ_ASSIGN(const auto codings, request.Codings());
    KQ_ASSIGN(const core::CivilDate day, request.Day());
    std::shared_ptr<const CompiledSet> set;
    std::string name;
    if (const JsonNode sent = request.Node("valueSet"); sent) {
        KQ_ASSIGN(set, CompileSet(sent, state, state.today, 0));
        name = sent["url"].text();
    } else {
        KQ_ASSIGN(const std::size_t index, request.Resource("url", "valueSetVersion"));
        KQ_ASSIGN(set, state.SetOf(index, 0));
        name = state.entries[index]->head().Canonical();
    }
    return AnswerFirstValid(codings, [&](const CodingText& coding) -> core::Result<Finding> {
        Finding finding{false, {}, coding};
        const Member member = set->Contains(coding.system, coding.version, coding.code);
        if (member == Member::kUnknown) {
            return set->unknown().empty() ? MakeError(ErrorCode::kCodeSystemUnknown, coding.system)
                                          : set->unknown().front();
        }
        finding.valid = member == Member::kYes;
        if (!finding.valid) {
            finding.message = NotThere(operation, coding, name);
            return finding;
        }
        if (const SetPart* part = PartWith(*set, coding); part != nullptr) {
            finding.coding.system = part->codes->head().url;
            Judge(request, operation, *part->codes, day, finding);
        }
        return finding;
    });
}

core::Result<std::string>
ValidateInSystem(const Catalogue::State& state, const Operation& operation) {
    const Request request(state, operation);
    KQ_ASSIGN(auto codings, request.Codings());
    KQ_ASSIGN(const core::CivilDate day, request.Day());
    std::shared_ptr<const CodeSystem> fixed;
    if (!operation.id.empty()) {
        KQ_ASSIGN(const std::size_t index, request.Resource("url", "version"));
        KQ_ASSIGN(fixed, state.SystemOf(index));
    } else if (const JsonNode sent = request.Node("codeSystem"); sent) {
        KQ_ASSIGN(fixed, CodeSystem::Make(sent));
    }
    return AnswerFirstValid(codings, [&](const CodingText& coding) -> core::Result<Finding> {
        Finding finding{false, {}, coding};
        const std::string_view url =
            coding.system.empty() ? request.Text("url") : std::string_view(coding.system);
        const auto codes = fixed ? fixed : state.SystemOn(url, coding.version, day);
        if (!codes) {
            return MakeError(ErrorCode::kCodeSystemUnknown, std::string(url.substr(0, 300)));
        }
        finding.coding.system = codes->head().url;
        finding.valid = codes->Find(coding.code) != kNoConcept;
        if (finding.valid) {
            Judge(request, operation, *codes, day, finding);
        } else if (codes->content() != Content::kComplete) {
            return MakeError(ErrorCode::kCodeSystemPartial, codes->head().url, "$validate-code");
        } else {
            finding.message = NotThere(operation, coding, codes->head().url);
        }
        return finding;
    });
}

}  // namespace kangqu::terminology
