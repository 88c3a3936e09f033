#include "bench/unaudited_profile.h"

#include <functional>
#include <optional>
#include <utility>

#include "common/executor/executor.h"
#include "common/observability/metrics.h"
#include "common/rpc/call_pipeline.h"
#include "common/server/call_reports.h"
#include "common/server/principal_limits.h"
#include "common/server/security_config.h"
#include "common/server/service_module.h"
#include "common/server/version.h"
#include "common/status/macros.h"
#include "common/time/steady_clock.h"
#include "services/profile/profile_definition.h"
#include "services/profile/profile_module.h"

namespace clientele::bench {
namespace {

// As a server's (service_runtime.cc).
constexpr int kReadSample = 1000;
constexpr absl::Duration kSlowCall = absl::Seconds(1);

// Profile on the pipeline that `make_pipeline` makes when it serves.
server::ServiceDefinition DefinitionOn(
    std::function<rpc::CallPipeline&(server::ServiceRuntime& runtime)> make_pipeline) {
  server::ServiceDefinition definition = profile::ProfileDefinition();
  definition.make_module = [make_pipeline =
                                std::move(make_pipeline)](server::ServiceRuntime& runtime) {
    return std::make_unique<profile::ProfileModule>(runtime.handler_parts(),
                                                    make_pipeline(runtime));
  };
  return definition;
}

}  // namespace

// What the runtime puts together for itself, from the same parts, but for the audit log.
class UnauditedProfile::Pipeline {
 public:
  Pipeline(server::ServiceRuntime& runtime, const server::SecurityConfig& config)
      : security_(
            *server::LoadSecurity(config, {}, runtime.process().system_clock, runtime.logger())),
        metrics_("profile", server::kVersion),
        executor_(runtime.options().executor),
        observer_(metrics_, profile::ProfileDefinition().grpc_services),
        lines_(runtime.logger(), kReadSample, kSlowCall),
        limits_(*server::ParseRates({}), std::nullopt, clock_),
        calls_({.service = "profile",
                .executor = executor_,
                .clock = runtime.process().system_clock,
                .uuids = runtime.process().uuids,
                .log = lines_,
                .observer = observer_,
                .authenticator = *security_.authenticator,
                .quota = limits_}) {}

  rpc::CallPipeline& calls() { return calls_; }

 private:
  // In the order in which they need each other.
  const server::Security security_;
  Metrics metrics_;
  Executor executor_;
  server::CallMetrics observer_;
  server::CallLines lines_;
  SteadyClock clock_;
  server::PrincipalLimits limits_;
  rpc::CallPipeline calls_;
};

UnauditedProfile::UnauditedProfile(const std::string& path, const Secrets& secrets)
    : server_(DefinitionOn([this, config = secrets.server](
                               server::ServiceRuntime& runtime) -> rpc::CallPipeline& {
                pipeline_ = std::make_unique<Pipeline>(runtime, config);
                return pipeline_->calls();
              }),
              {.database_path = path}) {
  server_.Serve();
}

UnauditedProfile::~UnauditedProfile() = default;

}  // namespace clientele::bench
