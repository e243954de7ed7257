#include "questionnaire.hpp"

#include "kangqu/core/decimal.hpp"
#include "kangqu/core/utf8.hpp"
#include "kangqu/fhir/definitions.hpp"

#include "profiles.hpp"
#include "texts.hpp"
#include <string_view>
#include <unordered_map>

namespace kangqu::validate {

namespace {

using core::JsonNode;
using core::Words;
using fhir::Place;

// The JSON property in which an item of a type is answered; several for open choices.
std::string_view PropertyOf(std::string_view type) noexcept {
    constexpr std::pair<std::string_view, std::string_view> kProperties[] = {
        {"boolean", "valueBoolean"},
        {"decimal", "valueDecimal"},
        {"integer", "valueInteger"},
        {"date", "valueDate"},
        {"dateTime", "valueDateTime"},
        {"time", "valueTime"},
        {"string", "valueString"},
        {"text", "valueString"},
        {"url", "valueUri"},
        {"choice", "valueCoding"},
        {"open-choice", "valueCoding"},
        {"attachment", "valueAttachment"},
        {"reference", "valueReference"},
        {"quantity", "valueQuantity"}};
    for (const auto& [name, property] : kProperties) {
        if (name == type) {
            return property;
        }
    }
    return {};
}

JsonNode ValueOf(JsonNode answer) {
    for (JsonNode member = answer.first(); member; member = member.next()) {
        if (member.key().starts_with("value")) {
            return member;
        }
    }
    return {};
}

class AnswerCheck {
public:
    AnswerCheck(JsonNode response, Sink& sink) : sink_(sink) {
        Remember(response["item"]);
        const std::string_view status = response["status"].text();
        complete_ = status == "completed" || status == "amended";
    }

    // The items of one level, in the response and in the questionnaire.
    void Items(JsonNode given, JsonNode asked, const Place& owner) {
        static const auto* const kRow =
            fhir::FindElement(fhir::FindType("QuestionnaireResponse"), "item");
        std::unordered_map<std::string_view, Asked> questions;
        for (JsonNode question = asked.first(); question; question = question.next()) {
            questions.emplace(question["linkId"].text(), Asked{question, 0});
        }
        Place at{.parent = &owner, .element = kRow, .index = 0, .indexed = true};
        for (JsonNode item = given.first(); item && !sink_.full(); item = item.next()) {
            const auto found = questions.find(item["linkId"].text());
            if (found != questions.end()) {
                ++found->second.count;
                Item(item, found->second.question, at);
            } else {
                Fail(at, item, Words("问卷中没有这一题", "the questionnaire does not have it"));
            }
            ++at.index;
        }
        for (JsonNode question = asked.first(); question; question = question.next()) {
            Count(question, questions[question["linkId"].text()].count, owner);
        }
    }

private:
    struct Asked {
        JsonNode question;
        std::size_t count = 0;  // of items in the response
    };

    void Fail(const Place& place, JsonNode item, std::string reason) {
        sink_.Add(
            Severity::kError,
            place,
            core::MakeError(
                core::ErrorCode::kAnswerInvalid, Shown(item["linkId"].text()), std::move(reason)
            )
        );
    }

    // Required ones are there, others that do not repeat are there but once.
    void Count(JsonNode question, std::size_t count, const Place& owner) {
        const bool group = question["type"].text() == "group";
        if (complete_ && count == 0 && question["required"].boolean() && IsEnabled(question)) {
            Fail(owner, question, Words("必填，没有回答", "an answer is required"));
        }
        if (count > 1 && !(group && question["repeats"].boolean())) {
            Fail(owner, question, Words("只能出现一次", "it may occur only once"));
        }
    }

    void Item(JsonNode item, JsonNode question, const Place& place) {
        const std::string_view type = question["type"].text();
        const JsonNode answers = item["answer"];
        if (answers && !IsEnabled(question)) {
            Fail(place, item, Words("按其他回答不应作答", "other answers leave it out"));
        }
        if (type == "group" || type == "display") {
            if (answers) {
                Fail(place, item, Words("这一项不需要回答", "it takes no answer"));
            }
        } else {
            Answers(item, question, answers, place);
        }
        Items(item["item"], question["item"], place);
    }

    void Answers(JsonNode item, JsonNode question, JsonNode answers, const Place& place) {
        if (answers.size() > 1 && !question["repeats"].boolean()) {
            Fail(place, item, Words("只能有一个回答", "it takes one answer only"));
        }
        if (answers.size() == 0 && complete_ && question["required"].boolean()) {
            Fail(place, item, Words("必填，没有回答", "an answer is required"));
        }
        for (JsonNode answer = answers.first(); answer; answer = answer.next()) {
            Answer(item, question, ValueOf(answer), place);
            if (answer["item"]) {
                Items(answer["item"], question["item"], place);
            }
        }
    }

