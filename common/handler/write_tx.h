#ifndef COMMON_HANDLER_WRITE_TX_H_
#define COMMON_HANDLER_WRITE_TX_H_

// The transaction of every write, by whatever a service recognises a repeated request.

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_context.h"
#include "common/sql/database.h"

namespace clientele {

// Answers whether it wrote events. May run several times.
using WriteAttempt = absl::FunctionRef<absl::StatusOr<bool>(sql::Tx& tx)>;

// Runs `attempt`, which looks first whether it was done before, by sql::RunIdempotent, and wakes
// the sequencer once events are committed. The errors of the database and of `attempt`.
absl::Status RunIdempotentWrite(const HandlerContext& context, const sql::TxOptions& options,
                                WriteAttempt attempt);

// Whom a write of one call is about, and whether it is meant. The view must outlive the call.
struct WriteScope {
  absl::string_view customer_id;  // "" = nobody in particular: nothing is locked
  bool validate_only = false;
  bool looks_first = true;  // whether it was done before; if not, a commit may end in doubt
};

// RunIdempotentWrite under the lock of the customer. A validate_only `attempt` must write nothing:
// it runs on a snapshot, without the lock, where the database refuses writes. call.replayed and
// call.audit_committed are false whenever `attempt` begins. Without looks_first a lost commit is
// UNKNOWN OUTCOME_UNKNOWN.
absl::Status RunWriteTx(const HandlerContext& context, rpc::CallContext& call,
                        const WriteScope& scope, WriteAttempt attempt);

}  // namespace clientele

#endif  // COMMON_HANDLER_WRITE_TX_H_
