// Random operations on a book against a model that keeps every single point.

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "services/loyalty/domain/ledger_book.h"

namespace clientele::loyalty {
namespace {

constexpr int kSeeds = 300;
constexpr int kSteps = 120;

absl::Time Day(int day) {
  return absl::FromCivil(absl::CivilDay(2011, 1, 1) + (day - 1), absl::UTCTimeZone());
}

// Every point by itself: where it is, and what it waits for.
class PointModel {
 public:
  struct Point {
    int64_t lot;
    absl::Time expire_time;
  };

  void Give(int64_t lot, int64_t count, absl::Time expire_time) {
    for (int64_t i = 0; i < count; ++i) {
      if (debt > 0) {
        --debt;
      } else {
        points.push_back({lot, expire_time});
      }
    }
  }

  // Takes the own lot's points first, then those that expire first; answers those it took.
  std::vector<Point> Take(int64_t count, int64_t own_lot = 0) {
    std::vector<Point> taken;
    for (int64_t i = 0; i < count; ++i) {
      auto best = points.end();
      for (auto point = points.begin(); point != points.end(); ++point) {
        if (best == points.end() || Key(*point, own_lot) < Key(*best, own_lot)) {
          best = point;
        }
      }
      if (best == points.end()) {
        ++debt;
      } else {
        taken.push_back(*best);
        points.erase(best);
      }
    }
    return taken;
  }

  void Expire(absl::Time until, std::map<int64_t, int64_t>& expired_by_lot) {
    for (auto point = points.begin(); point != points.end();) {
      if (point->expire_time <= until) {
        ++expired_by_lot[point->lot];
        point = points.erase(point);
      } else {
        ++point;
      }
    }
  }

  int64_t available() const { return static_cast<int64_t>(points.size()) - debt; }

  std::vector<Point> points;
  int64_t debt = 0;

 private:
  static std::tuple<bool, absl::Time, int64_t> Key(const Point& point, int64_t own_lot) {
    return {point.lot != own_lot, point.expire_time, point.lot};
  }
};

struct Request {
  Entry entry;
  std::vector<PointModel::Point> taken;
  bool undone = false;
};

class RandomLedger {
 public:
  explicit RandomLedger(unsigned seed)
      : program_(DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone())),
        random_(seed),
        book_(LedgerBook(program_, NewMember(), {})) {}

  void Run() {
    for (int step = 0; step < kSteps; ++step) {
      day_ += Pick(25);
      if (Pick(4) == 0) {
        Reload();
      }
      if (Pick(3) > 0) {
        Expire();
      }
      Step();
      Check(step);
    }
  }

 private:
  static Member NewMember() {
    Member member;
    member.id = CustomerId("c-1");
    return member;
  }

  int64_t Pick(int64_t below) {
    return std::uniform_int_distribution<int64_t>(0, below - 1)(random_);
  }
  PostingTime Now() const { return {Day(day_), Day(day_)}; }
  EntryCause NewCause() {
    return RequestCause(std::to_string(++request_count_), "hash", "TEST", "");
  }

  // As storing and loading the member does: open lots only, closed ones when they are needed.
  void Reload() {
    std::vector<Lot> open;
    for (int64_t seq = 1; seq <= book_->member().entry_count; ++seq) {
      if (book_->HasLot(seq) && book_->lot(seq).remaining > 0) {
        open.push_back(book_->lot(seq));
      } else if (book_->HasLot(seq)) {
        closed_[seq] = book_->lot(seq);
      }
    }
    std::shuffle(open.begin(), open.end(), random_);
    std::vector<Entry> old = book_->entries();
    history_.insert(history_.end(), old.begin(), old.end());
    const Member member = book_->member();
    book_.emplace(program_, member, std::move(open));
  }

  void Need(int64_t seq) {
    if (!book_->HasLot(seq)) {
      book_->AddClosedLot(closed_.at(seq));
    }
  }

  void Expire() {
    book_->ExpireUntil(Day(day_));
    model_.Expire(Day(day_), expired_);
  }

  void Step() {
    switch (Pick(6)) {
      case 0:
      case 1:
        return Earn();
      case 2:
        return Refund();
      case 3:
        return Redeem();
      case 4:
        return Adjust();
      default:
        return Undo();
    }
  }

  void Earn() {
    const int64_t points = 1 + Pick(40);
    Earning earning{.purchase_id = PurchaseId(std::to_string(earnings_.size())),
                    .occur_time = Day(day_ - static_cast<int>(Pick(100))),
                    .gross_minor = points * 100 + Pick(100),
                    .points = points};
    book_->Earn(earning, {earning.occur_time, Day(day_)}, Day(day_));
    model_.Give(earning.lot_seq, points, AddMonths(earning.occur_time, 24, absl::UTCTimeZone()));
    earnings_.push_back(earning);
  }

