#include "common/server/service_runtime.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/feed/feed_reader.h"
#include "common/observability/feed_metrics.h"
#include "common/observability/sql_metrics.h"
#include "common/observability/status_log.h"
#include "common/server/cache_reports.h"
#include "common/server/feed_log.h"
#include "common/server/open_database.h"
#include "common/server/version.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

// One line for so many reads: enough to see that they happen.
constexpr int kReadSample = 1000;
constexpr absl::Duration kSlowCall = absl::Seconds(1);
constexpr absl::Duration kTidyInterval = absl::Hours(1);
// How soon a replica sees what another one has written; on SQLite there is no other.
constexpr absl::Duration kReplicaPollInterval = absl::Milliseconds(20);
// Often, so that each round is short.
constexpr absl::Duration kTrimInterval = absl::Minutes(1);
// As often as Prometheus usually asks.
constexpr absl::Duration kMeasureInterval = absl::Seconds(15);
// A scrape or probe must not hang on a database that does not answer.
constexpr absl::Duration kReadingWaitMax = absl::Milliseconds(500);

absl::Status SchemaPending(const sql::SchemaState& state) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "SCHEMA_MISMATCH",
                      absl::StrCat("the schema is at version ", state.current_version, ", ",
                                   state.wanted_version, " is needed; run migrate"))
      .Metadata("current_version", absl::StrCat(state.current_version))
      .Metadata("wanted_version", absl::StrCat(state.wanted_version))
      .Build();
}

// How many transactions the database runs at once.
int ConnectionsOf(const RuntimeOptions& options) {
  return options.postgres.dsn.empty() ? options.sqlite_reader_connections
                                      : options.postgres.connections_max;
}

// FAILED_PRECONDITION SCHEMA_MISMATCH as ServiceRuntime::CheckSchema.
absl::Status CompareSchema(sql::Database& database, absl::Span<const sql::Migration> migrations) {
  CLIENTELE_ASSIGN_OR_RETURN(const sql::SchemaState state,
                             sql::InspectSchema(database, migrations));
  return state.pending_versions.empty() ? absl::OkStatus() : SchemaPending(state);
}

feed::SequencerOptions SequencerOptionsOf(const RuntimeOptions& options) {
  feed::SequencerOptions sequencer{.holder = options.replica_name};
  if (!options.postgres.dsn.empty()) {
    sequencer.poll_interval = kReplicaPollInterval;
  }
  return sequencer;
}

// The outbox as one scrape sees it; nothing when the database does not answer.
std::optional<feed::OutboxBacklog> Backlog(sql::Database& database, const Clock& clock) {
  feed::OutboxBacklog backlog;
  const absl::Time now = clock.Now();
  const absl::Status status =
      database.RunReadOnly({.deadline = now + kReadingWaitMax}, [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(backlog, feed::ReadOutboxBacklog(tx, now));
        return absl::OkStatus();
      });
  return status.ok() ? std::optional(backlog) : std::nullopt;
}

absl::Status TrimFeed(sql::Database& database, const feed::FeedRetention& retention,
                      Logger& logger) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t deleted, feed::TrimFeed(database, retention));
  if (deleted > 0) {
    logger.Info("feed_trimmed", "events that everybody has had were deleted", {{"count", deleted}});
  }
  return absl::OkStatus();
}

// `consumer` and `clock` outlive the metrics.
void AddConsumerReadings(const feed::ConsumerStatusSource& consumer, Metrics& metrics,
                         const Clock& clock) {
  AddConsumerMetrics(
      metrics, consumer.Status().source,
      {.lag_events = [&consumer]() -> std::optional<double> {
         const feed::ConsumerStatus status = consumer.Status();
         return feed::LagCount(status.positions, status.source_heads, status.partitions);
       },
       .lag_seconds = [&consumer, &clock]() -> std::optional<double> {
         const std::optional<absl::Duration> lag = feed::LagTime(consumer.Status(), clock.Now());
         return lag ? std::optional<double>(absl::ToDoubleSeconds(*lag)) : std::nullopt;
       },
       .partitions = [&consumer]() -> std::optional<double> {
         return static_cast<double>(consumer.Status().partitions.count());
       },
       .bootstrapping = [&consumer]() -> std::optional<double> {
         return consumer.Status().state == feed::ConsumerState::kExporting ? 1 : 0;
       }});
}

}  // namespace

struct ServiceRuntime::Telemetry {
  Telemetry(const ServiceDefinition& definition, LogLevel level, const ProcessParts& parts,
            absl::Span<const redis::Address> redis_nodes)
      : logger(LogOptions{.service = definition.service, .level = level, .repeats = {}},
               parts.system_clock, parts.log_sink),
        metrics(definition.service, kVersion),
        sql_metrics(metrics),
        cache_reports(metrics, logger, definition.cache_kinds, redis_nodes),
        schema_mismatch(metrics.AddGauge(
            "schema_mismatch",
            "1 while the database has a schema that this server cannot work with.")) {}

