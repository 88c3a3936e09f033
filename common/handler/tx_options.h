#ifndef COMMON_HANDLER_TX_OPTIONS_H_
#define COMMON_HANDLER_TX_OPTIONS_H_

// How the transactions of a call run.

#include "common/rpc/call_context.h"
#include "common/sql/database.h"

namespace clientele {

// Until the call's deadline, and only as long as somebody waits for its answer. `call` must outlive
// the transaction.
inline sql::TxOptions TxOptionsOf(const rpc::CallContext& call) {
  return {.deadline = call.deadline, .is_cancelled = call.is_cancelled};
}

}  // namespace clientele

#endif  // COMMON_HANDLER_TX_OPTIONS_H_
