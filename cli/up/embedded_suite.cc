#include "cli/up/embedded_suite.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/config/config_print.h"
#include "common/config/config_schema.h"
#include "common/crypto/key_ring.h"
#include "common/observability/log_line.h"
#include "common/server/live_keys.h"
#include "common/server/open_keys.h"
#include "common/server/server_config.h"
#include "common/server/version.h"
#include "common/status/macros.h"
#include "services/complaints/complaints_definition.h"
#include "services/loyalty/loyalty_definition.h"
#include "services/profile/profile_definition.h"
#include "services/segmentation/segmentation_definition.h"

namespace clientele::cli {
namespace {

// What the process calls itself where no one service is meant.
constexpr char kUp[] = "up";
constexpr char kHost[] = "127.0.0.1";
constexpr int kOpsPort = 9000;
// Where libpq finds a password: `up` has no key for one.
constexpr char kPasswordSource[] = "$PGPASSWORD, or a line of ~/.pgpass";
constexpr int kServiceCount = 4;

// The databases share the memory of one small process.
constexpr int64_t kSqliteCacheKib = 16384;
constexpr int kSqliteReaders = 3;
// As many as there are threads, and some for the work in the background.
constexpr int kPostgresPoolSize = 12;
constexpr int kExecutorThreads = 8;
constexpr int64_t kCacheMib = 16;

// What a service of the suite is set to, with the keys its own binary has.
struct ServiceSettings {
  ServiceSettings(absl::string_view service, const SuiteOptions& options,
                  const server::ServerConfig& live, int grpc_port)
      : config(server::DefaultServerConfig(service, grpc_port, kOpsPort)), schema(service) {
    TakeLive(live);
    config.data_dir = options.data_dir;
    config.database_url = options.database_url;
    config.database_pool_size = kPostgresPoolSize;
    config.key_file = server::KeyPath(options.data_dir);
    config.kek_file = server::KekPath(options.data_dir);
    config.executor_threads = kExecutorThreads;
    config.sqlite_cache_kib = kSqliteCacheKib;
    config.sqlite_readers = kSqliteReaders;
    config.cache.memory_mib = kCacheMib;
    if (!options.redis_address.empty()) {
      config.cache.redis_addresses = {options.redis_address};
    }
    server::AddServerKeys(schema, config);
  }
  ServiceSettings(const ServiceSettings&) = delete;
  ServiceSettings& operator=(const ServiceSettings&) = delete;

  void TakeLive(const server::ServerConfig& live) {
    config.limits = live.limits;
    config.log_level = live.log_level;
  }

  server::ServerConfig config;
  ConfigSchema schema;  // points into config
};

// The port of the service that starts as number `index`, or of ops as number kServiceCount.
int PortOf(const SuiteOptions& options, int index, int default_port) {
  if (!options.first_port.has_value()) {
    return default_port;
  }
  return *options.first_port == 0 ? 0 : *options.first_port + index;
}

// Of this installation's keys in Redis: several may try one Redis, and the secret tells them apart.
std::string CachePrefix(const SecretKey& key) {
  constexpr size_t kBytes = 8;
  return absl::StrCat("clientele-",
                      absl::BytesToHexString(key.Derive("cache.prefix").bytes().substr(0, kBytes)));
}

}  // namespace

struct EmbeddedSuite::Settings {
  Settings(const SuiteOptions& options, const server::ServerConfig& live)
      : profile(kProfile, options, live, PortOf(options, 0, profile::kGrpcPort)),
        segmentation(kSegmentation, options, live, PortOf(options, 1, segmentation::kGrpcPort)),
        loyalty(kLoyalty, options, live, PortOf(options, 2, loyalty::kGrpcPort)),
        complaints(kComplaints, options, live, PortOf(options, 3, complaints::kGrpcPort)) {
    server::AddSealingKeys(profile.schema, profile.config);
    segmentation::AddSegmentationKeys(segmentation.schema, own_of_segmentation);
    loyalty::AddLoyaltyKeys(loyalty.schema, own_of_loyalty);
    complaints::AddComplaintsKeys(complaints.schema, own_of_complaints);
    server::AddSealingKeys(complaints.schema, complaints.config);
  }

  std::array<ServiceSettings*, kServiceCount> All() {
    return {&profile, &segmentation, &loyalty, &complaints};
  }

