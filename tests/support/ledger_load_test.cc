#include "tests/support/ledger_load.h"

#include "gtest/gtest.h"

namespace clientele::history {
namespace {

// Given 70, spent 20: 50 are there, in one lot.
StoredAccount Sound() {
  StoredAccount account;
  loyalty::v1::LedgerEntry& given = account.entries.emplace_back();
  given.set_seq(1);
  given.set_credit_account(loyalty::v1::LEDGER_ACCOUNT_MEMBER);
  given.set_debit_account(loyalty::v1::LEDGER_ACCOUNT_ADJUSTED);
  given.set_points(70);
  given.set_balance_after(70);
  loyalty::v1::LedgerEntry& spent = account.entries.emplace_back();
  spent.set_seq(2);
  spent.set_credit_account(loyalty::v1::LEDGER_ACCOUNT_REDEEMED);
  spent.set_debit_account(loyalty::v1::LEDGER_ACCOUNT_MEMBER);
  spent.set_points(20);
  spent.set_balance_after(50);
  account.balance.set_available(50);
  account.balance.set_entry_count(2);
  account.lots.emplace_back().set_remaining(50);
  return account;
}

TEST(Miscounts, AreNoneWhenEntriesLotsAndBalanceAgree) { EXPECT_EQ(CountMiscounts(Sound()), 0); }

TEST(Miscounts, AreNoneWhenDebtStandsAgainstTheLots) {
  StoredAccount account = Sound();
  account.lots[0].set_remaining(60);
  account.balance.set_debt(10);
  EXPECT_EQ(CountMiscounts(account), 0);
}

TEST(Miscounts, AreFoundInABalanceThatIsNotTheSumOfTheEntries) {
  StoredAccount account = Sound();
  account.balance.set_available(51);
  EXPECT_EQ(CountMiscounts(account), 2) << "nor is it that of the lots";
}

TEST(Miscounts, AreFoundInLotsThatHoldOtherPoints) {
  StoredAccount account = Sound();
  account.lots.emplace_back().set_remaining(1);
  EXPECT_EQ(CountMiscounts(account), 1);
}

TEST(Miscounts, AreFoundInAnEntryThatDoesNotFollowFromTheOneBefore) {
  StoredAccount account = Sound();
  account.entries[0].set_balance_after(71);
  EXPECT_EQ(CountMiscounts(account), 1);
}

TEST(Miscounts, AreFoundInAGapOfTheEntries) {
  StoredAccount account = Sound();
  account.entries[1].set_seq(3);
  EXPECT_EQ(CountMiscounts(account), 1);
}

TEST(Miscounts, AreFoundInAnotherNumberOfEntries) {
  StoredAccount account = Sound();
  account.balance.set_entry_count(3);
  EXPECT_EQ(CountMiscounts(account), 1);
}

}  // namespace
}  // namespace clientele::history