    void Answer(JsonNode item, JsonNode question, JsonNode value, const Place& place) {
        const std::string_view type = question["type"].text();
        const std::string_view wanted = PropertyOf(type);
        const bool open = type == "open-choice" && value.key() == "valueString";
        const JsonNode options = question["answerOption"];
        if (options.size() > 0) {
            if (!open && type != "open-choice" && !IsOption(options, value)) {
                Fail(place, item, Words("回答不在选项之中", "the answer is none of the options"));
            }
            return;
        }
        if (!wanted.empty() && value.key() != wanted && !open) {
            const std::string shown(wanted);
            Fail(place, item, Words("回答应写在 " + shown + " 中", "answer it in " + shown));
            return;
        }
        Limits(item, question, value, place);
    }

    void Limits(JsonNode item, JsonNode question, JsonNode value, const Place& place) {
        constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/";
        for (JsonNode one = question["extension"].first(); one; one = one.next()) {
            std::string_view name = one["url"].text();
            name.remove_prefix(name.starts_with(kBase) ? kBase.size() : name.size());
            const bool least = name == "minValue";
            if ((least && Holds(value, "<", ValueOf(one))) ||
                (name == "maxValue" && Holds(value, ">", ValueOf(one)))) {
                Fail(
                    place,
                    item,
                    least ? Words("回答小于允许的最小值", "the answer is less than allowed")
                          : Words("回答大于允许的最大值", "the answer is more than allowed")
                );
            }
        }
        const auto most = question["maxLength"].integer();
        if (most && value.is_string() &&
            static_cast<std::int64_t>(core::CountCodePoints(value.text())) > *most) {
            Fail(place, item, Words("回答过长", "the answer is too long"));
        }
    }

    static bool IsOption(JsonNode options, JsonNode value) {
        for (JsonNode option = options.first(); option; option = option.next()) {
            const JsonNode allowed = ValueOf(option);
            const bool coding = value.key() == "valueCoding" && allowed.key() == value.key();
            if (coding ? allowed["code"].text() == value["code"].text() &&
                             allowed["system"].text() == value["system"].text()
                       : allowed.key() == value.key() && SameValue(value, allowed)) {
                return true;
            }
        }
        return false;
    }

    // Whether a question is to be asked after what was answered elsewhere
    // (http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen).
    bool IsEnabled(JsonNode question) const {
        const JsonNode conditions = question["enableWhen"];
        if (conditions.size() == 0) {
            return true;
        }
        const bool all = question["enableBehavior"].text() == "all";
        for (JsonNode one = conditions.first(); one; one = one.next()) {
            if (IsMet(one) != all) {
                return !all;
            }
        }
        return all;
    }

    bool IsMet(JsonNode condition) const {
        const std::string_view operation = condition["operator"].text();
        JsonNode wanted;
        for (JsonNode member = condition.first(); member; member = member.next()) {
            wanted = member.key().starts_with("answer") ? member : wanted;
        }
        const auto item = first_.find(condition["question"].text());
        const JsonNode answers = item == first_.end() ? JsonNode() : item->second["answer"];
        if (operation == "exists") {
            return (answers.size() > 0) == wanted.boolean();
        }
        for (JsonNode answer = answers.first(); answer; answer = answer.next()) {
            if (Holds(ValueOf(answer), operation, wanted)) {
                return true;
            }
        }
        return false;
    }

    void Remember(JsonNode items) {
        for (JsonNode item = items.first(); item; item = item.next()) {
            first_.emplace(item["linkId"].text(), item);
            Remember(item["item"]);
            for (JsonNode answer = item["answer"].first(); answer; answer = answer.next()) {
                Remember(answer["item"]);
            }
        }
    }

    static bool Holds(JsonNode value, std::string_view operation, JsonNode wanted) {
        if (operation == "=" || operation == "!=") {
            const bool coding = wanted.key() == "answerCoding";
            const bool same = coding ? HasPattern(value, wanted) : SameValue(value, wanted);
            return same == (operation == "=");
        }
        const JsonNode a = value.is_object() ? value["value"] : value;
        const JsonNode b = wanted.is_object() ? wanted["value"] : wanted;
        const auto x = core::Decimal::Parse(a.text());
        const auto y = core::Decimal::Parse(b.text());
        const bool numbers = a.is_number() && b.is_number() && x && y;
        const bool less = numbers ? *x < *y : a.text() < b.text();
        const bool more = numbers ? *y < *x : a.text() > b.text();
        return (operation.starts_with('<') && less) || (operation.starts_with('>') && more) ||
               (operation.ends_with('=') && !less && !more);
    }

    Sink& sink_;
    std::unordered_map<std::string_view, JsonNode> first_;  // item of each name, at any depth
    bool complete_ = false;
};

}  // namespace

void CheckAnswers(JsonNode response, JsonNode questionnaire, const Place& place, Sink& sink) {
    if (questionnaire["resourceType"].text() == "Questionnaire") {
        AnswerCheck(response, sink).Items(response["item"], questionnaire["item"], place);
    }
}

}  // namespace kangqu::validate
