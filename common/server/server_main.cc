#include "common/server/server_main.h"

#include <grpcpp/client_context.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/config/config_load.h"
#include "common/config/config_print.h"
#include "common/crypto/key_ring.h"
#include "common/observability/ops_server.h"
#include "common/observability/process_metrics.h"
#include "common/rpc/client.h"
#include "common/server/config_check.h"
#include "common/server/data_dir.h"
#include "common/server/file_limit.h"
#include "common/server/listener_loss.h"
#include "common/server/live_keys.h"
#include "common/server/migrate_command.h"
#include "common/server/open_keys.h"
#include "common/server/security_config.h"
#include "common/server/service_runtime.h"
#include "common/server/stop_signal.h"
#include "common/server/version.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"
#include "common/tls/connect_hint.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace clientele::server {
namespace {

constexpr absl::Duration kProbeTimeout = absl::Seconds(5);
constexpr absl::Duration kSchemaPoll = absl::Seconds(1);
// How often a folder is asked for that migrate may still be leaving.
constexpr int kFolderTriesMax = 30;

struct Arguments {
  std::string config_file;
  std::vector<std::string> settings;  // "key=value"
};

absl::StatusOr<std::map<std::string, std::string>> ParseSettings(
    const std::vector<std::string>& settings) {
  std::map<std::string, std::string> flags;
  for (const std::string& setting : settings) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(setting, absl::MaxSplits('=', 1));
    if (!absl::StrContains(setting, '=')) {
      return absl::InvalidArgumentError(absl::StrCat("--set ", setting, ": write KEY=VALUE"));
    }
    flags[parts.first] = parts.second;
  }
  return flags;
}

bool IsSchemaPending(const absl::Status& status) {
  return GetErrorReason(status) == "SCHEMA_MISMATCH";
}

// Everything of the process but the service itself.
class ServerProcess {
 public:
  // Reads `config` where `schema` puts it; `sources` are filled before anything is called.
  ServerProcess(const ConfigSchema& schema, const ServerConfig& config,
                const ServiceDefinition& definition, const ConfigSources& sources)
      : schema_(schema), config_(config), definition_(definition), sources_(sources) {}

  // Opens folder, keys and database, each where it is used.
  absl::StatusOr<std::unique_ptr<ServiceRuntime>> Open() {
    if (UsesFolder()) {
      CLIENTELE_ASSIGN_OR_RETURN(data_dir_, DataDir::Open(config_.data_dir));
    }
    CLIENTELE_ASSIGN_OR_RETURN(SecretKey key, OpenKey(config_));
    key_ = std::make_unique<SecretKey>(std::move(key));
    if (definition_.seals) {
      CLIENTELE_ASSIGN_OR_RETURN(KeyRing ring, OpenKeyRing(config_));
      key_ring_ = std::make_unique<KeyRing>(std::move(ring));
    }
    return ServiceRuntime::Open(definition_, ToRuntimeOptions(definition_.service, config_),
                                {.system_clock = clock_,
                                 .business_clock = clock_,
                                 .uuids = uuids_,
                                 .log_sink = sink_,
                                 .pages = pages_,
                                 .key = *key_,
                                 .key_wrapper = key_ring_.get()});
  }

  // Prints the effective configuration, or refuses it as Serve would.
  absl::Status CheckAndPrintConfig() {
    CLIENTELE_RETURN_IF_ERROR(Check());
    std::printf("%s", PrintEffectiveConfig(schema_, ConfigReader::kOperator).c_str());
    return absl::OkStatus();
  }

  absl::Status Serve() {
    BlockStopSignals();
    BlockReloadSignal();
    CLIENTELE_RETURN_IF_ERROR(Check());
    CLIENTELE_ASSIGN_OR_RETURN(const auto runtime, Open());
    RaiseFileLimit(runtime->logger());
    CLIENTELE_ASSIGN_OR_RETURN(
        const auto ops,
        OpsServer::Start({.host = config_.ops_host, .port = static_cast<int>(config_.ops_port)},
                         pages_));
    pages_.AddMetrics(&process_metrics_);
    pages_.AddConfig([this] {
      const std::lock_guard<std::mutex> lock(config_mutex_);
      return PrintEffectiveConfig(schema_, ConfigReader::kAnyone);
    });
    const std::string ops_address = absl::StrCat(config_.ops_host, ":", ops->port());
    const absl::StatusOr<bool> may_serve = WaitForSchema(*runtime, ops_address);
    if (!may_serve.ok() || !*may_serve) {
      pages_.Close();
      return may_serve.status();
    }
    absl::Status status = runtime->Serve();
    if (status.ok()) {
      pages_.SetStarted();
      std::printf("ready %s=%s ops=%s\n", definition_.service.c_str(), runtime->address().c_str(),
                  ops_address.c_str());
      std::fflush(stdout);
      WaitForStopSignalAnd([&] { Reload(*runtime); });
      runtime->logger().Info("stopping", "asked to stop; takes calls for the drain delay",
                             {{"drain_delay", absl::FormatDuration(config_.drain_delay)}});
      pages_.SetDraining();
      runtime->Shutdown();
    }
    pages_.Close();
    return status;
  }

