#include "services/loyalty/api/handlers/ledger_checks.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/handler/tx_options.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/loyalty/api/validation/requests.h"
#include "services/loyalty/limits.h"
#include "services/loyalty/store/ledger_chain_store.h"

namespace clientele::loyalty {
namespace {

constexpr char kPageArguments[] = "VerifyLedger";

PageCursor CursorOf(const ChainPlace& place) {
  if (!place.begun.has_value()) {
    return {place.after_customer_id};
  }
  const LedgerHead& begun = *place.begun;
  return {place.after_customer_id, begun.customer_id.value(), absl::StrCat(begun.entry.position),
          absl::BytesToHexString(begun.entry.hash)};
}

// What CursorOf made, which nobody else can write.
absl::StatusOr<ChainPlace> PlaceOf(const PageCursor& cursor) {
  ChainPlace place;
  if (cursor.empty()) {
    return place;
  }
  place.after_customer_id = cursor[0];
  if (cursor.size() == 1) {
    return place;
  }
  LedgerHead begun{CustomerId(cursor[1]), {0, absl::HexStringToBytes(cursor.back())}};
  if (cursor.size() != 4 || !absl::SimpleAtoi(cursor[2], &begun.entry.position)) {
    return absl::InternalError("a page token holds no place of a check");
  }
  place.begun = std::move(begun);
  return place;
}

template <typename Response>
void AddBroken(const std::vector<BrokenChain>& broken, Response& response) {
  for (const BrokenChain& chain : broken) {
    v1::BrokenLedger& proto = *response.add_broken();
    proto.set_customer_id(chain.customer_id.value());
    proto.set_first_bad_seq(chain.first_bad_seq);
  }
}

}  // namespace

absl::StatusOr<v1::VerifyLedgerResponse> LedgerChecks::VerifyLedger(
    rpc::CallContext& call, const v1::VerifyLedgerRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PageCursor cursor,
                             api_.page_tokens.Decode(request.page_token(), kPageArguments));
  CLIENTELE_ASSIGN_OR_RETURN(const ChainPlace place, PlaceOf(cursor));
  CLIENTELE_ASSIGN_OR_RETURN(const ChainPage page,
                             sql::ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
                               return CheckChains(tx, place, kChainPageLimits);
                             }));
  v1::VerifyLedgerResponse response;
  for (const LedgerHead& head : page.heads) {
    v1::LedgerHead& proto = *response.add_heads();
    proto.set_customer_id(head.customer_id.value());
    proto.set_seq(head.entry.position);
    proto.set_hash(head.entry.hash);
  }
  AddBroken(page.broken, response);
  if (page.next.has_value()) {
    CLIENTELE_ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                               api_.page_tokens.Encode(CursorOf(*page.next), kPageArguments));
  }
  return response;
}

absl::StatusOr<v1::VerifyLedgerHeadsResponse> LedgerChecks::VerifyLedgerHeads(
    rpc::CallContext& call, const v1::VerifyLedgerHeadsRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<LedgerHead> heads, Validate(request));
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<BrokenChain> lost,
                             sql::ReadIn(api_.database, TxOptionsOf(call),
                                         [&](sql::Tx& tx) { return FindLostHeads(tx, heads); }));
  v1::VerifyLedgerHeadsResponse response;
  AddBroken(lost, response);
  return response;
}

}  // namespace clientele::loyalty
