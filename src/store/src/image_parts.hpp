#pragma once

#include "kangqu/core/result.hpp"
#include "kangqu/store/image.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::store {

// An index table as a source describes it.
struct ImageTable {
    std::int64_t number = 0;
    std::string name;
    std::string columns;  // "name:type,..."
    Position lacks_upto = 0;
};
struct ImageVersion {
    Version facts;
    std::string rows;  // packed, in the source's numbers
};
struct ImageId {
    std::string type;
    std::string id;
    Home home = 0;
    RecordKey key = 0;
};
struct ImageValue {
    std::string space;
    std::string key;
    std::string value;
};

// Takes an image in this order: tables, texts, versions, reserved ids, values, end; each of the
// middle ones in any number of portions.
class ImageSink {
public:
    virtual ~ImageSink() = default;
    virtual core::Status Tables(const std::vector<ImageTable>& tables) = 0;
    virtual core::Status Texts(const std::vector<std::pair<std::int64_t, std::string>>& texts) = 0;
    virtual core::Status Versions(const std::vector<ImageVersion>& versions) = 0;
    virtual core::Status Reserved(const std::vector<ImageId>& ids) = 0;
    virtual core::Status Values(const std::vector<ImageValue>& values) = 0;
    virtual core::Status End(const ImageFigures& figures) = 0;
};

// Counts and digests what goes by.
class ImageCount {
public:
    void Add(const Version& version);
    ImageFigures figures;
};

std::string ColumnsOf(const IndexTable& table);

// Sends the content of `store` up to its position at the call; gives its figures.
core::Result<ImageFigures> ReadStore(Store& store, ImageSink& sink, const ImageProgress& progress);
// Sends the content of a backup; gives the figures of what was sent. `point` cuts it off.
core::Result<ImageFigures>
ReadBackup(const std::string& file, const RestorePoint& point, ImageSink& sink);
// Writes a backup file.
core::Result<std::unique_ptr<ImageSink>> WriteBackup(const std::string& file);
// Fills an empty store.
core::Result<std::unique_ptr<ImageSink>> WriteStore(Store& store, const ImageProgress& progress);
// Only lets it go by.
std::unique_ptr<ImageSink> DropImage();

}  // namespace kangqu::store
