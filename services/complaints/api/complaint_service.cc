#include "services/complaints/api/complaint_service.h"

namespace clientele::complaints {

ComplaintGrpcService::ComplaintGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : GrpcService(pipeline, "clientele.complaints.v1.ComplaintService"),
      filing_(api),
      reads_(api),
      writes_(api),
      remedies_(api) {
  AddUnary("FileComplaint", filing_, &ComplaintFiling::File);
  AddUnary("GetComplaint", reads_, &ComplaintReads::Get);
  AddUnary("LookupComplaint", reads_, &ComplaintReads::Lookup);
  AddUnary("ListComplaints", reads_, &ComplaintReads::List);
  AddUnary("AcknowledgeComplaint", writes_, &ComplaintWrites::Acknowledge);
  AddUnary("AssignComplaint", writes_, &ComplaintWrites::Assign);
  AddUnary("AddMessage", writes_, &ComplaintWrites::AddMessage);
  AddUnary("AddNote", writes_, &ComplaintWrites::AddNote);
  AddUnary("ProposeRemedy", remedies_, &RemedyWrites::Propose);
  AddUnary("ApproveRemedy", remedies_, &RemedyWrites::Approve);
  AddUnary("ResolveComplaint", writes_, &ComplaintWrites::Resolve);
  AddUnary("CloseComplaint", writes_, &ComplaintWrites::Close);
  AddUnary("ReopenComplaint", writes_, &ComplaintWrites::Reopen);
  AddUnary("ListTimeline", reads_, &ComplaintReads::ListTimeline);
  AddUnary("ExplainPriority", reads_, &ComplaintReads::ExplainPriority);
}

}  // namespace clientele::complaints
