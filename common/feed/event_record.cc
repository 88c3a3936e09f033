#include "common/feed/event_record.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/feed/sql.h"
#include "common/status/macros.h"

namespace clientele::feed {

void AppendEventParams(const OutboxEvent& event, std::vector<sql::Param>& params) {
  const absl::string_view subject = event.subject;
  const size_t slash = subject.find('/');
  CLIENTELE_CHECK(slash != absl::string_view::npos);
  params.insert(
      params.end(),
      {absl::string_view(event.customer_id), event.feed_seq, absl::string_view(event.event_id),
       subject.substr(0, slash), subject.substr(slash + 1), absl::string_view(event.type),
       absl::ToUnixMicros(event.occur_time), absl::ToUnixMicros(event.record_time),
       absl::string_view(event.data_type), sql::Bytes{event.data},
       absl::string_view(event.traceparent)});
}

OutboxEvent OutboxEventFromRow(const sql::Row& row) {
  OutboxEvent event;
  event.customer_id = std::string(row.Text(0));
  event.feed_seq = row.Int64(1);
  event.event_id = std::string(row.Text(2));
  event.subject = absl::StrCat(row.Text(3), "/", row.Text(4));
  event.type = std::string(row.Text(5));
  event.occur_time = absl::FromUnixMicros(row.Int64(6));
  event.record_time = absl::FromUnixMicros(row.Int64(7));
  event.data_type = std::string(row.Text(8));
  event.data = std::string(row.Blob(9));
  event.traceparent = std::string(row.Text(10));
  return event;
}

absl::Status AppendToOutbox(sql::Tx& tx, absl::Span<const OutboxEvent> events) {
  if (events.empty()) {
    return absl::OkStatus();
  }
  std::vector<std::vector<sql::Param>> batch(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    AppendEventParams(events[i], batch[i]);
  }
  return tx.ExecuteBatch(kInsertOutbox, batch).status();
}

}  // namespace clientele::feed
