#include "common/observability/ops_pages.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/observability/metrics_text.h"

namespace clientele {
namespace {

constexpr char kPlainText[] = "text/plain; charset=utf-8";
constexpr char kPrometheusText[] = "text/plain; version=0.0.4; charset=utf-8";

OpsAnswer Plain(int status, absl::string_view body) {
  return {status, kPlainText, std::string(body)};
}

std::string VersionJson(absl::string_view version, const std::vector<std::string>& services) {
  nlohmann::ordered_json json;
  json["version"] = std::string(version);
  json["services"] = services;
  return absl::StrCat(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
                      "\n");
}

// One line of /readyz, in the form Kubernetes uses.
std::string CheckLine(absl::string_view name, const absl::Status& status) {
  if (status.ok()) {
    return absl::StrCat("[+]", name, " ok\n");
  }
  return absl::StrCat("[-]", name,
                      " failed: ", status.message().substr(0, kOpsCheckMessageBytesMax), "\n");
}

}  // namespace

OpsPages::OpsPages(absl::string_view version, const std::vector<std::string>& services)
    : version_json_(VersionJson(version, services)) {}

void OpsPages::AddMetrics(const prometheus::Collectable* source) {
  const Turn::Holder turn(metrics_turn_);
  metrics_.push_back(source);
}

void OpsPages::AddReadinessCheck(absl::string_view name, std::function<absl::Status()> check) {
  const Turn::Holder turn(readiness_turn_);
  checks_.push_back({std::string(name), std::move(check)});
}

void OpsPages::AddConfig(std::function<std::string()> text) {
  const Turn::Holder turn(config_turn_);
  configs_.push_back(std::move(text));
}

void OpsPages::SetStarted() { started_ = true; }

void OpsPages::SetDraining() { draining_ = true; }

void OpsPages::Close() {
  SetDraining();
  {
    const Turn::Holder turn(readiness_turn_);
    checks_.clear();
  }
  {
    const Turn::Holder turn(metrics_turn_);
    metrics_.clear();
  }
  const Turn::Holder turn(config_turn_);
  configs_.clear();
}

OpsAnswer OpsPages::Answer(absl::string_view method, absl::string_view target) {
  const absl::string_view path = target.substr(0, target.find('?'));
  const bool reads = method == "GET" || method == "HEAD";
  const auto page = [&]() -> OpsAnswer {
    if (path == "/livez") {
      return Plain(200, "ok\n");
    }
    if (path == "/startupz") {
      return Startup();
    }
    if (path == "/readyz") {
      return Readiness();
    }
    if (path == "/metrics") {
      return MetricsPage();
    }
    if (path == "/version") {
      return {200, "application/json", version_json_};
    }
    if (path == "/config") {
      return Config();
    }
    return Plain(404, "not found; there are /metrics /livez /readyz /startupz /version /config\n");
  };
  return reads ? page() : Plain(405, "method not allowed; GET and HEAD are\n");
}

OpsAnswer OpsPages::Startup() const {
  return started_ ? Plain(200, "ok\n") : Plain(503, "starting\n");
}

OpsAnswer OpsPages::Readiness() {
  std::string body;
  bool ready = true;
  const auto add = [&](absl::string_view name, const absl::Status& status) {
    ready = ready && status.ok();
    absl::StrAppend(&body, CheckLine(name, status));
  };
  add("started", started_ ? absl::OkStatus() : absl::UnavailableError("starting"));
  add("serving", draining_ ? absl::UnavailableError("shutting down") : absl::OkStatus());
  if (const Turn::Holder turn(readiness_turn_, kOpsTurnWait); turn) {
    for (const ReadinessCheck& check : checks_) {
      add(check.name, check.check());
    }
  } else {
    add("checks", absl::DeadlineExceededError("an earlier check has not returned yet"));
  }
  absl::StrAppend(&body, ready ? "readyz check passed\n" : "readyz check failed\n");
  return Plain(ready ? 200 : 503, body);
}

OpsAnswer OpsPages::MetricsPage() {
  const Turn::Holder turn(metrics_turn_, kOpsTurnWait);
  if (!turn) {
    return Plain(503, "an earlier scrape has not ended yet\n");
  }
  return {200, kPrometheusText, RenderMetrics(metrics_)};
}

OpsAnswer OpsPages::Config() {
  const Turn::Holder turn(config_turn_, kOpsTurnWait);
  if (!turn) {
    return Plain(503, "an earlier request has not ended yet\n");
  }
  std::string body;
  for (const auto& text : configs_) {
    absl::StrAppend(&body, text());
  }
  return Plain(200, body);
}

}  // namespace clientele
