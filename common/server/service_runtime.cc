#include "common/server/service_runtime.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/key_check/key_check.h"
#include "common/observability/sql_metrics.h"
#include "common/observability/status_log.h"
#include "common/sealing/vault.h"
#include "common/server/cache_reports.h"
#include "common/server/feed_log.h"
#include "common/server/open_database.h"
#include "common/server/readings.h"
#include "common/server/upkeep_rounds.h"
#include "common/server/version.h"
#include "common/sql/background_tx.h"
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
constexpr absl::Duration kSealInterval = absl::Minutes(1);
// As often as Prometheus usually asks.
constexpr absl::Duration kMeasureInterval = absl::Seconds(15);

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

// Whether this process can open what the service's database holds sealed.
absl::Status CheckKeys(absl::string_view service, sql::Database& database,
                       const ProcessParts& parts) {
  CLIENTELE_CHECK(parts.key_wrapper != nullptr);
  const sealing::Vault vault(service, *parts.key_wrapper);
  const auto check = [&](sql::Tx& tx) {
    return vault.CheckKeyEncryptionKeys(tx, parts.system_clock.Now());
  };
  CLIENTELE_RETURN_IF_ERROR(database.RunInTransaction(sql::BackgroundTx(), check));
  // Again: of two servers that begin at once with different keys, one at least sees the other's.
  return database.RunReadOnly(sql::BackgroundTx(), check);
}

feed::SequencerOptions SequencerOptionsOf(const RuntimeOptions& options) {
  feed::SequencerOptions sequencer{.holder = options.replica_name};
  if (!options.postgres.dsn.empty()) {
    sequencer.poll_interval = kReplicaPollInterval;
  }
  return sequencer;
}

std::optional<PrincipalLimits::SharedCount> SharedCountOf(cache::CacheStack& cache,
                                                          const CacheConfig& config,
                                                          absl::string_view service) {
  if (cache.redis() == nullptr) {
    return std::nullopt;
  }
  return PrincipalLimits::SharedCount{
      .client = *cache.redis(), .prefix = config.redis_key_prefix, .service = std::string(service)};
}

}  // namespace

struct ServiceRuntime::Telemetry {
  Telemetry(const ServiceDefinition& definition, LogLevel level, const ProcessParts& parts,
            const std::optional<redis::TopologyOptions>& redis)
      : logger(LogOptions{.service = definition.service, .level = level, .repeats = {}},
               parts.system_clock, parts.log_sink),
        metrics(definition.service, kVersion),
        sql_metrics(metrics),
        cache_reports(metrics, logger, definition.cache_kinds,
                      redis.has_value() ? redis->addresses : absl::Span<const redis::Address>()),
        redis_tls(redis.has_value() ? redis->node.login.tls : nullptr),
        schema_mismatch(metrics.AddGauge(
            "schema_mismatch",
            "1 while the database has a schema that this server cannot work with.")) {}

  Logger logger;
  Metrics metrics;
  SqlMetrics sql_metrics;
  CacheReports cache_reports;
  const std::shared_ptr<const redis::TlsContext> redis_tls;  // null = none
  prometheus::Gauge& schema_mismatch;
};

absl::StatusOr<std::unique_ptr<ServiceRuntime>> ServiceRuntime::Open(
    const ServiceDefinition& definition, const RuntimeOptions& options, const ProcessParts& parts) {
  CLIENTELE_ASSIGN_OR_RETURN(
      cache::CacheStackOptions cache_options,
      MakeCacheOptions(definition.service, options.cache, ConnectionsOf(options)));
  cache_options.seal_key = parts.key.Derive("cache");
  auto telemetry =
      std::make_unique<Telemetry>(definition, options.log_level, parts, cache_options.redis);
  CLIENTELE_ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                             OpenDatabase(options, telemetry->sql_metrics.Observer()));
  CLIENTELE_ASSIGN_OR_RETURN(limits::RateTable rates, ParseRates(options.limits));
  CLIENTELE_ASSIGN_OR_RETURN(Security security,
                             LoadSecurity(options.security, definition.peer_addresses,
                                          parts.system_clock, telemetry->logger));
  return std::unique_ptr<ServiceRuntime>(
      new ServiceRuntime(definition, options, parts, std::move(telemetry), std::move(database),
                         std::move(cache_options), std::move(security), std::move(rates)));
}

