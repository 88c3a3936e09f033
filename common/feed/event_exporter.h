#ifndef COMMON_FEED_EVENT_EXPORTER_H_
#define COMMON_FEED_EVENT_EXPORTER_H_

// What a service implements so that consumers which come late can begin with its present state.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/feed/event_record.h"
#include "common/sql/database.h"

namespace clientele::feed {

// A piece of an export.
struct ExportPage {
  std::vector<OutboxEvent> events;
  std::string cursor;  // behind them; at most kExportCursorBytesMax; empty = nothing is left
};

// Thread-safe.
class EventExporter {
 public:
  virtual ~EventExporter() = default;

  // Re-makes the events behind `cursor`, empty = from the start: customer after customer, at most
  // kReadEventsMax. Those of a customer are, over all pages, the first ones of its history and in
  // its order, as some moment between the first and the last page saw it: whatever was committed
  // before the first page is among them, and nothing stands there without all that came before it.
  // What consumers need no more may be left out. The ids are the same in every export and no
  // event's of the feed. `tx` is read-only and for this page alone. INVALID_ARGUMENT
  // INVALID_PAGE_TOKEN (InvalidExportToken) when the cursor is none of its own.
  virtual absl::StatusOr<ExportPage> ReadPage(sql::Tx& tx, absl::string_view cursor) const = 0;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_EVENT_EXPORTER_H_
