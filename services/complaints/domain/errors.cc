#include "services/complaints/domain/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/ids/etag.h"
#include "common/status/error.h"
#include "services/complaints/domain/limits.h"

namespace clientele::complaints {
namespace {

using absl::StatusCode;

}  // namespace

absl::Status CustomerNotFound(const CustomerId& customer_id) {
  return ErrorBuilder(StatusCode::kNotFound, "CUSTOMER_NOT_FOUND",
                      absl::StrCat("customer ", customer_id.value(), " does not exist"))
      .Metadata("customer_id", customer_id.value())
      .Resource("customer", customer_id.value())
      .Build();
}

absl::Status ComplaintNotFound(const CustomerId& customer_id, const ComplaintId& id) {
  return ErrorBuilder(
             StatusCode::kNotFound, "COMPLAINT_NOT_FOUND",
             absl::StrCat("customer ", customer_id.value(), " has no complaint ", id.value()))
      .Metadata("customer_id", customer_id.value())
      .Metadata("complaint_id", id.value())
      .Resource("complaint", id.value())
      .Build();
}

absl::Status ComplaintNumberNotFound(absl::string_view number) {
  return ErrorBuilder(StatusCode::kNotFound, "COMPLAINT_NOT_FOUND",
                      absl::StrCat("there is no complaint ", number))
      .Metadata("complaint_number", number)
      .Resource("complaint", number)
      .Build();
}

absl::Status ComplaintAlreadyExists(const CustomerId& customer_id, const ComplaintId& id) {
  return ErrorBuilder(
             StatusCode::kAlreadyExists, "COMPLAINT_ALREADY_EXISTS",
             absl::StrCat("customer ", customer_id.value(), " has a complaint ", id.value()))
      .Metadata("customer_id", customer_id.value())
      .Metadata("complaint_id", id.value())
      .Resource("complaint", id.value())
      .Build();
}

absl::Status ComplaintStateForbids(const ComplaintId& id, ComplaintState state, Verb verb) {
  const std::string message = absl::StrCat("a complaint that is ", ComplaintStateName(state),
                                           " does not allow ", VerbName(verb));
  return ErrorBuilder(StatusCode::kFailedPrecondition, "COMPLAINT_STATE", message)
      .Metadata("state", ComplaintStateName(state))
      .Metadata("verb", VerbName(verb))
      .Precondition("COMPLAINT_STATE", id.value(), message)
      .Build();
}

absl::Status ConflictOfInterest(const StaffId& assignee_id) {
  const std::string message = absl::StrCat(
      assignee_id.value(), " is concerned by this complaint and cannot be its assignee");
  return ErrorBuilder(StatusCode::kFailedPrecondition, "CONFLICT_OF_INTEREST", message)
      .Metadata("assignee_id", assignee_id.value())
      .Precondition("CONFLICT_OF_INTEREST", assignee_id.value(), message)
      .Build();
}

absl::Status RemedyNotFound(const ComplaintId& complaint_id, const RemedyId& id) {
  return ErrorBuilder(
             StatusCode::kNotFound, "REMEDY_NOT_FOUND",
             absl::StrCat("complaint ", complaint_id.value(), " has no remedy ", id.value()))
      .Metadata("complaint_id", complaint_id.value())
      .Metadata("remedy_id", id.value())
      .Resource("remedy", id.value())
      .Build();
}

absl::Status RemedyStateForbids(const Remedy& remedy) {
  const absl::string_view name = RemedyStateName(remedy.state);
  const std::string message = absl::StrCat("remedy ", remedy.id.value(), " is ", name);
  return ErrorBuilder(StatusCode::kFailedPrecondition, "REMEDY_STATE", message)
      .Metadata("remedy_id", remedy.id.value())
      .Metadata("state", name)
      .Precondition("REMEDY_STATE", remedy.id.value(), "the remedy must be PROPOSED")
      .Build();
}

absl::Status RemedyPending(const Remedy& remedy) {
  const absl::string_view name = RemedyStateName(remedy.state);
  const std::string message = absl::StrCat("remedy ", remedy.id.value(), " is ", name,
                                           "; wait until it is EXECUTED or FAILED");
  return ErrorBuilder(StatusCode::kFailedPrecondition, "REMEDY_PENDING", message)
      .Metadata("remedy_id", remedy.id.value())
      .Metadata("state", name)
      .Precondition("REMEDY_STATE", remedy.id.value(), message)
      .Build();
}

absl::Status TooManyOpenComplaints(const CustomerId& customer_id) {
  const std::string message = absl::StrCat("customer ", customer_id.value(), " has ",
                                           kOpenComplaintsMax, " open complaints");
  return ErrorBuilder(StatusCode::kFailedPrecondition, "TOO_MANY_OPEN_COMPLAINTS", message)
      .Metadata("limit", absl::StrCat(kOpenComplaintsMax))
      .Precondition("OPEN_COMPLAINT_COUNT", customer_id.value(), message)
      .Build();
}

absl::Status TooManyRemedies(const ComplaintId& id) {
  const std::string message =
      absl::StrCat("complaint ", id.value(), " has ", kRemediesMax, " remedies");
  return ErrorBuilder(StatusCode::kFailedPrecondition, "TOO_MANY_REMEDIES", message)
      .Metadata("limit", absl::StrCat(kRemediesMax))
      .Precondition("REMEDY_COUNT", id.value(), message)
      .Build();
}

absl::Status TimelineFull(const ComplaintId& id) {
  const std::string message =
      absl::StrCat("complaint ", id.value(), " has ", kTimelineEntriesMax, " entries");
  return ErrorBuilder(StatusCode::kFailedPrecondition, "TIMELINE_FULL", message)
      .Metadata("limit", absl::StrCat(kTimelineEntriesMax))
      .Precondition("TIMELINE_ENTRY_COUNT", id.value(), message)
      .Build();
}

absl::Status EtagMismatch(const Complaint& complaint, int64_t expected_version) {
  return ErrorBuilder(StatusCode::kAborted, "ETAG_MISMATCH",
                      "the complaint was changed meanwhile; read it again")
      .Metadata("expected", EtagOf(expected_version))
      .Metadata("actual", EtagOf(complaint.version))
      .Resource("complaint", complaint.id.value())
      .Build();
}

absl::Status ConcurrentChange() {
  return ErrorBuilder(StatusCode::kAborted, "TRANSACTION_CONFLICT",
                      "too many concurrent changes; try again")
      .RetryAfter(absl::Milliseconds(50))
      .Build();
}

}  // namespace clientele::complaints
