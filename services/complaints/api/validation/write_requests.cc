#include "services/complaints/api/validation/write_requests.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/value_unless.h"
#include "services/complaints/api/validation/fields.h"
#include "services/complaints/domain/limits.h"

namespace clientele::complaints {
namespace {

// Reads request_id, customer_id, complaint_id and, where the request has one, etag.
template <typename Request>
void ReadTarget(const rpc::CallContext& call, const Request& request, TargetCommand& command,
                Violations& violations) {
  command.request_id = ReadRequestId(call, request.request_id(), violations);
  command.target.customer_id =
      CustomerId(ReadId("customer_id", request.customer_id(), Presence::kRequired, violations));
  command.target.complaint_id =
      ComplaintId(ReadId("complaint_id", request.complaint_id(), Presence::kRequired, violations));
  if constexpr (requires { request.etag(); }) {
    command.target.expected_version = ReadEtag("etag", request.etag(), violations);
  }
}

// The command of a request on a complaint: its target and what `read_rest`(command, violations)
// reads.
template <typename Command, typename Request, typename ReadRest>
absl::StatusOr<Command> ReadCommand(const rpc::CallContext& call, const Request& request,
                                    ReadRest read_rest) {
  Violations violations;
  Command command;
  ReadTarget(call, request, command, violations);
  read_rest(command, violations);
  return ValueUnless(violations, std::move(command));
}

template <typename Request>
absl::StatusOr<TargetCommand> ReadTargetCommand(const rpc::CallContext& call,
                                                const Request& request) {
  return ReadCommand<TargetCommand>(call, request, [](auto&, Violations&) {});
}

int ReadSeverity(int32_t severity, Violations& violations) {
  if (severity < kSeverityMin || severity > kSeverityMax) {
    violations.Add("complaint.severity",
                   absl::StrCat("must be ", kSeverityMin, "..", kSeverityMax));
  }
  return severity;
}

Complaint ReadComplaint(const v1::Complaint& proto, absl::Time now, Violations& violations) {
  Complaint read;
  read.customer_id = CustomerId(
      ReadId("complaint.customer_id", proto.customer_id(), Presence::kRequired, violations));
  read.id = ComplaintId(
      ReadId("complaint.complaint_id", proto.complaint_id(), Presence::kOptional, violations));
  read.channel = static_cast<Channel>(ReadEnum(
      "complaint.channel", *v1::ComplaintChannel_descriptor(), proto.channel(), violations));
  read.type = static_cast<Type>(
      ReadEnum("complaint.type", *v1::ComplaintType_descriptor(), proto.type(), violations));
  read.severity = ReadSeverity(proto.severity(), violations);
  read.safety = proto.safety();
  read.language_code =
      ReadLanguageCode("complaint.language_code", proto.language_code(), violations);
  read.subject = ReadLine("complaint.subject", proto.subject(), kSubjectCharactersMax,
                          Presence::kRequired, violations);
  read.description = ReadText("complaint.description", proto.description(), kLongTextCharactersMax,
                              Presence::kOptional, violations);
  read.desired_remedy = ReadText("complaint.desired_remedy", proto.desired_remedy(),
                                 kShortTextCharactersMax, Presence::kOptional, violations);
  read.purchase_ids =
      ReadUuids("complaint.purchase_ids", proto.purchase_ids(), kPurchaseIdsMax, violations);
  for (const std::string& id : ReadIds("complaint.concerned_staff_ids", proto.concerned_staff_ids(),
                                       kConcernedStaffMax, violations)) {
    read.concerned_staff_ids.emplace_back(id);
  }
  read.occur_time = ReadOccurTime("complaint.occur_time", proto.has_occur_time(),
                                  proto.occur_time(), now, violations);
  return read;
}

void ReadPoints(const v1::ProposeRemedyRequest& request, Violations& violations) {
  if (request.kind() == v1::REMEDY_KIND_POINTS) {
    if (request.points() < 1 || request.points() > kRemedyPointsMax) {
      violations.Add("points", absl::StrCat("must be 1..", kRemedyPointsMax, " with POINTS"));
    }
  } else if (request.points() != 0) {
    violations.Add("points", "must be 0 unless kind is POINTS");
  }
}

}  // namespace

absl::StatusOr<FileCommand> ValidateFile(const rpc::CallContext& call,
                                         const v1::FileComplaintRequest& request, absl::Time now) {
  Violations violations;
  FileCommand command;
  command.request_id = ReadRequestId(call, request.request_id(), violations);
  command.complaint = ReadComplaint(request.complaint(), now, violations);
  return ValueUnless(violations, std::move(command));
}

absl::StatusOr<TargetCommand> ValidateAcknowledge(const rpc::CallContext& call,
                                                  const v1::AcknowledgeComplaintRequest& request) {
  return ReadTargetCommand(call, request);
}

absl::StatusOr<TargetCommand> ValidateClose(const rpc::CallContext& call,
                                            const v1::CloseComplaintRequest& request) {
  return ReadTargetCommand(call, request);
}

absl::StatusOr<AssignCommand> ValidateAssign(const rpc::CallContext& call,
                                             const v1::AssignComplaintRequest& request) {
  return ReadCommand<AssignCommand>(call, request, [&](auto& command, Violations& violations) {
    command.assignee_id =
        StaffId(ReadId("assignee_id", request.assignee_id(), Presence::kRequired, violations));
  });
}

absl::StatusOr<EntryCommand> ValidateAddMessage(const rpc::CallContext& call,
                                                const v1::AddMessageRequest& request,
                                                absl::Time now) {
  return ReadCommand<EntryCommand>(call, request, [&](auto& command, Violations& violations) {
    command.entry.kind = request.outgoing() ? TimelineKind::kMessageOut : TimelineKind::kMessageIn;
    command.entry.text =
        ReadText("text", request.text(), kLongTextCharactersMax, Presence::kRequired, violations);
    command.occur_time = ReadOccurTime("occur_time", request.has_occur_time(), request.occur_time(),
                                       now, violations);
  });
}

absl::StatusOr<EntryCommand> ValidateAddNote(const rpc::CallContext& call,
                                             const v1::AddNoteRequest& request, absl::Time now) {
  return ReadCommand<EntryCommand>(call, request, [&](auto& command, Violations& violations) {
    command.entry.kind = TimelineKind::kNote;
    command.entry.text =
        ReadText("text", request.text(), kLongTextCharactersMax, Presence::kRequired, violations);
    command.occur_time = now;
  });
}

absl::StatusOr<ProposeCommand> ValidateProposeRemedy(const rpc::CallContext& call,
                                                     const v1::ProposeRemedyRequest& request) {
  return ReadCommand<ProposeCommand>(call, request, [&](auto& command, Violations& violations) {
    command.remedy.kind = static_cast<RemedyKind>(
        ReadEnum("kind", *v1::RemedyKind_descriptor(), request.kind(), violations));
    ReadPoints(request, violations);
    command.remedy.points = request.points();
    const bool needs_description = request.kind() == v1::REMEDY_KIND_OTHER;
    command.remedy.description =
        ReadText("description", request.description(), kShortTextCharactersMax,
                 needs_description ? Presence::kRequired : Presence::kOptional, violations);
  });
}

absl::StatusOr<ApproveCommand> ValidateApproveRemedy(const rpc::CallContext& call,
                                                     const v1::ApproveRemedyRequest& request) {
  return ReadCommand<ApproveCommand>(call, request, [&](auto& command, Violations& violations) {
    command.remedy_id = RemedyId(ReadUuid("remedy_id", request.remedy_id(), violations));
  });
}

absl::StatusOr<ResolveCommand> ValidateResolve(const rpc::CallContext& call,
                                               const v1::ResolveComplaintRequest& request) {
  return ReadCommand<ResolveCommand>(call, request, [&](auto& command, Violations& violations) {
    command.resolution.finding = static_cast<Finding>(
        ReadEnum("finding", *v1::ComplaintFinding_descriptor(), request.finding(), violations));
    command.resolution.relief = static_cast<Relief>(
        ReadEnum("relief", *v1::ComplaintRelief_descriptor(), request.relief(), violations));
    command.resolution.text = ReadText("resolution", request.resolution(), kLongTextCharactersMax,
                                       Presence::kOptional, violations);
  });
}

absl::StatusOr<ReopenCommand> ValidateReopen(const rpc::CallContext& call,
                                             const v1::ReopenComplaintRequest& request) {
  return ReadCommand<ReopenCommand>(call, request, [&](auto& command, Violations& violations) {
    command.reason = ReadText("reason", request.reason(), kShortTextCharactersMax,
                              Presence::kRequired, violations);
  });
}

}  // namespace clientele::complaints
