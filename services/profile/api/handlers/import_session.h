#ifndef SERVICES_PROFILE_API_HANDLERS_IMPORT_SESSION_H_
#define SERVICES_PROFILE_API_HANDLERS_IMPORT_SESSION_H_

// One ImportPurchases stream: a config, then batches, each one transaction and one checkpoint.

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/rpc/call_context.h"
#include "common/rpc/stream_session.h"
#include "common/sql/database.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/validation/import_messages.h"
#include "services/profile/domain/event.h"

namespace clientele::profile {

// Used by one thread at a time; `api` and `call` outlive it. It holds nothing between batches but
// the config and a counter, so a stream costs next to nothing while its caller thinks.
class ImportSession final
    : public rpc::BidiSession<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse> {
 public:
  // `call`: the whole stream.
  ImportSession(const ApiContext& api, rpc::CallContext& call) : api_(api), call_(call) {}

  // The checkpoint of a batch, once it is durable; nullopt for the config. INVALID_ARGUMENT for a
  // message out of turn or too large, and the database's errors: nothing of the batch is stored.
  absl::StatusOr<std::optional<v1::ImportPurchasesResponse>> Handle(
      const v1::ImportPurchasesRequest& request) override;

 private:
  absl::StatusOr<v1::ImportPurchasesResponse> Apply(const v1::ImportPurchasesBatch& batch);
  // Tells the audit log whom a batch has changed.
  absl::Status AuditBatch(sql::Tx& tx, absl::Span<const Event> events,
                          absl::Time record_time) const;

  const ApiContext& api_;
  rpc::CallContext& call_;
  std::optional<ImportConfig> config_;
  int64_t next_sequence_number_ = 1;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_IMPORT_SESSION_H_
