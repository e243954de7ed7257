#pragma once

#include "life.hpp"
#include <string>
#include <string_view>

namespace kangqu::synth {

// Writes what is measured, counted, stored and inspected at places: series by day, week or month,
// the stock of medicines as a ledger that adds up, deliveries, inspections with their findings. Its
// size depends on the years and the places, not on the residents.
class PlaceWriter {
public:
    PlaceWriter(const World& world, Emitter& emitter) : world_(world), emitter_(emitter) {}
    void Write();

private:
    void WriteSeries();
    void WriteSeriesOf(const Row& row, std::size_t index, std::string_view place, std::size_t at);
    void WriteMeasurement(const Row& row, Day day, std::string_view place, Random& random);
    void WriteStock();
    void WriteStockOf(std::size_t institution, std::size_t drug);
    void WriteInspections();
    void WriteInspection(const Row& row, const Site& site, Day day, Random& random);

    const World& world_;
    Emitter& emitter_;
    Fill fill_;
};

}  // namespace kangqu::synth
