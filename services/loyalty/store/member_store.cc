#include "services/loyalty/store/member_store.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/sql/columns.h"
#include "common/sql/keyed_query.h"
#include "common/status/macros.h"
#include "services/loyalty/store/ledger_chain_store.h"
#include "services/loyalty/store/ledger_rows.h"
#include "services/loyalty/store/sql_ledger.h"
#include "services/loyalty/store/sql_member.h"

namespace clientele::loyalty {
namespace {

Member MemberFromRow(const sql::Row& row) {
  Member member;
  member.id = CustomerId(row.Text(0));
  member.available = row.Int64(1);
  member.debt = row.Int64(2);
  member.lifetime_earned = row.Int64(3);
  member.entry_count = row.Int64(4);
  member.head_seq = row.Int64(5);
  member.head_hash = sql::BytesAt(row, 6);
  member.feed_seq = row.Int64(7);
  member.version = row.Int64(8);
  member.enroll_time = sql::TimeAt(row, 9);
  member.last_record_time = sql::OptionalTimeAt(row, 10).value_or(absl::InfinitePast());
  if (!row.IsNull(11)) {
    member.tier_rank = static_cast<TierRank>(row.Int64(11));
  }
  member.tier_due_time = sql::OptionalTimeAt(row, 12);
  member.due_time = sql::OptionalTimeAt(row, 13);
  return member;
}

Earning EarningFromRow(const sql::Row& row) {
  return {.purchase_id = PurchaseId(row.Text(1)),
          .occur_time = sql::TimeAt(row, 2),
          .currency_code = std::string(row.Text(3)),
          .gross_minor = row.Int64(4),
          .refunded_minor = row.Int64(5),
          .outcome = static_cast<EarningOutcome>(row.Int64(6)),
          .points = row.Int64(7),
          .reversed_points = row.Int64(8),
          .lot_seq = row.Int64(9),
          .program_version = row.Int64(10)};
}

absl::StatusOr<absl::flat_hash_map<std::string, std::vector<Lot>>> LoadOpenLots(
    sql::Tx& tx, absl::Span<const std::string> customer_ids) {
  absl::flat_hash_map<std::string, std::vector<Lot>> lots;
  CLIENTELE_RETURN_IF_ERROR(
      sql::QueryByKeys(tx, kSelectOpenLots, customer_ids, [&lots](const sql::Row& row) {
        lots[row.Text(0)].push_back(LotFromRow(row));
        return absl::OkStatus();
      }));
  return lots;
}

// Servers of the release before store entries without hashes, few of a member at a time but for the
// first time: what is left then is chained with later writes.
class Chainer {
 public:
  explicit Chainer(sql::Tx& tx) : tx_(tx) {}

  // Chains what is stored of a member. An entry that is missing, or has a hash that no head speaks
  // of, was changed by somebody else: it stays as it is, for verification to find.
  absl::Status ChainStored(LedgerBook& book) {
    const Member& member = book.member();
    const bool has_begun_wrong = member.head_seq == 0 && !member.head_hash.empty();
    if (member.head_seq == member.entry_count || has_begun_wrong || members_left_ == 0 ||
        entries_left_ == 0) {
      return absl::OkStatus();
    }
    --members_left_;
    CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Entry> entries,
                               ReadEntriesBehind(tx_, member.id, member.head_seq, entries_left_));
    for (const Entry& entry : entries) {
      if (entry.seq != member.head_seq + 1 || !entry.hash.empty()) {
        break;
      }
      book.ChainStored(entry);
      --entries_left_;
    }
    return absl::OkStatus();
  }

 private:
  sql::Tx& tx_;
  int64_t entries_left_ = kChainedEntriesMax;
  int members_left_ = kChainedMembersMax;
};

}  // namespace

absl::Status LockMembers(sql::Tx& tx, absl::Span<const std::string> customer_ids) {
  return tx.LockRows("member", "customer_id", customer_ids);
}

absl::StatusOr<std::vector<Member>> LoadMembers(sql::Tx& tx,
                                                absl::Span<const std::string> customer_ids) {
  std::vector<Member> members;
  CLIENTELE_RETURN_IF_ERROR(
      sql::QueryByKeys(tx, kSelectMembers, customer_ids, [&members](const sql::Row& row) {
        members.push_back(MemberFromRow(row));
        return absl::OkStatus();
      }));
  return members;
}

