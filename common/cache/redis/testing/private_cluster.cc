#include "common/cache/redis/testing/private_cluster.h"

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cache/redis/slot.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

constexpr size_t kNodeCount = 6;

// A node is missed after a second, and a replica takes over however little it has copied: tests
// wait for that.
std::vector<std::string> NodeArguments(int port) {
  return {"--port",
          absl::StrCat(port),
          "--cluster-enabled",
          "yes",
          "--cluster-port",
          absl::StrCat(FreePort()),
          "--cluster-config-file",
          "nodes.conf",
          "--cluster-node-timeout",
          "1000",
          "--cluster-replica-validity-factor",
          "0",
          "--repl-diskless-sync-delay",
          "0"};
}

}  // namespace

PrivateCluster::PrivateCluster() {
  std::vector<std::string> create = {"redis-cli", "--cluster", "create"};
  nodes_.reserve(kNodeCount);
  for (size_t i = 0; i < kNodeCount; ++i) {
    const int port = FreePort();
    nodes_.push_back({port, std::make_unique<PrivateRedis>(NodeArguments(port))});
    create.push_back(absl::StrCat("127.0.0.1:", port));
  }
  create.insert(create.end(), {"--cluster-replicas", "1", "--cluster-yes"});
  RunTool(create);
  AwaitHealth();
}

std::vector<Address> PrivateCluster::addresses() const {
  std::vector<Address> addresses;
  addresses.reserve(nodes_.size());
  for (const Node& node : nodes_) {
    addresses.push_back({.host = "127.0.0.1", .port = node.port});
  }
  return addresses;
}

size_t PrivateCluster::MasterOf(int slot) {
  const Reply reply = node(0).Ask({"CLUSTER", "SLOTS"});
  const std::vector<Address> all = addresses();
  const absl::StatusOr<SlotMap> slots = SlotMap::FromReply(reply, all[0]);
  CLIENTELE_CHECK(slots.ok());
  const std::optional<size_t> master = slots->MasterOf(slot);
  CLIENTELE_CHECK(master.has_value());
  const auto found = std::find(all.begin(), all.end(), slots->masters()[*master]);
  CLIENTELE_CHECK(found != all.end());
  return static_cast<size_t>(found - all.begin());
}

std::string PrivateCluster::IdOf(size_t index) { return node(index).Ask({"CLUSTER", "MYID"}).text; }

void PrivateCluster::AwaitHealth(int lost) {
  const absl::Time deadline = absl::Now() + server::kChildStepMax;
  for (size_t i = 0; i < nodes_.size(); ++i) {
    if (static_cast<int>(i) == lost) {
      continue;
    }
    while (!absl::StrContains(node(i).Ask({"CLUSTER", "INFO"}).text, "cluster_state:ok")) {
      CLIENTELE_CHECK(absl::Now() < deadline);
      std::this_thread::yield();
    }
  }
}

}  // namespace clientele::redis
