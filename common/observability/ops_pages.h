#ifndef COMMON_OBSERVABILITY_OPS_PAGES_H_
#define COMMON_OBSERVABILITY_OPS_PAGES_H_

// What the ops port of a process answers: /metrics /livez /readyz /startupz /version /config.
//
// Liveness, start-up and version ask nobody, so they answer whatever state the dependencies are in.
// Pages that call back (/readyz, /metrics, /config) run one request of a kind at a time; another
// one waits at most kOpsTurnWait, so a check that hangs holds one thread and no more.
//
// Thread safety: thread-safe.

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/observability/turn.h"
#include "prometheus/collectable.h"

namespace clientele {

// How long a request waits for its turn; well within the 1 s of a Kubernetes probe.
inline constexpr absl::Duration kOpsTurnWait = absl::Milliseconds(500);
// The part of a failed check's message that is shown.
inline constexpr int kOpsCheckMessageBytesMax = 256;

struct OpsAnswer {
  int status;  // HTTP
  std::string content_type;
  std::string body;
};

class OpsPages {
 public:
  // `version` is the release's, `services` the short names of what runs in this process.
  OpsPages(absl::string_view version, const std::vector<std::string>& services);

  // Series for /metrics. `source` must live until Close.
  void AddMetrics(const prometheus::Collectable* source);

  // A condition of readiness, shown under `name` ("profile.sql"). `check` is called per request of
  // /readyz on a thread of the server; what it uses must live until Close. It should give up
  // within a second.
  void AddReadinessCheck(absl::string_view name, std::function<absl::Status()> check);

  // Text for /config: the effective configuration, already redacted, of every service in turn.
  void AddConfig(std::function<std::string()> text);

  // From now on start-up is over: /startupz is OK and /readyz depends on its checks.
  void SetStarted();

  // Shutdown has begun: /readyz fails, so that no new traffic arrives; the rest stays.
  void SetDraining();

  // Forgets every source, check and text, after those that run now have returned. Call it before
  // destroying what they use; /readyz fails from then on.
  void Close();

  // The answer to a request. `target` may carry a query, which is ignored. HEAD is answered like
  // GET (the server leaves the body out). 404 for other paths, 405 for other methods.
  OpsAnswer Answer(absl::string_view method, absl::string_view target);

 private:
  struct ReadinessCheck {
    std::string name;
    std::function<absl::Status()> check;
  };

  OpsAnswer Startup() const;
  OpsAnswer Readiness();
  OpsAnswer MetricsPage();
  OpsAnswer Config();

  const std::string version_json_;
  std::atomic<bool> started_ = false;
  std::atomic<bool> draining_ = false;
  // A turn guards the list below it, also while its callbacks run.
  Turn readiness_turn_;
  std::vector<ReadinessCheck> checks_;
  Turn metrics_turn_;
  std::vector<const prometheus::Collectable*> metrics_;
  Turn config_turn_;
  std::vector<std::function<std::string()>> configs_;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_OPS_PAGES_H_
