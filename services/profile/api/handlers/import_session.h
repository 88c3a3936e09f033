#ifndef SERVICES_PROFILE_API_HANDLERS_IMPORT_SESSION_H_
#define SERVICES_PROFILE_API_HANDLERS_IMPORT_SESSION_H_

// One ImportPurchases stream: a config, then batches, each one transaction and one checkpoint.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/rpc/stream_session.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/validation/import_messages.h"

namespace clientele::profile {

// Used by one thread at a time; `api` outlives it. It holds nothing between batches but the config
// and a counter, so a stream costs next to nothing while its caller thinks.
class ImportSession final
    : public rpc::BidiSession<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse> {
 public:
  // `deadline` and `traceparent` ("" = none): of the whole stream.
  ImportSession(const ApiContext& api, absl::Time deadline, absl::string_view traceparent = "")
      : api_(api), deadline_(deadline), traceparent_(traceparent) {}

  // The checkpoint of a batch, once it is durable; nullopt for the config. INVALID_ARGUMENT for a
  // message out of turn or too large, and the database's errors: nothing of the batch is stored.
  absl::StatusOr<std::optional<v1::ImportPurchasesResponse>> Handle(
      const v1::ImportPurchasesRequest& request) override;

 private:
  absl::StatusOr<v1::ImportPurchasesResponse> Apply(const v1::ImportPurchasesBatch& batch);

  const ApiContext& api_;
  const absl::Time deadline_;
  const std::string traceparent_;
  std::optional<ImportConfig> config_;
  int64_t next_sequence_number_ = 1;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_IMPORT_SESSION_H_
