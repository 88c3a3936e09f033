#include "services/complaints/api/handlers/remedy_writes.h"

#include <algorithm>
#include <optional>

#include "absl/time/clock.h"
#include "common/handler/tx_options.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/complaints/api/converters/complaint_proto.h"
#include "services/complaints/api/handlers/target_write.h"
#include "services/complaints/domain/limits.h"
#include "services/complaints/domain/remedy_plan.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {
namespace {

// What an answer takes after loyalty's, to be stored and read again.
constexpr absl::Duration kSettleTime = absl::Milliseconds(100);

// Whether the points of this remedy are on their way.
bool IsOnItsWay(const v1::Complaint& complaint, const RemedyId& id) {
  for (const v1::Remedy& remedy : complaint.remedies()) {
    if (remedy.remedy_id() == id.value()) {
      return remedy.state() == v1::REMEDY_STATE_APPROVED;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<v1::Complaint> RemedyWrites::Propose(rpc::CallContext& call,
                                                    const v1::ProposeRemedyRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ProposeCommand command, ValidateProposeRemedy(call, request));
  return ChangeComplaint(api_, call, command, request,
                         [&](sql::Tx&, const TargetState& state, const Stamp& stamp) {
                           NewRemedy remedy = command.remedy;
                           if (!request.validate_only()) {
                             remedy.id = RemedyId(api_.ids.New(stamp.record_time));
                           }
                           return PlanProposeRemedy(state, command.target, remedy, stamp);
                         });
}

absl::StatusOr<v1::Complaint> RemedyWrites::Approve(rpc::CallContext& call,
                                                    const v1::ApproveRemedyRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ApproveCommand command, ValidateApproveRemedy(call, request));
  // 1. Commit the approval: from here on the points arrive, whatever happens.
  CLIENTELE_ASSIGN_OR_RETURN(
      v1::Complaint approved,
      ChangeComplaint(api_, call, command, request,
                      [&](sql::Tx&, const TargetState& state, const Stamp& stamp) {
                        return PlanApproveRemedy(state, command.target, command.remedy_id, stamp);
                      }));
  const bool is_would_be = request.validate_only() && !call.replayed;
  if (is_would_be || !IsOnItsWay(approved, command.remedy_id)) {
    return approved;
  }
  // 2. Give them now if there is time; a repeated request waits for the first one's attempt.
  const ComplaintTarget& target = command.target;
  if (!request.validate_only()) {
    rpc::CallOptions options = rpc::ForwardedCall(call, kApproveWaitMax);
    options.deadline = std::min(options.deadline, call.deadline - kSettleTime);
    api_.give_now({target.customer_id, target.complaint_id, command.remedy_id}, options);
  }
  // 3. Answer how it stands. The approval is done, so what goes wrong here is no reason to refuse.
  const absl::StatusOr<std::optional<Complaint>> complaint =
      sql::ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
        return FindComplaint(tx, *api_.vault, target.customer_id, target.complaint_id);
      });
  return complaint.ok() && complaint->has_value() ? ToComplaintProto(**complaint) : approved;
}

}  // namespace clientele::complaints
