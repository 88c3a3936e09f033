#ifndef COMMON_FEED_TESTING_ROOT_EXPORTER_H_
#define COMMON_FEED_TESTING_ROOT_EXPORTER_H_

// Exports the events that AppendNumbered has written, by the numbers that feed_root keeps of them.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/feed/errors.h"
#include "common/feed/event_exporter.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/status/macros.h"

namespace clientele::feed {

// Thread-safe.
class RootExporter final : public EventExporter {
 public:
  // `page_max`: events of a page, of 5 customers at most.
  explicit RootExporter(int page_max) : page_max_(page_max) {}

  absl::StatusOr<ExportPage> ReadPage(sql::Tx& tx, absl::string_view cursor) const override {
    const sql::Statement select{"SelectFeedRoots",
                                "SELECT customer_id, feed_seq FROM feed_root "
                                "WHERE customer_id >= $1 ORDER BY customer_id LIMIT $2"};
    const std::vector<std::string> place = absl::StrSplit(cursor, '/');
    int64_t last_seq = 0;
    if (!cursor.empty() && (place.size() != 2 || !absl::SimpleAtoi(place[1], &last_seq))) {
      return InvalidExportToken("is malformed");
    }
    ExportPage page;
    int customer_count = 0;
    CLIENTELE_RETURN_IF_ERROR(
        tx.Query(select, {absl::string_view(place[0]), int64_t{kCustomers}}, [&](const auto& row) {
          const std::string customer_id(row.Text(0));
          const int64_t from = customer_id == place[0] ? last_seq : 0;
          for (int64_t seq = from + 1; seq <= row.Int64(1) && !IsFull(page); ++seq) {
            page.events.push_back(MakeEvent(customer_id, seq));
            page.events.back().event_id = absl::StrCat("export of ", customer_id, "#", seq);
            page.cursor = absl::StrCat(customer_id, "/", seq);
          }
          ++customer_count;
          return absl::OkStatus();
        }));
    const bool is_last = !IsFull(page) && customer_count < kCustomers;
    page.cursor = is_last ? "" : std::move(page.cursor);
    return page;
  }

 private:
  static constexpr int kCustomers = 5;

  bool IsFull(const ExportPage& page) const {
    return page.events.size() >= static_cast<size_t>(page_max_);
  }

  const int page_max_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_ROOT_EXPORTER_H_
