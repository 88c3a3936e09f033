#include "common/handler/write_tx.h"

#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele {

absl::Status RunWriteTx(const HandlerContext& context, rpc::CallContext& call,
                        const WriteScope& scope,
                        absl::FunctionRef<absl::StatusOr<bool>(sql::Tx& tx)> attempt) {
  CLIENTELE_CHECK(scope.customer_id.empty() || context.lock_customer != nullptr);
  bool wrote_events = false;
  const auto run = [&](sql::Tx& tx) -> absl::Status {
    call.replayed = false;
    if (!scope.validate_only && !scope.customer_id.empty()) {
      CLIENTELE_RETURN_IF_ERROR(context.lock_customer(tx, scope.customer_id));
    }
    CLIENTELE_ASSIGN_OR_RETURN(wrote_events, attempt(tx));
    return absl::OkStatus();
  };
  const sql::TxOptions options = {.deadline = call.deadline};
  if (scope.validate_only) {
    return context.database.RunReadOnly(options, run);
  }
  absl::Status status = context.database.RunInTransaction(options, run);
  if (status.ok() && wrote_events) {
    context.poke_outbox();
  }
  return status;
}

}  // namespace clientele
