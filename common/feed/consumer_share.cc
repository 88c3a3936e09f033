#include "common/feed/consumer_share.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/feed/sql_consumer.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

// How long the row of a process that is gone stays. Nobody who may come back is touched.
constexpr absl::Duration kMemberRowKept = absl::Hours(24);

}  // namespace

PartitionSet Share::partitions() const {
  PartitionSet partitions;
  for (int p = 0; p < kPartitionCount; ++p) {
    partitions.set(p, fences.at(PartitionGroup::Of(p).number) > 0);
  }
  return partitions;
}

ConsumerShare::ConsumerShare(std::string source, const std::string& holder, absl::Duration ttl,
                             const Clock& clock)
    : source_(std::move(source)), holder_(holder), ttl_(ttl), clock_(clock) {
  leases_.reserve(PartitionGroup::kCount);
  for (int g = 0; g < PartitionGroup::kCount; ++g) {
    leases_.emplace_back(absl::StrCat("consumer/", source_, "/", g), holder_, ttl_, clock_);
  }
}

absl::StatusOr<Share> ConsumerShare::Refresh(sql::Tx& tx, Share share) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<std::string> members, ListMembers(tx));
  // In order of group, so that two who do this at a time wait for each other in one direction only.
  for (int g = 0; g < PartitionGroup::kCount; ++g) {
    const bool is_ours = members[g % members.size()] == holder_;
    CLIENTELE_RETURN_IF_ERROR(RefreshGroup(tx, {g}, is_ours, share));
  }
  share.refresh_time = clock_.Now() + ttl_ / 4;
  return share;
}

absl::StatusOr<std::vector<std::string>> ConsumerShare::ListMembers(sql::Tx& tx) const {
  CLIENTELE_ASSIGN_OR_RETURN(const absl::Time now, tx.DatabaseTime());
  const absl::string_view source = source_;
  CLIENTELE_RETURN_IF_ERROR(tx.Execute(kUpsertConsumerMember, {source, absl::string_view(holder_),
                                                               absl::ToUnixMicros(now + ttl_)})
                                .status());
  CLIENTELE_RETURN_IF_ERROR(
      tx.Execute(kDeleteOldConsumerMembers, {source, absl::ToUnixMicros(now - kMemberRowKept)})
          .status());
  std::vector<std::string> members;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectConsumerMembers, {source, absl::ToUnixMicros(now)}, [&](const sql::Row& row) {
        members.emplace_back(row.Text(0));
        return absl::OkStatus();
      }));
  CLIENTELE_CHECK(!members.empty());
  return members;
}

absl::Status ConsumerShare::RefreshGroup(sql::Tx& tx, PartitionGroup group, bool is_ours,
                                         Share& share) const {
  const Lease& lease = leases_.at(group.number);
  int64_t& fence = share.fences.at(group.number);
  if (fence > 0 && is_ours) {
    return lease.Renew(tx, fence).status();
  }
  if (fence > 0) {
    CLIENTELE_RETURN_IF_ERROR(lease.Release(tx, fence));
    fence = 0;
    for (int p = group.first(); p <= group.last(); ++p) {
      share.place.positions.at(p) = 0;
      share.place.page_tokens.at(p).clear();
    }
    return absl::OkStatus();
  }
  if (!is_ours) {
    return absl::OkStatus();
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<LeaseGrant> grant, lease.Acquire(tx));
  if (!grant.has_value()) {
    return absl::OkStatus();  // whoever has it will let go of it, or die
  }
  fence = grant->fence;
  return ClaimConsumerPositions(tx, source_, group, fence, share.place);
}

absl::Status ConsumerShare::Leave(sql::Tx& tx, const Share& share) const {
  CLIENTELE_RETURN_IF_ERROR(
      tx.Execute(kDeleteConsumerMember, {absl::string_view(source_), absl::string_view(holder_)})
          .status());
  for (int g = 0; g < PartitionGroup::kCount; ++g) {
    if (share.fences.at(g) > 0) {
      CLIENTELE_RETURN_IF_ERROR(leases_.at(g).Release(tx, share.fences.at(g)));
    }
  }
  return absl::OkStatus();
}

}  // namespace clientele::feed
