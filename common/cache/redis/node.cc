#include "common/cache/redis/node.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/cache/redis/limits.h"
#include "common/executor/call_until.h"
#include "common/status/macros.h"

namespace clientele::redis {
namespace {

// Look-ups under way in a process: more than nodes that are probed at a time.
constexpr int kLookUpsMax = 64;

SlotQueue& LookUpSlots() {
  static SlotQueue& slots = *new SlotQueue(kLookUpsMax, /*waiters_max=*/kLookUpsMax);
  return slots;
}

}  // namespace

Patience PatienceOf(absl::Time now, absl::Duration latency_budget, absl::Time deadline) {
  const absl::Time budget_end = now + latency_budget;
  return {.until = std::min(budget_end, deadline), .is_budget = budget_end <= deadline};
}

bool IsNodeFailure(const Reply& reply) {
  static constexpr absl::string_view kFailures[] = {"LOADING",  "CLUSTERDOWN", "MASTERDOWN",
                                                    "READONLY", "NOAUTH",      "BUSY"};
  return reply.IsError() &&
         std::any_of(std::begin(kFailures), std::end(kFailures), [&reply](absl::string_view word) {
           return absl::StartsWith(reply.text, word);
         });
}

Node::Node(Address address, const NodeOptions& options, ClientObserver& observer)
    : address_(std::move(address)),
      options_(options),
      observer_(observer),
      breaker_(options.failures_max),
      resolved_(Resolve(address_, ResolveBy::kNumberOnly).value_or(std::vector<SocketAddress>())),
      slots_(options.connections_max, kPoolWaitersMax),
      connections_(static_cast<size_t>(options.connections_max)) {}

std::vector<SocketAddress> Node::resolved() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return resolved_;
}

bool Node::IsUsable() const {
  if (!breaker_.IsClosed()) {
    return false;
  }
  std::lock_guard<std::mutex> lock(mutex_);
  return !resolved_.empty();
}

absl::StatusOr<std::unique_ptr<Connection>> Node::Open(absl::Time deadline) const {
  return Connection::Open(address_, resolved(), options_.login, deadline);
}

absl::StatusOr<Node::Exchange> Node::Begin(absl::string_view commands, const Patience& patience) {
  if (!IsUsable()) {
    return absl::UnavailableError("the node of Redis does not answer");
  }
  const absl::Time begin = absl::Now();
  // Having to wait for a connection is no failure of the server.
  CLIENTELE_ASSIGN_OR_RETURN(SlotQueue::Lease lease, slots_.Take(patience.until));
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      Send(commands, patience.until, connections_[static_cast<size_t>(lease.slot())]);
  if (!connection.ok()) {
    Judge(connection.status(), patience, begin);
    return connection.status();
  }
  return Exchange(*this, std::move(lease), *std::move(connection), patience, begin);
}

absl::StatusOr<std::unique_ptr<Connection>> Node::Send(absl::string_view commands,
                                                       absl::Time deadline,
                                                       std::unique_ptr<Connection>& kept) const {
  std::unique_ptr<Connection> connection = std::move(kept);
  if (connection == nullptr || !connection->IsQuiet()) {
    CLIENTELE_ASSIGN_OR_RETURN(connection, Open(deadline));
  }
  CLIENTELE_RETURN_IF_ERROR(connection->Send(commands, deadline));
  return connection;
}

void Node::Judge(const absl::Status& result, const Patience& patience, absl::Time begin) {
  observer_.OnExchange(result, absl::ToDoubleSeconds(absl::Now() - begin));
  if (result.ok()) {
    breaker_.OnSuccess();
    return;
  }
  const bool is_callers_haste = absl::IsDeadlineExceeded(result) && !patience.is_budget;
  if (!is_callers_haste && breaker_.OnFailure()) {
    observer_.OnBreakerChanged(address_, /*is_open=*/true);
  }
}

absl::StatusOr<std::vector<Reply>> Node::Exchange::Finish(size_t reply_count) {
  absl::StatusOr<std::vector<Reply>> replies = ReceiveAll(reply_count);
  node_->Judge(replies.status(), patience_, begin_);
  if (replies.ok()) {
    node_->connections_[static_cast<size_t>(lease_.slot())] = std::move(connection_);
  }
  return replies;
}

absl::StatusOr<std::vector<Reply>> Node::Exchange::ReceiveAll(size_t reply_count) {
  std::vector<Reply> replies;
  replies.reserve(reply_count);
  while (replies.size() < reply_count) {
    CLIENTELE_ASSIGN_OR_RETURN(Reply reply, connection_->Receive(patience_.until));
    if (IsNodeFailure(reply)) {
      return absl::UnavailableError(reply.text);
    }
    replies.push_back(std::move(reply));
  }
  return replies;
}

absl::Status Node::Probe(absl::Time deadline) {
  auto looked_up = CallUntil(LookUpSlots(), deadline,
                             [address = address_] { return Resolve(address, ResolveBy::kName); });
  if (!looked_up.has_value()) {
    return absl::DeadlineExceededError("no name server answers in time");
  }
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<SocketAddress> found, *std::move(looked_up));
  {
    std::lock_guard<std::mutex> lock(mutex_);
    resolved_ = std::move(found);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Open(deadline));
  CLIENTELE_ASSIGN_OR_RETURN(const Reply reply, connection->Ask({"PING"}, deadline));
  if (reply.IsError()) {
    return absl::UnavailableError(reply.text);
  }
  if (breaker_.OnProbeAnswered()) {
    observer_.OnBreakerChanged(address_, /*is_open=*/false);
  }
  return absl::OkStatus();
}

}  // namespace clientele::redis
