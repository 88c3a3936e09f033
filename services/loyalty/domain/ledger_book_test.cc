#include "services/loyalty/domain/ledger_book.h"

#include <set>
#include <string>

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/domain/test_calendar.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;

PostingTime On(int day) { return {Day(day), Day(day)}; }

EntryCause Request(const std::string& id) { return RequestCause(id, "hash", "TEST", ""); }

class LedgerBookTest : public ::testing::Test {
 protected:
  LedgerBookTest()
      : program_(DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone())),
        book_(program_, NewMember(), {}) {}

  static Member NewMember() {
    Member member;
    member.id = CustomerId("c-1");
    return member;
  }

  // `points` whole pounds bought on `day`.
  Earning Earn(const std::string& id, int64_t points, int day) {
    Earning earning{.purchase_id = PurchaseId(id),
                    .occur_time = Day(day),
                    .gross_minor = points * 100,
                    .points = points};
    book_.Earn(earning, On(day), Day(day));
    return earning;
  }

  void Refund(Earning& earning, int64_t refunded_minor, int day) {
    book_.ReverseEarning(earning, refunded_minor, On(day),
                         RefundCause(earning.purchase_id, std::to_string(++refund_count_)));
  }

  const Entry& last() const { return book_.entries().back(); }

  // (lot_seq, points) of the last entry.
  std::vector<std::pair<int64_t, int64_t>> LastUses() const {
    std::vector<std::pair<int64_t, int64_t>> uses;
    for (const LotUse& use : last().lot_uses) {
      uses.emplace_back(use.lot_seq, use.points);
    }
    return uses;
  }

  const Program program_;
  LedgerBook book_;
  int refund_count_ = 0;
};

TEST_F(LedgerBookTest, EarnsALotThatExpiresAfter24Months) {
  const Earning earning = Earn("p-1", 139, 1);
  EXPECT_EQ(earning.lot_seq, 1);
  EXPECT_EQ(book_.member().available, 139);
  EXPECT_EQ(book_.member().lifetime_earned, 139);
  EXPECT_EQ(last().debit_account, LedgerAccount::kIssued);
  EXPECT_EQ(last().credit_account, LedgerAccount::kMember);
  EXPECT_EQ(last().balance_after, 139);
  EXPECT_EQ(last().cause.key, "purchase/p-1");
  EXPECT_EQ(book_.lot(1).expire_time,
            absl::FromCivil(absl::CivilSecond(2013, 1, 1, 12, 0, 0), absl::UTCTimeZone()));
}

TEST_F(LedgerBookTest, RecordTimeRisesStrictly) {
  Earn("p-1", 1, 5);
  Earn("p-2", 1, 5);
  Earn("p-3", 1, 3);
  EXPECT_EQ(book_.entries()[1].record_time, Day(5) + absl::Microseconds(1));
  EXPECT_EQ(book_.entries()[2].record_time, Day(5) + absl::Microseconds(2));
  EXPECT_EQ(book_.entries()[2].occur_time, Day(3));
}

TEST_F(LedgerBookTest, RedeemsWhatExpiresFirst) {
  Earn("p-1", 50, 20);
  Earn("p-2", 30, 10);
  ASSERT_EQ(book_.Redeem(40, On(30), Request("r")), absl::OkStatus());
  EXPECT_THAT(LastUses(), ElementsAre(std::pair(2, 30), std::pair(1, 10)));
  EXPECT_EQ(book_.member().available, 40);
}

TEST_F(LedgerBookTest, RefusesToRedeemMoreThanIsAvailable) {
  Earn("p-1", 50, 20);
  const absl::Status status = book_.Redeem(51, On(30), Request("r"));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  const ErrorDetails details = *GetErrorDetails(status);
  EXPECT_EQ(details.reason, "INSUFFICIENT_POINTS");
  EXPECT_EQ(details.metadata.at("available"), "50");
  EXPECT_EQ(details.metadata.at("requested"), "51");
  EXPECT_EQ(details.metadata.at("missing"), "1");
  EXPECT_EQ(book_.entries().size(), 1U);
}

TEST_F(LedgerBookTest, ExpiresAtTheInstantAndNotBefore) {
  Earn("p-1", 50, 1);
  const absl::Time due = book_.lot(1).expire_time;
  book_.ExpireUntil(due - absl::Microseconds(1));
  EXPECT_EQ(book_.member().available, 50);
  book_.ExpireUntil(due + absl::Hours(5));
  EXPECT_EQ(book_.member().available, 0);
  EXPECT_EQ(last().kind, EntryKind::kExpire);
  EXPECT_EQ(last().credit_account, LedgerAccount::kExpired);
  EXPECT_EQ(last().occur_time, due);
  EXPECT_EQ(last().record_time, due);  // whoever posts it whenever
  EXPECT_EQ(book_.lot(1).expired, 50);
  EXPECT_EQ(book_.due_time(), std::nullopt);
}

