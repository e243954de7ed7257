// Files of every kind, made here.
#include "kangqu/plan/source.hpp"

#include "kangqu/plan/document.hpp"

#include "sample.hpp"
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <zip.h>

namespace kangqu::plan {
namespace {

using core::ErrorCode;

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string Zip(const Entries& entries) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* const buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(buffer);
    zip_t* const archive = zip_open_from_source(buffer, ZIP_TRUNCATE, &error);
    for (const auto& [name, content] : entries) {
        zip_file_add(
            archive,
            name.c_str(),
            zip_source_buffer(archive, content.data(), content.size(), 0),
            ZIP_FL_ENC_UTF_8
        );
    }
    EXPECT_EQ(zip_close(archive), 0);
    zip_source_open(buffer);
    zip_source_seek(buffer, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(buffer)), '\0');
    zip_source_seek(buffer, 0, SEEK_SET);
    zip_source_read(buffer, bytes.data(), bytes.size());
    zip_source_close(buffer);
    zip_source_free(buffer);
    return bytes;
}

const char* const kWordTypes =
    "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
    "<Override PartName='/word/document.xml' ContentType='application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>";

std::string
Docx(const std::string& body, const Entries& more = {}, const char* types = kWordTypes) {
    Entries entries = {
        {"[Content_Types].xml", types},
        {"word/document.xml",
         "<?xml version='1.0' encoding='UTF-8'?><w:document "
         "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>" +
             body + "</w:body></w:document>"}};
    entries.insert(entries.end(), more.begin(), more.end());
    return Zip(entries);
}

std::string Paragraph(const std::string& text) {
    return "<w:p><w:r><w:t xml:space='preserve'>" + text + "</w:t></w:r></w:p>";
}

std::string In(const char* encoding, const std::string& utf8) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter* const converter = ucnv_open(encoding, &status);
    const auto text = icu::UnicodeString::fromUTF8(utf8);
    std::string bytes(static_cast<std::size_t>(text.length()) * 4 + 8, '\0');
    const auto size = ucnv_fromUChars(
        converter,
        bytes.data(),
        static_cast<std::int32_t>(bytes.size()),
        text.getBuffer(),
        text.length(),
        &status
    );
    ucnv_close(converter);
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
}

// A page with a text layer: a font without glyphs whose codes are mapped to Unicode.
std::string Pdf(const std::u16string& text) {
    std::string hex;
    std::string map;
    char code[32];
    for (const char16_t c : text) {
        std::snprintf(code, sizeof code, "%04X", static_cast<unsigned>(c));
        hex += code;
        map += std::string("<") + code + "> <" + code + ">\n";
    }
    const std::string page = "BT /F1 12 Tf 40 700 Td <" + hex + "> Tj ET";
    const std::string unicode =
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange " +
        std::to_string(text.size()) + " beginbfchar\n" + map + "endbfchar endcmap end end";
    const auto stream = [](const std::string& content) {
        return "<</Length " + std::to_string(content.size()) + ">>stream\n" + content +
               "\nendstream";
    };
    const std::vector<std::string> objects = {
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(page),
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]"
        "/ToUnicode 7 0 R>>",
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)"
        "/Ordering(Identity)/Supplement 0>>/DW 1000/FontDescriptor 8 0 R>>",
        stream(unicode),
        "<</Type/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0"
        "/Ascent 800/Descent -200/CapHeight 700/StemV 80>>"};
    std::string out = "%PDF-1.4\n";
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        places.push_back(out.size());
        out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const std::size_t table = out.size();
    out += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (const std::size_t place : places) {
        std::snprintf(code, sizeof code, "%010zu 00000 n \n", place);
        out += code;
    }
    out += "trailer<</Size " + std::to_string(objects.size() + 1) + "/Root 1 0 R>>\nstartxref\n" +
           std::to_string(table) + "\n%%EOF\n";
    return out;
}

ErrorCode Refusal(const std::string& bytes) {
    const auto source = ReadSource(bytes, "某文件");
    EXPECT_FALSE(source.ok());
    if (source.ok()) {
        return ErrorCode::kInternal;
    }
    // A clear word in both languages.
    EXPECT_FALSE(source.error().Line().empty());
    return source.error().code;
}

TEST(Sources, TextIsReadInItsEncoding) {
    for (const auto& [encoding, name] :
         {std::pair{"UTF-8", "utf-8"},
          std::pair{"UTF-16LE", "utf-16le"},
          std::pair{"UTF-16BE", "utf-16be"},
          std::pair{"GB18030", "gb18030"}}) {
        const auto source = ReadSource(In(encoding, kSmallPlan), "x");
        ASSERT_TRUE(source.ok()) << encoding;
        EXPECT_EQ(source->text, kSmallPlan) << encoding;
        EXPECT_EQ(source->encoding, name);
        EXPECT_EQ(source->kind, SourceKind::kText);
    }
    const auto marked = ReadSource("\xFF\xFE" + In("UTF-16LE", kSmallPlan), "x");
    ASSERT_TRUE(marked.ok());
    EXPECT_EQ(marked->text, kSmallPlan);
}

