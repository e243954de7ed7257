#include "kangqu/core/ids.hpp"
#include "kangqu/measure/report.hpp"
#include "kangqu/measure/subject.hpp"

#include "fhir_http.hpp"
#include "route_family.hpp"
#include <array>
#include <map>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::JsonWriter;
using core::MakeError;

enum class ReportType : std::uint8_t { kSubject, kSubjectList, kPopulation };

// What is asked: the period, both days included, and of whom.
struct Asked {
    measure::Period period;
    ReportType type = ReportType::kPopulation;
    std::string subject;  // id of a Patient
};

// One resident and the populations he is in.
struct Judged {
    std::string id;
    std::uint8_t populations = 0;
};

// Parameters of the address, and of a Parameters body.
std::map<std::string, std::string> GivenBy(const Request& request, JsonNode body) {
    std::map<std::string, std::string> given;
    for (const Pair& pair : request.query) {
        given[pair.name] = pair.value;
    }
    for (JsonNode one = body["parameter"].first(); one; one = one.next()) {
        for (JsonNode member = one.first(); member; member = member.next()) {
            if (member.key().starts_with("value")) {
                given[std::string(one["name"].text())] = member.text();
            }
        }
    }
    return given;
}

core::Result<core::CivilDate> DateOf(std::map<std::string, std::string>& given, const char* name) {
    const auto date = core::ParseDate(given[name]);
    if (!date) {
        return MakeError(ErrorCode::kInvalidArgument, name, "YYYY-MM-DD");
    }
    return *date;
}

core::Result<Asked> ReadAsked(const Request& request) {
    std::unique_ptr<const core::JsonDocument> document;
    if (!request.body.empty()) {
        KQ_ASSIGN(document, BodyOf(request));
    }
    auto given = GivenBy(request, document ? document->root() : JsonNode());
    Asked asked;
    KQ_ASSIGN(asked.period.from, DateOf(given, "periodStart"));
    KQ_ASSIGN(asked.period.to, DateOf(given, "periodEnd"));
    if (asked.period.to < asked.period.from) {
        return MakeError(ErrorCode::kInvalidArgument, "periodEnd", ">= periodStart");
    }
    asked.subject = given["subject"];
    if (asked.subject.starts_with("Patient/")) {
        asked.subject.erase(0, std::string_view("Patient/").size());
    }
    const std::string& type = given["reportType"];
    const bool one = type == "subject" || type == "individual";
    if (one || (type.empty() && !asked.subject.empty())) {
        asked.type = ReportType::kSubject;
    } else if (type == "subject-list") {
        asked.type = ReportType::kSubjectList;
    } else if (!type.empty() && type != "population" && type != "summary") {
        return MakeError(
            ErrorCode::kInvalidArgument, "reportType", "subject | subject-list | population"
        );
    }
    if (asked.type == ReportType::kSubject && !core::IsFhirId(asked.subject)) {
        return MakeError(ErrorCode::kInvalidArgument, "subject", "Patient/id");
    }
    return asked;
}

core::Result<std::uint8_t>
Judge(store::Reader& reader, measure::SubjectJudge& judge, store::Home home) {
    measure::SubjectRecords records;
    core::Status added;
    KQ_TRY(reader.ScanHome(home, [&](const store::Version& version) {
        added = records.Add(version.body);
        return added.ok();
    }));
    KQ_TRY(added);
    if (!records.patient()) {
        return std::uint8_t{0};
    }
    KQ_ASSIGN(const auto result, judge.Judge(records));
    return result.populations;
}

// The residents the caller may see, judged; one whose data the logic cannot judge counts nowhere,
// and is counted in `failed`.
core::Result<std::vector<Judged>> JudgeAll(
    const EvaluateServices& services,
    const Request& request,
    const search::Restriction& restriction,
    measure::SubjectJudge& judge,
    std::int64_t& failed
) {
    std::vector<std::pair<store::Home, std::string>> residents;
    services.residents.Visit([&](const timeline::Resident& one) {
        residents.emplace_back(one.home, one.id);
    });
    KQ_ASSIGN(const auto reader, services.records.store().Read());
    std::vector<Judged> judged;
    for (const auto& [home, id] : residents) {
        KQ_TRY(request.CheckTime());
        KQ_ASSIGN(
            const bool seen,
            search::Admits(*reader, restriction, search::Action::kRead, "Patient", home, home)
        );
        if (!seen) {
            continue;
        }
        const auto populations = Judge(*reader, judge, home);
        if (populations.ok()) {
            judged.push_back({id, *populations});
        } else {
            ++failed;
        }
    }
    return judged;
}

constexpr std::array<measure::Population, 6> kPopulations = {
    measure::kInitialPopulation,
    measure::kDenominator,
    measure::kDenominatorExclusion,
    measure::kDenominatorException,
    measure::kNumerator,
    measure::kNumeratorExclusion};

