#ifndef COMMON_CACHE_FLIGHTS_H_
#define COMMON_CACHE_FLIGHTS_H_

// Single flight: of many who miss the same key at once, one reads it and the others wait for that.
//
// Thread-safe; locks with std::mutex so that TSan can follow it.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/cache/record.h"

namespace clientele::cache {

// One reading of one key.
class Flight {
 public:
  // What the leader found, as soon as it has landed; nullopt when `deadline` came first. A record
  // or the error that reading it met.
  std::optional<absl::StatusOr<Record>> Await(absl::Time deadline);

 private:
  friend class Flights;

  explicit Flight(absl::Time begin) : begin_(begin) {}

  void Land(absl::StatusOr<Record> outcome);

  const absl::Time begin_;
  std::mutex mutex_;
  std::condition_variable landed_;
  std::optional<absl::StatusOr<Record>> outcome_;  // guarded by mutex_
};

class Flights {
 public:
  struct Boarding {
    std::shared_ptr<Flight> flight;
    bool leads;  // the caller must read, and Land the flight whatever happens
  };

  // The flight of `key`: one that the caller may wait for, or a new one that it leads. A flight
  // that began more than kFillAgeMax before `now` is not boarded: what it brings may be that old.
  Boarding Board(absl::string_view key, absl::Time now);

  // Ends a flight that the caller leads: its followers get `outcome`, and the next one who boards
  // leads a new flight.
  void Land(absl::string_view key, const std::shared_ptr<Flight>& flight,
            absl::StatusOr<Record> outcome);

  // `key` was written: a flight under way may bring back what was before, so nobody may board it
  // any more. Who is on it read at the time of the write and may see either.
  void Retire(absl::string_view key);

  // Flights that can be boarded.
  size_t size() const;

 private:
  mutable std::mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Flight>> flights_;  // guarded by mutex_
};

// Whether the error with which a leader landed was its own (its time ran out, its caller went
// away), so that a follower should try again.
bool IsLeadersOwn(const absl::Status& status);

}  // namespace clientele::cache

#endif  // COMMON_CACHE_FLIGHTS_H_