  void Refund() {
    if (earnings_.empty()) {
      return;
    }
    Earning& earning = earnings_[Pick(static_cast<int64_t>(earnings_.size()))];
    const int64_t left = earning.gross_minor - earning.refunded_minor;
    if (left == 0) {
      return;
    }
    earning.refunded_minor += 1 + Pick(left);
    Need(earning.lot_seq);
    const int64_t before = earning.reversed_points;
    book_->ReverseEarning(earning, earning.refunded_minor, Now(),
                          RefundCause(earning.purchase_id, std::to_string(++request_count_)));
    // The naive rule: what is due in all, less what expired of its lot, less what was taken.
    const int64_t due = earning.points * earning.refunded_minor / earning.gross_minor;
    const int64_t expected = std::max<int64_t>(0, due - expired_[earning.lot_seq] - before);
    ASSERT_EQ(earning.reversed_points - before, expected);
    model_.Take(expected, earning.lot_seq);
  }

  void Redeem() {
    const int64_t points = 1 + Pick(60);
    const bool possible = points <= model_.available();
    ASSERT_EQ(book_->Redeem(points, Now(), NewCause()).ok(), possible);
    if (possible) {
      requests_.push_back({book_->entries().back(), model_.Take(points)});
    }
  }

  void Adjust() {
    const int64_t points = Pick(2) == 0 ? 1 + Pick(30) : -1 - Pick(30);
    const bool possible = points > 0 || -points <= model_.available();
    ASSERT_EQ(book_->Adjust(points, Now(), NewCause()).ok(), possible);
    if (!possible) {
      return;
    }
    const Entry entry = book_->entries().back();
    Request request{entry, {}};
    if (points > 0) {
      model_.Give(entry.seq, points, AddMonths(Day(day_), 24, absl::UTCTimeZone()));
    } else {
      request.taken = model_.Take(-points);
    }
    requests_.push_back(request);
  }

  void Undo() {
    if (requests_.empty()) {
      return;
    }
    Request& request = requests_[Pick(static_cast<int64_t>(requests_.size()))];
    if (request.undone) {
      return;
    }
    request.undone = true;
    for (const LotUse& use : request.entry.lot_uses) {
      Need(use.lot_seq);
    }
    if (request.entry.is_credit()) {
      Need(request.entry.seq);
      const int64_t left = request.entry.points - expired_[request.entry.seq];
      ASSERT_EQ(book_->Undo(request.entry, Now(), NewCause()), left > 0);
      model_.Take(left, request.entry.seq);
      return;
    }
    ASSERT_TRUE(book_->Undo(request.entry, Now(), NewCause()));
    const int64_t new_lot = book_->entries().back().seq;
    // Debt swallows the points that were taken first, which expire first.
    const int64_t paid = std::min<int64_t>(model_.debt, request.entry.points);
    model_.debt -= paid;
    for (const PointModel::Point& point :
         absl::MakeSpan(request.taken).subspan(static_cast<size_t>(paid))) {
      if (point.expire_time > Day(day_)) {
        model_.points.push_back(point);
      } else {
        model_.points.push_back({new_lot, Day(day_) + program_.reinstated});
      }
    }
  }

  void Check(int step) {
    const Member& member = book_->member();
    ASSERT_EQ(member.available, model_.available()) << "step " << step;
    ASSERT_EQ(member.debt, model_.debt) << "step " << step;
    std::map<int64_t, int64_t> expected;
    for (const PointModel::Point& point : model_.points) {
      ++expected[point.lot];
    }
    int64_t remaining = 0;
    for (int64_t seq = 1; seq <= member.entry_count; ++seq) {
      if (book_->HasLot(seq)) {
        ASSERT_EQ(book_->lot(seq).remaining, expected[seq]) << "lot " << seq << " step " << step;
        ASSERT_EQ(book_->lot(seq).expired, expired_[seq]) << "lot " << seq << " step " << step;
        remaining += book_->lot(seq).remaining;
      }
    }
    ASSERT_EQ(member.available, remaining - member.debt);
    ASSERT_TRUE(member.debt == 0 || remaining == 0);
    CheckEntries();
  }

  void CheckEntries() {
    std::vector<Entry> all = history_;
    all.insert(all.end(), book_->entries().begin(), book_->entries().end());
    int64_t sum = 0;
    absl::Time last = absl::InfinitePast();
    for (size_t i = 0; i < all.size(); ++i) {
      sum += all[i].signed_points();
      ASSERT_EQ(all[i].seq, static_cast<int64_t>(i) + 1);
      ASSERT_EQ(all[i].balance_after, sum);
      ASSERT_GT(all[i].record_time, last);
      ASSERT_NE(all[i].debit_account, all[i].credit_account);
      last = all[i].record_time;
    }
    ASSERT_EQ(sum, book_->member().available);
  }

  const Program program_;
  std::mt19937 random_;
  std::optional<LedgerBook> book_;
  PointModel model_;
  std::vector<Earning> earnings_;
  std::vector<Request> requests_;
  std::vector<Entry> history_;          // of books before the last Reload
  std::map<int64_t, Lot> closed_;       // as stored
  std::map<int64_t, int64_t> expired_;  // by lot
  int day_ = 1;
  int request_count_ = 0;
};

TEST(LedgerRandomTest, AgreesWithAModelOfSinglePoints) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    RandomLedger ledger(seed);
    ledger.Run();
    if (HasFatalFailure()) {
      return;
    }
  }
}

}  // namespace
}  // namespace clientele::loyalty
