#include "common/cache/flights.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "common/cache/limits.h"

namespace clientele::cache {
namespace {

// So that the furthest deadline is one a condition variable can count to.
constexpr absl::Duration kAwaitMax = absl::Hours(1);

}  // namespace

std::optional<absl::StatusOr<Record>> Flight::Await(absl::Time deadline) {
  const absl::Time bounded = std::min(deadline, absl::Now() + kAwaitMax);
  std::unique_lock<std::mutex> lock(mutex_);
  landed_.wait_until(lock, absl::ToChronoTime(bounded), [this] { return outcome_.has_value(); });
  return outcome_;
}

void Flight::Land(absl::StatusOr<Record> outcome) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    outcome_ = std::move(outcome);
  }
  landed_.notify_all();
}

Flights::Boarding Flights::Board(absl::string_view key, absl::Time now) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<Flight>& flight = flights_[key];
  const bool leads = flight == nullptr || now - flight->begin_ > kFillAgeMax;
  if (leads) {
    flight = std::shared_ptr<Flight>(new Flight(now));  // not make_shared: it is private
  }
  return {flight, leads};
}

void Flights::Land(absl::string_view key, const std::shared_ptr<Flight>& flight,
                   absl::StatusOr<Record> outcome) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = flights_.find(key);
    if (found != flights_.end() && found->second == flight) {
      flights_.erase(found);
    }
  }
  flight->Land(std::move(outcome));
}

void Flights::Retire(absl::string_view key) {
  std::lock_guard<std::mutex> lock(mutex_);
  flights_.erase(key);
}

size_t Flights::size() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return flights_.size();
}

bool IsLeadersOwn(const absl::Status& status) {
  return absl::IsDeadlineExceeded(status) || absl::IsCancelled(status);
}

}  // namespace clientele::cache
