#ifndef COMMON_CACHE_FETCH_H_
#define COMMON_CACHE_FETCH_H_

// One round of reading what the memory level did not hold: single flight, the shared level, loads.
// A part of VersionedCache.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/cache/flights.h"
#include "common/cache/versioned_cache.h"

namespace clientele::cache {

// One key to be read.
struct FetchItem {
  size_t index;  // in what was asked for
  std::string key;
  ReadRule rule;
  std::shared_ptr<Flight> flight = nullptr;  // boarded in this round; of a leader: not landed yet
};

// Used once, by one thread.
class Fetch {
 public:
  // Writes what it finds to `results`, by FetchItem::index. All must outlive it.
  Fetch(VersionedCache& cache, const Kind& kind, absl::Time deadline, LoadMany load,
        std::vector<Record>& results)
      : cache_(cache), kind_(kind), deadline_(deadline), load_(load), results_(results) {}

  // Reads `items`. Those of them that other callers read already are waited for if `may_follow`,
  // and returned if their leader gave up for reasons of its own.
  absl::StatusOr<std::vector<FetchItem>> Run(std::vector<FetchItem> items, bool may_follow);

 private:
  void Board(std::vector<FetchItem> items, bool may_follow);
  // A flight may have landed between a caller's first look and its boarding: what that one found is
  // not read again.
  void LookIntoMemoryAgain();
  // Finds what led_ names; the flights of those it did not get to are still to be landed.
  absl::Status ReadLed();
  void ReadShared();
  absl::Status LoadRest();
  // A turn to load while the shared level is away.
  absl::StatusOr<SlotQueue::Lease> AwaitTurn();
  void Keep(const FetchItem& item, const Record& record, absl::Time read_begin);
  void Finish(FetchItem& item, Record record, Source source);
  absl::StatusOr<std::vector<FetchItem>> AwaitOthers();

  VersionedCache& cache_;
  const Kind& kind_;
  const absl::Time deadline_;
  const LoadMany load_;
  std::vector<Record>& results_;
  std::vector<FetchItem> led_;       // read by this caller
  std::vector<FetchItem> followed_;  // read by others
  std::vector<FetchItem*> missing_;  // of led_: not in the shared level
  MemoryLevel::Generation generation_ = 0;
  bool is_shared_away_ = false;
  std::vector<SharedWrite> fills_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_FETCH_H_
