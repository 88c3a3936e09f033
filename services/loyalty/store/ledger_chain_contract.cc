#include "services/loyalty/store/ledger_chain_contract.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/loyalty/store/member_store.h"

namespace clientele::loyalty {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ChainPageLimits kSmallPages{.rows_max = 1, .strays_max = 1};
constexpr ChainPageLimits kLargePages{.rows_max = 1000, .strays_max = 1000};
constexpr int kPagesMax = 100;

// Everything, page by page.
ChainPage CheckAll(sql::Tx& tx, const ChainPageLimits& limits) {
  ChainPage all;
  ChainPlace place;
  for (int i = 0; i < kPagesMax; ++i) {
    ChainPage page = CheckChains(tx, place, limits).value();
    all.heads.insert(all.heads.end(), page.heads.begin(), page.heads.end());
    all.broken.insert(all.broken.end(), page.broken.begin(), page.broken.end());
    if (!page.next.has_value()) {
      return all;
    }
    place = *std::move(page.next);
  }
  ADD_FAILURE() << "the check does not end";
  return all;
}

void Redeem(LedgerBook& book, int64_t points, int day, const std::string& request_id) {
  const PostingTime time{ContractDay(day), ContractDay(day)};
  EXPECT_TRUE(book.Redeem(points, time, RequestCause(request_id, "h", "GIFT", "")).ok());
}

std::vector<std::pair<std::string, int64_t>> PlacesOf(const std::vector<LedgerHead>& heads) {
  std::vector<std::pair<std::string, int64_t>> places;
  places.reserve(heads.size());
  for (const LedgerHead& head : heads) {
    places.emplace_back(head.customer_id.value(), head.entry.position);
  }
  return places;
}

void Adjust(LedgerBook& book, int64_t points, const std::string& request_id) {
  const PostingTime time{ContractDay(5), ContractDay(5)};
  EXPECT_TRUE(book.Adjust(points, time, RequestCause(request_id, "h", "GIFT", "")).ok());
}

}  // namespace

void LedgerChainContract::MakeMembers() {
  for (const std::string id : {"c-1", "c-2", "c-3"}) {
    Buy(id, id + "-p-1", 10, 1);
    Buy(id, id + "-p-2", 20, 2);
    Post(id, [&](LedgerBook& book) {
      Redeem(book, 5, 3, id + "-r");
      Redeem(book, 15, 3, id + "-s");
      Redeem(book, 1, 3, id + "-t");
    });
  }
  Buy("c-4", "c-4-p-1", 0, 1);
}

void LedgerChainContract::Run(absl::string_view sql) {
  Commit([&](sql::Tx& tx) { return tx.Execute({"Tamper", sql}, {}).status(); });
}

ChainPage LedgerChainContract::Check(const ChainPageLimits& limits) {
  return Value([&](sql::Tx& tx) -> absl::StatusOr<ChainPage> { return CheckAll(tx, limits); });
}

std::vector<BrokenChain> LedgerChainContract::Lost(const std::vector<LedgerHead>& heads) {
  return Value([&](sql::Tx& tx) { return FindLostHeads(tx, heads); });
}

