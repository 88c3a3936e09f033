#ifndef COMMON_AUDIT_AUDIT_SERVICE_H_
#define COMMON_AUDIT_AUDIT_SERVICE_H_

// clientele.common.v1.AuditService: the audit log of one service for those who may read it.
//
// Thread safety: thread-safe. `pipeline` and `database` must outlive it.

#include "absl/status/statusor.h"
#include "clientele/common/v1/audit_service.pb.h"
#include "common/crypto/secret_key.h"
#include "common/pagination/page_token.h"
#include "common/rpc/call_context.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/grpc_service.h"
#include "common/sql/database.h"

namespace clientele::audit {

class AuditService final : public rpc::GrpcService {
 public:
  // `key`: of page tokens. `is_on`: whether calls are recorded; answers say when they are not.
  AuditService(rpc::CallPipeline& pipeline, sql::Database& database, const SecretKey& key,
               bool is_on);

 private:
  absl::StatusOr<clientele::common::v1::ListAuditEntriesResponse> List(
      rpc::CallContext& call, const clientele::common::v1::ListAuditEntriesRequest& request) const;
  absl::StatusOr<clientele::common::v1::VerifyAuditLogResponse> Verify(
      rpc::CallContext& call, const clientele::common::v1::VerifyAuditLogRequest& request) const;

  sql::Database& database_;
  const PageTokenCodec page_tokens_;
  const bool is_on_;
};

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_AUDIT_SERVICE_H_
