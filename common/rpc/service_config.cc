#include "common/rpc/service_config.h"

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"

namespace clientele::rpc {
namespace {

using Json = nlohmann::ordered_json;

// What a caller waits for one answer, repeats and their pauses with it.
constexpr char kTimeout[] = "15s";
// Together they last longer than a replica needs to be found gone and another one to be asked, and
// end well before kTimeout.
constexpr int kAttemptsMax = 5;
constexpr char kInitialBackoff[] = "0.1s";
constexpr char kBackoffMax[] = "2s";
constexpr int kBackoffMultiplier = 3;
// Repeats stop while more than one call in ten fails, so that they do not become the overload.
constexpr int kThrottleTokensMax = 100;
constexpr double kThrottleTokenRatio = 0.1;

Json NameOf(const Method& method) { return {{"service", method.service}, {"method", method.name}}; }

// `may_repeat`: whether the calls of these are sent again.
Json ConfigOf(Json names, bool may_repeat) {
  Json config = {{"name", std::move(names)}, {"timeout", kTimeout}, {"waitForReady", true}};
  if (may_repeat) {
    config["retryPolicy"] = {{"maxAttempts", kAttemptsMax},
                             {"initialBackoff", kInitialBackoff},
                             {"maxBackoff", kBackoffMax},
                             {"backoffMultiplier", kBackoffMultiplier},
                             {"retryableStatusCodes", {"UNAVAILABLE"}}};
  }
  return config;
}

}  // namespace

bool IsSafeToRepeat(const Method& method) {
  return absl::EndsWith(method.policy.permission(), ".read") ||
         method.policy.request_id() == common::v1::REQUEST_ID_RULE_REQUIRED;
}

std::string ServiceConfigOf(absl::Span<const Method> methods) {
  Json repeated = Json::array();
  Json once = Json::array();
  for (const Method& method : methods) {
    // A stream goes on as long as it is wanted, and its reader knows where it was.
    if (method.type == CallType::kUnary) {
      (IsSafeToRepeat(method) ? repeated : once).push_back(NameOf(method));
    }
  }
  Json configs = Json::array();
  if (!repeated.empty()) {
    configs.push_back(ConfigOf(std::move(repeated), true));
  }
  if (!once.empty()) {
    configs.push_back(ConfigOf(std::move(once), false));
  }
  const Json config = {
      {"loadBalancingConfig", {{{"round_robin", Json::object()}}}},
      // Callers so hear that a replica is about to stop while it still serves (drain_delay). By the
      // name of a service, which is well until then; "" also follows the database.
      {"healthCheckConfig", {{"serviceName", methods.front().service}}},
      {"methodConfig", std::move(configs)},
      {"retryThrottling", {{"maxTokens", kThrottleTokensMax}, {"tokenRatio", kThrottleTokenRatio}}},
  };
  return config.dump(2) + "\n";
}

}  // namespace clientele::rpc