 private:
  absl::Status Check() {
    Logger logger({.service = definition_.service, .repeats = {}}, clock_, sink_);
    return CheckConfig(definition_, config_, clock_, logger);
  }

  // With PostgreSQL, which needs its key files elsewhere, nothing is kept in the folder, and
  // several replicas of one machine may name the same.
  bool UsesFolder() const { return config_.database_url.empty(); }

  // Certificates, keys and tokens are files that are looked at anyway.
  void Reload(ServiceRuntime& runtime) {
    const std::lock_guard<std::mutex> lock(config_mutex_);
    ReloadLiveKeys(schema_, sources_, config_, {&runtime}, runtime.logger());
  }

  // A server that starts before its migration waits for it, alive but not ready. False when it was
  // stopped meanwhile.
  absl::StatusOr<bool> WaitForSchema(ServiceRuntime& runtime, const std::string& ops_address) {
    absl::Status status = runtime.CheckSchema();
    if (status.ok()) {
      return true;
    }
    data_dir_.reset();  // so that migrate gets in
    if (IsSchemaPending(status)) {
      runtime.logger().Warn("schema_pending", "waiting until the schema fits; run migrate",
                            {{"ops", ops_address}, {"cause", status.message()}});
    }
    // A database that goes away meanwhile, to restart for one, comes back.
    while (IsSchemaPending(status) || absl::IsUnavailable(status)) {
      if (WaitForStopSignal(kSchemaPoll)) {
        return false;
      }
      status = runtime.CheckSchema();
    }
    CLIENTELE_RETURN_IF_ERROR(status);
    if (!UsesFolder()) {
      return true;
    }
    return TakeFolderBack(runtime.logger());
  }

  // The schema fits a moment before migrate has closed the database and left the folder. False when
  // the server was stopped meanwhile; UNAVAILABLE when somebody else keeps the folder.
  absl::StatusOr<bool> TakeFolderBack(Logger& logger) {
    absl::StatusOr<std::unique_ptr<DataDir>> folder = DataDir::Open(config_.data_dir);
    for (int i = 1; absl::IsUnavailable(folder.status()) && i < kFolderTriesMax; ++i) {
      logger.Warn("folder_pending", "waiting until migrate has left the folder",
                  {{"cause", folder.status().message()}});
      if (WaitForStopSignal(kSchemaPoll)) {
        return false;
      }
      folder = DataDir::Open(config_.data_dir);
    }
    CLIENTELE_ASSIGN_OR_RETURN(data_dir_, std::move(folder));
    return true;
  }

  const ConfigSchema& schema_;
  const ServerConfig& config_;
  const ServiceDefinition& definition_;
  const ConfigSources& sources_;
  std::mutex config_mutex_;  // held where `config_` changes, or is read by the ops port
  SystemClock clock_;
  UuidV7Generator uuids_;
  FdLogSink sink_{2};
  ProcessMetrics process_metrics_;
  OpsPages pages_{kVersion, {definition_.service}};
  std::unique_ptr<DataDir> data_dir_;  // with SQLite
  std::unique_ptr<SecretKey> key_;
  std::unique_ptr<KeyRing> key_ring_;  // where the service seals
};

// `status` of a probe, with what may be wrong with the TLS that it was told of.
absl::Status WithHint(const absl::Status& status, const SecurityConfig& security) {
  const std::string hint = tls::ConnectHint(
      status.message(), {.uses_tls = !security.tls_cert_file.empty(),
                         .shows_certificate = !security.client_tls_cert_file.empty(),
                         .tls_name = "tls.cert_file",
                         .authority_name = "client_tls.ca_file",
                         .certificate_name = "client_tls.cert_file"});
  return hint.empty()
             ? status
             : absl::Status(status.code(), absl::StrCat(status.message(), " (", hint, ")"));
}

