#include "common/handler/write_tx.h"

#include "common/handler/tx_options.h"
#include "common/sql/retry.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// Calls run(TxCallback) → absl::Status with a transaction's work, and wakes the sequencer.
template <typename Run>
absl::Status RunAndPoke(const HandlerContext& context, WriteAttempt attempt, Run run) {
  bool wrote_events = false;
  absl::Status status = run([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(wrote_events, attempt(tx));
    return absl::OkStatus();
  });
  if (status.ok() && wrote_events) {
    context.poke_outbox();
  }
  return status;
}

}  // namespace

absl::Status RunIdempotentWrite(const HandlerContext& context, const sql::TxOptions& options,
                                WriteAttempt attempt) {
  return RunAndPoke(context, attempt, [&](sql::TxCallback work) {
    return sql::RunIdempotent(context.database, options, work);
  });
}

absl::Status RunWriteTx(const HandlerContext& context, rpc::CallContext& call,
                        const WriteScope& scope, WriteAttempt attempt) {
  CLIENTELE_CHECK(scope.customer_id.empty() || context.lock_customer != nullptr);
  const auto locked = [&](sql::Tx& tx) -> absl::StatusOr<bool> {
    call.replayed = false;
    call.audit_committed = false;
    if (!scope.validate_only && !scope.customer_id.empty()) {
      CLIENTELE_RETURN_IF_ERROR(context.lock_customer(tx, scope.customer_id));
    }
    return attempt(tx);
  };
  const sql::TxOptions options = TxOptionsOf(call);
  if (scope.validate_only) {
    return context.database.RunReadOnly(options, [&](sql::Tx& tx) { return locked(tx).status(); });
  }
  if (scope.looks_first) {
    return RunIdempotentWrite(context, options, locked);
  }
  return RunAndPoke(context, locked, [&](sql::TxCallback work) {
    return context.database.RunInTransaction(options, work);
  });
}

}  // namespace clientele
