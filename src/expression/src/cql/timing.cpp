// Timing phrases: A starts 3 days or less before start of B, during day of, same or after, ...
#include "cql/cql_parser.hpp"

namespace kangqu::expression {

// Fields of a kTiming node: text the relation, extra the precision, flag properly, op the kind of
// offset ("or more", "or less", "more than", "less than", "exactly", empty for none), kids left,
// right and, with an offset, the quantity.

bool CqlParser::TimingHere() const {
    const Token& token = Peek();
    if (token.kind == TokenKind::kInteger || token.kind == TokenKind::kDecimal) {
        return true;
    }
    if (token.kind != TokenKind::kName) {
        return false;
    }
    for (const std::string_view word :
         {"starts",
          "ends",
          "occurs",
          "same",
          "properly",
          "includes",
          "during",
          "included",
          "before",
          "after",
          "on",
          "within",
          "meets",
          "overlaps"}) {
        if (token.text == word) {
            return true;
        }
    }
    return (token.text == "less" || token.text == "more") && IsWord("than", 1);
}

Ast* CqlParser::Boundary(std::string_view part, Ast* operand) {
    if (operand == nullptr) {
        return nullptr;
    }
    return pool().New(AstKind::kBoundary, operand->at, part, {operand});
}

// "day of" behind a relation.
void CqlParser::PrecisionOf(Ast* timing) {
    if (Peek().kind == TokenKind::kName && IsPrecisionWord(Peek().text, false) && IsWord("of", 1)) {
        timing->extra = CalendarUnit(Next().text);
        Next();
    }
}

Ast* CqlParser::Timing(Ast* left) {
    Ast* timing = pool().New(AstKind::kTiming, Peek().at);
    if (IsWord("occurs")) {
        Next();
    } else if (IsWord("starts") || IsWord("ends")) {
        const bool starts = Next().text == "starts";
        const bool more = TimingHere();
        const bool precision = IsPrecisionWord(Peek().text, false) && IsWord("of", 1);
        if (!more || precision) {
            timing->text = starts ? "starts" : "ends";
            PrecisionOf(timing);
            timing->kids = {left, Expression(kTimingLevel + 1)};
            return failed() ? nullptr : timing;
        }
        left = Boundary(starts ? "start" : "end", left);
    }
    timing->kids.push_back(left);
    Ast* offset = nullptr;
    if (!Relation(timing)) {
        return nullptr;
    }
    if (timing->kids.size() > 1) {
        offset = timing->kids[1];
        timing->kids.pop_back();
    }
    std::string_view part;
    if ((IsWord("start") || IsWord("end")) && !IsWord("of", 1)) {
        part = Next().text;
    }
    Ast* right = Expression(kTimingLevel + 1);
    if (failed()) {
        return nullptr;
    }
    timing->kids.push_back(part.empty() ? right : Boundary(part, right));
    if (offset != nullptr) {
        timing->kids.push_back(offset);
    }
    return timing;
}

// Reads the relation itself; an offset is left as kids[1].
bool CqlParser::Relation(Ast* timing) {
    if (AcceptWord("same")) {
        return SameRelation(timing);
    }
    timing->flag = AcceptWord("properly");
    if (AcceptWord("includes")) {
        timing->text = "includes";
        PrecisionOf(timing);
        return true;
    }
    if (IsWord("during") || IsWord("included")) {
        if (Next().text == "included" && !ExpectWord("in")) {
            return false;
        }
        timing->text = "during";
        PrecisionOf(timing);
        return true;
    }
    if (AcceptWord("within")) {
        timing->text = "within";
        Ast* quantity = Literal();
        if (quantity == nullptr || quantity->kind != AstKind::kQuantity) {
            Expected("a quantity of time");
            return false;
        }
        timing->kids.push_back(quantity);
        return ExpectWord("of");
    }
    if (IsWord("meets") || IsWord("overlaps")) {
        const bool meets = Next().text == "meets";
        timing->text = meets ? "meets" : "overlaps";
        if (AcceptWord("before")) {
            timing->text = meets ? "meets before" : "overlaps before";
        } else if (AcceptWord("after")) {
            timing->text = meets ? "meets after" : "overlaps after";
        }
        PrecisionOf(timing);
        return true;
    }
    return PointRelation(timing);
}

// same [day] as | same [day] or before | same [day] or after
bool CqlParser::SameRelation(Ast* timing) {
    if (Peek().kind == TokenKind::kName && IsPrecisionWord(Peek().text, false)) {
        timing->extra = CalendarUnit(Next().text);
    }
    if (AcceptWord("as")) {
        timing->text = "same as";
        return true;
    }
    if (!ExpectWord("or")) {
        return false;
    }
    if (AcceptWord("before")) {
        timing->text = "same or before";
        return true;
    }
    timing->text = "same or after";
    return ExpectWord("after");
}

// 3 days [or more | or less], less than 3 days, more than 3 days.
bool CqlParser::Offset(Ast* timing) {
    std::string_view kind;
    if (IsWord("less") || IsWord("more")) {
        kind = Next().text == "less" ? "less than" : "more than";
        if (!ExpectWord("than")) {
            return false;
        }
    }
    Ast* quantity = Literal();
    if (quantity == nullptr || quantity->kind != AstKind::kQuantity) {
        Expected("a quantity of time");
        return false;
    }
    if (kind.empty()) {
        kind = "exactly";
        if (IsWord("or") && (IsWord("more", 1) || IsWord("less", 1))) {
            Next();
            kind = Next().text == "more" ? "or more" : "or less";
        }
    }
    timing->op = kind;
    timing->kids.push_back(quantity);
    return true;
}

// [offset] [on or] before|after [or on]
bool CqlParser::PointRelation(Ast* timing) {
    const bool number = Peek().kind == TokenKind::kInteger || Peek().kind == TokenKind::kDecimal;
    if ((number || IsWord("less") || IsWord("more")) && !Offset(timing)) {
        return false;
    }
    bool on = false;
    if (AcceptWord("on")) {
        on = true;
        if (!ExpectWord("or")) {
            return false;
        }
    }
    if (!IsWord("before") && !IsWord("after")) {
        Expected("before or after");
        return false;
    }
    const bool before = Next().text == "before";
    if (!on && IsWord("or") && IsWord("on", 1)) {
        Next();
        Next();
        on = true;
    }
    timing->text = before ? (on ? "on or before" : "before") : (on ? "on or after" : "after");
    PrecisionOf(timing);
    return true;
}

}  // namespace kangqu::expression
