#include "common/feed/watch_request.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/feed/limits.h"
#include "common/feed/request_fields.h"
#include "common/feed/resume_token.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/status/merge_violations.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::WatchEventsRequest;

// A misspelled type would make a stream that is silent for ever.
void ReadTypes(absl::string_view service_name, absl::Span<const std::string> event_types,
               const WatchEventsRequest& request, WatchPlan& plan, Violations& violations) {
  if (request.types_size() > kWatchTypesMax) {
    violations.Add("types", absl::StrCat("must be at most ", kWatchTypesMax));
    return;
  }
  for (int i = 0; i < request.types_size(); ++i) {
    if (!absl::c_linear_search(event_types, request.types(i))) {
      violations.Add(absl::StrCat("types[", i, "]"),
                     absl::StrCat("is no event type of ", service_name));
    }
    plan.types.push_back(request.types(i));
  }
}

void ReadHeartbeat(const WatchEventsRequest& request, WatchPlan& plan, Violations& violations) {
  plan.heartbeat_interval = kHeartbeatDefault;
  if (!request.has_heartbeat_interval()) {
    return;
  }
  const auto& interval = request.heartbeat_interval();
  plan.heartbeat_interval = absl::Seconds(interval.seconds()) + absl::Nanoseconds(interval.nanos());
  if (plan.heartbeat_interval < kHeartbeatMin || plan.heartbeat_interval > kHeartbeatMax) {
    violations.Add("heartbeat_interval", "must be 0.1 s to 60 s");
  }
}

}  // namespace

absl::StatusOr<WatchPlan> ValidateWatchEvents(absl::string_view service_name,
                                              absl::Span<const std::string> event_types,
                                              const WatchEventsRequest& request) {
  WatchPlan plan;
  plan.stop_at_head = request.stop_at_head();
  Violations violations;
  const absl::StatusOr<Positions> after = DecodeResumeToken(service_name, request.resume_token());
  ReadTypes(service_name, event_types, request, plan, violations);
  plan.partitions = ReadPartitions(request.partitions(), violations);
  ReadHeartbeat(request, plan, violations);
  plan.consumer = ReadConsumerName(request.consumer(), violations);
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {after.status()}));
  plan.after = *after;
  return plan;
}

}  // namespace clientele::feed
