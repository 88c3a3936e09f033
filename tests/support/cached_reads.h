#ifndef TESTS_SUPPORT_CACHED_READS_H_
#define TESTS_SUPPORT_CACHED_READS_H_

// What services may answer from their caches, each as a number that only grows while customers buy
// and runs follow each other.
//
// Thread safety: all may be called by many threads at once.

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "tests/support/call_log.h"

namespace clientele::history {

enum class Cached { kCustomer, kTier, kScore };
inline constexpr std::array kAllCached = {Cached::kCustomer, Cached::kTier, Cached::kScore};
// As it is called where results are told.
inline constexpr std::array kCachedNames = {"customer", "tier", "score"};

struct Answer {
  // A customer's version; a member's net spend, 0 = no member; when the run of a score was started.
  int64_t value = 0;
  std::string text;      // all of it, but the instant a tier is of
  bool is_torn = false;  // the tier is not that of the spend
};
using Answers = std::map<std::string, Answer>;  // by customer_id

// The tier that a net spend reaches in the default program.
int64_t RankOf(int64_t net_spend_minor);

// The milliseconds of a UUIDv7: when the server made it.
int64_t MsOfUuid(const std::string& uuid);

class CachedReads {
 public:
  CachedReads(const Target& profile, const Target& loyalty, const Target& segmentation);

  // Asks one replica for one or many; who has none is not in the answers.
  absl::StatusOr<Answers> Get(Cached what, size_t replica, const std::string& customer_id,
                              common::v1::Consistency consistency) const;
  absl::StatusOr<Answers> BatchGet(Cached what, size_t replica,
                                   const std::vector<std::string>& customer_ids,
                                   common::v1::Consistency consistency) const;

 private:
  const Replicas<profile::v1::CustomerService> customers_;
  const Replicas<loyalty::v1::MemberService> members_;
  const Replicas<segmentation::v1::RfmService> scores_;
};

// The most that anybody is known to have been told of each number, and when.
class KnownValues {
 public:
  // `value` was told at `time`, which is about now.
  void Learn(Cached what, const std::string& customer_id, int64_t value, absl::Time time);
  // What had been told by `time`; 0 = nothing.
  int64_t At(Cached what, const std::string& customer_id, absl::Time time) const;

 private:
  mutable std::mutex mutex_;
  // Guarded by mutex_: when each value was first told, for each number.
  std::array<std::map<std::string, std::map<int64_t, absl::Time>>, kAllCached.size()> times_;
};

}  // namespace clientele::history

#endif  // TESTS_SUPPORT_CACHED_READS_H_
