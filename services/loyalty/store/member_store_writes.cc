// The writing side of member_store.h.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/sql_ledger.h"
#include "services/loyalty/store/sql_member.h"

namespace clientele::loyalty {
namespace {

using Rows = std::vector<std::vector<sql::Param>>;

std::vector<sql::Param> MemberParams(const LedgerBook& book) {
  const Member& member = book.member();
  return {member.id.value(),
          member.available,
          member.debt,
          member.lifetime_earned,
          member.entry_count,
          member.head_seq,
          sql::NullIfNoBytes(member.head_hash),
          member.feed_seq,
          member.version,
          sql::TimeParam(member.enroll_time),
          member.last_record_time == absl::InfinitePast() ? sql::Param(sql::kNull)
                                                          : sql::TimeParam(member.last_record_time),
          member.tier_rank.has_value() ? sql::Param(int64_t{*member.tier_rank})
                                       : sql::Param(sql::kNull),
          sql::OptionalTimeParam(member.tier_due_time),
          sql::OptionalTimeParam(book.due_time())};
}

absl::Status SaveMembers(sql::Tx& tx, absl::Span<LedgerBook* const> books) {
  Rows made;
  Rows changed;
  for (LedgerBook* book : books) {
    Rows& rows = book->is_new() ? made : changed;
    ++book->mutable_member().version;
    rows.push_back(MemberParams(*book));
  }
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertMember, made).status());
  return tx.ExecuteBatch(kChangeMember, changed).status();
}

void AppendEntryRows(const std::string& customer_id, const Entry& entry, Rows& rows,
                     Rows& use_rows) {
  const EntryCause& cause = entry.cause;
  const bool has_one_use = entry.lot_uses.size() == 1;
  rows.push_back({customer_id,
                  entry.seq,
                  entry.transaction_id,
                  static_cast<int64_t>(entry.kind),
                  static_cast<int64_t>(entry.debit_account),
                  static_cast<int64_t>(entry.credit_account),
                  entry.points,
                  entry.balance_after,
                  sql::TimeParam(entry.occur_time),
                  sql::TimeParam(entry.record_time),
                  cause.key,
                  sql::NullIfEmpty(cause.request_id),
                  sql::NullIfEmpty(cause.content_hash),
                  sql::NullIfEmpty(cause.purchase_id.value()),
                  sql::NullIfEmpty(cause.refund_number),
                  cause.reason,
                  sql::NullIfEmpty(cause.reference),
                  entry.program_version,
                  sql::NullIfNoBytes(entry.hash),
                  has_one_use ? sql::Param(entry.lot_uses.front().lot_seq) : sql::kNull,
                  has_one_use ? sql::Param(entry.lot_uses.front().points) : sql::kNull});
  if (has_one_use) {
    return;
  }
  int64_t ordinal = 0;
  for (const LotUse& use : entry.lot_uses) {
    use_rows.push_back({customer_id, entry.seq, ++ordinal, use.lot_seq, use.points});
  }
}

absl::Status SaveEntries(sql::Tx& tx, absl::Span<LedgerBook* const> books) {
  Rows rows;
  Rows use_rows;
  Rows chained_rows;
  for (const LedgerBook* book : books) {
    for (const chain::Head& entry : book->chained()) {
      chained_rows.push_back({book->member().id.value(), entry.position, sql::Bytes{entry.hash}});
    }
    for (const Entry& entry : book->entries()) {
      AppendEntryRows(book->member().id.value(), entry, rows, use_rows);
    }
  }
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kChainEntry, chained_rows).status());
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertEntry, rows).status());
  return tx.ExecuteBatch(kInsertLotUse, use_rows).status();
}

absl::Status SaveLots(sql::Tx& tx, absl::Span<LedgerBook* const> books) {
  Rows rows;
  for (const LedgerBook* book : books) {
    const std::string& customer_id = book->member().id.value();
    for (const Lot* lot : book->TouchedLots()) {
      rows.push_back({customer_id, lot->seq, lot->lot_id, lot->points, lot->remaining, lot->expired,
                      sql::TimeParam(lot->activate_time), sql::TimeParam(lot->expire_time),
                      sql::NullIfEmpty(lot->purchase_id.value()), lot->program_version,
                      lot->due_time == lot->expire_time ? sql::Param(sql::kNull)
                                                        : sql::TimeParam(lot->due_time)});
    }
  }
  return tx.ExecuteBatch(kSaveLot, rows).status();
}

absl::Status SaveEarnings(sql::Tx& tx, absl::Span<MemberState* const> states) {
  Rows made;
  Rows changed;
  for (const MemberState* state : states) {
    const std::string& customer_id = state->book.member().id.value();
    for (const Earning* earning : state->history.MadeEarnings()) {
      made.push_back({customer_id, earning->purchase_id.value(),
                      sql::TimeParam(earning->occur_time), earning->currency_code,
                      earning->gross_minor, earning->refunded_minor,
                      static_cast<int64_t>(earning->outcome), earning->points,
                      earning->reversed_points, earning->lot_seq, earning->program_version});
    }
    for (const Earning* earning : state->history.ChangedEarnings()) {
      changed.push_back({customer_id, earning->purchase_id.value(), earning->refunded_minor,
                         earning->reversed_points});
    }
  }
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertEarning, made).status());
  return tx.ExecuteBatch(kUpdateEarning, changed).status();
}

absl::Status SaveRefunds(sql::Tx& tx, absl::Span<MemberState* const> states) {
  Rows rows;
  for (const MemberState* state : states) {
    for (const EarningRefund& refund : state->history.made_refunds()) {
      rows.push_back({state->book.member().id.value(), refund.purchase_id.value(),
                      refund.refund_number, sql::TimeParam(refund.occur_time),
                      refund.amount_minor});
    }
  }
  return tx.ExecuteBatch(kInsertEarningRefund, rows).status();
}

}  // namespace

absl::Status SaveBooks(sql::Tx& tx, absl::Span<LedgerBook* const> books) {
  CLIENTELE_RETURN_IF_ERROR(SaveMembers(tx, books));
  CLIENTELE_RETURN_IF_ERROR(SaveEntries(tx, books));
  return SaveLots(tx, books);
}

absl::Status SaveStates(sql::Tx& tx, absl::Span<MemberState* const> states) {
  std::vector<LedgerBook*> books;
  books.reserve(states.size());
  for (MemberState* state : states) {
    const int64_t change_count = state->history.change_count() + state->book.due_count();
    const int64_t more_changes = std::max<int64_t>(change_count - 1, 0);
    state->book.mutable_member().version += more_changes;
    books.push_back(&state->book);
  }
  CLIENTELE_RETURN_IF_ERROR(SaveBooks(tx, books));
  CLIENTELE_RETURN_IF_ERROR(SaveEarnings(tx, states));
  return SaveRefunds(tx, states);
}

}  // namespace clientele::loyalty
