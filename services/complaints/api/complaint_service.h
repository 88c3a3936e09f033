#ifndef SERVICES_COMPLAINTS_API_COMPLAINT_SERVICE_H_
#define SERVICES_COMPLAINTS_API_COMPLAINT_SERVICE_H_

// clientele.complaints.v1.ComplaintService: each RPC is one statement that hands it to its handler.

#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "common/rpc/service_calls.h"
#include "services/complaints/api/handlers/api_context.h"
#include "services/complaints/api/handlers/complaint_filing.h"
#include "services/complaints/api/handlers/complaint_reads.h"
#include "services/complaints/api/handlers/complaint_writes.h"
#include "services/complaints/api/handlers/remedy_writes.h"

namespace clientele::complaints {

// Thread-safe. `pipeline` and `api` outlive it.
class ComplaintGrpcService final : public v1::ComplaintService::CallbackService {
 public:
  ComplaintGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

  grpc::ServerUnaryReactor* FileComplaint(grpc::CallbackServerContext* context,
                                          const v1::FileComplaintRequest* request,
                                          v1::Complaint* response) override;
  grpc::ServerUnaryReactor* GetComplaint(grpc::CallbackServerContext* context,
                                         const v1::GetComplaintRequest* request,
                                         v1::Complaint* response) override;
  grpc::ServerUnaryReactor* LookupComplaint(grpc::CallbackServerContext* context,
                                            const v1::LookupComplaintRequest* request,
                                            v1::Complaint* response) override;
  grpc::ServerUnaryReactor* ListComplaints(grpc::CallbackServerContext* context,
                                           const v1::ListComplaintsRequest* request,
                                           v1::ListComplaintsResponse* response) override;
  grpc::ServerUnaryReactor* AcknowledgeComplaint(grpc::CallbackServerContext* context,
                                                 const v1::AcknowledgeComplaintRequest* request,
                                                 v1::Complaint* response) override;
  grpc::ServerUnaryReactor* AssignComplaint(grpc::CallbackServerContext* context,
                                            const v1::AssignComplaintRequest* request,
                                            v1::Complaint* response) override;
  grpc::ServerUnaryReactor* AddMessage(grpc::CallbackServerContext* context,
                                       const v1::AddMessageRequest* request,
                                       v1::TimelineEntry* response) override;
  grpc::ServerUnaryReactor* AddNote(grpc::CallbackServerContext* context,
                                    const v1::AddNoteRequest* request,
                                    v1::TimelineEntry* response) override;
  grpc::ServerUnaryReactor* ProposeRemedy(grpc::CallbackServerContext* context,
                                          const v1::ProposeRemedyRequest* request,
                                          v1::Complaint* response) override;
  grpc::ServerUnaryReactor* ApproveRemedy(grpc::CallbackServerContext* context,
                                          const v1::ApproveRemedyRequest* request,
                                          v1::Complaint* response) override;
  grpc::ServerUnaryReactor* ResolveComplaint(grpc::CallbackServerContext* context,
                                             const v1::ResolveComplaintRequest* request,
                                             v1::Complaint* response) override;
  grpc::ServerUnaryReactor* CloseComplaint(grpc::CallbackServerContext* context,
                                           const v1::CloseComplaintRequest* request,
                                           v1::Complaint* response) override;
  grpc::ServerUnaryReactor* ReopenComplaint(grpc::CallbackServerContext* context,
                                            const v1::ReopenComplaintRequest* request,
                                            v1::Complaint* response) override;
  grpc::ServerUnaryReactor* ListTimeline(grpc::CallbackServerContext* context,
                                         const v1::ListTimelineRequest* request,
                                         v1::ListTimelineResponse* response) override;
  grpc::ServerUnaryReactor* ExplainPriority(grpc::CallbackServerContext* context,
                                            const v1::ExplainPriorityRequest* request,
                                            common::v1::Explanation* response) override;

 private:
  rpc::ServiceCalls calls_;
  ComplaintFiling filing_;
  ComplaintReads reads_;
  ComplaintWrites writes_;
  RemedyWrites remedies_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_COMPLAINT_SERVICE_H_
