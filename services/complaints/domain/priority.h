#ifndef SERVICES_COMPLAINTS_DOMAIN_PRIORITY_H_
#define SERVICES_COMPLAINTS_DOMAIN_PRIORITY_H_

// How urgent a complaint is: lexicographic, safety first, then severity, then tier.

#include <cstdint>

#include "absl/strings/string_view.h"

namespace clientele::complaints {

// The rule's name and version, for explanations.
inline constexpr absl::string_view kPriorityRule = "safety-severity-tier";
inline constexpr int64_t kPriorityRuleVersion = 1;

// The customer's tier in loyalty; the number is its place in the table, smaller is more urgent, and
// that of the proto enum. Somebody who is not a member comes after every member, and before one of
// whom nothing is known.
enum class Tier { kPlatinum = 1, kGold = 2, kSilver = 3, kBase = 4, kNone = 5, kUnknown = 6 };

// "PLATINUM", …, "NONE", "UNKNOWN".
absl::string_view TierName(Tier tier);

// The tier loyalty names; one it may name some day that is not in the table is placed by its
// `rank`, 0 = the lowest. Never kNone or kUnknown.
Tier TierOf(absl::string_view name, int32_t rank);

// What decides.
struct PriorityInputs {
  bool safety = false;
  int severity = 4;  // 1 (gravest) to 4
  Tier tier = Tier::kUnknown;
};

// 11..146, smaller is more urgent: 100 unless safety, plus 10 x severity, plus the tier's place.
// Its decimal digits are the three keys, so comparing ranks is comparing lexicographically.
int PriorityRank(const PriorityInputs& inputs);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_PRIORITY_H_
