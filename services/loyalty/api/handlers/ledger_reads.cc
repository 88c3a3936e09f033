#include "services/loyalty/api/handlers/ledger_reads.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/handler/tx_options.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/ledger_proto.h"
#include "services/loyalty/api/handlers/member_lookup.h"
#include "services/loyalty/api/validation/requests.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/store/ledger_store.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {
namespace {

// A number of a cursor, which only we write.
absl::StatusOr<int64_t> CursorNumber(const std::string& text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) {
    return absl::InternalError("a page token holds no number");
  }
  return number;
}

}  // namespace

absl::StatusOr<v1::Balance> LedgerReads::GetBalance(rpc::CallContext& call,
                                                    const v1::GetBalanceRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const CustomerId customer_id, Validate(request));
  const absl::Time now = api_.BusinessNow();
  return sql::ReadIn(
      api_.database, TxOptionsOf(call), [&](sql::Tx& tx) -> absl::StatusOr<v1::Balance> {
        CLIENTELE_ASSIGN_OR_RETURN(const Member member, LookUpMember(tx, customer_id));
        CLIENTELE_ASSIGN_OR_RETURN(const LotOutlook outlook, ReadLotOutlook(tx, customer_id, now));
        return ToProto(member, outlook, now);
      });
}

absl::StatusOr<v1::ListEntriesResponse> LedgerReads::ListEntries(
    rpc::CallContext& call, const v1::ListEntriesRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const MemberPageQuery query,
                             Validate(call, api_.page_tokens, request));
  int64_t before_seq = std::numeric_limits<int64_t>::max();
  if (!query.cursor.empty()) {
    CLIENTELE_ASSIGN_OR_RETURN(before_seq, CursorNumber(query.cursor.front()));
  }
  CLIENTELE_ASSIGN_OR_RETURN(
      const std::vector<Entry> entries,
      sql::ReadIn(
          api_.database, TxOptionsOf(call), [&](sql::Tx& tx) -> absl::StatusOr<std::vector<Entry>> {
            CLIENTELE_RETURN_IF_ERROR(LookUpMember(tx, query.customer_id).status());
            return loyalty::ListEntries(tx, query.customer_id, before_seq, query.page_size + 1);
          }));
  v1::ListEntriesResponse response;
  for (const Entry& entry : entries) {
    if (response.entries_size() == query.page_size) {
      CLIENTELE_ASSIGN_OR_RETURN(
          *response.mutable_next_page_token(),
          api_.page_tokens.Encode({absl::StrCat(response.entries(query.page_size - 1).seq())},
                                  query.arguments));
      break;
    }
    *response.add_entries() = ToProto(query.customer_id, entry);
  }
  return response;
}

absl::StatusOr<v1::ListLotsResponse> LedgerReads::ListLots(
    rpc::CallContext& call, const v1::ListLotsRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const MemberPageQuery query,
                             Validate(call, api_.page_tokens, request));
  const absl::Time now = api_.BusinessNow();
  LotPageQuery page{.limit = query.page_size + 1};
  if (request.open_only()) {
    page.open_at = now;
  }
  if (!query.cursor.empty()) {
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t expire_us, CursorNumber(query.cursor.front()));
    page.after_expire_time = absl::FromUnixMicros(expire_us);
    CLIENTELE_ASSIGN_OR_RETURN(page.after_seq, CursorNumber(query.cursor.back()));
  }
  CLIENTELE_ASSIGN_OR_RETURN(
      const std::vector<Lot> lots,
      sql::ReadIn(api_.database, TxOptionsOf(call),
                  [&](sql::Tx& tx) -> absl::StatusOr<std::vector<Lot>> {
                    CLIENTELE_RETURN_IF_ERROR(LookUpMember(tx, query.customer_id).status());
                    return loyalty::ListLots(tx, query.customer_id, page);
                  }));
  v1::ListLotsResponse response;
  for (const Lot& lot : lots) {
    if (response.lots_size() == query.page_size) {
      const Lot& last = lots[query.page_size - 1];
      CLIENTELE_ASSIGN_OR_RETURN(
          *response.mutable_next_page_token(),
          api_.page_tokens.Encode(
              {absl::StrCat(absl::ToUnixMicros(last.expire_time)), absl::StrCat(last.seq)},
              query.arguments));
      break;
    }
    *response.add_lots() = ToProto(lot, now);
  }
  return response;
}

absl::StatusOr<common::v1::Explanation> LedgerReads::ExplainEarning(
    rpc::CallContext& call, const v1::ExplainEarningRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const EarningQuery query, Validate(request));
  return sql::ReadIn(
      api_.database, TxOptionsOf(call),
      [&](sql::Tx& tx) -> absl::StatusOr<common::v1::Explanation> {
        CLIENTELE_RETURN_IF_ERROR(LookUpMember(tx, query.customer_id).status());
        CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, api_.configured_program));
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Earning> earning,
                                   FindEarning(tx, query.customer_id, query.purchase_id));
        if (!earning.has_value()) {
          return EarningNotFound(query.customer_id, query.purchase_id);
        }
        return loyalty::ExplainEarning(program, *earning);
      });
}

}  // namespace clientele::loyalty