ServiceRuntime::ServiceRuntime(const ServiceDefinition& definition, const RuntimeOptions& options,
                               const ProcessParts& parts, std::unique_ptr<Telemetry> telemetry,
                               std::unique_ptr<sql::Database> database,
                               cache::CacheStackOptions cache_options, Security security,
                               limits::RateTable rates)
    : definition_(definition),
      options_(options),
      parts_(parts),
      telemetry_(std::move(telemetry)),
      database_(std::move(database)),
      cache_(std::move(cache_options), parts.system_clock, telemetry_->cache_reports),
      executor_(options.executor),
      security_(std::move(security)),
      limits_(std::move(rates), SharedCountOf(cache_, options.cache, definition.service),
              limits_clock_),
      audit_({.is_on = security_.authenticates,
              .database = *database_,
              .clock = parts.system_clock,
              .ids = parts.uuids,
              .metrics = telemetry_->metrics,
              .replica_name = options.replica_name,
              .on_failure =
                  [this](const absl::Status& status) {
                    LogFailure("audit_failed", "the audit log could not be written", status);
                  }}),
      call_metrics_(telemetry_->metrics, definition.grpc_services),
      client_call_metrics_(telemetry_->metrics, definition.called_methods),
      call_lines_(telemetry_->logger, kReadSample, kSlowCall),
      pipeline_({.service = definition.service,
                 .executor = executor_,
                 .clock = parts.system_clock,
                 .uuids = parts.uuids,
                 .log = call_lines_,
                 .observer = call_metrics_,
                 .authenticator = *security_.authenticator,
                 .quota = limits_,
                 .audit = audit_.calls()}),
      sequencer_(SequencerOptionsOf(options), *database_, parts.system_clock, notifier_,
                 [this](const absl::Status& status) {
                   LogFailure("sequencer_failed", "events could not be moved into the feed",
                              status);
                 }),
      audit_service_(pipeline_, *database_, parts.key, security_.authenticates),
      measure_(telemetry_->metrics, parts.system_clock, "measure", kMeasureInterval),
      tidy_(telemetry_->metrics, parts.system_clock, "tidy", kTidyInterval),
      trim_(telemetry_->metrics, parts.system_clock, "feed_trim",
            std::min(kTrimInterval, options.feed_retention.keep)) {
  if (definition_.seals) {
    seal_ = std::make_unique<PeriodicJob>(telemetry_->metrics, parts.system_clock, "seal",
                                          kSealInterval);
  }
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
          .key_wrapper = definition_.seals ? parts_.key_wrapper : nullptr,
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

std::shared_ptr<grpc::Channel> ServiceRuntime::Connect(const std::string& address) {
  return rpc::Connect(address, security_.channels, &client_call_metrics_);
}

void ServiceRuntime::SetLimits(limits::RateTable rates) { limits_.SetRates(std::move(rates)); }

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
  CLIENTELE_RETURN_IF_ERROR(
      key_check::CheckKey(*database_, parts_.key, options_.key_path, parts_.system_clock.Now()));
  if (definition_.seals) {
    CLIENTELE_RETURN_IF_ERROR(CheckKeys(definition_.service, *database_, parts_));
  }
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
  services.push_back({audit_service_.full_name(), audit_service_});
  CLIENTELE_RETURN_IF_ERROR(audit_.Start());
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
  AddDatabaseReadings(*database_, parts_.system_clock, telemetry_->metrics);
  const std::vector<const feed::ConsumerStatusSource*> consumers = module_->Consumers();
  for (const feed::ConsumerStatusSource* consumer : consumers) {
    AddConsumerReadings(*consumer, parts_.system_clock, telemetry_->metrics);
  }
  AddExecutorReadings(executor_, telemetry_->metrics);
  AddCertificateReadings({.server = security_.tls,
                          .client = security_.client_certificate,
                          .redis = telemetry_->redis_tls},
                         telemetry_->metrics);
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
  tidy_.Start([this] { return RunTidy(*module_, telemetry_->logger); },
              log_as("tidy_failed", "what has expired could not be deleted"));
  trim_.Start([this] { return RunTrim(*database_, options_.feed_retention, telemetry_->logger); },
              log_as("feed_trim_failed", "old events could not be deleted"));
  if (seal_ != nullptr) {
    seal_->StartInParts(
        [this] { return RunSeal(*module_, telemetry_->logger); },
        log_as("seal_failed", "texts were not sealed, or keys not wrapped by the present one"));
  }
}

void ServiceRuntime::LogFailure(absl::string_view event, absl::string_view message,
                                const absl::Status& status) {
  LogStatus(telemetry_->logger, LogLevel::kError, event, message, status);
}

void ServiceRuntime::Shutdown() {
  if (server_ != nullptr) {
    server_->Shutdown();
  }
  audit_.Stop();
  measure_.Stop();
  tidy_.Stop();
  trim_.Stop();
  if (seal_ != nullptr) {
    seal_->Stop();
  }
  if (module_ != nullptr) {
    module_->Stop();
  }
  sequencer_.Stop();
}

}  // namespace clientele::server
