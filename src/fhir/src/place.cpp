#include "kangqu/fhir/place.hpp"

namespace kangqu::fhir {

void AppendPath(const Place& place, std::string& out) {
    if (place.parent != nullptr) {
        AppendPath(*place.parent, out);
        out.push_back('.');
    }
    if (place.element == nullptr) {
        out += place.name;
    } else if (place.element->choice) {
        out += place.element->path_name;
        out += ".ofType(";
        out += TypeOf(place.element->type).name;
        out += ")";
    } else {
        out += place.element->path_name;
    }
    if (place.indexed) {
        out += '[' + std::to_string(place.index) + ']';
    }
}

}  // namespace kangqu::fhir
