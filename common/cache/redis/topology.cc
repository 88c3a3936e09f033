#include "common/cache/redis/topology.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "common/cache/redis/limits.h"
#include "common/status/macros.h"

namespace clientele::redis {

Topology::Topology(TopologyOptions options, ClientObserver& observer)
    : options_(std::move(options)), observer_(observer), refresh_wanted_(options_.is_cluster) {
  CLIENTELE_CHECK(!options_.addresses.empty() && options_.addresses.size() <= kNodesMax);
  CLIENTELE_CHECK(options_.is_cluster || options_.addresses.size() == 1);
  seeds_.reserve(options_.addresses.size());
  for (const Address& address : options_.addresses) {
    seeds_.push_back(std::make_shared<Node>(address, options_.node, observer_));
  }
  layout_ = std::make_shared<const Layout>(Layout{seeds_, std::nullopt});
  thread_ = std::thread([this] { LookAfterNodes(); });
}

Topology::~Topology() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_one();
  thread_.join();
}

std::shared_ptr<const Topology::Layout> Topology::layout() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return layout_;
}

std::shared_ptr<Node> Topology::NodeOf(absl::string_view key) const {
  const std::shared_ptr<const Layout> now = layout();
  if (!options_.is_cluster) {
    return now->nodes.front();
  }
  if (!now->slots.has_value()) {
    return nullptr;
  }
  const std::optional<size_t> master = now->slots->MasterOf(SlotOf(key));
  return master.has_value() ? now->nodes[*master] : nullptr;
}

// Needs mutex_.
std::shared_ptr<Node> Topology::FindNode(const Address& address) const {
  for (const std::shared_ptr<Node>& node : layout_->nodes) {
    if (node->address() == address) {
      return node;
    }
  }
  const auto found = redirected_.find(address);
  return found == redirected_.end() ? nullptr : found->second;
}

std::shared_ptr<Node> Topology::NodeAt(const Address& address) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (std::shared_ptr<Node> known = FindNode(address); known != nullptr) {
    return known;
  }
  if (redirected_.size() == kNodesMax) {
    return nullptr;
  }
  auto added = std::make_shared<Node>(address, options_.node, observer_);
  redirected_.emplace(address, added);
  return added;
}

std::shared_ptr<Node> Topology::AnyUsableNode() {
  std::lock_guard<std::mutex> lock(mutex_);
  const std::vector<std::shared_ptr<Node>>& nodes = layout_->nodes;
  for (size_t tried = 0; tried < nodes.size(); ++tried) {
    const std::shared_ptr<Node>& node = nodes[rotation_++ % nodes.size()];
    if (node->IsUsable()) {
      return node;
    }
  }
  return nullptr;
}

void Topology::RefreshSoon() {
  std::lock_guard<std::mutex> lock(mutex_);
  refresh_wanted_ = options_.is_cluster;
}

void Topology::LookAfterNodes() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    LookOnce();
    lock.lock();
    stopped_.wait_for(lock, absl::ToChronoMilliseconds(kProbeInterval),
                      [this] { return stopping_; });
  }
}

void Topology::LookOnce() {
  std::vector<std::shared_ptr<Node>> nodes = layout()->nodes;
  bool refresh = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    refresh = std::exchange(refresh_wanted_, false);
    for (const auto& [address, node] : redirected_) {
      nodes.push_back(node);
    }
  }
  const bool all_answer = ProbeUnusable(nodes);
  if (options_.is_cluster && (refresh || !all_answer) && !RefreshSlots()) {
    RefreshSoon();
  }
}

bool Topology::ProbeUnusable(const std::vector<std::shared_ptr<Node>>& nodes) {
  bool all_answer = true;
  for (const std::shared_ptr<Node>& node : nodes) {
    if (node->IsUsable()) {
      continue;
    }
    if (const absl::Status probed = node->Probe(absl::Now() + kProbeTimeMax); !probed.ok()) {
      observer_.OnProbeFailed(node->address(), probed);
      all_answer = false;
    }
  }
  return all_answer;
}

bool Topology::RefreshSlots() {
  std::vector<std::shared_ptr<Node>> asked = layout()->nodes;
  asked.insert(asked.end(), seeds_.begin(), seeds_.end());
  for (const std::shared_ptr<Node>& node : asked) {
    const absl::Time deadline = absl::Now() + kProbeTimeMax;
    absl::StatusOr<SlotMap> slots = [&]() -> absl::StatusOr<SlotMap> {
      CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection,
                                 node->Open(deadline));
      CLIENTELE_ASSIGN_OR_RETURN(const Reply reply,
                                 connection->Ask({"CLUSTER", "SLOTS"}, deadline));
      return SlotMap::FromReply(reply, node->address());
    }();
    if (slots.ok() && !slots->masters().empty()) {
      Publish(*std::move(slots));
      return true;
    }
    observer_.OnProbeFailed(node->address(), slots.status());
  }
  return false;
}

void Topology::Publish(SlotMap slots) {
  std::lock_guard<std::mutex> lock(mutex_);
  Layout next;
  next.nodes.reserve(slots.masters().size());
  for (const Address& address : slots.masters()) {
    std::shared_ptr<Node> known = FindNode(address);
    next.nodes.push_back(known != nullptr
                             ? std::move(known)
                             : std::make_shared<Node>(address, options_.node, observer_));
  }
  next.slots = std::move(slots);
  layout_ = std::make_shared<const Layout>(std::move(next));
  redirected_.clear();
}

}  // namespace clientele::redis
