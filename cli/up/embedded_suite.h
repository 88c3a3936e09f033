#ifndef CLI_UP_EMBEDDED_SUITE_H_
#define CLI_UP_EMBEDDED_SUITE_H_

// Every service of the suite in this process: each with its own database and port, calling
// each other over loopback gRPC as the server binaries do, and one ops port.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/client/endpoints.h"
#include "common/config/config_load.h"
#include "common/config/config_schema.h"
#include "common/crypto/key_ring.h"
#include "common/crypto/secret_key.h"
#include "common/ids/uuid.h"
#include "common/money/currency.h"
#include "common/observability/log.h"
#include "common/observability/ops_pages.h"
#include "common/observability/ops_server.h"
#include "common/observability/process_metrics.h"
#include "common/server/data_dir.h"
#include "common/server/server_config.h"
#include "common/server/service_runtime.h"
#include "common/time/clock.h"

namespace clientele::cli {

struct SuiteOptions {
  std::string data_dir;
  // PostgreSQL, each service in a schema of its own; "" = SQLite in data_dir.
  std::string database_url;
  // Redis behind the caches, as host:port or unix:/path; "" = none, which is enough for one
  // process.
  std::string redis_address;
  // Where business time begins; it runs on from there. Unset = the machine's clock.
  std::optional<absl::Time> business_time;
  // The first port: services take it and those after it, ops the next one. 0 = any free ones; unset
  // = the default ports.
  std::optional<int> first_port;
  // Of the loyalty program, until its first purchase publishes it. Unset = loyalty's default.
  std::optional<CurrencyCode> program_currency;
  // YAML file with the keys that servers take anew at SIGHUP (common/server/live_keys.h), for every
  // service; "" = none.
  std::string config_file;
  // Where log lines go; not owned.
  int log_fd = 2;
};

// Thread-safe, but Start and Stop are called by one thread.
class EmbeddedSuite {
 public:
  // Takes the folder, migrates the databases, serves. The error is a sentence: the folder is in use
  // or cannot be written, a port is taken, a database is newer than this program, the file of
  // settings is wrong.
  static absl::StatusOr<std::unique_ptr<EmbeddedSuite>> Start(const SuiteOptions& options);

  // As Stop.
  ~EmbeddedSuite();

  // Where everything listens: service (or "ops") to "host:port", in the order in which they
  // started.
  const std::vector<std::pair<std::string, std::string>>& addresses() const { return addresses_; }

  // Reads the file of settings again, as server::ReloadLiveKeys.
  void Reload();

  // Of what concerns all services.
  Logger& logger() { return logger_; }

  // Drains: unready, no more calls, calls under way end, background work ends; then takes back what
  // tells others where it serves. Idempotent.
  void Stop();

 private:
  // Of every service.
  struct Settings;

  explicit EmbeddedSuite(const SuiteOptions& options);

  absl::Status Open(const SuiteOptions& options);
  absl::Status OpenKeys(const std::string& data_dir);
  absl::Status ServeAll(const SuiteOptions& options);
  absl::Status ServeOps(const SuiteOptions& options);
  // Tells other commands where everything is, until Stop.
  absl::Status Announce(const std::string& data_dir);
  // Serves at config.grpc_address, which it then replaces by the address it got.
  absl::Status Serve(const server::ServiceDefinition& definition, server::ServerConfig& config);

  const SystemClock system_clock_;
  const std::unique_ptr<const Clock> shifted_clock_;  // null without business_time
  UuidV7Generator uuids_;
  FdLogSink log_sink_;
  Logger logger_;
  const ConfigSources live_sources_;
  std::mutex settings_mutex_;         // held where the two below change, or the ops port reads them
  server::ServerConfig live_config_;  // its live keys alone
  std::unique_ptr<Settings> settings_;
  ConfigSchema live_schema_;  // points into live_config_
  ProcessMetrics process_metrics_;
  OpsPages pages_;
  std::unique_ptr<server::DataDir> data_dir_;
  std::string announced_in_;  // the folder of Announce; "" before and after
  std::unique_ptr<SecretKey> key_;
  std::unique_ptr<KeyRing> key_ring_;
  std::vector<std::unique_ptr<server::ServiceRuntime>> runtimes_;
  std::unique_ptr<OpsServer> ops_;
  std::vector<std::pair<std::string, std::string>> addresses_;
};

}  // namespace clientele::cli

#endif  // CLI_UP_EMBEDDED_SUITE_H_