// Health of a running server, asked over gRPC as Kubernetes would.
absl::Status Probe(const ServerConfig& config) {
  CLIENTELE_ASSIGN_OR_RETURN(const rpc::ChannelSecurity security,
                             LoadProbeSecurity(config.security, config.grpc_address));
  const auto channel = rpc::Connect(config.grpc_address, security);
  const auto stub = grpc::health::v1::Health::NewStub(channel);
  const auto answer = rpc::CallUnary<grpc::health::v1::HealthCheckResponse>(
      rpc::NewCall(kProbeTimeout),
      [&](grpc::ClientContext* context, grpc::health::v1::HealthCheckResponse* response) {
        return stub->Check(context, {}, response);
      });
  if (!answer.ok()) {
    return WithHint(answer.status(), config.security);
  }
  return answer->status() == grpc::health::v1::HealthCheckResponse::SERVING
             ? absl::OkStatus()
             : absl::UnavailableError(absl::StrCat(config.grpc_address, " does not serve"));
}

void AddMigrateModes(CLI::App& migrate, MigrateMode& mode) {
  CLI::Option* dry_run = migrate.add_flag_callback(
      "--dry-run", [&mode] { mode = MigrateMode::kDryRun; }, "Only say what would be applied");
  migrate
      .add_flag_callback(
          "--print-sql", [&mode] { mode = MigrateMode::kPrintSql; },
          "Print what would be applied, for psql, instead of applying it")
      ->excludes(dry_run);
}

int Report(const absl::Status& status) {
  if (status.ok()) {
    return 0;
  }
  // Who starts a server by hand may know what its log would say.
  const std::string detail = GetLogDetail(status);
  std::fprintf(stderr, "%s%s%s\n", std::string(status.message()).c_str(),
               detail.empty() ? "" : ": ", detail.c_str());
  return 1;
}

}  // namespace

int RunServerMain(int argc, char** argv, const ConfigSchema& schema, const ServerConfig& config,
                  const ServiceDefinition& definition) {
  // An operator may set it to see what gRPC prints of its own beside our sentences.
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no threads yet
  const char* const verbosity = std::getenv("GRPC_VERBOSITY");
  if (verbosity == nullptr || *verbosity == '\0') {
    EndProcessWhenListenerIsLost();
  }
  CLI::App app(absl::StrCat("The ", definition.service, " service of Clientele, ", kVersion));
  app.set_version_flag("--version", kVersion);
  Arguments arguments;
  std::function<absl::Status()> action;
  ConfigSources sources;
  ServerProcess process(schema, config, definition, sources);
  const auto add = [&](const char* name, const char* help, std::function<absl::Status()> run) {
    CLI::App* command = app.add_subcommand(name, help);
    command->add_option("--config", arguments.config_file, "YAML configuration file");
    command->add_option("--set", arguments.settings, "KEY=VALUE, wins over file and environment");
    command->callback([&action, run = std::move(run)] { action = run; });
    return command;
  };
  add("serve", "Serve until SIGTERM", [&] { return process.Serve(); });
  auto migrate_mode = MigrateMode::kApply;
  CLI::App* migrate = add("migrate", "Bring the database's schema up to date",
                          [&] { return RunMigrate(definition, config, migrate_mode); });
  AddMigrateModes(*migrate, migrate_mode);
  bool print_schema = false;
  CLI::App* check = add(
      "check-config",
      "Refuse what serve would refuse, else print the effective configuration, secrets redacted",
      [&] {
        if (print_schema) {
          std::printf("%s", ConfigJsonSchema(schema).c_str());
          return absl::OkStatus();
        }
        return process.CheckAndPrintConfig();
      });
  check->add_flag("--json-schema", print_schema,
                  "Print the JSON Schema of the configuration file instead");
  add("probe", "Ask a running server whether it serves", [&] { return Probe(config); });
  app.require_subcommand(1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto flags = ParseSettings(arguments.settings);
  if (!flags.ok()) {
    Report(flags.status());
    return 2;
  }
  sources = {arguments.config_file, ProcessEnvironment(), *flags};
  if (const absl::Status loaded = LoadConfig(schema, sources); !loaded.ok()) {
    return Report(loaded);
  }
  return Report(action());
}

}  // namespace clientele::server