  segmentation::SegmentationConfig own_of_segmentation;
  loyalty::LoyaltyConfig own_of_loyalty;
  complaints::ComplaintsConfig own_of_complaints;
  ServiceSettings profile;
  ServiceSettings segmentation;
  ServiceSettings loyalty;
  ServiceSettings complaints;
};

EmbeddedSuite::EmbeddedSuite(const SuiteOptions& options)
    : shifted_clock_(options.business_time.has_value()
                         ? std::make_unique<ShiftedClock>(*options.business_time)
                         : nullptr),
      log_sink_(options.log_fd),
      logger_({.service = kUp, .repeats = {}}, system_clock_, log_sink_),
      live_sources_({.yaml_path = options.config_file, .environment = {}, .flags = {}}),
      live_schema_(kUp),
      pages_(server::kVersion, {kProfile, kSegmentation, kLoyalty, kComplaints}) {
  server::AddLiveKeys(live_schema_, live_config_);
}

EmbeddedSuite::~EmbeddedSuite() { Stop(); }

absl::StatusOr<std::unique_ptr<EmbeddedSuite>> EmbeddedSuite::Start(const SuiteOptions& options) {
  std::unique_ptr<EmbeddedSuite> suite(new EmbeddedSuite(options));
  CLIENTELE_RETURN_IF_ERROR(suite->Open(options));
  return suite;
}

absl::Status EmbeddedSuite::Open(const SuiteOptions& options) {
  CLIENTELE_RETURN_IF_ERROR(LoadConfig(live_schema_, live_sources_));
  logger_.SetLevel(*LogLevelFromName(live_config_.log_level));
  CLIENTELE_ASSIGN_OR_RETURN(data_dir_, server::DataDir::Open(options.data_dir));
  CLIENTELE_RETURN_IF_ERROR(OpenKeys(options.data_dir));
  settings_ = std::make_unique<Settings>(options, live_config_);
  CLIENTELE_RETURN_IF_ERROR(ServeAll(options));
  CLIENTELE_RETURN_IF_ERROR(ServeOps(options));
  return Announce(options.data_dir);
}

absl::Status EmbeddedSuite::Announce(const std::string& data_dir) {
  announced_in_ = data_dir;
  return WriteEndpoints(data_dir, Endpoints(addresses_.begin(), addresses_.end()));
}

absl::Status EmbeddedSuite::OpenKeys(const std::string& data_dir) {
  CLIENTELE_ASSIGN_OR_RETURN(SecretKey key, server::OpenFolderKey(data_dir));
  key_ = std::make_unique<SecretKey>(std::move(key));
  CLIENTELE_ASSIGN_OR_RETURN(KeyRing ring, LoadOrCreateKeyRing(server::KekPath(data_dir)));
  key_ring_ = std::make_unique<KeyRing>(std::move(ring));
  return absl::OkStatus();
}

absl::Status EmbeddedSuite::ServeAll(const SuiteOptions& options) {
  Settings& of = *settings_;
  CLIENTELE_RETURN_IF_ERROR(Serve(profile::ProfileDefinition(), of.profile.config));
  // With the ports they got.
  const std::string& profile_address = of.profile.config.grpc_address;
  of.own_of_segmentation.profile_address = profile_address;
  CLIENTELE_RETURN_IF_ERROR(
      Serve(segmentation::SegmentationDefinition(of.own_of_segmentation), of.segmentation.config));
  of.own_of_loyalty.profile_address = profile_address;
  if (options.program_currency.has_value()) {
    of.own_of_loyalty.program_currency = options.program_currency->ToString();
  }
  CLIENTELE_RETURN_IF_ERROR(
      Serve(loyalty::LoyaltyDefinition(of.own_of_loyalty), of.loyalty.config));
  of.own_of_complaints.profile_address = profile_address;
  of.own_of_complaints.loyalty_address = of.loyalty.config.grpc_address;
  return Serve(complaints::ComplaintsDefinition(of.own_of_complaints), of.complaints.config);
}

absl::Status EmbeddedSuite::ServeOps(const SuiteOptions& options) {
  CLIENTELE_ASSIGN_OR_RETURN(
      ops_,
      OpsServer::Start({.host = kHost, .port = PortOf(options, kServiceCount, kOpsPort)}, pages_));
  pages_.AddMetrics(&process_metrics_);
  for (ServiceSettings* settings : settings_->All()) {
    settings->config.ops_port = ops_->port();
    pages_.AddConfig([this, settings] {
      const std::lock_guard<std::mutex> lock(settings_mutex_);
      return PrintEffectiveConfig(settings->schema, ConfigReader::kAnyone);
    });
  }
  pages_.SetStarted();
  addresses_.emplace_back("ops", absl::StrCat(kHost, ":", ops_->port()));
  return absl::OkStatus();
}

void EmbeddedSuite::Reload() {
  std::vector<server::ServiceRuntime*> runtimes;
  runtimes.reserve(runtimes_.size());
  for (const auto& runtime : runtimes_) {
    runtimes.push_back(runtime.get());
  }
  const std::lock_guard<std::mutex> lock(settings_mutex_);
  server::ReloadLiveKeys(live_schema_, live_sources_, live_config_, runtimes, logger_);
  for (ServiceSettings* settings : settings_->All()) {
    settings->TakeLive(live_config_);
  }
}

absl::Status EmbeddedSuite::Serve(const server::ServiceDefinition& definition,
                                  server::ServerConfig& config) {
  config.cache.redis_key_prefix = CachePrefix(*key_);
  const Clock& business_clock =
      shifted_clock_ == nullptr ? static_cast<const Clock&>(system_clock_) : *shifted_clock_;
  server::RuntimeOptions options = server::ToRuntimeOptions(definition.service, config);
  options.postgres.password_source = kPasswordSource;
  CLIENTELE_ASSIGN_OR_RETURN(std::unique_ptr<server::ServiceRuntime> runtime,
                             server::ServiceRuntime::Open(definition, options,
                                                          {.system_clock = system_clock_,
                                                           .business_clock = business_clock,
                                                           .uuids = uuids_,
                                                           .log_sink = log_sink_,
                                                           .pages = pages_,
                                                           .key = *key_,
                                                           .key_wrapper = key_ring_.get()}));
  CLIENTELE_RETURN_IF_ERROR(runtime->Migrate());
  CLIENTELE_RETURN_IF_ERROR(runtime->Serve());
  config.grpc_address = runtime->address();
  addresses_.emplace_back(definition.service, runtime->address());
  runtimes_.push_back(std::move(runtime));
  return absl::OkStatus();
}

void EmbeddedSuite::Stop() {
  pages_.SetDraining();
  // Those that consume stop before those that are consumed.
  for (auto runtime = runtimes_.rbegin(); runtime != runtimes_.rend(); ++runtime) {
    (*runtime)->Shutdown();
  }
  pages_.Close();
  if (!announced_in_.empty()) {
    RemoveEndpoints(announced_in_);
    announced_in_.clear();
  }
}

}  // namespace clientele::cli
