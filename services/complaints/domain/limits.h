#ifndef SERVICES_COMPLAINTS_DOMAIN_LIMITS_H_
#define SERVICES_COMPLAINTS_DOMAIN_LIMITS_H_

// Every limit of complaints, each with its reason. The contract (proto/clientele/complaints/v1)
// promises them, so raising one is compatible and lowering one is not.

#include <cstdint>

#include "absl/time/time.h"

namespace clientele::complaints {

// A caller may be this far ahead of our clock: clocks drift, dates in the future are mistakes.
inline constexpr absl::Duration kOccurTimeAheadMax = absl::Minutes(5);

inline constexpr int64_t kSubjectCharactersMax = 200;
inline constexpr int64_t kLongTextCharactersMax = 10'000;  // some four printed pages
inline constexpr int64_t kShortTextCharactersMax = 1'000;  // a paragraph
inline constexpr int64_t kLanguageCodeCharactersMax = 35;  // the longest useful BCP-47 tag
inline constexpr int kPurchaseIdsMax = 20;
inline constexpr int kConcernedStaffMax = 20;

inline constexpr int kSeverityMin = 1;  // gravest
inline constexpr int kSeverityMax = 4;

// Every remedy is answered with its complaint.
inline constexpr int kRemediesMax = 20;

// Ten years of a shop's usual goodwill; a mistyped zero more is refused. Below loyalty's own limit
// of 1,000,000 for one adjustment.
inline constexpr int64_t kRemedyPointsMax = 100'000;

// A change of tier re-prioritises them in one transaction: some 50 ms.
inline constexpr int kOpenComplaintsMax = 200;

// Messages and notes beyond this are somebody's loop.
inline constexpr int64_t kTimelineEntriesMax = 10'000;

// A page of complaints is at most some 15 MB of the longest texts, usually a hundredth of it.
inline constexpr int kComplaintPageSizeDefault = 50;
inline constexpr int kComplaintPageSizeMax = 500;
inline constexpr int kTimelinePageSizeDefault = 50;
inline constexpr int kTimelinePageSizeMax = 500;

// What asking another service may cost the one who files; beyond it the answer is looked up later.
inline constexpr absl::Duration kLookupWaitMax = absl::Milliseconds(300);

// What ApproveRemedy waits for loyalty at most before it answers APPROVED.
inline constexpr absl::Duration kApproveWaitMax = absl::Seconds(2);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_LIMITS_H_
