#include "common/executor/arrival_queue.h"

#include <algorithm>
#include <utility>

#include "common/status/macros.h"

namespace clientele {
namespace {

// The part of places and threads that urgent work and the rest each have to themselves.
constexpr int kReservedPart = 8;

// Always let in while no more than that are there: so that a database stays busy, and the averages
// follow what it can do now, however slow it was a moment ago.
constexpr int kNeverLateCount = 16;

// What an idle server is expected to do at a time at least, as it has not shown it.
constexpr double kParallelCostMin = 16;

// Of the time that is left, what the wait and the work may take as it looks on arrival. The rest is
// for what goes slower than it looks.
constexpr double kUrgentTimeShare = 0.8;
constexpr double kNormalTimeShare = 0.4;

// How much one task of cost 1 moves the averages, and any task at most: no single one decides.
constexpr double kWeight = 1.0 / 64;
constexpr double kWeightMax = 1.0 / 8;

int ReservedOf(int count) { return count > 1 ? std::max(1, count / kReservedPart) : 0; }

}  // namespace

ArrivalQueue::ArrivalQueue(int waiting_max, int threads)
    : waiting_max_(waiting_max), threads_(threads) {
  CLIENTELE_CHECK(waiting_max > 0 && threads > 0);
}

bool ArrivalQueue::TryPush(Task task, const Arrival& arrival) {
  CLIENTELE_CHECK(arrival.cost >= 1);
  const int places =
      arrival.urgency == Urgency::kUrgent ? waiting_max_ : waiting_max_ - ReservedOf(waiting_max_);
  if (waiting_count() >= places || !WouldEndInTime(arrival)) {
    return false;
  }
  Lane& lane = LaneOf(arrival.urgency);
  lane.waiting.push_back({std::move(task), arrival.cost});
  lane.waiting_cost += arrival.cost;
  return true;
}

ArrivalQueue::Running ArrivalQueue::Pop(SteadyTime now) {
  const Urgency urgency = *Next();
  Lane& lane = LaneOf(urgency);
  Running running{std::move(lane.waiting.front().task), urgency, lane.waiting.front().cost, now,
                  /*begin_running_cost=*/0};
  lane.waiting.pop_front();
  lane.waiting_cost -= running.cost;
  lane.running_cost += running.cost;
  ++lane.running_count;
  running.begin_running_cost = running_cost();
  return running;
}

void ArrivalQueue::Finish(const Running& running, TaskEnd end, SteadyTime now) {
  if (end == TaskEnd::kServed) {
    Learn(running, now);
  }
  Lane& lane = LaneOf(running.urgency);
  lane.running_cost -= running.cost;
  --lane.running_count;
}

void ArrivalQueue::Learn(const Running& running, SteadyTime now) {
  const double seconds = std::chrono::duration<double>(now - running.begin).count();
  const double meanwhile = static_cast<double>(running.begin_running_cost + running_cost()) / 2;
  const double weight = std::min(kWeight * static_cast<double>(running.cost), kWeightMax);
  mean_seconds_ += weight * (seconds - mean_seconds_);
  mean_running_cost_ += weight * (meanwhile - mean_running_cost_);
}

int ArrivalQueue::waiting_count() const {
  return static_cast<int>(urgent_.waiting.size() + normal_.waiting.size());
}

std::optional<Urgency> ArrivalQueue::Next() const {
  const int reserved = ReservedOf(threads_);
  if (normal_.waiting.empty()) {
    return urgent_.waiting.empty() ? std::nullopt : std::optional(Urgency::kUrgent);
  }
  if (normal_.running_count < reserved) {
    return Urgency::kNormal;
  }
  if (!urgent_.waiting.empty()) {
    return Urgency::kUrgent;
  }
  return normal_.running_count < threads_ - reserved ? std::optional(Urgency::kNormal)
                                                     : std::nullopt;
}

bool ArrivalQueue::WouldEndInTime(const Arrival& arrival) const {
  const bool is_urgent = arrival.urgency == Urgency::kUrgent;
  const int count = urgent_.running_count + normal_.running_count +
                    static_cast<int>(urgent_.waiting.size()) +
                    (is_urgent ? 0 : static_cast<int>(normal_.waiting.size()));
  if (count < kNeverLateCount) {
    return true;
  }
  const auto cost = static_cast<double>(running_cost() + urgent_.waiting_cost +
                                        (is_urgent ? 0 : normal_.waiting_cost) + arrival.cost);
  // What is under way ends after a mean time each, as many at a time as have been (Little's law).
  const double rounds = cost / std::max(mean_running_cost_, kParallelCostMin);
  const double expected_seconds = mean_seconds_ * std::max(rounds, 1.0);
  return expected_seconds <= absl::ToDoubleSeconds(arrival.time_left) *
                                 (is_urgent ? kUrgentTimeShare : kNormalTimeShare);
}

}  // namespace clientele
