#include "common/server/readings.h"

#include <functional>
#include <optional>
#include <utility>

#include "absl/time/time.h"
#include "common/feed/feed_reader.h"
#include "common/observability/feed_metrics.h"
#include "common/observability/sql_metrics.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

// A scrape or probe must not hang on a database that does not answer.
constexpr absl::Duration kReadingWaitMax = absl::Milliseconds(500);

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

}  // namespace

void AddDatabaseReadings(sql::Database& database, const Clock& clock, Metrics& metrics) {
  AddSqlPoolMetrics(
      metrics, {.size_connections = [&database] { return database.load().connections_max; },
                .in_use_connections = [&database] { return database.load().in_use_count; },
                .waiting_transactions = [&database] { return database.load().waiting_count; }});
  AddOutboxMetrics(
      metrics, {.depth_events = [&database, &clock]() -> std::optional<double> {
                  const auto backlog = Backlog(database, clock);
                  return backlog ? std::optional<double>(backlog->count) : std::nullopt;
                },
                .oldest_age_seconds = [&database, &clock]() -> std::optional<double> {
                  const auto backlog = Backlog(database, clock);
                  return backlog ? std::optional<double>(absl::ToDoubleSeconds(backlog->oldest_age))
                                 : std::nullopt;
                }});
}

void AddConsumerReadings(const feed::ConsumerStatusSource& consumer, const Clock& clock,
                         Metrics& metrics) {
  AddConsumerMetrics(
      metrics, consumer.Status().source,
      {.lag_events = [&consumer]() -> std::optional<double> {
         const std::optional<int64_t> lag = feed::LagEvents(consumer.Status());
         return lag ? std::optional<double>(*lag) : std::nullopt;
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

void AddExecutorReadings(const Executor& executor, Metrics& metrics) {
  metrics.AddGaugeReading("executor_waiting_calls", "Calls that wait for a thread.", {},
                          [&executor] { return executor.load().arrival_count; });
  metrics.AddGaugeReading("executor_running_calls", "Calls that run on a thread.", {},
                          [&executor] { return executor.load().running_count; });
}

void AddCertificateReadings(const ShownCertificates& shown, Metrics& metrics) {
  const auto add = [&metrics](const char* use,
                              std::function<std::optional<absl::Time>()> expire_time) {
    metrics.AddGaugeReading(
        "tls_certificate_expiry_timestamp_seconds",
        "When the certificate expires, in Unix time, that is shown to callers (server), to the "
        "services that are called (client) or to Redis (redis).",
        {{"use", use}}, [expire_time = std::move(expire_time)]() -> std::optional<double> {
          const std::optional<absl::Time> time = expire_time();
          return time.has_value() ? std::optional<double>(TimestampSeconds(*time)) : std::nullopt;
        });
  };
  if (shown.server != nullptr) {
    add("server", [tls = shown.server] { return tls->CertificateExpireTime(); });
  }
  if (shown.client != nullptr) {
    add("client", [certificate = shown.client] { return certificate->ExpireTime(); });
  }
  if (shown.redis != nullptr && shown.redis->CertificateExpireTime().has_value()) {
    add("redis", [tls = shown.redis] { return tls->CertificateExpireTime(); });
  }
}

}  // namespace clientele::server
