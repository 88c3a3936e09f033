#ifndef COMMON_FEED_CONSUMER_SHARE_H_
#define COMMON_FEED_CONSUMER_SHARE_H_

// How the processes of one consumer share the partitions of a feed.
//
// Each says from time to time that it is there. Those who are, in order of name, have the groups of
// partitions in turn: who comes gets its groups as the others let go of them, who leaves or dies
// has its groups taken over. A group changes hands by its lease, and the lease's fence makes sure
// that two who disagree do no harm.
// Thread safety: Share is a value, ConsumerShare immutable.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/feed/consumer_positions.h"
#include "common/feed/lease.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::feed {

// What one process has.
struct Share {
  GroupFences fences{};
  ConsumerPlace place;      // of the partitions it has, as committed; nothing elsewhere
  absl::Time refresh_time;  // by the process's clock

  PartitionSet partitions() const;
};

// One process among those that consume one feed.
class ConsumerShare {
 public:
  // `source` names the feed ("profile"); `holder` and `ttl` as of Lease, `clock` (the machine's)
  // outlives it.
  ConsumerShare(std::string source, const std::string& holder, absl::Duration ttl,
                const Clock& clock);

  // Says that this process is there, keeps what is its to have, lets go of what is another's and
  // takes what is free. `share` is what it has, nothing at first. ABORTED (FenceLost) when some of
  // that was taken meanwhile: begin anew with nothing.
  absl::StatusOr<Share> Refresh(sql::Tx& tx, Share share) const;

  // Lets the others go on at once.
  absl::Status Leave(sql::Tx& tx, const Share& share) const;

  // Whether a quarter of the ttl is over.
  bool IsDue(const Share& share) const { return clock_.Now() >= share.refresh_time; }

  const std::string& source() const { return source_; }

 private:
  // Those who are there, this one included, by name.
  absl::StatusOr<std::vector<std::string>> ListMembers(sql::Tx& tx) const;
  absl::Status RefreshGroup(sql::Tx& tx, PartitionGroup group, bool is_ours, Share& share) const;

  const std::string source_;
  const std::string holder_;
  const absl::Duration ttl_;
  const Clock& clock_;
  std::vector<Lease> leases_;  // by group
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_CONSUMER_SHARE_H_
