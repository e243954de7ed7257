#include "kangqu/expression/catalogue.hpp"

namespace kangqu::expression {

ValueSets::Answer CatalogueValueSets::Contains(
    std::string_view value_set,
    std::string_view version,
    std::string_view system,
    std::string_view code
) const {
    switch (catalogue_->Contains(value_set, version, system, code)) {
        case terminology::Member::kNo:
            return Answer::kNo;
        case terminology::Member::kYes:
            return Answer::kYes;
        case terminology::Member::kUnknown:
            break;
    }
    return Answer::kUnknownValueSet;
}

}  // namespace kangqu::expression
