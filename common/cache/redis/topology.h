#ifndef COMMON_CACHE_REDIS_TOPOLOGY_H_
#define COMMON_CACHE_REDIS_TOPOLOGY_H_

// Which nodes there are and which of them serves a key: one server, or a Redis Cluster.
//
// A thread of its own does what may take long, so that no request has to: it finds the addresses of
// names, probes nodes that do not answer, and asks a cluster for its slot map at the start, after a
// MOVED, and while one of its nodes does not answer.

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/cache/redis/node.h"
#include "common/cache/redis/slot.h"

namespace clientele::redis {

struct TopologyOptions {
  // Of the one server, or of at least one node of the cluster (CHECK).
  std::vector<Address> addresses;
  bool is_cluster = false;
  NodeOptions node;
};

// Thread-safe.
class Topology {
 public:
  // Starts the thread. `observer` must outlive it.
  Topology(TopologyOptions options, ClientObserver& observer);
  // Waits for a probe under way, at most kProbeTimeMax.
  ~Topology();
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;

  // The node that serves `key`; nullptr while that is not known.
  std::shared_ptr<Node> NodeOf(absl::string_view key) const;

  // The node a redirect names; nullptr when too many are known already.
  std::shared_ptr<Node> NodeAt(const Address& address);

  // A node that may be asked, a different one at each call if there are several; nullptr when there
  // is none.
  std::shared_ptr<Node> AnyUsableNode();

  // Has the slot map asked for again, within kProbeInterval.
  void RefreshSoon();

  const NodeOptions& node_options() const { return options_.node; }

 private:
  // What NodeOf reads; never changed once published.
  struct Layout {
    std::vector<std::shared_ptr<Node>> nodes;  // of a cluster: in the order of slots->masters()
    std::optional<SlotMap> slots;              // of a cluster, once known
  };

  void LookAfterNodes();
  // One round: probes, then the slot map if it is wanted or a node is lost.
  void LookOnce();
  // Whether all of `nodes` answer in the end.
  bool ProbeUnusable(const std::vector<std::shared_ptr<Node>>& nodes);
  bool RefreshSlots();
  void Publish(SlotMap slots);
  std::shared_ptr<const Layout> layout() const;
  std::shared_ptr<Node> FindNode(const Address& address) const;

  const TopologyOptions options_;
  ClientObserver& observer_;
  std::vector<std::shared_ptr<Node>> seeds_;  // of options_.addresses
  mutable std::mutex mutex_;
  // Everything below is guarded by mutex_.
  std::condition_variable stopped_;
  bool stopping_ = false;
  bool refresh_wanted_;
  size_t rotation_ = 0;
  std::shared_ptr<const Layout> layout_;
  std::map<Address, std::shared_ptr<Node>> redirected_;  // named by redirects, not in the layout
  std::thread thread_;                                   // last: it uses all of the above
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_TOPOLOGY_H_