void WriteList(JsonWriter& writer, measure::Population population, const std::vector<Judged>& all) {
    writer.BeginObject().Field("resourceType", "List").Field("id", NameOf(population));
    writer.Field("status", "current").Field("mode", "snapshot");
    std::vector<const Judged*> in;
    for (const Judged& one : all) {
        if ((one.populations & population) != 0) {
            in.push_back(&one);
        }
    }
    if (!in.empty()) {
        writer.Key("entry").BeginArray();
        for (const Judged* one : in) {
            writer.BeginObject().Key("item").BeginObject();
            writer.Field("reference", "Patient/" + one->id).EndObject().EndObject();
        }
        writer.EndArray();
    }
    writer.EndObject();
}

// A summary as a subject-list: its populations refer to contained lists of residents.
std::string WithSubjects(JsonNode summary, const std::vector<Judged>& judged) {
    std::string out;
    JsonWriter writer(out);
    writer.BeginObject().Field("resourceType", "MeasureReport");
    writer.Key("contained").BeginArray();
    for (const measure::Population population : kPopulations) {
        WriteList(writer, population, judged);
    }
    writer.EndArray();
    for (JsonNode member = summary.first(); member; member = member.next()) {
        const std::string_view key = member.key();
        if (key == "type") {
            writer.Field("type", "subject-list");
        } else if (key != "group" && key != "resourceType") {
            writer.Key(key).Node(member);
        }
    }
    const JsonNode group = summary["group"][std::size_t{0}];
    writer.Key("group").BeginArray().BeginObject().Key("population").BeginArray();
    for (JsonNode one = group["population"].first(); one; one = one.next()) {
        writer.BeginObject().Key("code").Node(one["code"]).Key("count").Node(one["count"]);
        const std::string code(one["code"]["coding"][std::size_t{0}]["code"].text());
        writer.Key("subjectResults").BeginObject().Field("reference", "#" + code).EndObject();
        writer.EndObject();
    }
    writer.EndArray();
    if (group["measureScore"]) {
        writer.Key("measureScore").Node(group["measureScore"]);
    }
    writer.EndObject().EndArray().EndObject();
    return out;
}

core::Result<Response> Evaluate(const EvaluateServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    KQ_ASSIGN(const Asked asked, ReadAsked(request));
    const measure::Measure* const measure = services.populations.Find(request.Param("id"));
    if (measure == nullptr) {
        return MakeError(ErrorCode::kMeasureUnknown, std::string(request.Param("id")));
    }
    KQ_ASSIGN(
        const auto judge,
        measure::SubjectJudge::Make(
            *measure, asked.period, services.clock.Now(), services.catalogue()
        )
    );
    if (asked.type == ReportType::kSubject) {
        KQ_TRY(services.records.Read(restriction, "Patient", asked.subject));
        KQ_ASSIGN(const auto reader, services.records.store().Read());
        KQ_ASSIGN(const auto at, reader->Find("Patient", asked.subject));
        KQ_ASSIGN(const auto populations, Judge(*reader, *judge, at ? at->home : 0));
        return FhirAnswer(
            measure::IndividualReport(*measure, asked.period, asked.subject, populations)
        );
    }
    std::int64_t failed = 0;
    KQ_ASSIGN(const auto judged, JudgeAll(services, request, restriction, *judge, failed));
    std::vector<std::uint8_t> populations;
    for (const Judged& one : judged) {
        populations.push_back(one.populations);
    }
    std::string summary = measure::SummaryReport(*measure, asked.period, populations);
    Response response = FhirAnswer(summary);
    if (asked.type == ReportType::kSubjectList) {
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(std::move(summary)));
        response = FhirAnswer(WithSubjects(document->root(), judged));
    }
    if (failed > 0) {
        response.Set("Warning", "199 - \"" + std::to_string(failed) + " not computable\"");
    }
    return response;
}

}  // namespace

void RegisterEvaluate(Registry& registry, EvaluateServices services) {
    RouteFamily<EvaluateServices> family(registry, std::move(services));
    for (const Method method : {Method::kGet, Method::kPost}) {
        Route route = FhirRoute(
            method,
            "/fhir/Measure/{id}/$evaluate-measure",
            method == Method::kGet ? "evaluateMeasure" : "evaluateMeasureByPost",
            {"计算指标", "Evaluate a measure"}
        );
        route.cost = Cost::kHeavy;
        if (method == Method::kGet) {
            route.parameters = {
                QueryText("periodStart", {"起始日", "First day"}),
                QueryText("periodEnd", {"截止日", "Last day"}),
                QueryText("reportType", {"报告种类", "subject, subject-list or population"}),
                QueryText("subject", {"居民", "Patient/id"}),
            };
        }
        family.Add(std::move(route), Evaluate);
    }
}

}  // namespace kangqu::api
