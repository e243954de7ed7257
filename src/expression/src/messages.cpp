#include "messages.hpp"

#include "kangqu/core/result.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace kangqu::expression {

namespace {

struct Phrase {
    std::string_view en;  // * stands for anything
    std::string_view zh;  // each * for what stood there, in the same order
};

// Whole messages first, then what may stand in their places.
constexpr auto kMessages = std::to_array<Phrase>({
    {"expected *, found *", "此处应为 *，却是 *"},
    {"nested too deeply", "嵌套太深"},
    {"this comment has no end", "注释没有结束"},
    {"a date or time must follow @", "@ 后面应为日期或时间"},
    {"this text has no closing *", "文本缺少结尾的 *"},
    {"four hexadecimal digits must follow \\u", "\\u 后面应为四位十六进制数"},
    {"half of a surrogate pair is not a character", "半个代理对不是字符"},
    {"character * means nothing here", "字符 * 在此处没有意义"},
    {"there is no *", "没有 *"},
    {"* is too large", "* 太大"},
    {"* has too many digits", "* 的位数太多"},
    {"* takes *, not these arguments", "* 的参数应为 *，与此处的不符"},
    {"* takes * to * arguments, not *", "* 需要 * 到 * 个参数，而不是 * 个"},
    {"* has no meaning in context Unfiltered", "* 在 Unfiltered 上下文中没有意义"},
    {"* is about one patient and cannot be used in context Unfiltered",
     "* 只关系到一位居民，不能用在 Unfiltered 上下文中"},
    {"* cannot be called with these arguments in CQL", "在 CQL 中不能用这些参数调用 *"},
    {"* is private to *", "* 是 * 的私有定义"},
    {"* has no meaning for *", "* 不能用于 *"},
    {"* has no meaning here", "* 在此处没有意义"},
    {"* has no meaning", "* 没有意义：两边的类型不能放在一起"},
    {"these tuples do not have the same elements", "两个元组的元素不同"},
    {"* is never *", "* 不可能是 *"},
    {"* is abstract", "* 是抽象类型，不能直接构造"},
    {"model * is not known; FHIR 4.0.1 and QICore are",
     "不认识模型 *；可用的是 FHIR 4.0.1 和 QICore"},
    {"* includes itself", "* 包含了自己"},
    {"* is declared twice", "* 声明了两次"},
    {"* is defined by itself", "* 的定义用到了自己"},
    {"* is not supported yet", "尚不支持 *"},
    {"the input is *, not *", "输入是 *，不是 *"},
    {"* has no order", "* 没有次序"},
    {"the name of a variable must be a plain text", "变量名应为普通文本"},
    {"* has a value already", "* 已有值"},
    {"too many names", "名称太多"},
    {"one item is needed here, there are *", "此处只能有一项，却有 * 项"},
    {"* is needed here, found *", "此处应为 *，却是 *"},
    {"value set * is not known", "不认识值集 *"},
    {"the codes of value set * are not known", "不知道值集 * 的代码"},
    {"structure * is not known", "不认识结构定义 *"},
    {"the records of all patients are not at hand here", "此处没有全部居民的记录"},
    {"the records of another patient are not at hand here", "此处没有另一位居民的记录"},
    {"there is no patient to retrieve records of", "没有居民，无从取得记录"},
    {"the low bound of an interval must not lie above the high", "区间的下限不能高于上限"},
    {"* has no overload for these arguments", "* 没有适合这些参数的版本"},
    {"external function * is not provided", "没有提供外部函数 *"},
    {"* is not given", "没有给出 *"},
    {"* is no regular expression: *", "* 不是正则表达式：*"},
    {"* cannot stand for a match", "* 不能用来替换匹配的文本"},
    {"there is no larger value", "没有更大的值"},
    {"there is no smaller value", "没有更小的值"},
    {"there is no such date", "没有这个日期"},
    {"there is no such time", "没有这个时间"},
    {"point from needs an interval of one point", "point from 需要只含一点的区间"},
    {"a date moves by units of time, not by *", "日期只能按时间单位移动，不能按 * 移动"},
    {"* steps", "* 步"},
    {"nested * deep", "嵌套 * 层"},
    {"* operators in a chain", "一串 * 个运算"},
    {"* nested function calls", "* 层函数调用"},
    {"* items of a list", "列表 * 项"},
    {"* bytes of a text", "文本 * 字节"},
    {"* bytes of memory", "内存 * 字节"},
    {"* ms", "* 毫秒"},
});
constexpr auto kWords = std::to_array<Phrase>({
    {"an expression", "表达式"},
    {"a name", "名称"},
    {"a type name", "类型名称"},
    {"the end", "结尾"},
    {"an operator or the end", "运算符或结尾"},
    {"a text in single quotes", "单引号括起的文本"},
    {"a quantity of time", "时间长度（如 3 days）"},
    {"before or after", "before 或 after"},
    {"a name for the query source", "查询来源的名称"},
    {"a date or time", "日期或时间"},
    {"a declaration (using, include, codesystem, valueset, code, concept, parameter, context, "
     "define)",
     "声明（using、include、codesystem、valueset、code、concept、parameter、context、define）"},
});

// The parts of `text` that stand where `pattern` has stars; false when it does not fit.
bool Fits(std::string_view text, std::string_view pattern, std::vector<std::string_view>& parts) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos) {
        return text == pattern;
    }
    if (!text.starts_with(pattern.substr(0, star))) {
        return false;
    }
    text.remove_prefix(star);
    pattern.remove_prefix(star + 1);
    const std::string_view next = pattern.substr(0, pattern.find('*'));
    for (std::size_t at = next.empty() ? text.size() : text.find(next);
         at != std::string_view::npos;
         at = next.empty() ? std::string_view::npos : text.find(next, at + 1)) {
        parts.push_back(text.substr(0, at));
        if (at > 0 && Fits(text.substr(at), pattern, parts)) {
            return true;
        }
        parts.pop_back();
    }
    return false;
}

std::string_view WordFor(std::string_view english) {
    for (const Phrase& phrase : kWords) {
        if (phrase.en == english) {
            return phrase.zh;
        }
    }
    return english;
}

}  // namespace

std::string InBothLanguages(std::string english) {
    constexpr std::size_t kLongest = 400;  // messages are short; what is not is left alone
    std::vector<std::string_view> parts;
    for (const Phrase& phrase : kMessages) {
        parts.clear();
        if (english.size() > kLongest || !Fits(english, phrase.en, parts)) {
            continue;
        }
        std::string chinese;
        std::size_t part = 0;
        for (const char c : phrase.zh) {
            if (c == '*' && part < parts.size()) {
                chinese += WordFor(parts[part++]);
            } else {
                chinese += c;
            }
        }
        return core::Words(chinese, english);
    }
    return english;
}

}  // namespace kangqu::expression
