#include "kangqu/fhir/xml.hpp"
#include "kangqu/patch/patch.hpp"

#include "tree.hpp"
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <pugixml.hpp>

// The published patch cases (FHIR/fhir-test-cases r4/patch), which may lie beside the project.
namespace kangqu::patch {
namespace {

using core::JsonDocument;

const std::filesystem::path kFolder =
    std::filesystem::path(KANGQU_SOURCE_DIR) / ".." / "shared" / "suites" / "patch";

bool Absent() {
    return !std::filesystem::exists(kFolder);
}

std::string Slurp(const std::string& name) {
    std::ifstream in(kFolder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

Tree TreeOf(const std::string& json) {
    const auto document = JsonDocument::Parse(json);
    EXPECT_TRUE(document.ok()) << json;
    return document.ok() ? Tree::Of((*document)->root()) : Tree();
}

TEST(PatchSuite, Json) {
    if (Absent()) {
        GTEST_SKIP() << "the patch suite is not at " << kFolder;
    }
    const auto suite = JsonDocument::Parse(Slurp("json-patch-tests.json"));
    ASSERT_TRUE(suite.ok());
    for (core::JsonNode one = (*suite)->root().first(); one; one = one.next()) {
        const auto changed = ApplyJsonPatch(one["doc"], one["patch"]);
        if (one["error"]) {
            EXPECT_FALSE(changed.ok()) << one["comment"].text();
            continue;
        }
        ASSERT_TRUE(changed.ok()) << one["comment"].text() << changed.error().Line();
        EXPECT_TRUE(Equal(TreeOf(*changed), Tree::Of(one["expected"])))
            << one["comment"].text() << *changed;
    }
    EXPECT_EQ((*suite)->root().size(), 16U);
}

std::string Printed(pugi::xml_node node) {
    std::ostringstream out;
    node.print(out, "", pugi::format_raw);
    return out.str();
}

// With xmlns before the other attributes.
std::string Canonical(pugi::xml_node node) {
    pugi::xml_document copy;
    pugi::xml_node root = copy.append_copy(node);
    if (const pugi::xml_attribute name = root.attribute("xmlns")) {
        root.prepend_copy(name);
        root.remove_attribute(name);
    }
    return Printed(root);
}

pugi::xml_node FirstElement(pugi::xml_node node) {
    return node.find_child([](pugi::xml_node child) { return child.type() == pugi::node_element; });
}

// White space inside narratives is laid out anew by the suite.
std::string WithoutSpace(std::string text) {
    for (const std::string_view escape : {"\\n", "\\t", " "}) {
        for (std::size_t at = text.find(escape); at != std::string::npos; at = text.find(escape)) {
            text.erase(at, escape.size());
        }
    }
    return text;
}

std::string JsonOf(pugi::xml_node holder) {
    const auto json = fhir::JsonFromXml(Printed(FirstElement(holder)));
    EXPECT_TRUE(json.ok()) << Printed(holder) << json.error().Line();
    return json.ok() ? *json : "{}";
}

TEST(PatchSuite, FhirPath) {
    if (Absent()) {
        GTEST_SKIP() << "the patch suite is not at " << kFolder;
    }
    pugi::xml_document suite;
    ASSERT_TRUE(suite.load_string(
        Slurp("fhir-patch-tests.xml").c_str(), pugi::parse_default | pugi::parse_ws_pcdata
    ));
    int count = 0;
    for (const pugi::xml_node one : suite.child("tests").children("case")) {
        const std::string name = one.attribute("name").value();
        const auto input = JsonDocument::Parse(JsonOf(one.child("input")));
        const auto diff = JsonDocument::Parse(JsonOf(one.child("diff")));
        const auto changed = ApplyFhirPathPatch((*input)->root(), (*diff)->root());
        ++count;
        if (one.child("error")) {
            EXPECT_FALSE(changed.ok()) << name;
            continue;
        }
        ASSERT_TRUE(changed.ok()) << name << ": " << changed.error().Line();
        EXPECT_TRUE(
            Equal(TreeOf(WithoutSpace(*changed)), TreeOf(WithoutSpace(JsonOf(one.child("output")))))
        ) << name
          << *changed;
    }
    EXPECT_EQ(count, 33);
}

TEST(PatchSuite, Xml) {
    if (Absent()) {
        GTEST_SKIP() << "the patch suite is not at " << kFolder;
    }
    pugi::xml_document suite;
    ASSERT_TRUE(suite.load_string(
        Slurp("xml-patch-tests.xml").c_str(), pugi::parse_default | pugi::parse_comments
    ));
    int count = 0;
    for (const pugi::xml_node one : suite.child("tests").children("case")) {
        const std::string name = one.attribute("name").value();
        const auto changed = ApplyXmlPatch(
            std::string_view(Printed(FirstElement(one.child("target")))),
            Printed(one.child("patch"))
        );
        ++count;
        if (one.child("error")) {
            EXPECT_FALSE(changed.ok()) << name;
            continue;
        }
        ASSERT_TRUE(changed.ok()) << name << ": " << changed.error().Line();
        pugi::xml_document got;
        ASSERT_TRUE(got.load_string(changed->c_str(), pugi::parse_default | pugi::parse_comments));
        EXPECT_EQ(Canonical(got.document_element()), Canonical(FirstElement(one.child("patched"))))
            << name;
    }
    EXPECT_EQ(count, 29);
}

}  // namespace
}  // namespace kangqu::patch