namespace {

TEST_P(LedgerChainContract, UntouchedChainsHoldHoweverTheyAreCutIntoPages) {
  MakeMembers();
  for (const ChainPageLimits& limits : {kSmallPages, kLargePages}) {
    const ChainPage all = Check(limits);
    EXPECT_THAT(all.broken, IsEmpty());
    EXPECT_THAT(PlacesOf(all.heads), ElementsAre(std::pair("c-1", 5), std::pair("c-2", 5),
                                                 std::pair("c-3", 5), std::pair("c-4", 0)));
  }
}

TEST_P(LedgerChainContract, AnEmptyLedgerHolds) {
  const ChainPage all = Check(kSmallPages);
  EXPECT_THAT(all.heads, IsEmpty());
  EXPECT_THAT(all.broken, IsEmpty());
}

TEST_P(LedgerChainContract, LostHeadsAreThoseWhoseEntryIsNotThereAsItWas) {
  MakeMembers();
  const std::vector<LedgerHead> heads = Check(kLargePages).heads;
  Post("c-1", [](LedgerBook& book) { Redeem(book, 1, 4, "n"); });
  const std::vector<LedgerHead> with_entries(heads.begin(), heads.begin() + 3);
  EXPECT_THAT(Lost(with_entries), IsEmpty());
  Run("UPDATE ledger_entry SET hash = NULL WHERE customer_id = 'c-2' AND seq = 5");
  Run("DELETE FROM ledger_entry WHERE customer_id = 'c-3' AND seq = 5");
  EXPECT_THAT(Lost(with_entries),
              ElementsAre(BrokenChain{CustomerId("c-2"), 5}, BrokenChain{CustomerId("c-3"), 5}));
}

// As a server of the release before stores them.
TEST_P(LedgerChainContract, EntriesWithoutHashesAreChainedWithTheMembersNextWrite) {
  MakeMembers();
  Run("UPDATE ledger_entry SET hash = NULL WHERE customer_id = 'c-2' AND seq > 2");
  Run("UPDATE member SET head_seq = 2, head_hash = (SELECT hash FROM ledger_entry WHERE "
      "customer_id = 'c-2' AND seq = 2) WHERE customer_id = 'c-2'");
  ChainPage all = Check(kSmallPages);
  EXPECT_THAT(all.broken, IsEmpty());
  EXPECT_EQ(all.heads[1].entry.position, 2);
  const std::vector<LedgerHead> noted = {all.heads[1]};
  Post("c-2", [](LedgerBook& book) { Redeem(book, 1, 4, "n"); });
  all = Check(kSmallPages);
  EXPECT_THAT(all.broken, IsEmpty());
  EXPECT_EQ(all.heads[1].entry.position, 6);
  EXPECT_EQ(all.heads[1].entry.hash.size(), chain::kHashBytes);
  EXPECT_THAT(Lost(noted), IsEmpty());
  Run("UPDATE ledger_entry SET points = 9 WHERE customer_id = 'c-2' AND seq = 4");
  EXPECT_THAT(Check(kSmallPages).broken, ElementsAre(BrokenChain{CustomerId("c-2"), 4}));
}

TEST_P(LedgerChainContract, ALedgerOfBeforeIsChainedPurchaseByPurchase) {
  MakeMembers();
  Run("UPDATE ledger_entry SET hash = NULL");
  Run("UPDATE member SET head_seq = 0, head_hash = NULL");
  EXPECT_THAT(Check(kSmallPages).broken, IsEmpty());
  Buy("c-2", "c-2-p-3", 10, 9);
  const ChainPage all = Check(kSmallPages);
  EXPECT_THAT(all.broken, IsEmpty());
  EXPECT_EQ(all.heads[1].entry.position, 6);
  EXPECT_EQ(all.heads[1].entry.hash.size(), chain::kHashBytes);
}

TEST_P(LedgerChainContract, ALongLedgerOfBeforeIsChainedByMoreThanOneWrite) {
  MakeMembers();
  Post("c-2", [](LedgerBook& book) {
    for (int64_t i = 0; i < kChainedEntriesMax; ++i) {
      Adjust(book, 1, absl::StrCat("a-", i));
    }
  });
  Run("UPDATE ledger_entry SET hash = NULL WHERE customer_id = 'c-2'");
  Run("UPDATE member SET head_seq = 0, head_hash = NULL WHERE customer_id = 'c-2'");
  for (const int64_t head_seq : {kChainedEntriesMax, kChainedEntriesMax + 7}) {
    Post("c-2", [&](LedgerBook& book) { Adjust(book, 1, absl::StrCat("b-", head_seq)); });
    const ChainPage all = Check(kLargePages);
    EXPECT_THAT(all.broken, IsEmpty());
    EXPECT_EQ(all.heads[1].entry.position, head_seq);
  }
}

TEST_P(LedgerChainContract, AFewMembersOfBeforeAreChainedInOneTransaction) {
  std::vector<std::string> ids;
  for (int i = 0; i <= kChainedMembersMax; ++i) {
    ids.push_back(absl::StrCat("c-", i));
    Buy(ids.back(), ids.back(), 10, 1);
  }
  Run("UPDATE ledger_entry SET hash = NULL");
  Run("UPDATE member SET head_seq = 0, head_hash = NULL");
  Commit([&](sql::Tx& tx) {
    LedgerBooks books = LoadBooks(tx, program_, ids).value();
    std::vector<LedgerBook*> saved;
    saved.reserve(books.size());
    for (auto& [id, book] : books) {
      Adjust(book, 1, "a-" + id);
      saved.push_back(&book);
    }
    return SaveBooks(tx, saved);
  });
  const ChainPage all = Check(kLargePages);
  EXPECT_THAT(all.broken, IsEmpty());
  EXPECT_EQ(std::count_if(all.heads.begin(), all.heads.end(),
                          [](const LedgerHead& head) { return head.entry.position == 2; }),
            kChainedMembersMax);
}

TEST_P(LedgerChainContract, TheIdOfARequestIsReadOutOfWhatIsHashed) {
  MakeMembers();
  Run("UPDATE ledger_entry SET request_id = 'x' WHERE customer_id = 'c-2'");
  const RequestKey key{"c-2", "c-2-r"};
  EXPECT_EQ(Histories({key}).Of(key).entry->cause.request_id, "c-2-r");
}

TEST_P(LedgerChainContract, NoChainBeginsBehindAHashOfNothing) {
  MakeMembers();
  Run("UPDATE ledger_entry SET hash = NULL WHERE customer_id = 'c-2'");
  Run("UPDATE member SET head_seq = 0 WHERE customer_id = 'c-2'");
  for (const char* request_id : {"m", "n"}) {
    EXPECT_THAT(Check(kLargePages).broken, ElementsAre(BrokenChain{CustomerId("c-2"), 1}));
    Post("c-2", [&](LedgerBook& book) { Redeem(book, 1, 4, request_id); });
  }
  Run("UPDATE member SET head_hash = NULL WHERE customer_id = 'c-2'");
  EXPECT_THAT(Check(kLargePages).broken, IsEmpty());
}

TEST_P(LedgerChainContract, NoHashIsGivenToWhatSomebodyElseHasChanged) {
  MakeMembers();
  Run("UPDATE ledger_entry SET points = 9 WHERE customer_id = 'c-2' AND seq = 3");
  Run("UPDATE member SET head_seq = 0, head_hash = NULL WHERE customer_id = 'c-2'");
  Run("DELETE FROM ledger_entry WHERE customer_id = 'c-3' AND seq = 2");
  Run("UPDATE member SET head_seq = 1, head_hash = (SELECT hash FROM ledger_entry WHERE "
      "customer_id = 'c-3' AND seq = 1) WHERE customer_id = 'c-3'");
  for (const char* id : {"c-2", "c-3"}) {
    Post(id, [&](LedgerBook& book) { Redeem(book, 1, 4, std::string("n-") + id); });
  }
  EXPECT_THAT(Check(kLargePages).broken,
              ElementsAre(BrokenChain{CustomerId("c-2"), 1}, BrokenChain{CustomerId("c-3"), 2}));
}

TEST_P(LedgerChainContract, WhatChangesBetweenPagesRaisesNoAlarm) {
  MakeMembers();
  Run("UPDATE ledger_entry SET hash = NULL WHERE customer_id = 'c-2'");
  Run("UPDATE member SET head_seq = 0, head_hash = NULL WHERE customer_id = 'c-2'");
  // c-1 whole, and three entries of c-2, which are not chained yet.
  ChainPage page =
      Value([&](sql::Tx& tx) { return CheckChains(tx, {}, {.rows_max = 8, .strays_max = 1000}); });
  EXPECT_EQ(page.next->begun->entry.position, 3);
  Post("c-2", [](LedgerBook& book) { Redeem(book, 1, 4, "n"); });
  Buy("c-10", "c-10-p-1", 10, 1);
  Buy("c-10", "c-10-p-2", 20, 2);
  Post("c-10", [](LedgerBook& book) { Redeem(book, 15, 3, "m"); });  // uses two lots
  page = Value([&](sql::Tx& tx) { return CheckChains(tx, *page.next, kLargePages); });
  EXPECT_THAT(page.broken, IsEmpty());
  EXPECT_THAT(PlacesOf(page.heads),
              ElementsAre(std::pair("c-2", 6), std::pair("c-3", 5), std::pair("c-4", 0)));
}

TEST_P(LedgerChainContract, EntriesOfNobodyAreAllFoundThoughAPageTellsOfFew) {
  MakeMembers();
  Run("DELETE FROM member WHERE customer_id IN ('c-1', 'c-3')");
  for (const int64_t rows_max : {1, 1000}) {
    const ChainPage all = Check({.rows_max = rows_max, .strays_max = 1});
    EXPECT_THAT(all.broken,
                ElementsAre(BrokenChain{CustomerId("c-1"), 1}, BrokenChain{CustomerId("c-3"), 1}));
    EXPECT_THAT(PlacesOf(all.heads), ElementsAre(std::pair("c-2", 5), std::pair("c-4", 0)));
  }
}

// What somebody does to c-2, and the first seq that is wrong then.
struct Tampering {
  absl::string_view sql;
  int64_t first_bad_seq;
};

constexpr Tampering kTamperings[] = {
    {"UPDATE ledger_entry SET points = points + 1 WHERE customer_id = 'c-2' AND seq = 3", 3},
    {"UPDATE ledger_entry SET transaction_id = 'x' WHERE customer_id = 'c-2' AND seq = 1", 1},
    {"UPDATE ledger_entry SET kind = 5 WHERE customer_id = 'c-2' AND seq = 5", 5},
    {"UPDATE ledger_entry SET credit_account = 2 WHERE customer_id = 'c-2' AND seq = 3", 3},
    {"UPDATE ledger_entry SET debit_account = 2 WHERE customer_id = 'c-2' AND seq = 3", 3},
    {"UPDATE ledger_entry SET balance_after = 0 WHERE customer_id = 'c-2' AND seq = 2", 2},
    {"UPDATE ledger_entry SET occur_time = 1 WHERE customer_id = 'c-2' AND seq = 2", 2},
    {"UPDATE ledger_entry SET record_time = 1 WHERE customer_id = 'c-2' AND seq = 4", 4},
    {"UPDATE ledger_entry SET cause_key = 'x' WHERE customer_id = 'c-2' AND seq = 4", 4},
    {"UPDATE ledger_entry SET content_hash = 'x' WHERE customer_id = 'c-2' AND seq = 4", 4},
    {"UPDATE ledger_entry SET purchase_id = 'x' WHERE customer_id = 'c-2' AND seq = 1", 1},
    {"UPDATE ledger_entry SET refund_number = 'x' WHERE customer_id = 'c-2' AND seq = 1", 1},
    {"UPDATE ledger_entry SET reason = 'X' WHERE customer_id = 'c-2' AND seq = 1", 1},
    {"UPDATE ledger_entry SET reference = 'x' WHERE customer_id = 'c-2' AND seq = 1", 1},
    {"UPDATE ledger_entry SET program_version = 9 WHERE customer_id = 'c-2' AND seq = 1", 1},
    {"UPDATE ledger_entry SET used_points = 4 WHERE customer_id = 'c-2' AND seq = 3", 3},
    {"UPDATE ledger_entry SET used_lot_seq = 2 WHERE customer_id = 'c-2' AND seq = 3", 3},
    {"UPDATE ledger_entry SET hash = NULL WHERE customer_id = 'c-2' AND seq <= 2", 1},
    {"UPDATE lot_use SET points = points + 1 WHERE customer_id = 'c-2' AND ordinal = 2", 4},
    {"DELETE FROM lot_use WHERE customer_id = 'c-2' AND ordinal = 1", 4},
    {"INSERT INTO lot_use (customer_id, entry_seq, ordinal, lot_seq, points) "
     "VALUES ('c-2', 2, 9, 1, 1)",
     2},
    {"UPDATE lot_use SET entry_seq = -4 WHERE customer_id = 'c-2' AND ordinal = 1", 1},
    {"DELETE FROM ledger_entry WHERE customer_id = 'c-2' AND seq = 2", 2},
    {"DELETE FROM ledger_entry WHERE customer_id = 'c-2' AND seq >= 4", 4},
    {"DELETE FROM ledger_entry WHERE customer_id = 'c-2'", 1},
    {"DELETE FROM member WHERE customer_id = 'c-2'", 1},
    {"UPDATE member SET entry_count = 4 WHERE customer_id = 'c-2'", 5},
    {"UPDATE member SET entry_count = 6 WHERE customer_id = 'c-2'", 6},
    {"UPDATE member SET head_hash = NULL WHERE customer_id = 'c-2'", 5},
    {"UPDATE member SET head_seq = 4 WHERE customer_id = 'c-2'", 4},
    {"UPDATE member SET head_seq = 6 WHERE customer_id = 'c-2'", 6},
    {"UPDATE ledger_entry SET hash = NULL WHERE customer_id = 'c-2' AND seq = 5", 5},
    {"UPDATE ledger_entry SET customer_id = 'c-2', seq = 6, cause_key = 'x' "
     "WHERE customer_id = 'c-1' AND seq = 5",
     6},
};

TEST_P(LedgerChainContract, WhateverIsDoneToAMemberIsFoundWhereItBegins) {
  MakeMembers();
  for (const Tampering& tampering : kTamperings) {
    SCOPED_TRACE(tampering.sql);
    RollBack([&](sql::Tx& tx) {
      EXPECT_EQ(tx.Execute({"Tamper", tampering.sql}, {}).status(), absl::OkStatus());
      for (const ChainPageLimits& limits : {kSmallPages, kLargePages}) {
        EXPECT_THAT(CheckAll(tx, limits).broken,
                    Contains(BrokenChain{CustomerId("c-2"), tampering.first_bad_seq}));
      }
    });
  }
}

}  // namespace
}  // namespace clientele::loyalty