  Logger logger;
  Metrics metrics;
  SqlMetrics sql_metrics;
  CacheReports cache_reports;
  prometheus::Gauge& schema_mismatch;
};

absl::StatusOr<std::unique_ptr<ServiceRuntime>> ServiceRuntime::Open(
    const ServiceDefinition& definition, const RuntimeOptions& options, const ProcessParts& parts) {
  CLIENTELE_ASSIGN_OR_RETURN(
      cache::CacheStackOptions cache_options,
      MakeCacheOptions(definition.service, options.cache, ConnectionsOf(options)));
  auto telemetry = std::make_unique<Telemetry>(definition, options.log_level, parts,
                                               cache_options.redis.has_value()
                                                   ? cache_options.redis->addresses
                                                   : absl::Span<const redis::Address>());
  CLIENTELE_ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                             OpenDatabase(options, telemetry->sql_metrics.Observer()));
  CLIENTELE_ASSIGN_OR_RETURN(Security security,
                             LoadSecurity(options.security, parts.system_clock, telemetry->logger));
  return std::unique_ptr<ServiceRuntime>(
      new ServiceRuntime(definition, options, parts, std::move(telemetry), std::move(database),
                         std::move(cache_options), std::move(security)));
}

ServiceRuntime::ServiceRuntime(const ServiceDefinition& definition, const RuntimeOptions& options,
                               const ProcessParts& parts, std::unique_ptr<Telemetry> telemetry,
                               std::unique_ptr<sql::Database> database,
                               cache::CacheStackOptions cache_options, Security security)
    : definition_(definition),
      options_(options),
      parts_(parts),
      telemetry_(std::move(telemetry)),
      database_(std::move(database)),
      cache_(std::move(cache_options), parts.system_clock, telemetry_->cache_reports),
      executor_(options.executor),
      security_(std::move(security)),
      call_metrics_(telemetry_->metrics, definition.grpc_services),
      call_lines_(telemetry_->logger, kReadSample, kSlowCall),
      pipeline_({.service = definition.service,
                 .executor = executor_,
                 .clock = parts.system_clock,
                 .uuids = parts.uuids,
                 .log = call_lines_,
                 .observer = call_metrics_,
                 .authenticator = *security_.authenticator}),
      sequencer_(SequencerOptionsOf(options), *database_, parts.system_clock, notifier_,
                 [this](const absl::Status& status) {
                   LogFailure("sequencer_failed", "events could not be moved into the feed",
                              status);
                 }),
      measure_(telemetry_->metrics, parts.system_clock, "measure", kMeasureInterval),
      tidy_(telemetry_->metrics, parts.system_clock, "tidy", kTidyInterval),
      trim_(telemetry_->metrics, parts.system_clock, "feed_trim",
            std::min(kTrimInterval, options.feed_retention.keep)) {
  // From here on, so that a server which waits for its schema says so.
  parts_.pages.AddMetrics(&telemetry_->metrics);
  parts_.pages.AddReadinessCheck(definition_.service + ".sql",
                                 [this] { return database_->Ping(); });
  parts_.pages.AddReadinessCheck(definition_.service + ".schema", [this] { return CheckSchema(); });
}

ServiceRuntime::~ServiceRuntime() { Shutdown(); }

HandlerParts ServiceRuntime::handler_parts() {
  return {.database = *database_,
          .cache = cache_.cache(),
          .business_clock = parts_.business_clock,
          .record_clock = parts_.system_clock,
          .ids = parts_.uuids,
          .key = parts_.key,
          .idempotency_retention = options_.idempotency_retention,
          .poke_outbox = [this] { PokeOutbox(); }};
}

feed::ConsumerOptions ServiceRuntime::consumer_options() {
  return {.holder = options_.replica_name,
          .bootstraps_when_behind = options_.feed_bootstrap_when_behind,
          .on_bootstrap = [this](const feed::ConsumerBootstrap& bootstrap) {
            LogConsumerBootstrap(telemetry_->logger, bootstrap);
          }};
}

std::shared_ptr<grpc::Channel> ServiceRuntime::Connect(const std::string& address) const {
  return rpc::Connect(address, security_.channels);
}

Metrics& ServiceRuntime::metrics() { return telemetry_->metrics; }

Logger& ServiceRuntime::logger() { return telemetry_->logger; }

absl::Status ServiceRuntime::Migrate() { return sql::Migrate(*database_, definition_.migrations); }

absl::Status ServiceRuntime::CheckSchema() {
  absl::Status status = CompareSchema(*database_, definition_.migrations);
  if (status.ok() || GetErrorReason(status) == "SCHEMA_MISMATCH") {
    telemetry_->schema_mismatch.Set(status.ok() ? 0 : 1);
  }
  return status;
}

