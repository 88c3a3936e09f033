#ifndef SERVICES_COMPLAINTS_API_COMPLAINT_SERVICE_H_
#define SERVICES_COMPLAINTS_API_COMPLAINT_SERVICE_H_

// clientele.complaints.v1.ComplaintService: each RPC is one statement that hands it to its handler.

#include "common/rpc/grpc_service.h"
#include "services/complaints/api/handlers/api_context.h"
#include "services/complaints/api/handlers/complaint_filing.h"
#include "services/complaints/api/handlers/complaint_reads.h"
#include "services/complaints/api/handlers/complaint_writes.h"
#include "services/complaints/api/handlers/remedy_writes.h"

namespace clientele::complaints {

// Thread-safe. `pipeline` and `api` outlive it.
class ComplaintGrpcService final : public rpc::GrpcService {
 public:
  ComplaintGrpcService(rpc::CallPipeline& pipeline, const ApiContext& api);

 private:
  ComplaintFiling filing_;
  ComplaintReads reads_;
  ComplaintWrites writes_;
  RemedyWrites remedies_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_COMPLAINT_SERVICE_H_
