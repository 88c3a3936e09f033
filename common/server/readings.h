#ifndef COMMON_SERVER_READINGS_H_
#define COMMON_SERVER_READINGS_H_

// What every service shows of its dependencies and its load at each scrape. Whatever is given
// outlives the metrics' readings (OpsPages::Close).

#include <memory>

#include "common/cache/redis/tls.h"
#include "common/executor/executor.h"
#include "common/feed/consumer_status.h"
#include "common/observability/metrics.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "common/tls/client_tls.h"
#include "common/tls/server_tls.h"

namespace clientele::server {

// The pool and the outbox.
void AddDatabaseReadings(sql::Database& database, const Clock& clock, Metrics& metrics);

void AddConsumerReadings(const feed::ConsumerStatusSource& consumer, const Clock& clock,
                         Metrics& metrics);

void AddExecutorReadings(const Executor& executor, Metrics& metrics);

// The certificates that the service shows: to callers, to the services that it calls, to Redis.
struct ShownCertificates {
  std::shared_ptr<tls::ServerTls> server;          // null = none
  std::shared_ptr<tls::ClientCertificate> client;  // null = none
  std::shared_ptr<const redis::TlsContext> redis;  // null = none, and it may have none
};

// When each of them expires, by `use`: "server", "client", "redis".
void AddCertificateReadings(const ShownCertificates& shown, Metrics& metrics);

}  // namespace clientele::server

#endif  // COMMON_SERVER_READINGS_H_
