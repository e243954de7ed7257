#include "postgres/filter_fill.hpp"

#include "postgres/connection.hpp"
#include "postgres/writes.hpp"
#include <limits>

namespace kangqu::store::postgres {

namespace {

constexpr std::int64_t kPage = 20'000;

}  // namespace

FilterFill::FilterFill(std::string url, std::size_t capacity)
    : url_(std::move(url)), filter_(capacity), thread_([this] {
          if (Fill().ok()) {
              filter_.MarkComplete();
          }
      }) {}

FilterFill::~FilterFill() {
    stopping_ = true;
    thread_.join();
}

core::Status FilterFill::Fill() {
    KQ_ASSIGN(const auto connection, Connection::Open(url_, Patience()));
    for (std::int64_t last = 0;;) {
        KQ_ASSIGN(
            const Rows rows,
            connection->Run(
                "SELECT number, text FROM interned WHERE number > ? ORDER BY number LIMIT ?",
                Params().Add(last).Add(kPage)
            )
        );
        for (int row = 0; row < rows.size(); ++row) {
            filter_.Add(TextKey(rows.Bytes(row, 1)));
        }
        if (rows.size() == 0) {
            break;
        }
        last = rows.Integer(rows.size() - 1, 0);
        if (stopping_) {
            return core::MakeError(core::ErrorCode::kCancelled);
        }
    }
    std::string id;
    for (std::int64_t type = std::numeric_limits<std::int64_t>::min();;) {
        KQ_ASSIGN(
            const Rows rows,
            connection->Run(
                "SELECT type, id FROM ids WHERE (type, id) > (?, ?) ORDER BY type, id LIMIT ?",
                Params().Add(type).AddBytes(id).Add(kPage)
            )
        );
        for (int row = 0; row < rows.size(); ++row) {
            filter_.Add(IdKey(rows.Integer(row, 0), rows.Bytes(row, 1)));
        }
        if (rows.size() == 0) {
            return {};
        }
        type = rows.Integer(rows.size() - 1, 0);
        id = rows.Bytes(rows.size() - 1, 1);
        if (stopping_) {
            return core::MakeError(core::ErrorCode::kCancelled);
        }
    }
}

}  // namespace kangqu::store::postgres
