#ifndef COMMON_CACHE_REDIS_CLIENT_H_
#define COMMON_CACHE_REDIS_CLIENT_H_

// Runs commands on one Redis server or on a Redis Cluster: pipelines, redirects, breakers.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/cache/redis/observer.h"
#include "common/cache/redis/resp.h"
#include "common/cache/redis/topology.h"

namespace clientele::redis {

// One command about one key. Running it twice must do no harm: a redirect may repeat it.
struct Command {
  absl::string_view key;  // decides which node of a cluster it goes to
  std::string bytes;      // made by AppendCommand
};

// Thread-safe.
class Client {
 public:
  // Connects when there is something to run. `observer` must outlive it.
  Client(TopologyOptions options, ClientObserver& observer)
      : topology_(std::move(options), observer) {}

  // Runs `commands` as one pipeline per node, all nodes at once, and sends on what a node
  // redirects, at most kRedirectsMax times. Returns before `deadline` and within the latency budget
  // (of each kPipelineCommandsMax commands). One result per command, in order: what Redis replied
  // (which may be an error reply), or why there is no reply: UNAVAILABLE (breaker open, no node
  // known, connection lost), DEADLINE_EXCEEDED, DATA_LOSS, RESOURCE_EXHAUSTED (too many wait).
  std::vector<absl::StatusOr<Reply>> Run(absl::Span<const Command> commands, absl::Time deadline);

  Topology& topology() { return topology_; }

 private:
  struct Attempt {
    size_t command;  // its index
    std::shared_ptr<Node> node;
    bool ask_once;  // after ASKING
  };
  struct Pipeline {
    absl::Span<const Attempt> attempts;  // all of one node
    absl::StatusOr<Node::Exchange> exchange;
  };

  // Appends one result for each of `commands`, which fit into a pipeline.
  void RunSome(absl::Span<const Command> commands, absl::Time deadline,
               std::vector<absl::StatusOr<Reply>>& results);
  std::vector<Attempt> Route(absl::Span<const Command> commands) const;
  // Sends each node its pipeline before the first reply is waited for.
  static void RunAttempts(absl::Span<const Command> commands, std::vector<Attempt>& attempts,
                          const Patience& patience, std::vector<absl::StatusOr<Reply>>& results);
  static void FinishPipeline(Pipeline& pipeline, std::vector<absl::StatusOr<Reply>>& results);
  // The attempts whose results are redirects, with where they lead.
  std::vector<Attempt> Redirected(const std::vector<Attempt>& attempts,
                                  const std::vector<absl::StatusOr<Reply>>& results);

  Topology topology_;
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_CLIENT_H_
