#include "cli/up/embedded_suite.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/config/config_print.h"
#include "common/config/config_schema.h"
#include "common/crypto/key_file.h"
#include "common/server/server_config.h"
#include "common/server/version.h"
#include "common/status/macros.h"
#include "services/complaints/complaints_definition.h"
#include "services/loyalty/loyalty_definition.h"
#include "services/profile/profile_definition.h"
#include "services/segmentation/segmentation_definition.h"

namespace clientele::cli {
namespace {

constexpr char kHost[] = "127.0.0.1";
constexpr int kOpsPort = 9000;
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
                  const std::string& data_dir, int grpc_port)
      : config(server::DefaultServerConfig(service, grpc_port, kOpsPort)), schema(service) {
    config.data_dir = data_dir;
    config.database_url = options.database_url;
    config.database_pool_size = kPostgresPoolSize;
    config.key_file = server::KeyPath(data_dir);
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

EmbeddedSuite::EmbeddedSuite(const SuiteOptions& options)
    : shifted_clock_(options.business_time.has_value()
                         ? std::make_unique<ShiftedClock>(*options.business_time)
                         : nullptr),
      log_sink_(options.log_fd),
      pages_(server::kVersion, {kProfile, kSegmentation, kLoyalty, kComplaints}) {}

EmbeddedSuite::~EmbeddedSuite() { Stop(); }

absl::StatusOr<std::unique_ptr<EmbeddedSuite>> EmbeddedSuite::Start(const SuiteOptions& options) {
  std::unique_ptr<EmbeddedSuite> suite(new EmbeddedSuite(options));
  CLIENTELE_RETURN_IF_ERROR(suite->Open(options));
  return suite;
}

absl::Status EmbeddedSuite::Open(const SuiteOptions& options) {
  CLIENTELE_ASSIGN_OR_RETURN(data_dir_, server::DataDir::Open(options.data_dir));
  CLIENTELE_ASSIGN_OR_RETURN(SecretKey key, LoadOrCreateKeyFile(server::KeyPath(options.data_dir)));
  key_ = std::make_unique<SecretKey>(std::move(key));
  ServiceSettings profile(kProfile, options, data_dir_->path(),
                          PortOf(options, 0, profile::kGrpcPort));
  CLIENTELE_RETURN_IF_ERROR(Serve(profile::ProfileDefinition(), profile.config));
  ServiceSettings segmentation(kSegmentation, options, data_dir_->path(),
                               PortOf(options, 1, segmentation::kGrpcPort));
  segmentation::SegmentationConfig segmentation_config;
  segmentation_config.profile_address = profile.config.grpc_address;  // with the port it got
  segmentation::AddSegmentationKeys(segmentation.schema, segmentation_config);
  CLIENTELE_RETURN_IF_ERROR(
      Serve(segmentation::SegmentationDefinition(segmentation_config), segmentation.config));
  ServiceSettings loyalty(kLoyalty, options, data_dir_->path(),
                          PortOf(options, 2, loyalty::kGrpcPort));
  loyalty::LoyaltyConfig loyalty_config;
  loyalty_config.profile_address = profile.config.grpc_address;
  if (options.program_currency.has_value()) {
    loyalty_config.program_currency = options.program_currency->ToString();
  }
  loyalty::AddLoyaltyKeys(loyalty.schema, loyalty_config);
  CLIENTELE_RETURN_IF_ERROR(Serve(loyalty::LoyaltyDefinition(loyalty_config), loyalty.config));
  ServiceSettings complaints(kComplaints, options, data_dir_->path(),
                             PortOf(options, 3, complaints::kGrpcPort));
  complaints::ComplaintsConfig complaints_config;
  complaints_config.profile_address = profile.config.grpc_address;
  complaints_config.loyalty_address = loyalty.config.grpc_address;
  complaints::AddComplaintsKeys(complaints.schema, complaints_config);
  CLIENTELE_RETURN_IF_ERROR(
      Serve(complaints::ComplaintsDefinition(complaints_config), complaints.config));
  CLIENTELE_ASSIGN_OR_RETURN(
      ops_,
      OpsServer::Start({.host = kHost, .port = PortOf(options, kServiceCount, kOpsPort)}, pages_));
  pages_.AddMetrics(&process_metrics_);
  for (ServiceSettings* settings : {&profile, &segmentation, &loyalty, &complaints}) {
    settings->config.ops_port = ops_->port();
    pages_.AddConfig([text = PrintEffectiveConfig(settings->schema)] { return text; });
  }
  pages_.SetStarted();
  addresses_.emplace_back("ops", absl::StrCat(kHost, ":", ops_->port()));
  return WriteEndpoints(options.data_dir, Endpoints(addresses_.begin(), addresses_.end()));
}

absl::Status EmbeddedSuite::Serve(const server::ServiceDefinition& definition,
                                  server::ServerConfig& config) {
  config.cache.redis_key_prefix = CachePrefix(*key_);
  const Clock& business_clock =
      shifted_clock_ == nullptr ? static_cast<const Clock&>(system_clock_) : *shifted_clock_;
  CLIENTELE_ASSIGN_OR_RETURN(
      std::unique_ptr<server::ServiceRuntime> runtime,
      server::ServiceRuntime::Open(definition, server::ToRuntimeOptions(definition.service, config),
                                   {.system_clock = system_clock_,
                                    .business_clock = business_clock,
                                    .uuids = uuids_,
                                    .log_sink = log_sink_,
                                    .pages = pages_,
                                    .key = *key_}));
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
}

}  // namespace clientele::cli
