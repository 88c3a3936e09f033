#ifndef SERVICES_COMPLAINTS_API_VALIDATION_READ_REQUESTS_H_
#define SERVICES_COMPLAINTS_API_VALIDATION_READ_REQUESTS_H_

// Reads the requests that read.
//
// Each function lists every violation of its request, or answers what is asked for in domain terms.
// Pure.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "clientele/complaints/v1/complaint_service.pb.h"
#include "common/pagination/page_token.h"
#include "services/complaints/domain/complaint_plan.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {

absl::StatusOr<ComplaintTarget> ValidateGet(const v1::GetComplaintRequest& request);
absl::StatusOr<ComplaintTarget> ValidateExplain(const v1::ExplainPriorityRequest& request);

// The number as it is stored.
absl::StatusOr<std::string> ValidateLookup(const v1::LookupComplaintRequest& request);

// A page; `arguments` binds the next page's token. `query.count_max` is not set.
struct ComplaintPage {
  ComplaintListQuery query;
  int32_t page_size = 0;
  std::string arguments;
};
// INVALID_ARGUMENT, INVALID_FILTER, INVALID_PAGE_TOKEN: the reason that fits all violations, else
// INVALID_ARGUMENT.
absl::StatusOr<ComplaintPage> ValidateList(const v1::ListComplaintsRequest& request,
                                           const PageTokenCodec& tokens);

// What the token of the page after `last` holds.
PageCursor CursorAfter(const Complaint& last);

struct TimelinePage {
  ComplaintTarget target;
  int64_t after_number = 0;
  int32_t page_size = 0;
  std::string arguments;
};
absl::StatusOr<TimelinePage> ValidateListTimeline(const v1::ListTimelineRequest& request,
                                                  const PageTokenCodec& tokens);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_VALIDATION_READ_REQUESTS_H_
