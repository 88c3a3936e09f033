#include "services/profile/api/handlers/past_event_exporter.h"

#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/feed/errors.h"
#include "common/feed/limits.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/store/past_events.h"

namespace clientele::profile {
namespace {

// Between the values of a cursor; only the last one, a refund number, may hold it too.
constexpr char kSeparator[] = "/";

std::string EncodeCursor(const PastPosition& position) {
  return absl::StrJoin(std::tie(position.customer_id, position.feed_seq, position.record_us,
                                position.kind, position.purchase_id, position.refund_number),
                       kSeparator);
}

absl::StatusOr<PastPosition> DecodeCursor(absl::string_view cursor) {
  if (cursor.empty()) {
    return PastPosition{};
  }
  const std::vector<std::string> values = absl::StrSplit(cursor, absl::MaxSplits(kSeparator, 5));
  PastPosition position;
  if (values.size() != 6 || !absl::SimpleAtoi(values[1], &position.feed_seq) ||
      !absl::SimpleAtoi(values[2], &position.record_us) ||
      !absl::SimpleAtoi(values[3], &position.kind)) {
    return feed::InvalidExportToken("is malformed");
  }
  position.customer_id = values[0];
  position.purchase_id = values[4];
  position.refund_number = values[5];
  return position;
}

}  // namespace

absl::StatusOr<feed::ExportPage> PastEventExporter::ReadPage(sql::Tx& tx,
                                                             absl::string_view cursor) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PastPosition after, DecodeCursor(cursor));
  CLIENTELE_ASSIGN_OR_RETURN(const PastEvents past,
                             ReadPastEvents(tx, after, feed::kReadEventsMax));
  feed::ExportPage page;
  page.events.reserve(past.events.size());
  for (const PastEvent& event : past.events) {
    page.events.push_back(ToExportedEvent(event.event, event.record_time));
  }
  if (past.next.has_value()) {
    page.cursor = EncodeCursor(*past.next);
  }
  return page;
}

}  // namespace clientele::profile
