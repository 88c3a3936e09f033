#include "cli/up/embedded_suite.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/crypto/key_file.h"
#include "common/server/server_config.h"
#include "common/server/version.h"
#include "common/status/macros.h"
#include "services/loyalty/loyalty_definition.h"
#include "services/profile/profile_definition.h"
#include "services/segmentation/segmentation_definition.h"

namespace clientele::cli {
namespace {

constexpr char kHost[] = "127.0.0.1";
constexpr int kOpsPort = 9000;
constexpr int kServiceCount = 3;

// The databases share the memory of one small process.
constexpr int64_t kSqliteCacheKib = 16384;
constexpr int kSqliteReaders = 3;
constexpr int kExecutorThreads = 8;

// The port of the service that starts as number `index`, or of ops as number kServiceCount.
int PortOf(const SuiteOptions& options, int index, int default_port) {
  if (!options.first_port.has_value()) {
    return default_port;
  }
  return *options.first_port == 0 ? 0 : *options.first_port + index;
}

}  // namespace

EmbeddedSuite::EmbeddedSuite(const SuiteOptions& options)
    : shifted_clock_(options.business_time.has_value()
                         ? std::make_unique<ShiftedClock>(*options.business_time)
                         : nullptr),
      log_sink_(2),
      pages_(server::kVersion, {kProfile, kSegmentation, kLoyalty}) {}

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
  CLIENTELE_RETURN_IF_ERROR(
      Serve(profile::ProfileDefinition(), PortOf(options, 0, profile::kGrpcPort)));
  segmentation::SegmentationConfig segmentation_config;
  segmentation_config.profile_address = addresses_[0].second;  // with the port that profile got
  CLIENTELE_RETURN_IF_ERROR(Serve(segmentation::SegmentationDefinition(segmentation_config),
                                  PortOf(options, 1, segmentation::kGrpcPort)));
  loyalty::LoyaltyConfig loyalty_config;
  loyalty_config.profile_address = addresses_[0].second;
  if (options.program_currency.has_value()) {
    loyalty_config.program_currency = options.program_currency->ToString();
  }
  CLIENTELE_RETURN_IF_ERROR(
      Serve(loyalty::LoyaltyDefinition(loyalty_config), PortOf(options, 2, loyalty::kGrpcPort)));
  CLIENTELE_ASSIGN_OR_RETURN(
      ops_,
      OpsServer::Start({.host = kHost, .port = PortOf(options, kServiceCount, kOpsPort)}, pages_));
  pages_.AddMetrics(&process_metrics_);
  pages_.SetStarted();
  addresses_.emplace_back("ops", absl::StrCat(kHost, ":", ops_->port()));
  return WriteEndpoints(options.data_dir, Endpoints(addresses_.begin(), addresses_.end()));
}

absl::Status EmbeddedSuite::Serve(const server::ServiceDefinition& definition, int port) {
  const Clock& business_clock =
      shifted_clock_ == nullptr ? static_cast<const Clock&>(system_clock_) : *shifted_clock_;
  CLIENTELE_ASSIGN_OR_RETURN(
      std::unique_ptr<server::ServiceRuntime> runtime,
      server::ServiceRuntime::Open(
          definition,
          {.bind_address = absl::StrCat(kHost, ":", port),
           .database_path = server::DatabasePath(data_dir_->path(), definition.service),
           .executor = {.thread_count = kExecutorThreads},
           .sqlite_cache_kib = kSqliteCacheKib,
           .sqlite_reader_connections = kSqliteReaders},
          {.system_clock = system_clock_,
           .business_clock = business_clock,
           .uuids = uuids_,
           .log_sink = log_sink_,
           .pages = pages_,
           .key = *key_}));
  CLIENTELE_RETURN_IF_ERROR(runtime->Migrate());
  CLIENTELE_RETURN_IF_ERROR(runtime->Serve());
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
