#include "services/loyalty/store/loyalty_store_contract.h"

#include <deque>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "services/loyalty/store/ledger_store.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const CustomerId kC1("c-1");

EntryCause Request(const std::string& id) { return RequestCause(id, "hash-" + id, "TEST", "ref"); }

TEST_P(LoyaltyStoreContract, KeepsThePublishedProgramWhateverIsConfiguredLater) {
  const Program dollars = DefaultProgram(*CurrencyCode::Parse("USD"), absl::UTCTimeZone());
  EXPECT_EQ(Value([&](sql::Tx& tx) { return LoadProgram(tx, dollars); }).currency.ToString(),
            "USD");
  Commit([&](sql::Tx& tx) { return PublishProgram(tx, program_, ContractDay(1)); });
  Commit([&](sql::Tx& tx) { return PublishProgram(tx, dollars, ContractDay(2)); });
  const Program loaded = Value([&](sql::Tx& tx) { return LoadProgram(tx, dollars); });
  EXPECT_EQ(loaded.currency.ToString(), "GBP");
  EXPECT_EQ(loaded.version, 1);
  EXPECT_EQ(loaded.zone, absl::UTCTimeZone());
}

TEST_P(LoyaltyStoreContract, PublishesAsOfTheEarliestEventInWhateverOrderTheyCome) {
  const auto published_at = [this] {
    return Value([](sql::Tx& tx) -> absl::StatusOr<absl::Time> {
      const sql::Statement select{"SelectPublishTime", "SELECT publish_time FROM program"};
      absl::Time time;
      CLIENTELE_RETURN_IF_ERROR(tx.Query(select, {}, [&time](const sql::Row& row) {
        time = absl::FromUnixMicros(row.Int64(0));
        return absl::OkStatus();
      }));
      return time;
    });
  };
  Commit([&](sql::Tx& tx) { return PublishProgram(tx, program_, ContractDay(5)); });
  EXPECT_EQ(published_at(), ContractDay(5));
  Commit([&](sql::Tx& tx) { return PublishProgram(tx, program_, ContractDay(3)); });
  Commit([&](sql::Tx& tx) { return PublishProgram(tx, program_, ContractDay(4)); });
  EXPECT_EQ(published_at(), ContractDay(3));
}

