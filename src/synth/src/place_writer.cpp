#include "place_writer.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

constexpr int kFailedWorse = 3;

int StepOf(std::string_view period) noexcept {
    return period == "day" ? 1 : period == "week" ? 7 : 30;
}

}  // namespace

void PlaceWriter::Write() {
    WriteSeries();
    WriteStock();
    WriteInspections();
}

void PlaceWriter::WriteSeries() {
    const std::vector<Row> rows = RowsOf("series");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::size_t at = 0;
        if (rows[i][1] == "hospital") {
            for (const std::size_t hospital : world_.district.hospitals) {
                WriteSeriesOf(rows[i], i, world_.district.institutions[hospital].id, at++);
            }
            continue;
        }
        for (const std::size_t site : world_.sites.OfKind(rows[i][1])) {
            WriteSeriesOf(rows[i], i, world_.sites[site].id, at++);
        }
    }
}

void PlaceWriter::WriteSeriesOf(
    const Row& row,
    std::size_t index,
    std::string_view place,
    std::size_t at
) {
    Random random(world_.options.seed, Stream::kSeries, index * 1000 + at);
    const int step = StepOf(row[2]);
    for (Day day = world_.window.from; day <= world_.window.until; day += step) {
        WriteMeasurement(row, day, place, random);
    }
}

void PlaceWriter::WriteMeasurement(
    const Row& row,
    Day day,
    std::string_view place,
    Random& random
) {
    const Catalog& catalog = world_.catalog;
    const auto month = static_cast<std::size_t>(core::CivilOf(day).month - 1);
    const Template& component = world_.templates["series-component.json"];
    std::string components;
    for (const std::size_t at : catalog.panels[catalog.PanelOf(row[4])].observations) {
        const ObservationRow& observation = catalog.observations[at];
        std::size_t season = 0;
        for (const Row& one : RowsOf("seasons")) {
            if (one[0] == row[3]) {
                break;
            }
            ++season;
        }
        const std::int64_t mean =
            std::int64_t{observation.mean[1]} * catalog.seasons[season][month] / 1000;
        const std::int64_t value = std::clamp<std::int64_t>(
            mean + random.Bell(observation.within), observation.low, observation.high
        );
        fill_.Set(Slot::system, observation.system);
        fill_.Set(Slot::code, observation.code);
        fill_.Set(Slot::text, observation.text);
        fill_.Set(Slot::unit, observation.unit);
        fill_.SetFixed(Slot::value, value, observation.decimals);
        components += components.empty() ? "" : ",";
        component.Append(fill_, components);
    }
    const std::string_view date = DateText(day);
    fill_.Join(Slot::id, {row[0], "-", place, "-", date});
    fill_.Set(Slot::code, row[0]);
    fill_.Set(Slot::text, row[5]);
    fill_.Join(Slot::place, {"loc-", place});
    fill_.SetTime(Slot::when, day, 8 * 60);
    fill_.SetTime(Slot::issued, day, 17 * 60);
    fill_.Set(Slot::items, components);
    emitter_.Put("series.json", fill_);
}

void PlaceWriter::WriteStock() {
    const auto& institutions = world_.district.institutions;
    for (std::size_t i = 0; i < institutions.size(); ++i) {
        if (institutions[i].kind != "centre" && institutions[i].kind != "hospital") {
            continue;
        }
        for (std::size_t drug = 0; drug < world_.catalog.medications.size(); ++drug) {
            WriteStockOf(i, drug);
        }
    }
}

void PlaceWriter::WriteStockOf(std::size_t institution, std::size_t drug) {
    Random random(world_.options.seed, Stream::kStock, institution * 1000 + drug);
    const Institution& house = world_.district.institutions[institution];
    const MedicationRow& row = world_.catalog.medications[drug];
    const int usual =
        house.kind == "hospital" ? random.Between(300, 1200) : random.Between(40, 200);
    int stock = usual + random.Between(0, usual);
    for (int year = world_.window.first_year; year <= world_.window.last_year; ++year) {
        for (int month = 1; month <= 12; ++month) {
            const Day last = core::DaysOf({year, month, core::DaysInMonth(year, month)});
            if (last > world_.window.until) {
                return;
            }
            const int opening = stock;
            const int received = stock < usual ? usual + random.Between(0, usual) : 0;
            const int used =
                std::min(opening + received, std::max(0, usual + random.Bell(usual / 4)));
            stock = opening + received - used;
            char number[16];
            std::snprintf(number, sizeof number, "%04d%02d", year, month);
            fill_.Join(Slot::id, {"stock-", house.id, "-", row.key, "-", number});
            fill_.Set(Slot::code, row.code);
            fill_.Set(Slot::text, row.text);
            fill_.Join(Slot::place, {"loc-", house.id});
            fill_.Set(Slot::org, house.id);
            fill_.SetTime(Slot::when, last, 18 * 60);
            fill_.SetInt(Slot::t1, opening);
            fill_.SetInt(Slot::t2, received);
            fill_.SetInt(Slot::t3, used);
            fill_.SetInt(Slot::t4, stock);
            emitter_.Put("stock.json", fill_);
            if (received > 0) {
                fill_.Join(Slot::id, {"delivery-", house.id, "-", row.key, "-", number});
                fill_.SetDate(Slot::date, core::DaysOf({year, month, random.Between(1, 25)}));
                emitter_.Put("delivery.json", fill_);
            }
        }
    }
}

void PlaceWriter::WriteInspections() {
    const std::vector<Row> rows = RowsOf("inspections");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        for (const std::size_t at : world_.sites.OfKind(row[1])) {
            Random random(world_.options.seed, Stream::kInspection, i * 1000 + at);
            for (int year = world_.window.first_year; year <= world_.window.last_year; ++year) {
                for (int round = 0; round < NumberOf(row[2]); ++round) {
                    const Day day = core::DaysOf({year, 1, 1}) + random.Between(0, 364);
                    if (day <= world_.window.until) {
                        WriteInspection(row, world_.sites[at], day, random);
                    }
                }
            }
        }
    }
}

void PlaceWriter::WriteInspection(const Row& row, const Site& site, Day day, Random& random) {
    const Template& item = world_.templates["inspection-item.json"];
    std::string items;
    int failed = 0;
    int number = 0;
    for (const std::string_view point : Words(row[4])) {
        const bool bad = random.PerMille(NumberOf(row[3]));
        failed += bad ? 1 : 0;
        fill_.SetInt(Slot::number, ++number);
        fill_.Set(Slot::text, point);
        fill_.Set(Slot::value, bad ? "false" : "true");
        items += items.empty() ? "" : ",";
        item.Append(fill_, items);
    }
    fill_.Join(
        Slot::id,
        {row[0], "-", site.id, "-", DateText(day), "-", std::to_string(random.Between(100, 999))}
    );
    fill_.Set(Slot::code, row[0]);
    fill_.Set(Slot::text, row[5]);
    fill_.Set(Slot::org, site.id);
    fill_.SetTime(Slot::when, day, 10 * 60);
    fill_.Set(Slot::items, items);
    const std::string_view result = failed == 0             ? "pass"
                                    : failed < kFailedWorse ? "correct"
                                                            : "fail";
    fill_.Set(Slot::code2, result);
    fill_.Set(Slot::text2, world_.texts["inspection." + std::string(result)]);
    emitter_.Put("inspection.json", fill_);
}

}  // namespace kangqu::synth
