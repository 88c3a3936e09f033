#include "services/complaints/api/complaint_service.h"

namespace clientele::complaints {

ComplaintGrpcService::ComplaintGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api)
    : calls_(pipeline, "clientele.complaints.v1.ComplaintService"),
      filing_(api),
      reads_(api),
      writes_(api),
      remedies_(api) {}

grpc::ServerUnaryReactor* ComplaintGrpcService::FileComplaint(
    grpc::CallbackServerContext* context, const v1::FileComplaintRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("FileComplaint", context, request, response,
                      [this](rpc::CallContext& call, const v1::FileComplaintRequest& asked) {
                        return filing_.File(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::GetComplaint(grpc::CallbackServerContext* context,
                                                             const v1::GetComplaintRequest* request,
                                                             v1::Complaint* response) {
  return calls_.Unary("GetComplaint", context, request, response,
                      [this](rpc::CallContext& call, const v1::GetComplaintRequest& asked) {
                        return reads_.Get(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::LookupComplaint(
    grpc::CallbackServerContext* context, const v1::LookupComplaintRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("LookupComplaint", context, request, response,
                      [this](rpc::CallContext& call, const v1::LookupComplaintRequest& asked) {
                        return reads_.Lookup(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::ListComplaints(
    grpc::CallbackServerContext* context, const v1::ListComplaintsRequest* request,
    v1::ListComplaintsResponse* response) {
  return calls_.Unary("ListComplaints", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListComplaintsRequest& asked) {
                        return reads_.List(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::AcknowledgeComplaint(
    grpc::CallbackServerContext* context, const v1::AcknowledgeComplaintRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("AcknowledgeComplaint", context, request, response,
                      [this](rpc::CallContext& call, const v1::AcknowledgeComplaintRequest& asked) {
                        return writes_.Acknowledge(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::AssignComplaint(
    grpc::CallbackServerContext* context, const v1::AssignComplaintRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("AssignComplaint", context, request, response,
                      [this](rpc::CallContext& call, const v1::AssignComplaintRequest& asked) {
                        return writes_.Assign(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::AddMessage(grpc::CallbackServerContext* context,
                                                           const v1::AddMessageRequest* request,
                                                           v1::TimelineEntry* response) {
  return calls_.Unary("AddMessage", context, request, response,
                      [this](rpc::CallContext& call, const v1::AddMessageRequest& asked) {
                        return writes_.AddMessage(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::AddNote(grpc::CallbackServerContext* context,
                                                        const v1::AddNoteRequest* request,
                                                        v1::TimelineEntry* response) {
  return calls_.Unary("AddNote", context, request, response,
                      [this](rpc::CallContext& call, const v1::AddNoteRequest& asked) {
                        return writes_.AddNote(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::ProposeRemedy(
    grpc::CallbackServerContext* context, const v1::ProposeRemedyRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("ProposeRemedy", context, request, response,
                      [this](rpc::CallContext& call, const v1::ProposeRemedyRequest& asked) {
                        return remedies_.Propose(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::ApproveRemedy(
    grpc::CallbackServerContext* context, const v1::ApproveRemedyRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("ApproveRemedy", context, request, response,
                      [this](rpc::CallContext& call, const v1::ApproveRemedyRequest& asked) {
                        return remedies_.Approve(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::ResolveComplaint(
    grpc::CallbackServerContext* context, const v1::ResolveComplaintRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("ResolveComplaint", context, request, response,
                      [this](rpc::CallContext& call, const v1::ResolveComplaintRequest& asked) {
                        return writes_.Resolve(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::CloseComplaint(
    grpc::CallbackServerContext* context, const v1::CloseComplaintRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("CloseComplaint", context, request, response,
                      [this](rpc::CallContext& call, const v1::CloseComplaintRequest& asked) {
                        return writes_.Close(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::ReopenComplaint(
    grpc::CallbackServerContext* context, const v1::ReopenComplaintRequest* request,
    v1::Complaint* response) {
  return calls_.Unary("ReopenComplaint", context, request, response,
                      [this](rpc::CallContext& call, const v1::ReopenComplaintRequest& asked) {
                        return writes_.Reopen(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::ListTimeline(grpc::CallbackServerContext* context,
                                                             const v1::ListTimelineRequest* request,
                                                             v1::ListTimelineResponse* response) {
  return calls_.Unary("ListTimeline", context, request, response,
                      [this](rpc::CallContext& call, const v1::ListTimelineRequest& asked) {
                        return reads_.ListTimeline(call, asked);
                      });
}

grpc::ServerUnaryReactor* ComplaintGrpcService::ExplainPriority(
    grpc::CallbackServerContext* context, const v1::ExplainPriorityRequest* request,
    common::v1::Explanation* response) {
  return calls_.Unary("ExplainPriority", context, request, response,
                      [this](rpc::CallContext& call, const v1::ExplainPriorityRequest& asked) {
                        return reads_.ExplainPriority(call, asked);
                      });
}

}  // namespace clientele::complaints
