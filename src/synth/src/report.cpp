#include "report.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr std::string_view kStyle = R"css(
:root{--ink:#1d2b36;--soft:#5f7280;--line:#dce4ea;--ours:#2f7fb5;--other:#c66a3d;--mark:#12313f}
*{box-sizing:border-box}body{margin:0;background:#f4f7f9;color:var(--ink);
font:15px/1.55 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
header{background:#fff;border-bottom:1px solid var(--line);padding:28px 36px}
h1{margin:0 0 4px;font-size:26px}header p{margin:4px 0;color:var(--soft);max-width:70em}
main{columns:2 520px;column-gap:20px;padding:24px 36px}
section{break-inside:avoid;margin-bottom:20px;background:#fff;border:1px solid var(--line);border-radius:8px;padding:18px 20px}
h2{font-size:18px;margin:0}h2 small,.en{color:var(--soft);font-weight:400;font-size:13px}
.note{color:var(--soft);font-size:13px;margin:2px 0 8px}svg{width:100%;height:auto;display:block}
text{font-size:12px;fill:var(--ink)}.soft{fill:var(--soft)}
details{margin-top:8px;font-size:13px}summary{cursor:pointer;color:var(--soft)}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:3px 6px;text-align:left}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.key{display:inline-block;width:12px;height:12px;border-radius:2px;vertical-align:-1px;margin:0 5px 0 14px}
.tick{display:inline-block;width:3px;height:14px;vertical-align:-2px;margin:0 5px 0 14px;background:var(--mark)}
@media(max-width:640px){main{columns:1;padding:12px}header{padding:16px}}
@media print{body{background:#fff}}
)css";

std::string Number(std::int64_t value) {
    std::string text = std::to_string(value);
    for (std::size_t at = text.size(); at > 3; at -= 3) {
        text.insert(at - 3, ",");
    }
    return text;
}

std::int64_t Highest(const std::vector<ChartValue>& values) {
    std::int64_t highest = 1;
    for (const ChartValue& value : values) {
        highest = std::max({highest, value.value, value.published});
    }
    return highest;
}

void Append(std::string& out, std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) {
        out += part;
    }
}

std::string Rect(
    std::int64_t x,
    std::int64_t y,
    std::int64_t width,
    std::int64_t height,
    std::string_view fill
) {
    std::string out;
    Append(
        out,
        {"<rect x=\"",
         std::to_string(x),
         "\" y=\"",
         std::to_string(y),
         "\" width=\"",
         std::to_string(width),
         "\" height=\"",
         std::to_string(height),
         "\" rx=\"2\" fill=\"",
         fill,
         "\"/>"}
    );
    return out;
}

std::string Label(
    std::int64_t x,
    std::int64_t y,
    std::string_view anchor,
    std::string_view text,
    bool soft = false
) {
    std::string out;
    Append(
        out,
        {"<text x=\"",
         std::to_string(x),
         "\" y=\"",
         std::to_string(y),
         "\" text-anchor=\"",
         anchor,
         soft ? "\" class=\"soft\">" : "\">",
         text,
         "</text>"}
    );
    return out;
}

std::string Svg(std::int64_t height, std::string_view title, const std::string& body) {
    std::string out;
    Append(
        out,
        {"<svg viewBox=\"0 0 560 ",
         std::to_string(height),
         "\" role=\"img\" aria-label=\"",
         title,
         "\">",
         body,
         "</svg>"}
    );
    return out;
}

std::string Bars(const std::vector<ChartValue>& values, std::string_view title) {
    constexpr std::int64_t kLeft = 200;
    constexpr std::int64_t kWidth = 240;
    constexpr std::int64_t kStep = 26;
    const std::int64_t highest = Highest(values);
    std::string body;
    std::int64_t y = 6;
    for (const ChartValue& value : values) {
        body += Label(kLeft - 8, y + 13, "end", value.label);
        body += Rect(kLeft, y + 2, kWidth, 14, "#eef3f6");
        body += Rect(
            kLeft,
            y + 2,
            std::max<std::int64_t>(1, value.value * kWidth / highest),
            14,
            "var(--ours)"
        );
        if (value.published >= 0) {
            body +=
                Rect(kLeft + value.published * kWidth / highest - 1, y - 1, 3, 20, "var(--mark)");
        }
        const std::string shown = value.known ? Hundredths(value.value) : "–";
        body += Label(kLeft + kWidth + 8, y + 13, "start", shown);
        if (value.published >= 0) {
            body += Label(552, y + 13, "end", Hundredths(value.published), true);
        }
        y += kStep;
    }
    return Svg(y + 4, title, body);
}

std::string Columns(const std::vector<ChartValue>& values, std::string_view title) {
    constexpr std::int64_t kHeight = 170;
    constexpr std::int64_t kBase = 200;
    const std::int64_t highest = Highest(values);
    const auto count = static_cast<std::int64_t>(values.size());
    const std::int64_t step = 540 / std::max<std::int64_t>(1, count);
    const std::int64_t width = step * 7 / 10;
    std::string body;
    std::int64_t x = 12;
    for (const ChartValue& value : values) {
        const std::int64_t height = value.value * kHeight / highest;
        const std::int64_t top = std::max(height, value.published * kHeight / highest);
        body += Rect(x, kBase - height, width, std::max<std::int64_t>(1, height), "var(--ours)");
        if (value.published >= 0) {
            const std::int64_t mark = kBase - value.published * kHeight / highest;
            body += Rect(x - 3, mark - 1, width + 6, 3, "var(--mark)");
        }
        body += Label(x + width / 2, kBase - top - 7, "middle", Hundredths(value.value / 10 * 10));
        body += Label(x + width / 2, kBase + 16, "middle", value.label, true);
        x += step;
    }
    return Svg(kBase + 24, title, body);
}

std::string Pyramid(const std::vector<ChartValue>& values, std::string_view title) {
    constexpr std::int64_t kMiddle = 280;
    constexpr std::int64_t kHalf = 215;
    constexpr std::int64_t kStep = 19;
    const std::int64_t highest = Highest(values);
    const auto rows = static_cast<std::int64_t>(values.size() / 2);
    std::string body =
        Label(kMiddle - 60, 12, "end", "男 Male") + Label(kMiddle + 60, 12, "start", "女 Female");
    for (std::size_t i = 0; i < values.size(); ++i) {
        const ChartValue& value = values[i];
        const std::int64_t y = 22 + (rows - 1 - static_cast<std::int64_t>(i / 2)) * kStep;
        const std::int64_t width = value.value * kHalf / highest;
        const std::int64_t mark = value.published * kHalf / highest;
        const bool left = value.series == 0;
        const std::int64_t edge = left ? kMiddle - 32 : kMiddle + 32;
        body += Rect(
            left ? edge - width : edge, y, width, kStep - 4, left ? "var(--ours)" : "var(--other)"
        );
        body += Rect(left ? edge - mark - 1 : edge + mark - 1, y - 1, 3, kStep - 2, "var(--mark)");
        if (left) {
            body += Label(kMiddle, y + 12, "middle", value.label, true);
        }
    }
    return Svg(22 + rows * kStep + 6, title, body);
}

std::string Table(const std::vector<ChartValue>& values) {
    std::string out =
        "<details><summary>数据与来源 <span class=\"en\">data and sources</span></summary><table>"
        "<tr><th>项目</th><th class=\"n\">本区</th><th class=\"n\">公布值</th><th>来源</th></tr>";
    for (const ChartValue& value : values) {
        const std::string_view sex =
            values.size() > 30 ? (value.series == 0 ? " 男" : " 女") : std::string_view();
        Append(
            out,
            {"<tr><td>",
             value.label,
             sex,
             " <span class=\"en\">",
             value.label_en,
             "</span></td><td class=\"n\">",
             value.known ? Hundredths(value.value) : "–",
             "</td><td class=\"n\">",
             value.published < 0 ? "–" : Hundredths(value.published),
             "</td><td>",
             value.source == "-" ? "" : value.source,
             "</td></tr>"}
        );
    }
    return out + "</table></details>";
}

std::string Section(const Row& chart, const Marginals& marginals) {
    const std::vector<ChartValue> values = ChartValues(chart[0], marginals);
    const auto text = [&chart](std::size_t at) {
        return chart[at] == "-" ? std::string_view() : chart[at];
    };
    std::string out;
    Append(
        out,
        {"<section id=\"",
         chart[0],
         "\"><h2>",
         chart[2],
         " <small>",
         chart[3],
         "</small></h2><p class=\"note\">",
         text(4),
         text(4).empty() ? "" : " · ",
         text(5),
         text(4).empty() ? "" : "<br>",
         text(6),
         text(6).empty() ? "" : " ",
         text(7),
         "</p>"}
    );
    const bool any = std::any_of(values.begin(), values.end(), [](const ChartValue& value) {
        return value.known;
    });
    if (!any) {
        return out +
               "<p>没有数据：本次只生成了核心内容。 <span class=\"en\">No data: only the core "
               "was made.</span></p></section>";
    }
    out += chart[1] == "pyramid"   ? Pyramid(values, chart[2])
           : chart[1] == "columns" ? Columns(values, chart[2])
                                   : Bars(values, chart[2]);
    return out + Table(values) + "</section>";
}

}  // namespace

std::string
ReportHtml(const World& world, const Marginals& marginals, const SynthSummary& summary) {
    std::int64_t resources = 0;
    for (const auto& [type, count] : summary.resources) {
        resources += count;
    }
    const SynthOptions& options = world.options;
    std::string out =
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<title>合成演示区：与公布数字比较</title><style>";
    Append(out, {kStyle, "</style></head><body><header><h1>合成演示区：与公布数字比较</h1>"});
    Append(
        out,
        {"<p class=\"en\">The synthetic district beside published figures</p><p>",
         world.district.county.name,
         " · ",
         Number(options.residents),
         " 名居民 residents · ",
         std::to_string(options.years),
         " 年 years, 至 until ",
         core::FormatDate(options.until),
         " · 种子 seed ",
         std::to_string(options.seed),
         " · ",
         Number(resources),
         " 条资源 resources · 完整生活 told in full ",
         std::to_string(options.detailed_per_mille),
         "‰</"
         "p><p>"
         "全部数据为虚构，不含任何真实个人；表头写明来源与可信程度，标“未核对原文”的数字不得引用。 "
         "<span class=\"en\">All of it is made up; no real person is meant. Figures marked "
         "“未核对原文” "
         "were not compared with the text of their source and must not be quoted.</span></p>",
         "<p><span class=\"key\" style=\"background:var(--ours);margin-left:0\"></span>本区 this "
         "district<span class=\"tick\"></span>公布值 published</p></header><main>"}
    );
    for (const Row& chart : RowsOf("charts")) {
        out += Section(chart, marginals);
    }
    return out + "</main></body></html>\n";
}

}  // namespace kangqu::synth
