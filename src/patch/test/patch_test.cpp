#include "kangqu/patch/patch.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::patch {
namespace {

using core::ErrorCode;
using core::JsonDocument;

std::string Shown(const core::Result<std::string>& result) {
    return result.ok() ? *result : std::string(core::FactsOf(result.error().code).code);
}

std::string Json(const std::string& target, const std::string& operations) {
    const auto document = JsonDocument::Parse(target);
    const auto patch = JsonDocument::Parse(operations);
    EXPECT_TRUE(document.ok() && patch.ok()) << target << operations;
    return Shown(ApplyJsonPatch((*document)->root(), (*patch)->root()));
}

// `parts` in short form: name=JSON of the members, separated by |.
std::string Path(const std::string& target, const std::string& parts) {
    std::string parameters =
        R"({"resourceType":"Parameters","parameter":[{"name":"operation","part":[)";
    std::size_t from = 0;
    while (from < parts.size()) {
        const std::size_t end = std::min(parts.find('|', from), parts.size());
        const std::string one = parts.substr(from, end - from);
        const std::size_t equals = one.find('=');
        parameters += from == 0 ? "" : ",";
        parameters +=
            R"({"name":")" + one.substr(0, equals) + R"(",)" + one.substr(equals + 1) + "}";
        from = end + 1;
    }
    const auto document = JsonDocument::Parse(target);
    const auto patch = JsonDocument::Parse(parameters + "]}]}");
    EXPECT_TRUE(document.ok() && patch.ok()) << parameters;
    return Shown(ApplyFhirPathPatch((*document)->root(), (*patch)->root()));
}

std::string Patient(const std::string& rest) {
    return R"({"resourceType":"Patient")" + rest + "}";
}

TEST(JsonPatch, KeepsTheTextOfWhatItDoesNotTouch) {
    EXPECT_EQ(
        Json(R"({"a":1.00,"b":"\u4e2d","c":{}})", R"([{"op":"remove","path":"/c"}])"),
        R"({"a":1.00,"b":"\u4e2d"})"
    );
}

TEST(JsonPatch, ComparesByValue) {
    EXPECT_EQ(Json(R"({"a":1.0})", R"([{"op":"test","path":"/a","value":1}])"), R"({"a":1.0})");
    EXPECT_EQ(
        Json(R"({"a":{"x":1,"y":[2]}})", R"([{"op":"test","path":"/a","value":{"y":[2],"x":1}}])"),
        R"({"a":{"x":1,"y":[2]}})"
    );
    EXPECT_EQ(
        Json(R"({"a":"\u0061"})", R"([{"op":"test","path":"/a","value":"a"}])"), R"({"a":"\u0061"})"
    );
    EXPECT_EQ(Json(R"({"a":1})", R"([{"op":"test","path":"/a","value":2}])"), "patch-test-failed");
    EXPECT_EQ(
        Json(R"({"a":{"x":1}})", R"([{"op":"test","path":"/a","value":{"y":1}}])"),
        "patch-test-failed"
    );
}

TEST(JsonPatch, CopiesMovesAndReplacesTheWhole) {
    EXPECT_EQ(Json(R"({"a":1})", R"([{"op":"copy","from":"/a","path":"/b"}])"), R"({"a":1,"b":1})");
    EXPECT_EQ(Json(R"({"a":1})", R"([{"op":"move","from":"/a","path":"/a"}])"), R"({"a":1})");
    EXPECT_EQ(Json(R"({"a":1})", R"([{"op":"replace","path":"","value":[]}])"), "[]");
    EXPECT_EQ(Json(R"({"a":[1]})", R"([{"op":"add","path":"/a/-","value":2}])"), R"({"a":[1,2]})");
}

TEST(JsonPatch, RefusesWhatCannotBeDone) {
    const std::pair<const char*, const char*> rows[] = {
        {R"([])", "patch-empty"},
        {R"({})", "patch-empty"},
        {R"([{"op":"add","path":"a","value":1}])", "patch-bad-path"},
        {R"([{"op":"add","path":"/a~2","value":1}])", "patch-bad-path"},
        {R"([{"op":"add","path":"/b"}])", "patch-missing-part"},
        {R"([{"op":"add","value":1}])", "patch-missing-part"},
        {R"([{"op":"sing","path":"/a"}])", "patch-unknown-operation"},
        {R"([{"op":"remove","path":"/x"}])", "patch-no-target"},
        {R"([{"op":"remove","path":""}])", "patch-no-target"},
        {R"([{"op":"replace","path":"/x","value":1}])", "patch-no-target"},
        {R"([{"op":"add","path":"/a/9","value":1}])", "patch-out-of-range"},
        {R"([{"op":"add","path":"/a/01","value":1}])", "patch-out-of-range"},
        {R"([{"op":"move","from":"/a","path":"/a/0"}])", "patch-not-allowed"},
        {R"([{"op":"remove","path":"/a"},{"op":"remove","path":"/a"}])", "patch-no-target"},
    };
    for (const auto& [operations, expected] : rows) {
        EXPECT_EQ(Json(R"({"a":[1]})", operations), expected) << operations;
    }
}

TEST(JsonPatch, StopsBeforeCopiesFillTheMemory) {
    std::string operations = "[";
    for (int i = 0; i < 100; ++i) {
        operations += R"({"op":"copy","from":"","path":"/a)" + std::to_string(i) + R"("},)";
    }
    operations.back() = ']';
    EXPECT_EQ(Json(R"({"a":"bcdefgh"})", operations), "too-large");
    std::string deep = "[";
    for (int i = 0; i < 200; ++i) {
        deep += R"({"op":"move","from":"/a","path":"/b"},{"op":"add","path":"/a","value":{}},)"
                R"({"op":"move","from":"/b","path":"/a/a"},)";
    }
    deep.back() = ']';
    EXPECT_EQ(Json(R"({"a":{}})", deep), "json-too-deep");
    std::string many = "[";
    for (std::size_t i = 0; i <= kMaxOperations; ++i) {
        many += R"({"op":"test","path":"/a","value":1},)";
    }
    many.back() = ']';
    EXPECT_EQ(Json(R"({"a":1})", many), "patch-too-long");
}

TEST(FhirPathPatch, KeepsValuesAndTheirExtensionsTogether) {
    const std::string target = Patient(
        R"(,"name":[{"given":["a","b"],"_given":[null,{"id":"2"}]}],"birthDate":"1970-03-30",)"
        R"("_birthDate":{"id":"d"})"
    );
    EXPECT_EQ(
        Path(target, R"(type="valueCode":"delete"|path="valueString":"Patient.name.given[0]")"),
        Patient(R"(,"name":[{"given":["b"],"_given":[{"id":"2"}]}],"birthDate":"1970-03-30",)"
                R"("_birthDate":{"id":"d"})")
    );
    EXPECT_EQ(
        Path(target, R"(type="valueCode":"delete"|path="valueString":"Patient.birthDate")"),
        Patient(R"(,"name":[{"given":["a","b"],"_given":[null,{"id":"2"}]}])")
    );
    EXPECT_EQ(
        Path(
            target,
            R"(type="valueCode":"replace"|path="valueString":"Patient.birthDate"|)"
            R"(value="valueDate":"1971-01-01")"
        ),
        Patient(R"(,"name":[{"given":["a","b"],"_given":[null,{"id":"2"}]}],)"
                R"("birthDate":"1971-01-01")")
    );
    EXPECT_EQ(
        Path(
            Patient(R"(,"name":[{"given":["a"]}])"),
            R"(type="valueCode":"add"|path="valueString":"Patient.name.given[0]"|)"
            R"(name="valueString":"extension"|value="valueExtension":{"url":"urn:a"})"
        ),
        Patient(R"(,"name":[{"given":["a"],"_given":[{"extension":[{"url":"urn:a"}]}]}])")
    );
}

TEST(FhirPathPatch, ReplacesAChoiceByAnotherType) {
    EXPECT_EQ(
        Path(
            Patient(R"(,"deceasedBoolean":true,"gender":"male")"),
            R"(type="valueCode":"replace"|path="valueString":"Patient.deceased"|)"
            R"(value="valueDateTime":"2020")"
        ),
        Patient(R"(,"deceasedDateTime":"2020","gender":"male")")
    );
    EXPECT_EQ(
        Path(
            Patient(""),
            R"(type="valueCode":"add"|path="valueString":"Patient"|)"
            R"(name="valueString":"deceased"|value="valueBoolean":true)"
        ),
        Patient(R"(,"deceasedBoolean":true)")
    );
}

TEST(FhirPathPatch, LeavesNoEmptyElementBehind) {
    EXPECT_EQ(
        Path(
            Patient(R"(,"contact":[{"name":{"text":"a"}}],"active":true)"),
            R"(type="valueCode":"delete"|path="valueString":"Patient.contact.name.text")"
        ),
        Patient(R"(,"active":true)")
    );
}

TEST(FhirPathPatch, InsertsIntoAListThatIsNotThereYet) {
    EXPECT_EQ(
        Path(
            Patient(""),
            R"(type="valueCode":"insert"|path="valueString":"Patient.name"|)"
            R"(index="valueInteger":0|value="valueHumanName":{"text":"a"})"
        ),
        Patient(R"(,"name":[{"text":"a"}])")
    );
}

TEST(FhirPathPatch, RefusesWhatCannotBeDone) {
    const std::string target = Patient(R"(,"active":true,"name":[{"text":"a"},{"text":"b"}])");
    const std::pair<const char*, const char*> rows[] = {
        {R"(type="valueCode":"sing"|path="valueString":"Patient")", "patch-unknown-operation"},
        {R"(type="valueCode":"add")", "patch-missing-part"},
        {R"(path="valueString":"Patient")", "patch-missing-part"},
        {R"(type="valueCode":"add"|path="valueString":"Patient")", "patch-missing-part"},
        {R"(type="valueCode":"add"|path="valueString":"Patient"|name="valueString":"gender")",
         "patch-missing-part"},
        {R"(type="valueCode":"add"|path="valueString":"Patient.("|name="valueString":"gender")",
         "patch-bad-path"},
        {R"(type="valueCode":"replace"|path="valueString":"1"|value="valueCode":"a")",
         "patch-bad-path"},
        {R"(type="valueCode":"add"|path="valueString":"Patient"|name="valueString":"zebra"|value="valueCode":"a")",
         "patch-not-allowed"},
        {R"(type="valueCode":"add"|path="valueString":"Patient"|name="valueString":"active"|value="valueBoolean":false)",
         "patch-not-allowed"},
        {R"(type="valueCode":"add"|path="valueString":"Patient"|name="valueString":"contact"|value="valueString":"x")",
         "patch-not-allowed"},
        {R"(type="valueCode":"delete"|path="valueString":"Patient.name")", "patch-many-targets"},
        {R"(type="valueCode":"delete"|path="valueString":"Patient")", "patch-not-allowed"},
        {R"(type="valueCode":"replace"|path="valueString":"Patient.gender"|value="valueCode":"male")",
         "patch-no-target"},
        {R"(type="valueCode":"replace"|path="valueString":"Patient.name[0]"|value="valueString":"x")",
         "patch-not-allowed"},
        {R"(type="valueCode":"insert"|path="valueString":"Patient.name"|index="valueInteger":3|value="valueHumanName":{})",
         "patch-out-of-range"},
        {R"(type="valueCode":"move"|path="valueString":"Patient.name"|source="valueInteger":0|destination="valueInteger":2)",
         "patch-out-of-range"},
        {R"(type="valueCode":"move"|path="valueString":"Patient.name"|source="valueInteger":0)",
         "patch-missing-part"},
    };
    for (const auto& [parts, expected] : rows) {
        EXPECT_EQ(Path(target, parts), expected) << parts;
    }
    EXPECT_EQ(
        Path(target, R"(type="valueCode":"delete"|path="valueString":"Patient.gender")"), target
    );
}

std::string Xml(const std::string& target, const std::string& operations) {
    return Shown(ApplyXmlPatch(
        std::string_view(target), "<diff xmlns=\"http://hl7.org/fhir\">" + operations + "</diff>"
    ));
}

TEST(XmlPatch, ChangesAResourceHeldAsJson) {
    const auto document = JsonDocument::Parse(Patient(
        R"(,"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"> a <b>b</b></div>"},"active":true)"
    ));
    EXPECT_EQ(
        Shown(ApplyXmlPatch(
            (*document)->root(),
            "<diff xmlns=\"http://hl7.org/fhir\"><replace sel=\"f:Patient/f:active/@value\">false"
            "</replace><add sel=\"f:Patient\"><birthDate value=\"1970-03-30\"/></add>"
            "<remove sel=\"f:Patient/f:text/h:div/h:b\"/></diff>"
        )),
        Patient(
            R"(,"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"> a </div>"},)"
            R"("active":false,"birthDate":"1970-03-30")"
        )
    );
}