TEST(Sources, WebPagesAreWhatTheirReaderSees) {
    const auto source = ReadSource(
        "<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head><body>"
        "<script>var a = \"<p>no</p>\";</script><!-- no -->"
        "<p>一、主要任务</p><p>1.办好&nbsp;课堂。甲率达到80&#37;。<br>\n（责任单位：区甲局）</p>"
        "<table><tr><td><p>甲</p></td><td>乙</td></tr><tr><td>丙</td><td></td></tr></table>"
        "<a title='a>b'>尾</a><p>&unknown; &lt;完</p>",
        "x.html"
    );
    ASSERT_TRUE(source.ok());
    EXPECT_EQ(source->kind, SourceKind::kHtml);
    EXPECT_EQ(
        source->text,
        "一、主要任务\n1.办好课堂。甲率达到80%。\n（责任单位：区甲局）\n甲\t乙\n丙\n尾\n&unknown; "
        "<完\n"
    );
}

TEST(Sources, WordFilesKeepParagraphsAndTables) {
    const auto source = ReadSource(
        Docx(
            Paragraph("一、任务") +
            "<w:p><w:r><w:t>1.办好</w:t></w:r><w:del><w:r><w:t>旧</w:t></w:r></w:del>"
            "<w:r><w:t>课堂。</w:t></w:r></w:p>" +
            Paragraph("责任单位:区甲局") + "<w:tbl><w:tr><w:tc>" + Paragraph("甲") +
            Paragraph("乙") + "</w:tc><w:tc>" + Paragraph("1") + "</w:tc></w:tr></w:tbl>"
        ),
        "x.docx"
    );
    ASSERT_TRUE(source.ok()) << source.error().Line();
    EXPECT_EQ(source->kind, SourceKind::kDocx);
    EXPECT_EQ(source->text, "一、任务\n1.办好课堂。\n责任单位:区甲局\n甲乙\t1\n");
    const auto plan = ReadPlan(source->text);
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(plan->tasks[0].lead_unit, "区甲局");
}

TEST(Sources, PdfGivesItsTextLayer) {
    const auto source = ReadSource(Pdf(u"1.办好课堂。(责任单位:区甲局)"), "x.pdf");
    ASSERT_TRUE(source.ok()) << source.error().Line();
    EXPECT_EQ(source->kind, SourceKind::kPdf);
    EXPECT_EQ(source->text, "1.办好课堂。(责任单位:区甲局)");
}

TEST(Sources, AScannedPdfIsRefusedWithThatReason) {
    EXPECT_EQ(Refusal(Pdf(u"")), ErrorCode::kPlanScanned);
    EXPECT_EQ(Refusal(Pdf(u"1")), ErrorCode::kPlanScanned);
}

TEST(Sources, MacrosAreRefused) {
    EXPECT_EQ(
        Refusal(Docx(Paragraph("一、任务"), {{"word/vbaProject.bin", "x"}})), ErrorCode::kPlanMacros
    );
    EXPECT_EQ(
        Refusal(Docx(
            Paragraph("一、任务"),
            {},
            "<Types><Override ContentType='application/"
            "vnd.ms-word.document.macroEnabled.main+xml'/></Types>"
        )),
        ErrorCode::kPlanMacros
    );
}

TEST(Sources, OtherFilesAreNamed) {
    EXPECT_EQ(Refusal(""), ErrorCode::kPlanEmpty);
    EXPECT_EQ(Refusal(" \n\t\xE3\x80\x80"), ErrorCode::kPlanEmpty);
    EXPECT_EQ(Refusal("<html><body></body></html>"), ErrorCode::kPlanEmpty);
    EXPECT_EQ(Refusal("\x89PNG\r\n\x1A\n...."), ErrorCode::kPlanUnsupportedFormat);
    EXPECT_EQ(Refusal("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1...."), ErrorCode::kPlanUnsupportedFormat);
    EXPECT_EQ(Refusal(Zip({{"a.txt", "b"}})), ErrorCode::kPlanUnsupportedFormat);
    EXPECT_EQ(
        Refusal(Zip({{"[Content_Types].xml", "<Types>spreadsheetml</Types>"}})),
        ErrorCode::kPlanUnsupportedFormat
    );
    EXPECT_EQ(Refusal("PK\x03\x04 cut off"), ErrorCode::kPlanDamaged);
    EXPECT_EQ(Refusal("%PDF-1.4 cut off"), ErrorCode::kPlanDamaged);
    EXPECT_EQ(Refusal(Docx("<w:p>")), ErrorCode::kPlanDamaged);
    EXPECT_EQ(Refusal("ab\xC0\xC1\xFE\x80\x01\x02\x81\x05\x90"), ErrorCode::kPlanEncoding);
    EXPECT_EQ(Refusal(std::string(std::size_t{50} << 20U, 'x')), ErrorCode::kTooLarge);
}

TEST(Sources, ManyEntriesThatUnfoldHugeAreRefused) {
    // 80 MiB of one letter pack into a small file.
    const std::string bytes = Docx(Paragraph(std::string(std::size_t{80} << 20U, 'a')));
    EXPECT_LT(bytes.size(), std::size_t{1} << 20U);
    EXPECT_EQ(Refusal(bytes), ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace kangqu::plan
