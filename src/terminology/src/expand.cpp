// ValueSet $expand.
#include "request.hpp"
#include <algorithm>

namespace kangqu::terminology {

using core::ErrorCode;
using core::JsonNode;
using core::JsonWriter;
using core::MakeError;

namespace {

char Lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string Lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), Lower);
    return out;
}

// `needle` is in lower case.
bool ContainsText(std::string_view text, std::string_view needle) {
    return std::search(text.begin(), text.end(), needle.begin(), needle.end(), [](char a, char b) {
               return Lower(a) == b;
           }) != text.end();
}

struct Wishes {
    std::vector<std::string> words;  // of the filter, in lower case
    bool active_only = false;
    bool designations = false;
    std::string language;
    core::CivilDate day;
    std::int64_t offset = 0;
    std::int64_t count = -1;  // as many as there are
};

core::Result<Wishes> ReadWishes(const Request& request) {
    Wishes wishes;
    std::string_view filter = request.Text("filter");
    while (!filter.empty()) {
        const std::size_t end = std::min(filter.find(' '), filter.size());
        if (end > 0) {
            wishes.words.push_back(Lowered(filter.substr(0, end)));
        }
        filter.remove_prefix(std::min(end + 1, filter.size()));
    }
    wishes.active_only = request.Flag("activeOnly");
    wishes.designations = request.Flag("includeDesignations");
    wishes.language = request.Language();
    KQ_ASSIGN(wishes.day, request.Day());
    KQ_ASSIGN(wishes.offset, request.Number("offset", 0, INT32_MAX));
    if (!request.Text("count").empty()) {
        KQ_ASSIGN(wishes.count, request.Number("count", 0, INT32_MAX));
    }
    return wishes;
}

class Expander {
public:
    Expander(const CompiledSet& set, const Wishes& wishes) : set_(set), wishes_(wishes) {}

    // Counts all that match and writes those of the page.
    core::Result<std::int64_t> Write(JsonWriter& writer, const std::string& url) {
        std::int64_t total = 0;
        std::int64_t written = 0;
        for (const SetPart& part : set_.parts()) {
            for (const ConceptNumber number : part.members) {
                if (!Matches(part, number)) {
                    continue;
                }
                const bool on_page =
                    total >= wishes_.offset && (wishes_.count < 0 || written < wishes_.count);
                ++total;
                if (!on_page) {
                    continue;
                }
                if (static_cast<std::size_t>(++written) > kMaxExpansion) {
                    return MakeError(
                        ErrorCode::kExpansionTooCostly, url, std::to_string(kMaxExpansion)
                    );
                }
                WriteOne(writer, part, number);
            }
        }
        return total;
    }

private:
    std::string_view DisplayOf(const SetPart& part, ConceptNumber number) const {
        const auto own = part.displays.find(number);
        const std::string_view in_language = part.codes->display(number, wishes_.language);
        return own == part.displays.end() || in_language != part.codes->display(number)
                   ? in_language
                   : std::string_view(own->second);
    }

    bool Matches(const SetPart& part, ConceptNumber number) const {
        if (wishes_.active_only && part.codes->inactive(number, wishes_.day)) {
            return false;
        }
        return std::all_of(
            wishes_.words.begin(),
            wishes_.words.end(),
            [&](const std::string& word) {
                if (ContainsText(part.codes->code(number), word) ||
                    ContainsText(DisplayOf(part, number), word)) {
                    return true;
                }
                const auto list = part.codes->designations(number);
                return std::any_of(list.begin(), list.end(), [&word](const Designation& one) {
                    return ContainsText(one.value, word);
                });
            }
        );
    }