TEST(XmlPatch, RefusesSelectorsBeyondTheNorm) {
    const std::string target = "<a xmlns=\"http://hl7.org/fhir\"><b/></a>";
    for (const char* selector :
         {"//f:b",
          "f:a/descendant::f:b",
          "f:a/..",
          "f:a[f:b[1]]",
          "f:a[count(f:b)=1]",
          "f:a[",
          "'",
          ""}) {
        EXPECT_EQ(Xml(target, "<remove sel=\"" + std::string(selector) + "\"/>"), "patch-bad-path")
            << selector;
    }
    EXPECT_EQ(
        Xml(target, "<remove sel=\"f:a/f:b" + std::string(2'000, ' ') + "\"/>"), "patch-bad-path"
    );
    EXPECT_EQ(Xml(target, "<remove sel=\"f:a\"/>"), "patch-not-allowed");
    EXPECT_EQ(Xml(target, "<remove/>"), "patch-missing-part");
    EXPECT_EQ(Xml(target, "<sing sel=\"f:a\"/>"), "patch-unknown-operation");
    EXPECT_EQ(Xml(target, "<add sel=\"f:a\" type=\"@a b\">x</add>"), "patch-not-allowed");
    EXPECT_EQ(Xml("<!DOCTYPE a><a/>", "<remove sel=\"a\"/>"), "xml-doctype");
    EXPECT_EQ(Xml("<a>", "<remove sel=\"a\"/>"), "xml-syntax");
}

}  // namespace
}  // namespace kangqu::patch