absl::StatusOr<LedgerBooks> LoadBooks(sql::Tx& tx, const Program& program,
                                      absl::Span<const std::string> customer_ids) {
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<Member> members, LoadMembers(tx, customer_ids));
  CLIENTELE_ASSIGN_OR_RETURN(auto lots, LoadOpenLots(tx, customer_ids));
  LedgerBooks books;
  Chainer chainer(tx);
  for (Member& member : members) {
    const std::string key = member.id.value();
    LedgerBook& book =
        books.try_emplace(key, program, std::move(member), std::move(lots[key])).first->second;
    CLIENTELE_RETURN_IF_ERROR(chainer.ChainStored(book));
  }
  return books;
}

absl::StatusOr<absl::btree_map<std::string, PurchaseHistory>> LoadHistories(
    sql::Tx& tx, absl::Span<const std::string> customer_ids) {
  absl::btree_map<std::string, PurchaseHistory> histories;
  CLIENTELE_RETURN_IF_ERROR(
      sql::QueryByKeys(tx, kSelectEarnings, customer_ids, [&histories](const sql::Row& row) {
        histories[std::string(row.Text(0))].Load(EarningFromRow(row));
        return absl::OkStatus();
      }));
  CLIENTELE_RETURN_IF_ERROR(
      sql::QueryByKeys(tx, kSelectEarningRefunds, customer_ids, [&histories](const sql::Row& row) {
        histories[std::string(row.Text(0))].Load({.purchase_id = PurchaseId(row.Text(1)),
                                                  .refund_number = std::string(row.Text(2)),
                                                  .occur_time = sql::TimeAt(row, 3),
                                                  .amount_minor = row.Int64(4)});
        return absl::OkStatus();
      }));
  return histories;
}

absl::StatusOr<MemberStates> LoadStates(sql::Tx& tx, const Program& program,
                                        absl::Span<const std::string> customer_ids) {
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<Member> members, LoadMembers(tx, customer_ids));
  CLIENTELE_ASSIGN_OR_RETURN(auto lots, LoadOpenLots(tx, customer_ids));
  CLIENTELE_ASSIGN_OR_RETURN(auto histories, LoadHistories(tx, customer_ids));
  MemberStates states;
  Chainer chainer(tx);
  for (Member& member : members) {
    const std::string key = member.id.value();
    MemberState& state =
        states
            .try_emplace(key,
                         MemberState{LedgerBook(program, std::move(member), std::move(lots[key])),
                                     std::move(histories[key])})
            .first->second;
    CLIENTELE_RETURN_IF_ERROR(chainer.ChainStored(state.book));
  }
  return states;
}

absl::Status LoadLotInto(sql::Tx& tx, int64_t lot_seq, LedgerBook& book) {
  if (book.HasLot(lot_seq)) {
    return absl::OkStatus();
  }
  return tx.Query(kSelectLot, {{absl::string_view(book.member().id.value()), lot_seq}},
                  [&book](const sql::Row& row) {
                    book.AddClosedLot(LotFromRow(row));
                    return absl::OkStatus();
                  });
}

absl::StatusOr<std::optional<Earning>> FindEarning(sql::Tx& tx, const CustomerId& customer_id,
                                                   const PurchaseId& purchase_id) {
  std::optional<Earning> earning;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectEarning, {{customer_id.value(), purchase_id.value()}},
                                     [&earning](const sql::Row& row) {
                                       earning = EarningFromRow(row);
                                       return absl::OkStatus();
                                     }));
  return earning;
}

absl::StatusOr<std::vector<std::string>> ListDueMembers(sql::Tx& tx, absl::Time now,
                                                        int64_t limit) {
  std::vector<std::string> customer_ids;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectDueMembers, {{sql::TimeParam(now), limit}},
                                     [&customer_ids](const sql::Row& row) {
                                       customer_ids.emplace_back(row.Text(0));
                                       return absl::OkStatus();
                                     }));
  return customer_ids;
}

absl::StatusOr<std::vector<ToldTier>> ListToldTiers(sql::Tx& tx,
                                                    absl::string_view after_customer_id,
                                                    int64_t count_max) {
  std::vector<ToldTier> tiers;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectToldTiers, {{after_customer_id, count_max}}, [&tiers](const sql::Row& row) {
        tiers.push_back({.customer_id = CustomerId(row.Text(0)),
                         .feed_seq = row.Int64(1),
                         .rank = static_cast<TierRank>(row.Int64(2)),
                         .record_time = absl::FromUnixMicros(row.Int64(3))});
        return absl::OkStatus();
      }));
  return tiers;
}

}  // namespace clientele::loyalty
