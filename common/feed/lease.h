#ifndef COMMON_FEED_LEASE_H_
#define COMMON_FEED_LEASE_H_

// The right to do a job that one process does at a time, with a fence that makes mistakes harmless.
//
// Time only decides who tries: a lease expires by the database's clock, on which all agree, and its
// holder renews it by its own, well before. Safety comes from the fence: each takeover raises it,
// and whoever changes what the lease guards does so `WHERE fence = mine`.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::feed {

// What a holder has got.
struct LeaseGrant {
  int64_t fence = 0;      // > 0, higher than every earlier grant's
  absl::Time renew_time;  // by the holder's clock: half of the lease's time is over
};

// One lease of one would-be holder. Immutable, thread-safe; `clock` (the machine's, never the
// business clock) tells when to renew, and must outlive it.
class Lease {
 public:
  // `holder` tells processes apart and is the same after a restart ("local", a pod's name), so that
  // a crashed holder need not wait for its own lease to expire. `ttl` > 0.
  Lease(std::string name, std::string holder, absl::Duration ttl, const Clock& clock);

  // Takes the lease when it is free, expired or of the same holder, always with a new fence;
  // nullopt while another one holds it.
  absl::StatusOr<std::optional<LeaseGrant>> Acquire(sql::Tx& tx) const;

  // Extends a grant; ABORTED (FenceLost) when somebody else has taken over since.
  absl::StatusOr<LeaseGrant> Renew(sql::Tx& tx, int64_t fence) const;

  // Lets others take over at once; nothing happens when they already have.
  absl::Status Release(sql::Tx& tx, int64_t fence) const;

  // Whether less than half of the grant's time is left.
  bool IsDueForRenewal(const LeaseGrant& grant) const;

  const std::string& name() const { return name_; }

 private:
  const std::string name_;
  const std::string holder_;
  const absl::Duration ttl_;
  const Clock& clock_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_LEASE_H_