absl::Status ServiceRuntime::Serve() {
  CLIENTELE_CHECK(module_ == nullptr);
  module_ = definition_.make_module(*this);
  event_service_ = std::make_unique<feed::EventService>(
      pipeline_, feed::EventServiceSources{.service_name = definition_.service,
                                           .database = *database_,
                                           .notifier = notifier_,
                                           .clock = parts_.system_clock,
                                           .consumers = module_->Consumers(),
                                           .event_types = definition_.event_types,
                                           .exporter = module_->Exporter()});
  std::vector<rpc::ServedService> services = module_->Services();
  services.push_back({event_service_->full_name(), *event_service_});
  CLIENTELE_ASSIGN_OR_RETURN(
      server_,
      rpc::RpcServer::Start(
          {.bind_address = options_.bind_address,
           .credentials =
               security_.tls == nullptr ? nullptr : tls::ServerTls::MakeCredentials(security_.tls),
           .authenticates = security_.authenticates,
           .insecure = security_.insecure,
           .drain_delay = options_.drain_delay},
          pipeline_, services));
  AddReadings();
  sequencer_.Start();
  module_->Start();
  StartJobs();
  if (security_.insecure) {
    telemetry_->logger.Warn(
        "insecure", "insecure: true: what is not configured is not protected",
        {{"encrypted", security_.tls != nullptr}, {"authenticates", security_.authenticates}});
  }
  telemetry_->logger.Info("serving", "the service takes calls", {{"address", server_->address()}});
  return absl::OkStatus();
}

void ServiceRuntime::AddReadings() {
  AddSqlPoolMetrics(telemetry_->metrics,
                    {.size_connections = [this] { return database_->load().connections_max; },
                     .in_use_connections = [this] { return database_->load().in_use_count; },
                     .waiting_transactions = [this] { return database_->load().waiting_count; }});
  AddOutboxMetrics(telemetry_->metrics,
                   {.depth_events = [this]() -> std::optional<double> {
                      const auto backlog = Backlog(*database_, parts_.system_clock);
                      return backlog ? std::optional<double>(backlog->count) : std::nullopt;
                    },
                    .oldest_age_seconds = [this]() -> std::optional<double> {
                      const auto backlog = Backlog(*database_, parts_.system_clock);
                      return backlog
                                 ? std::optional<double>(absl::ToDoubleSeconds(backlog->oldest_age))
                                 : std::nullopt;
                    }});
  const std::vector<const feed::ConsumerStatusSource*> consumers = module_->Consumers();
  for (const feed::ConsumerStatusSource* consumer : consumers) {
    AddConsumerReadings(*consumer, telemetry_->metrics, parts_.system_clock);
  }
  telemetry_->metrics.AddGaugeReading("executor_waiting_calls", "Calls that wait for a thread.", {},
                                      [this] { return executor_.load().arrival_count; });
  telemetry_->metrics.AddGaugeReading("executor_running_calls", "Calls that run on a thread.", {},
                                      [this] { return executor_.load().running_count; });
  if (security_.tls != nullptr) {
    telemetry_->metrics.AddGaugeReading(
        "tls_certificate_expiry_timestamp_seconds",
        "When the certificate of the gRPC port expires, in Unix time.", {}, [tls = security_.tls] {
          return absl::ToDoubleSeconds(tls->CertificateExpireTime() - absl::UnixEpoch());
        });
  }
  parts_.pages.AddReadinessCheck(definition_.service + ".work",
                                 [consumers] { return feed::CheckConsumers(consumers); });
}

void ServiceRuntime::StartJobs() {
  const auto log_as = [this](const char* event, const char* message) {
    return
        [this, event, message](const absl::Status& status) { LogFailure(event, message, status); };
  };
  measure_.Start(
      [this]() -> absl::Status {
        CLIENTELE_RETURN_IF_ERROR(CheckSchema());
        return module_->Measure();
      },
      log_as("measure_failed", "what metrics say could not be read"));
  tidy_.Start([this] { return module_->Tidy(); },
              log_as("tidy_failed", "what has expired could not be deleted"));
  trim_.Start([this] { return TrimFeed(*database_, options_.feed_retention, telemetry_->logger); },
              log_as("feed_trim_failed", "old events could not be deleted"));
}

void ServiceRuntime::LogFailure(absl::string_view event, absl::string_view message,
                                const absl::Status& status) {
  LogStatus(telemetry_->logger, LogLevel::kError, event, message, status);
}

void ServiceRuntime::Shutdown() {
  if (server_ != nullptr) {
    server_->Shutdown();
  }
  measure_.Stop();
  tidy_.Stop();
  trim_.Stop();
  if (module_ != nullptr) {
    module_->Stop();
  }
  sequencer_.Stop();
}

}  // namespace clientele::server
