#include "services/complaints/complaints_definition.h"

#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/ascii.h"
#include "common/observability/status_log.h"
#include "common/server/feed_log.h"
#include "common/server/service_runtime.h"
#include "services/complaints/api/converters/event_proto.h"
#include "services/complaints/complaints_module.h"

namespace clientele::complaints {
namespace {

prometheus::Labels StateLabel(ComplaintState state) {
  return {{"state", absl::AsciiStrToLower(ComplaintStateName(state))}};
}

// Counts what happens. Thread-safe.
class EventCounters {
 public:
  explicit EventCounters(Metrics& metrics)
      : metrics_(metrics),
        repairs_pending_(
            metrics.AddGauge("repairs_pending_customers",
                             "Customers about whom profile or loyalty could not be asked yet.")),
        remedies_pending_(metrics.AddGauge("remedies_pending_remedies",
                                           "Remedies whose points are on their way.")) {
    for (const ComplaintState state : kComplaintStates) {
      CounterOf(state);
      if (IsOpen(state)) {
        open_complaints_.emplace(
            state, metrics.AddGauge("open_complaints", "Complaints that somebody has to work on.",
                                    StateLabel(state)));
      }
    }
    for (const RemedyState state :
         {RemedyState::kProposed, RemedyState::kApproved, RemedyState::kExecuted,
          RemedyState::kCompensating, RemedyState::kFailed}) {
      CounterOf(state);
    }
  }

  void Take(const Event& event) {
    if (std::holds_alternative<ComplaintFiled>(event.body)) {
      CounterOf(ComplaintState::kReceived).Increment();
    } else if (const auto* moved = std::get_if<ComplaintStateChanged>(&event.body)) {
      CounterOf(moved->state).Increment();
    } else if (const auto* remedy = std::get_if<RemedyStateChanged>(&event.body)) {
      CounterOf(remedy->state).Increment();
    }
  }

  void Take(const PendingCounts& pending) {
    repairs_pending_.Set(static_cast<double>(pending.repairs));
    remedies_pending_.Set(static_cast<double>(pending.remedies));
  }

  void Take(const std::map<ComplaintState, int64_t>& open_counts) {
    for (const auto& [state, gauge] : open_complaints_) {
      const auto found = open_counts.find(state);
      gauge.get().Set(found == open_counts.end() ? 0 : static_cast<double>(found->second));
    }
  }

 private:
  prometheus::Counter& CounterOf(ComplaintState state) {
    return metrics_.AddCounter("complaints_total", "Complaints that came into a state.",
                               StateLabel(state));
  }
  prometheus::Counter& CounterOf(RemedyState state) {
    return metrics_.AddCounter("remedies_total", "Remedies that came into a state.",
                               {{"state", absl::AsciiStrToLower(RemedyStateName(state))}});
  }

  Metrics& metrics_;
  prometheus::Gauge& repairs_pending_;
  prometheus::Gauge& remedies_pending_;
  std::map<ComplaintState, std::reference_wrapper<prometheus::Gauge>> open_complaints_;
};

ComplaintsParts PartsOf(server::ServiceRuntime& runtime, const ComplaintsConfig& config) {
  const auto counters = std::make_shared<EventCounters>(runtime.metrics());
  return {.handlers = runtime.handler_parts(),
          .channels = {.profile = runtime.Connect(config.profile_address),
                       .loyalty = runtime.Connect(config.loyalty_address)},
          .consumer = runtime.consumer_options(),
          .executor = {},
          .repair = {},
          .on_consumer_failure =
              [&runtime](const feed::ConsumerFailure& failure) {
                server::LogConsumerFailure(runtime.logger(), failure);
              },
          .on_job_failure =
              [&runtime](const JobFailure& failure) {
                LogStatus(runtime.logger(),
                          failure.needs_person ? LogLevel::kError : LogLevel::kWarn,
                          "complaints_job",
                          failure.needs_person
                              ? "loyalty refuses to take back the points of a remedy"
                              : "a remedy or a repair could not go on and will be tried again",
                          failure.status);
              },
          .on_event = [counters](const Event& event) { counters->Take(event); },
          .on_pending = [counters](const PendingCounts& pending) { counters->Take(pending); },
          .on_open_counts =
              [counters](const std::map<ComplaintState, int64_t>& open_counts) {
                counters->Take(open_counts);
              }};
}

}  // namespace

server::ServiceDefinition ComplaintsDefinition(const ComplaintsConfig& config) {
  return {.service = "complaints",
          .grpc_services = {"clientele.complaints.v1.ComplaintService",
                            "clientele.common.v1.AuditService", "clientele.common.v1.EventService"},
          .migrations = ComplaintsMigrations(),
          .event_types = {std::begin(kEventTypes), std::end(kEventTypes)},
          .called_methods = {"/clientele.common.v1.EventService/WatchEvents",
                             "/clientele.common.v1.EventService/ExportEvents",
                             "/clientele.profile.v1.CustomerService/GetCustomer",
                             "/clientele.profile.v1.CustomerService/BatchGetCustomers",
                             "/clientele.loyalty.v1.MemberService/GetTier",
                             "/clientele.loyalty.v1.MemberService/BatchGetTiers",
                             "/clientele.loyalty.v1.LedgerService/Adjust",
                             "/clientele.loyalty.v1.LedgerService/Reverse"},
          .seals = true,
          .peer_addresses = {&config.profile_address, &config.loyalty_address},
          .make_module = [&config](server::ServiceRuntime& runtime) {
            return std::make_unique<ComplaintsModule>(PartsOf(runtime, config), runtime.pipeline());
          }};
}

}  // namespace clientele::complaints
