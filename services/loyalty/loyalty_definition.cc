#include "services/loyalty/loyalty_definition.h"

#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/money/currency.h"
#include "common/observability/status_log.h"
#include "common/server/feed_log.h"
#include "common/server/periodic_job.h"
#include "common/server/service_runtime.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/loyalty_module.h"

namespace clientele::loyalty {
namespace {

// `value` is what a series shows of the totals; `check` outlives the metrics.
MetricReading TotalReading(const LedgerCheck& check,
                           std::function<double(const LedgerTotals&)> value) {
  return [&check, value = std::move(value)]() -> std::optional<double> {
    const std::optional<LedgerTotals> totals = check.totals();
    return totals.has_value() ? std::optional<double>(value(*totals)) : std::nullopt;
  };
}

// What the check of the ledger has added up. As TotalReading.
void AddTotalReadings(Metrics& metrics, const LedgerCheck& check, absl::Span<const Tier> tiers) {
  struct Total {
    absl::string_view name;
    absl::string_view help;
    absl::int128 LedgerTotals::*value;
  };
  for (const Total& total : {
           Total{"outstanding_points", "Points that members could redeem at the last check.",
                 &LedgerTotals::outstanding_points},
           Total{"debt_points", "Points that members owed at the last check.",
                 &LedgerTotals::debt_points},
           Total{"earned_points", "Points ever earned, as of the last check.",
                 &LedgerTotals::earned_points},
           Total{"redeemed_points", "Points ever redeemed, as of the last check.",
                 &LedgerTotals::redeemed_points},
           Total{"expired_points", "Points ever expired, as of the last check.",
                 &LedgerTotals::expired_points},
       }) {
    metrics.AddGaugeReading(total.name, total.help, {},
                            TotalReading(check, [value = total.value](const LedgerTotals& totals) {
                              return static_cast<double>(totals.*value);
                            }));
  }
  for (TierRank rank = 0; rank < static_cast<TierRank>(tiers.size()); ++rank) {
    metrics.AddGaugeReading(
        "tier_members", "Members by the tier they had at the last check.",
        {{"tier", absl::AsciiStrToLower(tiers[static_cast<size_t>(rank)].name)}},
        TotalReading(check, [rank](const LedgerTotals& totals) {
          const auto found = totals.members_by_tier.find(rank);
          return found == totals.members_by_tier.end() ? 0 : static_cast<double>(found->second);
        }));
  }
}

// What the check of the ledger has found, and when. As TotalReading.
void AddCheckReadings(Metrics& metrics, const LedgerCheck& check) {
  metrics.AddGaugeReading("ledger_imbalance",
                          "Members whose balance, entries and lots disagree; must be 0.", {},
                          [&check]() -> std::optional<double> {
                            const std::optional<int64_t> count = check.imbalance_count();
                            return count.has_value() ? std::optional<double>(*count) : std::nullopt;
                          });
  metrics.AddGaugeReading("ledger_checked_timestamp_seconds",
                          "When the last check of every member ended.", {},
                          TotalReading(check, [](const LedgerTotals& totals) {
                            return static_cast<double>(absl::ToUnixSeconds(totals.end_time));
                          }));
  metrics.AddGaugeReading("ledger_checked_members", "Members that the last check found.", {},
                          TotalReading(check, [](const LedgerTotals& totals) {
                            return static_cast<double>(totals.member_count);
                          }));
}

// The module with what it does now and then.
class Module final : public server::ServiceModule {
 public:
  Module(server::ServiceRuntime& runtime, const LoyaltyConfig& config)
      : runtime_(runtime),
        configured_currency_(ProgramOf(config).currency),
        swept_members_(runtime.metrics().AddCounter(
            "swept_members_total", "Members for whom the sweep posted what was due.")),
        module_(PartsOf(runtime, config), runtime.pipeline()),
        sweep_(runtime.metrics(), runtime.process().system_clock, "sweep", config.sweep_interval),
        check_(runtime.metrics(), runtime.process().system_clock, "ledger_check",
               config.ledger_check_interval) {
    AddCheckReadings(runtime.metrics(), module_.ledger_check());
    AddTotalReadings(runtime.metrics(), module_.ledger_check(), ProgramOf(config).tiers);
  }

  std::vector<rpc::ServedService> Services() override { return module_.Services(); }
  std::vector<const feed::ConsumerStatusSource*> Consumers() override {
    return module_.Consumers();
  }

  const feed::EventExporter* Exporter() override { return module_.Exporter(); }

