// Retrieves and queries.
#include "cql/cql_parser.hpp"

namespace kangqu::expression {

// [Type], [Type: terminology], [Type: path in terminology], [Context -> Type ...].
Ast* CqlParser::Retrieve() {
    const std::uint32_t at = Next().at;
    Ast* node = pool().New(AstKind::kRetrieve, at);
    Ast* context = nullptr;
    const bool name = Peek().kind == TokenKind::kName || Peek().kind == TokenKind::kQuotedName;
    if (name && IsSymbol("-", 1) && IsSymbol(">", 2)) {
        context = pool().New(AstKind::kName, Peek().at, Next().text);
        Next();
        Next();
    }
    node->text = Identifier();
    while (!failed() && AcceptSymbol(".")) {
        node->text = Identifier();
    }
    node->op = "in";
    if (!failed() && AcceptSymbol(":")) {
        CodePath(node);
        node->kids.push_back(Expression());
    }
    if (context != nullptr) {
        node->kids.resize(1);
        node->kids.push_back(context);
    }
    return !failed() && ExpectSymbol("]") ? node : nullptr;
}

// path in, path ~, path = before the terminology; a path may have several steps.
void CqlParser::CodePath(Ast* retrieve) {
    std::size_t steps = 0;
    const auto name = [&](std::size_t ahead) {
        const TokenKind kind = Peek(ahead).kind;
        return kind == TokenKind::kName || kind == TokenKind::kQuotedName;
    };
    while (name(steps) && IsSymbol(".", steps + 1)) {
        steps += 2;
    }
    const bool compares =
        IsWord("in", steps + 1) || IsSymbol("~", steps + 1) || IsSymbol("=", steps + 1);
    if (!name(steps) || !compares) {
        return;
    }
    const char* first = Peek().text.data();
    const Token& last = Peek(steps);
    retrieve->extra =
        steps == 0
            ? last.text
            : std::string_view(
                  first, static_cast<std::size_t>(last.text.data() - first) + last.text.size()
              );
    for (std::size_t i = 0; i <= steps; ++i) {
        Next();
    }
    retrieve->op = Next().text;
}

bool CqlParser::AliasHere() const {
    if (Peek().kind == TokenKind::kQuotedName) {
        return true;
    }
    return Peek().kind == TokenKind::kName && !IsReservedWord(Peek().text) && Peek().text != "on" &&
           Peek().text != "or" && Peek().text != "end" && Peek().text != "display" &&
           Peek().text != "default" && Peek().text != "public" && Peek().text != "private" &&
           Peek().text != "null" && Peek().text != "start" && Peek().text != "all" &&
           Peek().text != "distinct" && Peek().text != "more" && Peek().text != "less";
}

// A source followed by an alias begins a query.
Ast* CqlParser::MaybeQuery(Ast* source) {
    if (failed() || source == nullptr || !AliasHere()) {
        return source;
    }
    const bool can_be_source = source == bracketed_ || source->kind == AstKind::kRetrieve ||
                               source->kind == AstKind::kName || source->kind == AstKind::kMember ||
                               source->kind == AstKind::kQuery ||
                               source->kind == AstKind::kMethod || source->kind == AstKind::kCall ||
                               source->kind == AstKind::kList || source->kind == AstKind::kBinary ||
                               source->kind == AstKind::kDistinctFlatten ||
                               source->kind == AstKind::kIf || source->kind == AstKind::kExpand;
    if (!can_be_source) {
        return source;
    }
    const Token& alias = Next();
    return Query(pool().New(AstKind::kSource, alias.at, alias.text, {source}), false);
}

Ast* CqlParser::FromQuery() {
    Next();
    Ast* first = Source();
    return failed() ? nullptr : Query(first, true);
}

Ast* CqlParser::Source() {
    Ast* list = Postfix(Primary());
    if (failed()) {
        return nullptr;
    }
    if (!AliasHere()) {
        return Expected("a name for the query source");
    }
    const Token& alias = Next();
    return pool().New(AstKind::kSource, alias.at, alias.text, {list});
}

// Only a query that begins with `from` has further sources: elsewhere a comma belongs to the
// surroundings.
Ast* CqlParser::Query(Ast* first, bool from) {
    Ast* query = pool().New(AstKind::kQuery, first->at, {}, {first});
    while (!failed() && from && AcceptSymbol(",")) {
        query->kids.push_back(Source());
    }
    Clauses(query);
    return failed() ? nullptr : query;
}

void CqlParser::Clauses(Ast* query) {
    if (AcceptWord("let")) {
        Lets(query);
    }
    while (!failed() && (IsWord("with") || IsWord("without"))) {
        query->kids.push_back(With(Next().text == "without"));
    }
    if (!failed() && IsWord("where")) {
        const std::uint32_t at = Next().at;
        query->kids.push_back(pool().New(AstKind::kWhere, at, {}, {Expression()}));
    }
    if (!failed() && IsWord("return")) {
        query->kids.push_back(Return());
    } else if (!failed() && IsWord("aggregate")) {
        query->kids.push_back(Aggregate());
    }
    if (!failed() && IsWord("sort")) {
        query->kids.push_back(Sort());
    }
}

Ast* CqlParser::Lets(Ast* query) {
    do {
        Ast* let = pool().New(AstKind::kLet, Peek().at, Identifier());
        if (failed() || !ExpectSymbol(":")) {
            return nullptr;
        }
        let->kids.push_back(Expression());
        query->kids.push_back(let);
    } while (!failed() && AcceptSymbol(","));
    return query;
}

Ast* CqlParser::With(bool without) {
    Ast* node = pool().New(without ? AstKind::kWithout : AstKind::kWith, Peek().at);
    node->kids.push_back(Source());
    if (failed() || !ExpectWord("such") || !ExpectWord("that")) {
        return nullptr;
    }
    node->kids.push_back(Expression());
    return failed() ? nullptr : node;
}

Ast* CqlParser::Return() {
    Ast* node = pool().New(AstKind::kReturn, Next().at);
    node->flag = AcceptWord("all");
    if (!node->flag) {
        AcceptWord("distinct");
    }
    node->kids.push_back(Expression());
    return failed() ? nullptr : node;
}

Ast* CqlParser::Aggregate() {
    Ast* node = pool().New(AstKind::kAggregate, Next().at);
    node->flag = AcceptWord("distinct");
    AcceptWord("all");
    node->text = Identifier();
    Ast* starting = nullptr;
    if (!failed() && AcceptWord("starting")) {
        starting = Expression(kUnaryLevel);
    }
    if (failed() || !ExpectSymbol(":")) {
        return nullptr;
    }
    node->kids.push_back(Expression());
    if (starting != nullptr) {
        node->kids.push_back(starting);
    }
    return failed() ? nullptr : node;
}

Ast* CqlParser::Sort() {
    Ast* node = pool().New(AstKind::kSort, Next().at);
    const auto direction = [&](Ast* by) {
        by->flag = AcceptWord("desc") || AcceptWord("descending");
        if (!by->flag && !AcceptWord("asc")) {
            AcceptWord("ascending");
        }
        node->kids.push_back(by);
    };
    if (!AcceptWord("by")) {
        direction(pool().New(AstKind::kSortBy, Peek().at));
        return node;
    }
    do {
        Ast* key = Expression(kAddLevel);
        if (failed()) {
            return nullptr;
        }
        direction(pool().New(AstKind::kSortBy, key->at, {}, {key}));
    } while (!failed() && AcceptSymbol(","));
    return node;
}

}  // namespace kangqu::expression
