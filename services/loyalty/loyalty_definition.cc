#include "services/loyalty/loyalty_definition.h"

#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "common/money/currency.h"
#include "common/observability/status_log.h"
#include "common/server/feed_log.h"
#include "common/server/periodic_task.h"
#include "common/server/service_runtime.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/loyalty_module.h"

namespace clientele::loyalty {
namespace {

// The module with what it does now and then.
class Module final : public server::ServiceModule {
 public:
  Module(server::ServiceRuntime& runtime, const LoyaltyConfig& config)
      : runtime_(runtime),
        config_(config),
        swept_members_(runtime.metrics().AddCounter(
            "swept_members_total", "Members for whom the sweep posted what was due.")),
        ledger_imbalance_(runtime.metrics().AddGauge(
            "ledger_imbalance", "Members whose balance, entries and lots disagree; must be 0.")),
        module_(PartsOf(runtime, config), runtime.pipeline()) {}

  std::vector<rpc::ServedService> Services() override { return module_.Services(); }
  std::vector<const feed::ConsumerStatusSource*> Consumers() override {
    return module_.Consumers();
  }

  const feed::EventExporter* Exporter() override { return module_.Exporter(); }

  void Start() override {
    module_.Start();
    sweep_.emplace(config_.sweep_interval, [this] { Sweep(); });
    check_.emplace(config_.ledger_check_interval, [this] { CheckLedger(); });
  }

  void Stop() override {
    sweep_.reset();
    check_.reset();
    module_.Stop();
  }

  absl::Status Tidy() override { return module_.Tidy(); }

 private:
  static LoyaltyParts PartsOf(server::ServiceRuntime& runtime, const LoyaltyConfig& config) {
    const absl::StatusOr<CurrencyCode> currency = CurrencyCode::Parse(config.program_currency);
    CLIENTELE_CHECK(currency.ok());
    return {.handlers = runtime.handler_parts(),
            .program = DefaultProgram(*currency, absl::UTCTimeZone()),
            .profile_channel = runtime.Connect(config.profile_address),
            .consumer = runtime.consumer_options(),
            .on_consumer_failure = [&runtime](const feed::ConsumerFailure& failure) {
              server::LogConsumerFailure(runtime.logger(), failure);
            }};
  }

  void Sweep() {
    const absl::Status status = module_.SweepDue(
        [this](int64_t swept) { swept_members_.Increment(static_cast<double>(swept)); });
    if (!status.ok()) {
      LogStatus(runtime_.logger(), LogLevel::kWarn, "due_sweep", "posting what is due failed",
                status);
    }
  }

  void CheckLedger() {
    const absl::StatusOr<std::vector<std::string>> examples = module_.CheckLedger();
    if (!examples.ok()) {
      LogStatus(runtime_.logger(), LogLevel::kWarn, "ledger_check", "checking the ledger failed",
                examples.status());
      return;
    }
    ledger_imbalance_.Set(static_cast<double>(module_.ledger_imbalance_count()));
    if (!examples->empty()) {
      const std::string customer_ids = absl::StrJoin(*examples, ",");
      runtime_.logger().LogEvery(
          LogLevel::kError, "ledger_check", "balances, entries and lots of members disagree",
          {{"count", module_.ledger_imbalance_count()}, {"customer_ids", customer_ids}});
    }
  }

  server::ServiceRuntime& runtime_;
  const LoyaltyConfig config_;
  prometheus::Counter& swept_members_;
  prometheus::Gauge& ledger_imbalance_;
  LoyaltyModule module_;
  std::optional<server::PeriodicTask> sweep_;
  std::optional<server::PeriodicTask> check_;
};

}  // namespace

server::ServiceDefinition LoyaltyDefinition(const LoyaltyConfig& config) {
  return {
      .service = "loyalty",
      .grpc_services = {"clientele.loyalty.v1.LedgerService", "clientele.loyalty.v1.MemberService",
                        "clientele.common.v1.EventService"},
      .migrations = LoyaltyMigrations(),
      .event_types = {std::begin(kEventTypes), std::end(kEventTypes)},
      .cache_kinds = {kTierKind},
      .make_module = [&config](server::ServiceRuntime& runtime) {
        return std::make_unique<Module>(runtime, config);
      }};
}

}  // namespace clientele::loyalty
