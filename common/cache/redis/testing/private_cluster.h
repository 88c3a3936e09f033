#ifndef COMMON_CACHE_REDIS_TESTING_PRIVATE_CLUSTER_H_
#define COMMON_CACHE_REDIS_TESTING_PRIVATE_CLUSTER_H_

// A Redis Cluster of a test's own on loopback: three masters, each with a replica.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/cache/redis/address.h"
#include "common/cache/redis/testing/private_redis.h"

namespace clientele::redis {

// Runs from construction, which returns when every slot is served, to destruction. Not thread-safe.
class PrivateCluster {
 public:
  PrivateCluster();

  // Of all nodes.
  std::vector<Address> addresses() const;
  // The one of addresses() that serves `slot`, as its own nodes see it now.
  size_t MasterOf(int slot);
  PrivateRedis& node(size_t index) { return *nodes_[index].redis; }
  // Its CLUSTER id.
  std::string IdOf(size_t index);

  // Returns when every node that is not `lost` finds that all slots are served.
  void AwaitHealth(int lost = -1);

 private:
  struct Node {
    int port;
    std::unique_ptr<PrivateRedis> redis;
  };
  std::vector<Node> nodes_;
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_TESTING_PRIVATE_CLUSTER_H_
