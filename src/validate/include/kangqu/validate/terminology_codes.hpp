#pragma once

#include "kangqu/terminology/terminology.hpp"
#include "kangqu/validate/codes.hpp"

#include <memory>
#include <utility>

namespace kangqu::validate {

// Codes as one catalogue of terminology knows them.
class TerminologyCodes : public Codes {
public:
    // Shared with whoever else asks the catalogue.
    explicit TerminologyCodes(std::shared_ptr<const terminology::Catalogue> catalogue)
        : catalogue_(std::move(catalogue)) {}

    Answer Contains(std::string_view value_set, std::string_view system, std::string_view code)
        const override {
        switch (catalogue_->Contains(value_set, {}, system, code)) {
            case terminology::Member::kYes:
                return Answer::kYes;
            case terminology::Member::kNo:
                return Answer::kNo;
            case terminology::Member::kUnknown:
                break;
        }
        return Answer::kUnknown;
    }

private:
    std::shared_ptr<const terminology::Catalogue> catalogue_;
};

}  // namespace kangqu::validate
