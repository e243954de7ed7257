#include "route_family.hpp"

namespace kangqu::api {

Parameter QueryText(std::string name, BothLanguages text) {
    return {std::move(name), Parameter::In::kQuery, Schema::String(), std::move(text)};
}

Parameter QueryNumber(std::string name, BothLanguages text) {
    return {std::move(name), Parameter::In::kQuery, Schema::Integer(), std::move(text)};
}

Parameter UnitParameter() {
    return QueryText("unit", {"机构，含下级", "Organisation, with those below"});
}

Parameter PeriodParameter() {
    return QueryText("period", {"统计期", "Period"});
}

}  // namespace kangqu::api
