#include "common/feed/lease.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "common/feed/errors.h"
#include "common/feed/sql.h"
#include "common/status/macros.h"

namespace clientele::feed {

Lease::Lease(std::string name, std::string holder, absl::Duration ttl, const Clock& clock)
    : name_(std::move(name)), holder_(std::move(holder)), ttl_(ttl), clock_(clock) {
  CLIENTELE_CHECK(ttl_ > absl::ZeroDuration());
}

absl::StatusOr<std::optional<LeaseGrant>> Lease::Acquire(sql::Tx& tx) const {
  CLIENTELE_ASSIGN_OR_RETURN(const absl::Time now, tx.DatabaseTime());
  std::optional<LeaseGrant> grant;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kAcquireLease,
                                     {absl::string_view(name_), absl::string_view(holder_),
                                      absl::ToUnixMicros(now + ttl_), absl::ToUnixMicros(now)},
                                     [&](const sql::Row& row) {
                                       grant = LeaseGrant{row.Int64(0), clock_.Now() + ttl_ / 2};
                                       return absl::OkStatus();
                                     }));
  return grant;
}

absl::StatusOr<LeaseGrant> Lease::Renew(sql::Tx& tx, int64_t fence) const {
  CLIENTELE_ASSIGN_OR_RETURN(const absl::Time now, tx.DatabaseTime());
  CLIENTELE_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Execute(kRenewLease, {absl::ToUnixMicros(now + ttl_), absl::string_view(name_), fence}));
  if (changed != 1) {
    return FenceLost(name_);
  }
  return LeaseGrant{fence, clock_.Now() + ttl_ / 2};
}

absl::Status Lease::Release(sql::Tx& tx, int64_t fence) const {
  return tx.Execute(kRenewLease, {int64_t{0}, absl::string_view(name_), fence}).status();
}

bool Lease::IsDueForRenewal(const LeaseGrant& grant) const {
  return clock_.Now() > grant.renew_time;
}

}  // namespace clientele::feed
