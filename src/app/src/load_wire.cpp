#include "kangqu/app/load.hpp"
#include "kangqu/core/json.hpp"

namespace kangqu::app {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::JsonWriter;
using core::MakeError;
using records::LoadAnswer;
using records::LoadLine;
using records::Receipt;

}  // namespace

// A line as sent may hold any bytes, so it travels by length: "number length source\n" and the
// bytes.
std::string EncodeLines(const std::vector<LoadLine>& lines) {
    std::string out;
    for (const LoadLine& line : lines) {
        out += std::to_string(line.number) + ' ' + std::to_string(line.text.size()) + ' ' +
               line.source + '\n';
        out += line.text;
        out += '\n';
    }
    return out;
}

core::Result<std::vector<LoadLine>> DecodeLines(std::string_view text) {
    const auto wrong = [] {
        return MakeError(ErrorCode::kInvalidArgument, "body", "load lines");
    };
    const auto number = [](std::string_view& head, std::int64_t& value) {
        value = 0;
        const std::size_t space = head.find(' ');
        if (space == std::string_view::npos || space == 0 || space > 12) {
            return false;
        }
        for (const char c : head.substr(0, space)) {
            if (c < '0' || c > '9') {
                return false;
            }
            value = value * 10 + (c - '0');
        }
        head.remove_prefix(space + 1);
        return true;
    };
    std::vector<LoadLine> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view head = text.substr(0, end);
        LoadLine line;
        std::int64_t size = 0;
        if (end == std::string_view::npos || !number(head, line.number) || !number(head, size)) {
            return wrong();
        }
        text.remove_prefix(end + 1);
        const auto length = static_cast<std::size_t>(size);
        if (length >= text.size() || text[length] != '\n') {
            return wrong();
        }
        line.source = head;
        line.text = text.substr(0, length);
        text.remove_prefix(length + 1);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string EncodeAnswers(const std::vector<LoadAnswer>& answers) {
    std::string out;
    JsonWriter writer(out);
    writer.BeginArray();
    for (const LoadAnswer& answer : answers) {
        writer.BeginObject();
        if (answer.refused) {
            writer.Field("code", core::FactsOf(answer.refused->code).code);
            writer.Field("where", answer.refused->where).Key("args").BeginArray();
            for (const std::string& arg : answer.refused->args) {
                writer.String(arg);
            }
            writer.EndArray();
        }
        writer.Key("receipts").BeginArray();
        for (const Receipt& receipt : answer.receipts) {
            writer.BeginArray().String(receipt.type).String(receipt.id).Int(receipt.version);
            writer.Int(receipt.updated).Int(static_cast<std::int64_t>(receipt.outcome)).EndArray();
        }
        writer.EndArray().EndObject();
    }
    writer.EndArray();
    return out;
}

core::Result<std::vector<LoadAnswer>> DecodeAnswers(std::string_view text) {
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(std::string(text)));
    std::vector<LoadAnswer> answers;
    for (JsonNode node = document->root().first(); node; node = node.next()) {
        LoadAnswer answer;
        if (const JsonNode code = node["code"]) {
            core::Error error;
            error.code = core::FindErrorCode(code.text()).value_or(ErrorCode::kInternal);
            error.where = node["where"].text();
            for (JsonNode arg = node["args"].first(); arg; arg = arg.next()) {
                error.args.emplace_back(arg.text());
            }
            answer.refused = std::move(error);
        }
        for (JsonNode one = node["receipts"].first(); one; one = one.next()) {
            const auto outcome = one[4].integer().value_or(0);
            if (outcome < 0 || outcome > 3) {
                return MakeError(ErrorCode::kInternal, "unknown outcome");
            }
            answer.receipts.push_back(
                {std::string(one[0].text()),
                 std::string(one[1].text()),
                 one[2].integer().value_or(0),
                 one[3].integer().value_or(0),
                 static_cast<Receipt::Outcome>(outcome)}
            );
        }
        answers.push_back(std::move(answer));
    }
    return answers;
}

}  // namespace kangqu::app
