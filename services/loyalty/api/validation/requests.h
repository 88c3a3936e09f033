#ifndef SERVICES_LOYALTY_API_VALIDATION_REQUESTS_H_
#define SERVICES_LOYALTY_API_VALIDATION_REQUESTS_H_

// Requests as commands and queries. Each Validate answers INVALID_ARGUMENT with every violation,
// and is pure.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clientele/loyalty/v1/ledger_service.pb.h"
#include "clientele/loyalty/v1/member_service.pb.h"
#include "common/cache/freshness.h"
#include "common/crypto/keyed_hash.h"
#include "common/pagination/page_token.h"
#include "common/rpc/call_context.h"
#include "services/loyalty/domain/ids.h"
#include "services/loyalty/domain/ledger.h"
#include "services/loyalty/store/ledger_chain_store.h"

namespace clientele::loyalty {

// What every write of the ledger has.
struct LedgerCommand {
  CustomerId customer_id;
  std::string request_id;    // canonical
  std::string content_hash;  // of the request's content (request_content.h), caller and method
  std::string reason;
  std::string reference;
  bool validate_only = false;
};

// Redeem (points > 0) and Adjust (not 0).
struct PointsCommand {
  LedgerCommand ledger;
  int64_t points = 0;
};

// A PointsCommand with what it is: kRedeem or kAdjust.
struct PostingCommand {
  EntryKind kind = EntryKind::kRedeem;
  PointsCommand points;
};

struct ReverseCommand {
  LedgerCommand ledger;
  std::string original_request_id;  // canonical
};

absl::StatusOr<PointsCommand> Validate(const rpc::CallContext& call, const KeyedHash& hash,
                                       const v1::RedeemRequest& request);
absl::StatusOr<PointsCommand> Validate(const rpc::CallContext& call, const KeyedHash& hash,
                                       const v1::AdjustRequest& request);
absl::StatusOr<ReverseCommand> Validate(const rpc::CallContext& call, const KeyedHash& hash,
                                        const v1::ReverseRequest& request);

// Each posting by itself, with the errors that its own RPC would answer; the error of the call is
// about their number.
absl::StatusOr<std::vector<absl::StatusOr<PostingCommand>>> Validate(
    const rpc::CallContext& call, const KeyedHash& hash, const v1::BatchPostRequest& request);

// A page of something of one member.
struct MemberPageQuery {
  CustomerId customer_id;
  int32_t page_size = 0;
  std::string arguments;  // what the page's own token is bound to
  PageCursor cursor;      // after this row; empty = from the first
};

struct EarningQuery {
  CustomerId customer_id;
  PurchaseId purchase_id;
};

// Whose tier, and how current the answers must be.
struct TierQuery {
  std::vector<std::string> customer_ids;  // as asked, 1..kBatchTiersMax of them
  cache::ReadRule rule;
};

absl::StatusOr<CustomerId> Validate(const v1::GetBalanceRequest& request);
absl::StatusOr<TierQuery> Validate(const v1::GetTierRequest& request);
absl::StatusOr<CustomerId> Validate(const v1::ExplainTierRequest& request);
// These three: reason INVALID_PAGE_TOKEN when the token is the only violation.
absl::StatusOr<MemberPageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                         const v1::ListEntriesRequest& request);
absl::StatusOr<MemberPageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                         const v1::ListLotsRequest& request);
absl::StatusOr<MemberPageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                         const v1::ListTierHistoryRequest& request);
absl::StatusOr<EarningQuery> Validate(const v1::ExplainEarningRequest& request);
absl::StatusOr<TierQuery> Validate(const v1::BatchGetTiersRequest& request);
absl::StatusOr<std::vector<LedgerHead>> Validate(const v1::VerifyLedgerHeadsRequest& request);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_VALIDATION_REQUESTS_H_
