#pragma once

#include "cql/library_ast.hpp"
#include "token_reader.hpp"
#include <string>
#include <string_view>

namespace kangqu::expression {

// Levels of the published grammar, higher binds tighter.
enum CqlLevel : int {
    kSetLevel = 1,
    kImpliesLevel,
    kOrLevel,
    kAndLevel,
    kMembershipLevel,
    kEqualityLevel,
    kTimingLevel,
    kInequalityLevel,
    kBetweenLevel,
    kPrefixLevel,  // operand of not, exists
    kTypeLevel,
    kAddLevel,
    kMultiplyLevel,
    kPowerLevel,
    kUnaryLevel,
};

// Recursive descent; one file a part of the grammar (library, expressions, terms, queries, timing).
class CqlParser final : public TokenReader {
public:
    using TokenReader::TokenReader;

    LibraryAst Library();
    Ast* WholeExpression();

private:
    // library.cpp
    void Header(LibraryAst& out);
    bool Declaration(LibraryAst& out, bool is_private);
    void Using(LibraryAst& out);
    void Include(LibraryAst& out);
    void Term(LibraryAst& out, TermAst::Kind kind);
    void Parameter(LibraryAst& out);
    void Definition(LibraryAst& out, bool is_private);
    void Operands(DefinitionAst& out);
    std::string_view Version();
    std::string_view Text();
    std::string_view Identifier();
    std::string_view Qualified();

    // expressions.cpp
    Ast* Expression(int level = kSetLevel);
    Ast* Prefix();
    Ast* Infix(Ast* left, int level);
    Ast* Binary(Ast* left, int level);
    Ast* TypeTail(Ast* left);
    Ast* Between(Ast* left);
    Ast* DurationBetween();
    Ast* TypeSpecifier();

    // terms.cpp
    Ast* Postfix(Ast* left);
    Ast* Primary();
    Ast* Word();
    Ast* TermPrefix();
    Ast* OfOperand(AstKind kind, std::string_view text, int words);
    Ast* If();
    Ast* Case();
    Ast* IntervalTerm();
    Ast* ListItems(Ast* list);
    Ast* Braced(std::uint32_t at);
    Ast* Elements(Ast* owner);
    Ast* CodeTerm();
    Ast* ConceptTerm();
    Ast* Arguments(Ast* call);
    bool ElementsAhead(std::size_t ahead) const;

    // queries.cpp
    Ast* Retrieve();
    void CodePath(Ast* retrieve);
    Ast* MaybeQuery(Ast* source);
    Ast* FromQuery();
    Ast* Query(Ast* first, bool from);
    Ast* Source();
    void Clauses(Ast* query);
    Ast* Lets(Ast* query);
    Ast* With(bool without);
    Ast* Return();
    Ast* Aggregate();
    Ast* Sort();
    bool AliasHere() const;

    // timing.cpp
    bool TimingHere() const;
    Ast* Timing(Ast* left);
    bool Relation(Ast* timing);
    bool SameRelation(Ast* timing);
    bool PointRelation(Ast* timing);
    void PrecisionOf(Ast* timing);
    Ast* Boundary(std::string_view part, Ast* operand);
    bool Offset(Ast* timing);

    bool unfiltered_ = false;
    std::string_view context_ = "Patient";
    const Ast* bracketed_ = nullptr;  // the expression last read in parentheses
};

// year, years ... millisecond, milliseconds.
bool IsPrecisionWord(std::string_view word, bool plural);
// Words that cannot be a bare name.
bool IsReservedWord(std::string_view word);

}  // namespace kangqu::expression