TEST_F(LedgerBookTest, RefundsTakeFromTheirOwnLotFirst) {
  Earn("p-1", 50, 1);
  Earning second = Earn("p-2", 30, 2);
  Refund(second, 3000, 3);
  EXPECT_THAT(LastUses(), ElementsAre(std::pair(2, 30)));
  EXPECT_EQ(book_.member().available, 50);
  EXPECT_EQ(book_.member().lifetime_earned, 80);
  EXPECT_EQ(second.reversed_points, 30);
}

TEST_F(LedgerBookTest, SpentPointsOfARefundComeFromOtherLotsAndThenBecomeDebt) {
  Earning first = Earn("p-1", 50, 1);
  Earn("p-2", 30, 2);
  ASSERT_EQ(book_.Redeem(60, On(3), Request("r")), absl::OkStatus());
  Refund(first, 5000, 4);
  EXPECT_THAT(LastUses(), ElementsAre(std::pair(2, 20)));
  EXPECT_EQ(book_.member().available, -30);
  EXPECT_EQ(book_.member().debt, 30);
}

TEST_F(LedgerBookTest, LaterPointsPayDebtFirst) {
  Earning first = Earn("p-1", 50, 1);
  ASSERT_EQ(book_.Redeem(50, On(2), Request("r")), absl::OkStatus());
  Refund(first, 5000, 3);
  Earn("p-2", 30, 4);
  EXPECT_EQ(book_.member().debt, 20);
  EXPECT_EQ(book_.lot(4).remaining, 0);
  EXPECT_THAT(LastUses(), ElementsAre(std::pair(4, 30)));
  Earn("p-3", 30, 5);
  EXPECT_EQ(book_.member().debt, 0);
  EXPECT_EQ(book_.lot(5).remaining, 10);
  EXPECT_EQ(book_.member().available, 10);
}

TEST_F(LedgerBookTest, PartialRefundsAddUpExactly) {
  Earning earning = Earn("p-1", 10, 1);
  for (int64_t refunded = 99; refunded < 1000; refunded += 99) {
    Refund(earning, refunded, 2);
    EXPECT_EQ(earning.reversed_points, refunded / 100);
  }
  Refund(earning, 1000, 3);
  EXPECT_EQ(earning.reversed_points, 10);
  EXPECT_EQ(book_.member().available, 0);
}

TEST_F(LedgerBookTest, ExpiredPointsAreNotClaimedByARefund) {
  Earning earning = Earn("p-1", 100, 1);
  ASSERT_EQ(book_.Redeem(40, On(2), Request("r")), absl::OkStatus());
  book_.ExpireUntil(book_.lot(1).expire_time);
  Refund(earning, 5000, 1000);  // half: 50 are due, 60 have expired
  EXPECT_EQ(book_.member().available, 0);
  Refund(earning, 10000, 1001);  // all: 100 are due, 60 have expired
  EXPECT_EQ(book_.member().debt, 40);
}

TEST_F(LedgerBookTest, AdjustsBothWaysButNeverBelowWhatIsThere) {
  ASSERT_EQ(book_.Adjust(100, On(1), Request("a")), absl::OkStatus());
  EXPECT_EQ(last().debit_account, LedgerAccount::kAdjusted);
  EXPECT_EQ(book_.lot(1).points, 100);
  ASSERT_EQ(book_.Adjust(-30, On(2), Request("b")), absl::OkStatus());
  EXPECT_EQ(last().credit_account, LedgerAccount::kAdjusted);
  EXPECT_EQ(last().points, 30);
  EXPECT_EQ(book_.member().available, 70);
  EXPECT_EQ(GetErrorReason(book_.Adjust(-71, On(2), Request("c"))), "INSUFFICIENT_POINTS");
  EXPECT_EQ(book_.member().lifetime_earned, 0);
}

TEST_F(LedgerBookTest, RefusesAnAdjustBeyondTheLimitOfABalance) {
  Member member = NewMember();
  member.available = kPointsMax;
  LedgerBook full(program_, member, {});
  EXPECT_EQ(GetErrorReason(full.Adjust(1, On(1), Request("a"))), "POINTS_LIMIT_EXCEEDED");
}

