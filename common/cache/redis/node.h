#ifndef COMMON_CACHE_REDIS_NODE_H_
#define COMMON_CACHE_REDIS_NODE_H_

// One Redis server: a bounded pool of connections behind a breaker.

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/cache/redis/address.h"
#include "common/cache/redis/breaker.h"
#include "common/cache/redis/connection.h"
#include "common/cache/redis/observer.h"
#include "common/cache/redis/resp.h"
#include "common/executor/slot_queue.h"

namespace clientele::redis {

struct NodeOptions {
  Login login;
  int connections_max = 16;  // at once; opened when they are needed
  int failures_max = 5;      // in a row, until the breaker opens
  // How long a caller waits for a pipeline, connecting included.
  absl::Duration latency_budget = absl::Milliseconds(20);
};

// Until when an answer is waited for.
struct Patience {
  absl::Time until;
  // Whether it is the latency budget that ends it: only then is lateness the server's failure. A
  // caller who has less time left than the budget proves nothing.
  bool is_budget;
};
Patience PatienceOf(absl::Time now, absl::Duration latency_budget, absl::Time deadline);

// Whether an error reply means that this server cannot serve now ("LOADING", "CLUSTERDOWN",
// "READONLY" after a failover ...), and not that one command was wrong.
bool IsNodeFailure(const Reply& reply);

// Thread-safe.
class Node {
 public:
  // A number is ready at once, a name after the first Probe. `options` and `observer` must outlive
  // it.
  Node(Address address, const NodeOptions& options, ClientObserver& observer);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Commands that were sent and wait for their replies. It holds a connection of the node, which
  // must outlive it; when it goes without Finish, or Finish fails, the connection is closed.
  class Exchange {
   public:
    // Receives `reply_count` replies, in order. Errors as Begin.
    absl::StatusOr<std::vector<Reply>> Finish(size_t reply_count);

   private:
    friend class Node;
    Exchange(Node& node, SlotQueue::Lease lease, std::unique_ptr<Connection> connection,
             const Patience& patience, absl::Time begin)
        : node_(&node),
          lease_(std::move(lease)),
          connection_(std::move(connection)),
          patience_(patience),
          begin_(begin) {}

    absl::StatusOr<std::vector<Reply>> ReceiveAll(size_t reply_count);

    Node* node_;
    SlotQueue::Lease lease_;
    std::unique_ptr<Connection> connection_;
    Patience patience_;
    absl::Time begin_;
  };

  // Takes a connection and sends `commands`, made by AppendCommand. UNAVAILABLE at once when the
  // breaker is open; else the errors of Connection, and those of waiting for a free one.
  absl::StatusOr<Exchange> Begin(absl::string_view commands, const Patience& patience);

  // Finds the addresses of the server's name, connects and asks for a sign of life; closes the
  // breaker when it comes.
  absl::Status Probe(absl::Time deadline);

  // A connection beside the pool, owned by the caller. Errors as Connection::Open.
  absl::StatusOr<std::unique_ptr<Connection>> Open(absl::Time deadline) const;

  // Whether it may be asked now.
  bool IsUsable() const;
  const Address& address() const { return address_; }

 private:
  // Sends over the connection `kept`, if it can still be used, or over a new one, which it returns.
  absl::StatusOr<std::unique_ptr<Connection>> Send(absl::string_view commands, absl::Time deadline,
                                                   std::unique_ptr<Connection>& kept) const;
  // Tells breaker and observer how an exchange ended.
  void Judge(const absl::Status& result, const Patience& patience, absl::Time begin);
  std::vector<SocketAddress> resolved() const;

  const Address address_;
  const NodeOptions& options_;
  ClientObserver& observer_;
  Breaker breaker_;
  mutable std::mutex mutex_;
  std::vector<SocketAddress> resolved_;  // guarded by mutex_; empty until known
  SlotQueue slots_;
  // Who holds a slot may use its connection; nullptr while there is none.
  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_NODE_H_