  void Start() override {
    LogKeptCurrency();
    module_.Start();
    sweep_.Start([this] { return Sweep(); }, LogAs("due_sweep", "posting what is due failed"));
    check_.StartInParts([this] { return CheckLedger(); },
                        LogAs("ledger_check", "checking the ledger failed"));
  }

  void Stop() override {
    sweep_.Stop();
    check_.Stop();
    module_.Stop();
  }

  absl::StatusOr<int64_t> Tidy() override { return module_.Tidy(); }

 private:
  static Program ProgramOf(const LoyaltyConfig& config) {
    const absl::StatusOr<CurrencyCode> currency = CurrencyCode::Parse(config.program_currency);
    CLIENTELE_CHECK(currency.ok());
    return DefaultProgram(*currency, absl::UTCTimeZone());
  }

  static LoyaltyParts PartsOf(server::ServiceRuntime& runtime, const LoyaltyConfig& config) {
    return {.handlers = runtime.handler_parts(),
            .program = ProgramOf(config),
            .profile_channel = runtime.Connect(config.profile_address),
            .consumer = runtime.consumer_options(),
            .on_consumer_failure =
                [&runtime](const feed::ConsumerFailure& failure) {
                  server::LogConsumerFailure(runtime.logger(), failure);
                },
            .on_other_currency =
                [&runtime](const OtherCurrency& other) {
                  runtime.logger().Info(
                      "other_currency",
                      "purchases in this currency earn nothing, for it is not the program's",
                      {{"currency_code", other.currency_code},
                       {"program_currency_code", other.program_currency_code}});
                }};
  }

  // What is configured does not count once a program is published.
  void LogKeptCurrency() {
    const absl::StatusOr<CurrencyCode> currency = module_.ProgramCurrency();
    if (!currency.ok()) {
      LogStatus(runtime_.logger(), LogLevel::kWarn, "program", "the program cannot be read",
                currency.status());
    } else if (*currency != configured_currency_) {
      runtime_.logger().Warn(
          "program_currency_kept",
          "program.currency does not count: purchases earn in the currency that was set when the "
          "first one arrived",
          {{"currency_code", configured_currency_.ToString()},
           {"program_currency_code", currency->ToString()}});
    }
  }

  absl::Status Sweep() {
    int64_t swept_count = 0;
    absl::Status status = module_.SweepDue([&](int64_t swept) {
      swept_members_.Increment(static_cast<double>(swept));
      swept_count += swept;
    });
    if (swept_count > 0) {
      runtime_.logger().Info("due_swept", "what was due was posted for members",
                             {{"count", swept_count}});
    }
    return status;
  }

  // What is told of a job that failed and is tried again.
  std::function<void(const absl::Status&)> LogAs(const char* event, const char* message) {
    return [this, event, message](const absl::Status& status) {
      LogStatus(runtime_.logger(), LogLevel::kWarn, event, message, status);
    };
  }

  absl::StatusOr<bool> CheckLedger() {
    LedgerCheck& check = module_.ledger_check();
    CLIENTELE_ASSIGN_OR_RETURN(const bool has_more, check.Run());
    if (const std::vector<std::string> examples = check.Examples(); !examples.empty()) {
      const std::string customer_ids = absl::StrJoin(examples, ",");
      runtime_.logger().LogEvery(
          LogLevel::kError, "ledger_check", "balances, entries and lots of members disagree",
          {{"count", check.imbalance_count().value_or(0)}, {"customer_ids", customer_ids}});
    }
    return has_more;
  }

  server::ServiceRuntime& runtime_;
  const CurrencyCode configured_currency_;
  prometheus::Counter& swept_members_;
  LoyaltyModule module_;
  server::PeriodicJob sweep_;
  server::PeriodicJob check_;
};

}  // namespace

server::ServiceDefinition LoyaltyDefinition(const LoyaltyConfig& config) {
  return {
      .service = "loyalty",
      .grpc_services = {"clientele.loyalty.v1.LedgerService", "clientele.loyalty.v1.MemberService",
                        "clientele.common.v1.AuditService", "clientele.common.v1.EventService"},
      .migrations = LoyaltyMigrations(),
      .event_types = {std::begin(kEventTypes), std::end(kEventTypes)},
      .cache_kinds = {kTierKind},
      .called_methods = {"/clientele.common.v1.EventService/WatchEvents",
                         "/clientele.common.v1.EventService/ExportEvents"},
      .peer_addresses = {&config.profile_address},
      .make_module = [&config](server::ServiceRuntime& runtime) {
        return std::make_unique<Module>(runtime, config);
      }};
}

}  // namespace clientele::loyalty