TEST_F(LedgerBookTest, UndoneRedeemReturnsPointsToTheirLots) {
  Earn("p-1", 50, 20);
  Earn("p-2", 30, 10);
  ASSERT_EQ(book_.Redeem(40, On(30), Request("r")), absl::OkStatus());
  const Entry redeem = last();
  EXPECT_TRUE(book_.Undo(redeem, On(31), Request("u")));
  EXPECT_EQ(last().kind, EntryKind::kReverse);
  EXPECT_EQ(last().debit_account, LedgerAccount::kRedeemed);
  EXPECT_THAT(LastUses(), ElementsAre(std::pair(1, -10), std::pair(2, -30)));
  EXPECT_EQ(book_.lot(1).remaining, 50);
  EXPECT_EQ(book_.lot(2).remaining, 30);
  EXPECT_EQ(book_.member().available, 80);
}

TEST_F(LedgerBookTest, PointsOfAnExpiredLotComeBackAsANewLotFor30Days) {
  Earn("p-1", 50, 1);
  ASSERT_EQ(book_.Redeem(50, On(2), Request("r")), absl::OkStatus());
  const Entry redeem = last();
  const int late = 1 + 2 * 365 + 40;
  EXPECT_TRUE(book_.Undo(redeem, On(late), Request("u")));
  EXPECT_EQ(book_.lot(1).remaining, 0);
  EXPECT_EQ(book_.lot(3).remaining, 50);
  EXPECT_EQ(book_.lot(3).expire_time, Day(late + 30));
}

TEST_F(LedgerBookTest, ALotThatHasExpiredStaysSoWhenTheClockGoesBack) {
  Earn("p-1", 50, 1);
  ASSERT_EQ(book_.Redeem(20, On(2), Request("r")), absl::OkStatus());
  const Entry redeem = last();
  const absl::Time due = book_.lot(1).expire_time;
  book_.ExpireUntil(due);
  EXPECT_TRUE(book_.Undo(redeem, On(3), Request("u")));
  EXPECT_EQ(book_.lot(1).remaining, 0);
  EXPECT_EQ(book_.lot(4).remaining, 20);
  book_.ExpireUntil(due);
  EXPECT_EQ(book_.member().available, 0);
  std::set<std::string> causes;
  for (const Entry& entry : book_.entries()) {
    EXPECT_TRUE(causes.insert(entry.cause.key).second) << entry.cause.key;
  }
}

TEST_F(LedgerBookTest, UndoneRedeemPaysDebtFirst) {
  Earning earning = Earn("p-1", 50, 1);
  ASSERT_EQ(book_.Redeem(50, On(2), Request("r")), absl::OkStatus());
  const Entry redeem = last();
  Refund(earning, 3000, 3);
  EXPECT_EQ(book_.member().debt, 30);
  EXPECT_TRUE(book_.Undo(redeem, On(4), Request("u")));
  EXPECT_EQ(book_.member().debt, 0);
  EXPECT_EQ(book_.member().available, 20);
  EXPECT_EQ(book_.lot(1).remaining, 20);
}

TEST_F(LedgerBookTest, UndoneAdjustLeavesDebtForWhatWasSpent) {
  ASSERT_EQ(book_.Adjust(100, On(1), Request("a")), absl::OkStatus());
  const Entry adjust = last();
  ASSERT_EQ(book_.Redeem(60, On(2), Request("r")), absl::OkStatus());
  EXPECT_TRUE(book_.Undo(adjust, On(3), Request("u")));
  EXPECT_EQ(last().points, 100);
  EXPECT_EQ(last().credit_account, LedgerAccount::kAdjusted);
  EXPECT_EQ(book_.member().available, -60);
  EXPECT_EQ(book_.member().debt, 60);
}

TEST_F(LedgerBookTest, NothingIsLeftToUndoOfAnExpiredAdjust) {
  ASSERT_EQ(book_.Adjust(100, On(1), Request("a")), absl::OkStatus());
  const Entry adjust = last();
  book_.ExpireUntil(book_.lot(1).expire_time);
  EXPECT_FALSE(book_.Undo(adjust, On(900), Request("u")));
  EXPECT_EQ(book_.entries().size(), 2U);
}

TEST_F(LedgerBookTest, TellsTheFeedOfEveryEntryInOrder) {
  Earn("p-1", 50, 1);
  ASSERT_EQ(book_.Redeem(20, On(2), Request("r")), absl::OkStatus());
  ASSERT_EQ(book_.events().size(), 2U);
  const auto& redeemed = std::get<PointsPosted>(book_.events()[1].body);
  EXPECT_EQ(book_.events()[1].feed_seq, 2);
  EXPECT_EQ(redeemed.kind, EntryKind::kRedeem);
  EXPECT_EQ(redeemed.signed_points, -20);
  EXPECT_EQ(redeemed.balance_after, 30);
  EXPECT_EQ(redeemed.transaction_id, book_.entries()[1].transaction_id);
}

}  // namespace
}  // namespace clientele::loyalty