TEST_P(LoyaltyStoreContract, ListsTheTiersThatWereToldPageByPage) {
  for (const char* id : {"c-3", "c-1", "c-2"}) Buy(id, absl::StrCat("p-", id), 1'500, 10);
  const sql::Statement tell{"TellTier",
                            "UPDATE member SET feed_seq = 9, tier_rank = CASE WHEN "
                            "customer_id = $1 THEN NULL ELSE 2 END"};
  Commit([&](sql::Tx& tx) { return tx.Execute(tell, {absl::string_view("c-2")}).status(); });
  const auto list = [this](const std::string& after, int64_t count_max) {
    std::vector<std::string> told;
    for (const ToldTier& tier :
         Value([&](sql::Tx& tx) { return ListToldTiers(tx, after, count_max); })) {
      told.push_back(absl::StrCat(tier.customer_id.value(), " ", tier.rank, " ", tier.feed_seq));
    }
    return told;
  };
  EXPECT_THAT(list("", 9), ElementsAre("c-1 2 9", "c-3 2 9"));
  EXPECT_THAT(list("", 1), ElementsAre("c-1 2 9"));
  EXPECT_THAT(list("c-1", 1), ElementsAre("c-3 2 9"));
}

TEST_P(LoyaltyStoreContract, LoadsAMemberAsItWasStored) {
  Buy("c-1", "p-1", 1'500, 10);
  const Member member = Value([&](sql::Tx& tx) { return LoadMembers(tx, {"c-1"}); }).front();
  EXPECT_EQ(member.id, kC1);
  EXPECT_EQ(member.available, 1'500);
  EXPECT_EQ(member.debt, 0);
  EXPECT_EQ(member.lifetime_earned, 1'500);
  EXPECT_EQ(member.entry_count, 1);
  EXPECT_EQ(member.feed_seq, 2);
  EXPECT_EQ(member.version, 1);
  EXPECT_EQ(member.enroll_time, ContractDay(10));
  EXPECT_EQ(member.last_record_time, ContractDay(10));
  EXPECT_EQ(member.tier_rank, 1);
  EXPECT_EQ(member.tier_due_time, ContractDay(375) - absl::Hours(12));
}

TEST_P(LoyaltyStoreContract, AnswersNothingForWhoIsNoMember) {
  EXPECT_THAT(Value([&](sql::Tx& tx) { return LoadMembers(tx, {"c-9"}); }), IsEmpty());
  EXPECT_TRUE(Value([&](sql::Tx& tx) { return LoadBooks(tx, program_, {"c-1"}); }).empty());
  EXPECT_TRUE(Value([&](sql::Tx& tx) { return LoadStates(tx, program_, {"c-9"}); }).empty());
}

TEST_P(LoyaltyStoreContract, LoadsManyMembersEachWithItsOwnRows) {
  std::vector<std::string> ids;
  for (int i = 0; i < 37; ++i) {
    ids.push_back(absl::StrCat("c-", 100 + i));
    Buy(ids.back(), "p-1", 10 + i, 1);
    Buy(ids.back(), "p-2", 1, 2);
  }
  MemberStates states = Value([&](sql::Tx& tx) { return LoadStates(tx, program_, ids); });
  ASSERT_EQ(states.size(), ids.size());
  for (int i = 0; i < 37; ++i) {
    MemberState& state = states.at(ids[i]);
    EXPECT_EQ(state.book.member().available, 11 + i);
    EXPECT_EQ(state.book.lot(1).remaining, 10 + i);
    EXPECT_EQ(state.book.lot(2).remaining, 1);
    EXPECT_EQ(state.history.Find(PurchaseId("p-1"))->points, 10 + i);
  }
}

TEST_P(LoyaltyStoreContract, ARefundChangesThePurchaseAndItsLotAndIsRemembered) {
  Buy("c-1", "p-1", 100, 1);
  Commit([&](sql::Tx& tx) {
    MemberStates states = LoadStates(tx, program_, {"c-1"}).value();
    MemberState& state = states.at("c-1");
    EXPECT_EQ(ApplyRefund({PurchaseId("p-1"), "r-1", 2'500, 2'500},
                          {ContractDay(5), ContractDay(5)}, ContractDay(5), state),
              absl::OkStatus());
    MemberState* const saved[] = {&state};
    return SaveStates(tx, saved);
  });
  MemberStates states = Value([&](sql::Tx& tx) { return LoadStates(tx, program_, {"c-1"}); });
  const MemberState& state = states.at("c-1");
  EXPECT_TRUE(state.history.HasRefund(PurchaseId("p-1"), "r-1"));
  const Earning earning =
      Value([&](sql::Tx& tx) { return FindEarning(tx, kC1, PurchaseId("p-1")); }).value();
  EXPECT_EQ(earning.refunded_minor, 2'500);
  EXPECT_EQ(earning.reversed_points, 25);
  EXPECT_EQ(earning.lot_seq, 1);
  EXPECT_EQ(state.book.lot(1).remaining, 75);
  EXPECT_EQ(state.book.member().version, 2);
}

TEST_P(LoyaltyStoreContract, FindsTheEntryOfARequestWithItsLots) {
  Buy("c-1", "p-1", 30, 1);
  Buy("c-1", "p-2", 30, 2);
  Post("c-1", [](LedgerBook& book) {
    EXPECT_EQ(book.Redeem(40, {ContractDay(3), ContractDay(3)}, Request("r-1")), absl::OkStatus());
  });
  RequestHistories histories = Histories({{"c-1", "r-1"}, {"c-1", "r-2"}, {"c-2", "r-1"}});
  const Entry entry = histories.Of({"c-1", "r-1"}).entry.value();
  EXPECT_EQ(entry.seq, 3);
  EXPECT_EQ(entry.kind, EntryKind::kRedeem);
  EXPECT_EQ(entry.points, 40);
  EXPECT_EQ(entry.balance_after, 20);
  EXPECT_EQ(entry.occur_time, ContractDay(3));
  EXPECT_EQ(entry.cause.request_id, "r-1");
  EXPECT_EQ(entry.cause.content_hash, "hash-r-1");
  EXPECT_EQ(entry.cause.reference, "ref");
  ASSERT_EQ(entry.lot_uses.size(), 2U);
  EXPECT_EQ(entry.lot_uses[0].lot_seq, 1);
  EXPECT_EQ(entry.lot_uses[0].points, 30);
  EXPECT_EQ(entry.lot_uses[1].points, 10);
  EXPECT_EQ(entry.lot_uses[1].lot_id, TransactionIdOf(kC1, "purchase/p-2"));
  EXPECT_FALSE((histories.Of({"c-1", "r-2"}).entry.has_value()));
  EXPECT_FALSE((histories.Of({"c-2", "r-1"}).entry.has_value()));
  EXPECT_EQ(Value([&](sql::Tx& tx) { return GetEntry(tx, kC1, 3); }).lot_uses, entry.lot_uses);
}

TEST_P(LoyaltyStoreContract, KnowsTheOneLotOfAnEntry) {
  Buy("c-1", "p-1", 30, 1);
  Buy("c-1", "p-2", 30, 2);
  Post("c-1", [](LedgerBook& book) {
    EXPECT_EQ(book.Redeem(10, {ContractDay(3), ContractDay(3)}, Request("r-1")), absl::OkStatus());
  });
  EXPECT_THAT(Value([&](sql::Tx& tx) { return GetEntry(tx, kC1, 3); }).lot_uses,
              testing::ElementsAre(LotUse{1, TransactionIdOf(kC1, "purchase/p-1"), 10}));
}

TEST_P(LoyaltyStoreContract, RefusesASecondEntryOfOneCause) {
  Buy("c-1", "p-1", 30, 1);
  const auto redeem = [](LedgerBook& book) {
    EXPECT_EQ(book.Redeem(1, {ContractDay(3), ContractDay(3)}, Request("r-1")), absl::OkStatus());
  };
  Post("c-1", redeem);
  EXPECT_TRUE(sql::IsUniqueViolated(TryPost("c-1", redeem), kEntryByCause));
  EXPECT_EQ(Value([&](sql::Tx& tx) { return ReadLedgerSums(tx, "", 10); }).front().entry_count, 2);
}

TEST_P(LoyaltyStoreContract, ListsEntriesAndLotsInPages) {
  for (int day = 1; day <= 5; ++day) {
    Buy("c-1", absl::StrCat("p-", day), day, 10 - day);
  }
  std::vector<int64_t> seqs;
  for (const Entry& entry : Value([&](sql::Tx& tx) { return ListEntries(tx, kC1, 5, 3); })) {
    seqs.push_back(entry.seq);
  }
  EXPECT_THAT(seqs, ElementsAre(4, 3, 2));
  std::vector<Lot> lots = Value([&](sql::Tx& tx) { return ListLots(tx, kC1, {.limit = 2}); });
  ASSERT_EQ(lots.size(), 2U);
  EXPECT_EQ(lots[0].points, 5);  // bought on the earliest day
  EXPECT_EQ(lots[1].points, 4);
  lots = Value([&](sql::Tx& tx) {
    return ListLots(
        tx, kC1, {.after_expire_time = lots[1].expire_time, .after_seq = lots[1].seq, .limit = 10});
  });
  ASSERT_EQ(lots.size(), 3U);
  EXPECT_EQ(lots[0].points, 3);
  lots = Value([&](sql::Tx& tx) {
    return ListLots(tx, kC1, {.open_at = lots[1].expire_time, .limit = 10});
  });
  ASSERT_EQ(lots.size(), 1U);  // the others have expired then
  EXPECT_EQ(lots[0].points, 1);
}

TEST_P(LoyaltyStoreContract, TellsWhatIsDueAndWhatExpiresNext) {
  Buy("c-1", "p-1", 10, 1);
  Buy("c-1", "p-2", 20, 1);
  Buy("c-1", "p-3", 40, 9);
  const absl::Time first = AddMonths(ContractDay(1), 24, absl::UTCTimeZone());
  LotOutlook outlook =
      Value([&](sql::Tx& tx) { return ReadLotOutlook(tx, kC1, first - absl::Microseconds(1)); });
  EXPECT_EQ(outlook.due_points, 0);
  EXPECT_EQ(outlook.next_points, 30);
  EXPECT_EQ(outlook.next_expire_time, first);
  outlook = Value([&](sql::Tx& tx) { return ReadLotOutlook(tx, kC1, first); });
  EXPECT_EQ(outlook.due_points, 30);
  EXPECT_EQ(outlook.next_points, 40);
}

TEST_P(LoyaltyStoreContract, ListsWhoIsDueInTheirOrder) {
  Buy("c-1", "p-1", 10, 20);
  Buy("c-2", "p-1", 10, 10);
  Buy("c-3", "p-1", 10, 300);
  const absl::Time now = AddMonths(ContractDay(30), 24, absl::UTCTimeZone());
  EXPECT_THAT(Value([&](sql::Tx& tx) { return ListDueMembers(tx, now, 10); }),
              ElementsAre("c-2", "c-1"));
  EXPECT_THAT(Value([&](sql::Tx& tx) { return ListDueMembers(tx, now, 1); }), ElementsAre("c-2"));
  Post("c-2", [&](LedgerBook& book) { book.ExpireUntil(now); });
  EXPECT_THAT(Value([&](sql::Tx& tx) { return ListDueMembers(tx, now, 10); }), ElementsAre("c-1"));
}

TEST_P(LoyaltyStoreContract, FindsEachOfMoreRequestsThanOneStatementTakes) {
  Buy("c-1", "p-1", 1000, 1);
  std::deque<std::string> request_ids;
  std::vector<RequestKey> keys;
  for (int i = 0; i < 40; ++i) {
    request_ids.push_back(absl::StrCat("r-", i));
    keys.push_back({"c-1", request_ids.back()});
    Post("c-1", [&](LedgerBook& book) {
      EXPECT_EQ(book.Redeem(i + 1, {ContractDay(3), ContractDay(3)}, Request(request_ids.back())),
                absl::OkStatus());
    });
  }
  const RequestHistories histories = Histories(keys);
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(histories.Of(keys[i]).entry.value().points, i + 1);
    EXPECT_EQ(histories.Of(keys[i]).entry->lot_uses.size(), 1U);
  }
}

TEST_P(LoyaltyStoreContract, RemembersReversalsByBothRequests) {
  const Reversal reversal{"o-1", "r-1", "hash", ReversalOutcome::kVoided};
  Commit([&](sql::Tx& tx) { return InsertReversal(tx, kC1, reversal, ContractDay(1)); });
  RequestHistories histories = Histories({{"c-1", "o-1"}, {"c-1", "r-1"}, {"c-2", "o-1"}});
  const Reversal found = histories.Of({"c-1", "o-1"}).reversal_of.value();
  EXPECT_EQ(found.request_id, "r-1");
  EXPECT_EQ(found.outcome, ReversalOutcome::kVoided);
  EXPECT_EQ(found.entry_seq, 0);
  EXPECT_TRUE((histories.Of({"c-1", "r-1"}).reversal_by.has_value()));
  EXPECT_FALSE((histories.Of({"c-1", "o-1"}).reversal_by.has_value()));
  EXPECT_FALSE((histories.Of({"c-2", "o-1"}).reversal_of.has_value()));
}

TEST_P(LoyaltyStoreContract, RemembersEveryReversalOfOneOriginal) {
  for (const char* id : {"r-2", "r-1"}) {
    const Reversal reversal{"o-1", id, "hash", ReversalOutcome::kVoided};
    Commit([&](sql::Tx& tx) {
      return InsertReversal(tx, kC1, reversal, ContractDay(id[2] == '2' ? 1 : 2));
    });
    EXPECT_TRUE((Histories({{"c-1", id}}).Of({"c-1", id}).reversal_by.has_value()));
  }
  EXPECT_EQ((Histories({{"c-1", "o-1"}}).Of({"c-1", "o-1"}).reversal_of->request_id), "r-2");
}

TEST_P(LoyaltyStoreContract, SumsOfEveryMemberAgree) {
  for (int i = 1; i <= 5; ++i) {
    Buy(absl::StrCat("c-", i), "p-1", int64_t{10} * i, 1);
  }
  Post("c-3", [](LedgerBook& book) {
    EXPECT_EQ(book.Redeem(7, {ContractDay(3), ContractDay(3)}, Request("r-1")), absl::OkStatus());
  });
  const std::vector<LedgerSums> sums =
      Value([&](sql::Tx& tx) { return ReadLedgerSums(tx, "c-1", 3); });
  ASSERT_EQ(sums.size(), 3U);
  EXPECT_EQ(sums[1].customer_id, "c-3");
  EXPECT_EQ(sums[1].available, 23);
  EXPECT_EQ(sums[1].entries_sum, 23);
  EXPECT_EQ(sums[1].lots_remaining, 23);
  EXPECT_EQ(sums[1].earned, 30);
  EXPECT_EQ(sums[1].redeemed, 7);
  EXPECT_EQ(sums[1].expired, 0);
  for (const LedgerSums& member : sums) {
    EXPECT_TRUE(member.balanced());
  }
}

}  // namespace
}  // namespace clientele::loyalty
