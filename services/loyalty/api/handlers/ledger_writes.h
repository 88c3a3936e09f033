#ifndef SERVICES_LOYALTY_API_HANDLERS_LEDGER_WRITES_H_
#define SERVICES_LOYALTY_API_HANDLERS_LEDGER_WRITES_H_

// The RPCs that write to the ledger. An entry is its own idempotency record: a request that comes
// again gets the answer rebuilt from its entry, for ever. Concurrent Redeems and Adjusts share one
// transaction.

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clientele/loyalty/v1/ledger_service.pb.h"
#include "common/rpc/call_context.h"
#include "common/sql/group_commit.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/ledger_posting.h"
#include "services/loyalty/api/validation/requests.h"

namespace clientele::loyalty {

// Errors as at the RPC in ledger_service.proto. Thread-safe; `api` outlives it.
class LedgerWrites {
 public:
  explicit LedgerWrites(const ApiContext& api);

  absl::StatusOr<v1::LedgerEntry> Redeem(rpc::CallContext& call,
                                         const v1::RedeemRequest& request) const;
  absl::StatusOr<v1::LedgerEntry> Adjust(rpc::CallContext& call,
                                         const v1::AdjustRequest& request) const;
  absl::StatusOr<v1::BatchPostResponse> BatchPost(rpc::CallContext& call,
                                                  const v1::BatchPostRequest& request) const;
  absl::StatusOr<v1::ReverseResponse> Reverse(rpc::CallContext& call,
                                              const v1::ReverseRequest& request) const;

 private:
  absl::StatusOr<v1::LedgerEntry> RunPosting(rpc::CallContext& call, PostingCommand command) const;
  // What became of the transaction of each; all of them are validate_only, or none.
  std::vector<absl::Status> RunPostings(rpc::CallContext& call,
                                        absl::Span<const std::shared_ptr<LedgerPosting>> postings,
                                        bool validate_only) const;

  const ApiContext& api_;
  const std::unique_ptr<sql::GroupCommit> postings_;  // but Reverse
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_LEDGER_WRITES_H_
