#include "common/server/live_keys.h"

#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "common/limits/rate_limiter.h"
#include "common/observability/log_line.h"
#include "common/observability/status_log.h"
#include "common/server/principal_limits.h"
#include "common/status/macros.h"

namespace clientele::server {

void AddLogLevelKey(ConfigSchema& schema, std::string& log_level) {
  schema.Add(kLogLevelKey, &log_level,
             TextKey{.doc = "The least severe lines that are written; read again at SIGHUP.",
                     .allowed = {"debug", "info", "warn", "error"}});
}

void AddLiveKeys(ConfigSchema& schema, ServerConfig& config) {
  AddLimitsKeys(schema, config.limits);
  AddLogLevelKey(schema, config.log_level);
}

void ReloadLiveKeys(const ConfigSchema& schema, const ConfigSources& sources,
                    const ServerConfig& config, absl::Span<ServiceRuntime* const> runtimes,
                    Logger& logger) {
  std::vector<absl::string_view> names(kLimitsKeys.begin(), kLimitsKeys.end());
  names.emplace_back(kLogLevelKey);
  limits::RateTable rates;
  const auto others = ReloadConfig(schema, sources, names, [&]() -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(rates, ParseRates(config.limits));
    return absl::OkStatus();
  });
  if (!others.ok()) {
    LogStatus(logger, LogLevel::kError, "reload_refused",
              "the configuration cannot be used, and what it was stays", others.status());
    return;
  }
  const LogLevel level = *LogLevelFromName(config.log_level);
  logger.SetLevel(level);
  for (ServiceRuntime* const runtime : runtimes) {
    runtime->logger().SetLevel(level);
    runtime->SetLimits(rates);
  }
  logger.Log(others->empty() ? LogLevel::kInfo : LogLevel::kWarn, "reloaded",
             "the configuration was read again",
             {{"log_level", config.log_level}, {"restart_for", absl::StrJoin(*others, ",")}});
}

}  // namespace clientele::server
