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

// Whom a write is about, and whether it is meant. The view must outlive the call.
struct WriteScope {
  absl::string_view customer_id;  // "" = nobody in particular: nothing is locked
  bool validate_only = false;
};

// Runs `attempt`, which answers whether it wrote events, in a transaction under the lock of the
// customer, and wakes the sequencer once events are committed. A validate_only `attempt` must write
// nothing: it runs on a snapshot, without the lock, where the database refuses writes. `attempt`
// may run several times; call.replayed is false whenever it begins. The errors of the database and
// of `attempt`.
absl::Status RunWriteTx(const HandlerContext& context, rpc::CallContext& call,
                        const WriteScope& scope,
                        absl::FunctionRef<absl::StatusOr<bool>(sql::Tx& tx)> attempt);

}  // namespace clientele

#endif  // COMMON_HANDLER_WRITE_TX_H_
