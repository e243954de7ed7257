#include "kangqu/measure/report.hpp"

#include "kangqu/core/json.hpp"

namespace kangqu::measure {

namespace {

using core::JsonWriter;

constexpr Population kReported[] = {
    kInitialPopulation,
    kDenominator,
    kDenominatorExclusion,
    kDenominatorException,
    kNumerator,
    kNumeratorExclusion,
};

void Begin(
    JsonWriter& writer,
    const Measure& measure,
    const Period& period,
    std::string_view type
) {
    writer.BeginObject().Field("resourceType", "MeasureReport").Field("status", "complete");
    writer.Field("type", type).Field("measure", measure.url);
    writer.Key("period").BeginObject().Field("start", core::FormatDate(period.from));
    writer.Field("end", core::FormatDate(period.to)).EndObject();
}

void WritePopulation(JsonWriter& writer, Population population, std::int64_t count) {
    writer.BeginObject().Key("code").BeginObject().Key("coding").BeginArray().BeginObject();
    writer.Field("system", "http://terminology.hl7.org/CodeSystem/measure-population");
    writer.Field("code", NameOf(population)).EndObject().EndArray().EndObject();
    writer.Field("count", count).EndObject();
}

bool Holds(std::uint8_t populations, Population population) {
    return (populations & population) != 0;
}

}  // namespace

std::string SummaryReport(
    const Measure& measure,
    const Period& period,
    const std::vector<std::uint8_t>& subjects
) {
    std::string out;
    JsonWriter writer(out);
    Begin(writer, measure, period, "summary");
    writer.Key("group").BeginArray().BeginObject().Key("population").BeginArray();
    for (const Population population : kReported) {
        std::int64_t count = 0;
        for (const std::uint8_t one : subjects) {
            count += Holds(one, population) ? 1 : 0;
        }
        WritePopulation(writer, population, count);
    }
    writer.EndArray();
    measure::Counts totals;
    for (const std::uint8_t one : subjects) {
        totals.Add({0, one, false});
    }
    if (totals.denominator > 0) {
        writer.Key("measureScore").BeginObject().Key("value");
        writer.Double(
            static_cast<double>(totals.numerator) / static_cast<double>(totals.denominator)
        );
        writer.EndObject();
    }
    writer.EndObject().EndArray().EndObject();
    return out;
}

std::string IndividualReport(
    const Measure& measure,
    const Period& period,
    std::string_view patient_id,
    std::uint8_t populations
) {
    std::string out;
    JsonWriter writer(out);
    Begin(writer, measure, period, "individual");
    writer.Key("subject")
        .BeginObject()
        .Field("reference", "Patient/" + std::string(patient_id))
        .EndObject();
    writer.Key("group").BeginArray().BeginObject().Key("population").BeginArray();
    for (const Population population : kReported) {
        WritePopulation(writer, population, Holds(populations, population) ? 1 : 0);
    }
    writer.EndArray().EndObject().EndArray().EndObject();
    return out;
}

}  // namespace kangqu::measure