    void WriteOne(JsonWriter& writer, const SetPart& part, ConceptNumber number) const {
        const CodeSystem& codes = *part.codes;
        writer.BeginObject().Field("system", codes.head().url);
        if (!codes.head().version.empty()) {
            writer.Field("version", codes.head().version);
        }
        if (codes.abstract(number)) {
            writer.Field("abstract", true);
        }
        if (codes.inactive(number, wishes_.day)) {
            writer.Field("inactive", true);
        }
        writer.Field("code", codes.code(number));
        if (const std::string_view display = DisplayOf(part, number); !display.empty()) {
            writer.Field("display", display);
        }
        if (wishes_.designations && !codes.designations(number).empty()) {
            writer.Key("designation").BeginArray();
            for (const Designation& one : codes.designations(number)) {
                writer.BeginObject();
                if (!one.language.empty()) {
                    writer.Field("language", one.language);
                }
                writer.Field("value", one.value).EndObject();
            }
            writer.EndArray();
        }
        writer.EndObject();
    }

    const CompiledSet& set_;
    const Wishes& wishes_;
};

// Why the set cannot be listed, when it cannot.
core::Status CheckListable(const CompiledSet& set) {
    if (!set.open().empty()) {
        return MakeError(ErrorCode::kCodeSystemPartial, set.open().front().system, "$expand");
    }
    return set.unknown().empty() ? core::Status() : core::Status(set.unknown().front());
}

void WriteParameters(JsonWriter& writer, const Wishes& wishes, std::string_view filter) {
    writer.Key("parameter").BeginArray();
    const auto text = [&writer](const char* name, std::string_view value) {
        if (!value.empty()) {
            writer.BeginObject().Field("name", name).Field("valueString", value).EndObject();
        }
    };
    text("filter", filter);
    text("displayLanguage", wishes.language);
    text("date", core::FormatDate(wishes.day));
    if (wishes.active_only) {
        writer.BeginObject().Field("name", "activeOnly").Field("valueBoolean", true).EndObject();
    }
    if (wishes.count >= 0) {
        writer.BeginObject().Field("name", "count").Field("valueInteger", wishes.count).EndObject();
    }
    writer.EndArray();
}

// The value set to expand: one that was sent, or one that is here.
struct Subject {
    core::JsonNode resource;
    std::shared_ptr<const CompiledSet> set;
};
core::Result<Subject> FindSubject(const Request& request) {
    Subject subject;
    if (const JsonNode sent = request.Node("valueSet"); sent) {
        subject.resource = sent;
        KQ_ASSIGN(subject.set, CompileSet(sent, request.state(), request.state().today, 0));
        return subject;
    }
    KQ_ASSIGN(const std::size_t index, request.Resource("url", "valueSetVersion"));
    KQ_ASSIGN(subject.resource, request.state().entries[index]->root());
    KQ_ASSIGN(subject.set, request.state().SetOf(index, 0));
    return subject;
}

}  // namespace

core::Result<std::string> Expand(const Catalogue::State& state, const Operation& operation) {
    const Request request(state, operation);
    KQ_ASSIGN(const Wishes wishes, ReadWishes(request));
    KQ_ASSIGN(const Subject subject, FindSubject(request));
    KQ_TRY(CheckListable(*subject.set));
    std::string contains;
    JsonWriter list(contains);
    list.BeginArray();
    const std::string url(subject.resource["url"].text());
    KQ_ASSIGN(const std::int64_t total, Expander(*subject.set, wishes).Write(list, url));
    list.EndArray();

    std::string out;
    JsonWriter writer(out);
    writer.BeginObject().Field("resourceType", "ValueSet");
    for (const char* key : {"id", "url", "version", "name", "title", "status"}) {
        if (const JsonNode value = subject.resource[key]; value) {
            writer.Field(key, value.text());
        }
    }
    if (!subject.resource["status"]) {
        writer.Field("status", "active");
    }
    writer.Key("expansion").BeginObject();
    writer.Field("timestamp", core::FormatInstant(state.now)).Field("total", total);
    writer.Field("offset", wishes.offset);
    WriteParameters(writer, wishes, request.Text("filter"));
    if (contains != "[]") {
        writer.Key("contains").Raw(contains);
    }
    writer.EndObject().EndObject();
    return out;
}

}  // namespace kangqu::terminology
