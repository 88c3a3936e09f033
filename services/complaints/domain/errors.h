#ifndef SERVICES_COMPLAINTS_DOMAIN_ERRORS_H_
#define SERVICES_COMPLAINTS_DOMAIN_ERRORS_H_

// Every error complaints itself can answer, one named function each. The reasons are listed in
// proto/clientele/common/v1/error_reason.proto.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/ids.h"
#include "services/complaints/domain/remedy.h"
#include "services/complaints/domain/transitions.h"

namespace clientele::complaints {

// Profile has no such customer.
absl::Status CustomerNotFound(const CustomerId& customer_id);

absl::Status ComplaintNotFound(const CustomerId& customer_id, const ComplaintId& id);
absl::Status ComplaintNumberNotFound(absl::string_view number);
absl::Status ComplaintAlreadyExists(const CustomerId& customer_id, const ComplaintId& id);

// The table of transitions.h does not allow `verb` in `state`.
absl::Status ComplaintStateForbids(const ComplaintId& id, ComplaintState state, Verb verb);

absl::Status ConflictOfInterest(const StaffId& assignee_id);

absl::Status RemedyNotFound(const ComplaintId& complaint_id, const RemedyId& id);

// Only a PROPOSED remedy can be approved.
absl::Status RemedyStateForbids(const Remedy& remedy);

// A complaint with this remedy cannot be resolved yet.
absl::Status RemedyPending(const Remedy& remedy);

// The limits of limits.h.
absl::Status TooManyOpenComplaints(const CustomerId& customer_id);
absl::Status TooManyRemedies(const ComplaintId& id);
absl::Status TimelineFull(const ComplaintId& id);

// `expected_version` is what the caller's etag names.
absl::Status EtagMismatch(const Complaint& complaint, int64_t expected_version);

// Another transaction made what this one was about to make.
absl::Status ConcurrentChange();

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_ERRORS_H_
