#include "services/profile/profile_module.h"

#include <string>
#include <utility>

#include "common/idempotency/idempotency_store.h"
#include "common/pagination/page_token.h"
#include "common/status/macros.h"
#include "services/profile/api/customer_service.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/api/purchase_service.h"
#include "services/profile/api/validation/identifier_normalizer.h"
#include "services/profile/store/schema.h"

namespace clientele::profile {

// In the order in which they need each other.
struct ProfileModule::State {
  State(const ProfileParts& parts, rpc::CallPipeline& pipeline)
      : idempotency(std::string(parts.key.Derive("profile.idempotency").bytes()),
                    parts.idempotency_retention),
        page_tokens(parts.key),
        identifiers(parts.key),
        api{.database = parts.database,
            .business_clock = parts.business_clock,
            .record_clock = parts.record_clock,
            .ids = parts.ids,
            .idempotency = idempotency,
            .page_tokens = page_tokens,
            .identifiers = identifiers,
            .poke_outbox = parts.poke_outbox},
        customers(pipeline, api),
        purchases(pipeline, api) {}

  const IdempotencyStore idempotency;
  const PageTokenCodec page_tokens;
  const IdentifierNormalizer identifiers;
  const ApiContext api;
  CustomerGrpcService customers;
  PurchaseGrpcService purchases;
};

std::vector<sql::Migration> ProfileMigrations() { return SchemaMigrations(); }

ProfileModule::ProfileModule(const ProfileParts& parts, rpc::CallPipeline& pipeline)
    : state_(std::make_unique<State>(parts, pipeline)) {}

ProfileModule::~ProfileModule() = default;

std::vector<rpc::ServedService> ProfileModule::Services() {
  return {{"clientele.profile.v1.CustomerService", state_->customers},
          {"clientele.profile.v1.PurchaseService", state_->purchases}};
}

absl::StatusOr<int64_t> ProfileModule::DeleteExpiredAnswers(int64_t limit) {
  const ApiContext& api = state_->api;
  int64_t deleted_count = 0;
  const absl::Status status = api.database.RunInTransaction({}, [&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(deleted_count,
                               api.idempotency.DeleteExpired(tx, api.RecordNow(), limit));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return deleted_count;
}

}  // namespace clientele::profile
