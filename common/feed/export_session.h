#ifndef COMMON_FEED_EXPORT_SESSION_H_
#define COMMON_FEED_EXPORT_SESSION_H_

// One ExportEvents stream: the heads, then the events that make the present state, page by page.

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clientele/common/v1/event_service.pb.h"
#include "common/feed/event_exporter.h"
#include "common/feed/export_token.h"
#include "common/feed/positions.h"
#include "common/rpc/stream_session.h"
#include "common/sql/database.h"

namespace clientele::feed {

// What an ExportEventsRequest asks for, checked.
struct ExportPlan {
  std::optional<ExportPlace> place;  // unset = a new export
  PartitionSet partitions;
  std::string consumer;  // registers under this name; empty = not
};

// INVALID_ARGUMENT with every violation at once: reason INVALID_PAGE_TOKEN when the token is the
// only one, else INVALID_ARGUMENT.
absl::StatusOr<ExportPlan> ValidateExportEvents(
    absl::string_view service_name, const clientele::common::v1::ExportEventsRequest& request);

// Thread safety: as ServerStreamSession. The references must outlive it.
class ExportSession final
    : public rpc::ServerStreamSession<clientele::common::v1::ExportEventsResponse> {
 public:
  ExportSession(std::string service_name, ExportPlan plan, sql::Database& database,
                const EventExporter& exporter);

  void SetWaker(std::function<void()> /*wake*/) override {}

  // Sends where it begins, having registered the plan's consumer there, then a page at a time, and
  // ends behind the last one; also when the server drains, and then without it. INVALID_ARGUMENT
  // INVALID_PAGE_TOKEN when the plan's place is ahead of the feed, OUT_OF_RANGE
  // RESUME_TOKEN_EXPIRED when what follows its start is not kept; RegisterConsumer's, the
  // exporter's and the database's errors.
  absl::StatusOr<rpc::StreamStep> Next(clientele::common::v1::ExportEventsResponse& response,
                                       bool draining) override;

 private:
  absl::StatusOr<ExportPlace> Begin(sql::Tx& tx) const;
  void AppendEvents(const ExportPage& page,
                    clientele::common::v1::ExportEventsResponse& response) const;

  const std::string service_name_;
  const ExportPlan plan_;
  sql::Database& database_;
  const EventExporter& exporter_;
  std::optional<ExportPlace> place_;  // unset before the first message
  bool is_through_ = false;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_EXPORT_SESSION_H_
