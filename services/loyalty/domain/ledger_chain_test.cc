// Whatever is done to a member's entries, the check of their chain finds it, and where it begins.

#include "services/loyalty/domain/ledger_chain.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/testing/seed.h"
#include "gtest/gtest.h"
#include "services/loyalty/domain/ledger_book.h"

namespace clientele::loyalty {
namespace {

constexpr int kTamperingCount = 10'000;

absl::Time Day(int day) { return absl::FromUnixSeconds(1'300'000'000) + absl::Hours(24) * day; }

// What a store holds of one member's entries.
struct Ledger {
  CustomerId customer_id;
  std::vector<Entry> entries;
  ChainEnd end;

  int64_t size() const { return static_cast<int64_t>(entries.size()); }
};

// Entries of every kind: with no lot used, with one and with several.
Ledger MakeLedger(const std::string& customer_id) {
  const Program program = DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone());
  Member member;
  member.id = CustomerId(customer_id);
  LedgerBook book(program, member, {});
  for (int day = 0; day < 12; ++day) {
    const std::string id = absl::StrCat(customer_id, "-", day);
    const PostingTime time{Day(day), Day(day)};
    Earning earning{.purchase_id = PurchaseId(id),
                    .occur_time = Day(day),
                    .gross_minor = 10'000,
                    .points = 100};
    book.Earn(earning, time, time.record_time);
    book.ReverseEarning(earning, 2'500, time, RefundCause(earning.purchase_id, "1"));
    EXPECT_TRUE(book.Redeem(40 + 3 * day, time, RequestCause(id, "hash", "GIFT", "order-7")).ok());
    EXPECT_TRUE(book.Adjust(day + 1, time, RequestCause(id + "-a", "hash", "GOODWILL", "")).ok());
  }
  EXPECT_TRUE(book.Undo(book.entries()[2], {Day(13), Day(13)},
                        RequestCause(customer_id + "-u", "hash", "REVERSAL", "")));
  book.ExpireUntil(Day(2000));
  return {member.id,
          book.entries(),
          {{book.member().head_seq, book.member().head_hash}, book.member().entry_count}};
}

int64_t FirstBadSeq(const Ledger& ledger) {
  chain::Verifier verifier;
  for (const Entry& entry : ledger.entries) {
    Accept(ledger.customer_id, ledger.end, entry, verifier);
  }
  AcceptEnd(ledger.end, verifier);
  return verifier.first_bad_position();
}

void FlipBit(std::mt19937_64& random, std::string& bytes) {
  if (bytes.empty()) {
    bytes = "x";
    return;
  }
  bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
}

// Changes one value of `entry`, whichever.
void ChangeValue(std::mt19937_64& random, Entry& entry) {
  int64_t* const numbers[] = {&entry.points, &entry.balance_after, &entry.program_version};
  std::string* const texts[] = {&entry.transaction_id,
                                &entry.cause.key,
                                &entry.cause.content_hash,
                                &entry.cause.refund_number,
                                &entry.cause.reason,
                                &entry.cause.reference,
                                &entry.hash};
  absl::Time* const times[] = {&entry.occur_time, &entry.record_time};
  LedgerAccount* const accounts[] = {&entry.debit_account, &entry.credit_account};
  switch (random() % 7) {
    case 0:
      *numbers[random() % std::size(numbers)] += 1 + static_cast<int64_t>(random() % 1000);
      return;
    case 1:
      return FlipBit(random, *texts[random() % std::size(texts)]);
    case 2:
      *times[random() % std::size(times)] += absl::Microseconds(1 + random() % 1000);
      return;
    case 3: {
      LedgerAccount& account = *accounts[random() % std::size(accounts)];
      account =
          account == LedgerAccount::kAdjusted ? LedgerAccount::kIssued : LedgerAccount::kAdjusted;
      return;
    }
    case 4:
      entry.kind = entry.kind == EntryKind::kEarn ? EntryKind::kAdjust : EntryKind::kEarn;
      return;
    case 5:
      entry.cause.purchase_id = PurchaseId(entry.cause.purchase_id.value() + "x");
      return;
    default:
      if (entry.lot_uses.empty()) {
        entry.lot_uses.push_back({1, "", 1});
      } else {
        ++entry.lot_uses[random() % entry.lot_uses.size()].points;
      }
  }
}

void Renumber(Ledger& ledger, size_t from) {
  for (size_t i = from; i < ledger.entries.size(); ++i) {
    ledger.entries[i].seq = static_cast<int64_t>(i) + 1;
  }
}

// Each does something to entry `i` and answers the first seq that is wrong then.
using Tampering = int64_t (*)(std::mt19937_64& random, size_t i, Ledger& ledger);

int64_t Change(std::mt19937_64& random, size_t i, Ledger& ledger) {
  ChangeValue(random, ledger.entries[i]);
  return ledger.entries[i].seq;
}

// Its own hash is made right again: what no longer follows is the next one, or the head.
int64_t ChangeWithHash(std::mt19937_64& random, size_t i, Ledger& ledger) {
  Entry& entry = ledger.entries[i];
  ChangeValue(random, entry);
  entry.hash = EntryHash(i == 0 ? "" : ledger.entries[i - 1].hash, ledger.customer_id, entry);
  if (entry.hash == MakeLedger(ledger.customer_id.value()).entries[i].hash) {
    FlipBit(random, entry.hash);  // it was the hash that had been changed
    return entry.seq;
  }
  return std::min(entry.seq + 1, ledger.size());
}

int64_t TakeOut(std::mt19937_64&, size_t i, Ledger& ledger) {
  ledger.entries.erase(ledger.entries.begin() + static_cast<std::ptrdiff_t>(i));
  return static_cast<int64_t>(i) + 1;
}

int64_t TakeOutAndCloseTheGap(std::mt19937_64& random, size_t i, Ledger& ledger) {
  const int64_t bad = TakeOut(random, i, ledger);
  Renumber(ledger, i);
  return bad;
}

int64_t CutOff(std::mt19937_64&, size_t i, Ledger& ledger) {
  ledger.entries.resize(i);
  return static_cast<int64_t>(i) + 1;
}

int64_t Swap(std::mt19937_64& random, size_t i, Ledger& ledger) {
  const size_t other = (i + 1 + random() % (ledger.entries.size() - 1)) % ledger.entries.size();
  std::swap(ledger.entries[i], ledger.entries[other]);
  std::swap(ledger.entries[i].seq, ledger.entries[other].seq);
  return static_cast<int64_t>(std::min(i, other)) + 1;
}

int64_t PutIn(std::mt19937_64& random, size_t i, Ledger& ledger) {
  Entry made = ledger.entries[random() % ledger.entries.size()];
  ChangeValue(random, made);
  ledger.entries.insert(ledger.entries.begin() + static_cast<std::ptrdiff_t>(i), made);
  Renumber(ledger, i);
  return static_cast<int64_t>(i) + 1;
}

int64_t PutBehindTheEnd(std::mt19937_64& random, size_t i, Ledger& ledger) {
  Entry made = ledger.entries[i];
  ChangeValue(random, made);
  made.seq = ledger.size() + 1;
  made.hash = EntryHash(ledger.end.head.hash, ledger.customer_id, made);
  ledger.entries.push_back(made);
  return made.seq;
}

int64_t TakeFromAnotherMember(std::mt19937_64&, size_t i, Ledger& ledger) {
  static const Ledger* const kOther = new Ledger(MakeLedger("c-2"));
  ledger.entries[i] = kOther->entries[i];
  return ledger.entries[i].seq;
}

int64_t MoveTheHeadBack(std::mt19937_64&, size_t i, Ledger& ledger) {
  ledger.end.head =
      i == 0 ? chain::Head() : chain::Head{ledger.entries[i - 1].seq, ledger.entries[i - 1].hash};
  return ledger.end.head.position + 1;
}

int64_t MoveTheEndBack(std::mt19937_64&, size_t i, Ledger& ledger) {
  ledger.end.entry_count = static_cast<int64_t>(i);
  return ledger.end.entry_count + 1;
}

int64_t ChangeTheHead(std::mt19937_64& random, size_t, Ledger& ledger) {
  FlipBit(random, ledger.end.head.hash);
  return ledger.size();
}

// As if they had not been chained yet.
int64_t ForgetHashes(std::mt19937_64&, size_t i, Ledger& ledger) {
  for (size_t j = i; j < ledger.entries.size(); ++j) {
    ledger.entries[j].hash.clear();
  }
  return static_cast<int64_t>(i) + 1;
}

constexpr Tampering kTamperings[] = {Change,
                                     ChangeWithHash,
                                     TakeOut,
                                     CutOff,
                                     Swap,
                                     PutIn,
                                     PutBehindTheEnd,
                                     TakeFromAnotherMember,
                                     TakeOutAndCloseTheGap,
                                     MoveTheHeadBack,
                                     MoveTheEndBack,
                                     ChangeTheHead,
                                     ForgetHashes};

TEST(LedgerChainTest, TenThousandTamperingsAreAllFoundWhereTheyBegin) {
  const Ledger untouched = MakeLedger("c-1");
  ASSERT_EQ(FirstBadSeq(untouched), 0);
  std::mt19937_64 random(TestSeed(12));
  for (int n = 0; n < kTamperingCount; ++n) {
    Ledger ledger = untouched;
    const size_t kind = random() % std::size(kTamperings);
    const size_t i = random() % ledger.entries.size();
    const int64_t expected = kTamperings[kind](random, i, ledger);
    ASSERT_EQ(FirstBadSeq(ledger), expected) << "kind " << kind << " at index " << i;
  }
}

// The planted defect: each entry's own hash is right, but nothing asks where the chain must end.
TEST(LedgerChainTest, ACheckWithoutTheHeadMissesWhatWasCutOff) {
  std::mt19937_64 random(1);
  Ledger ledger = MakeLedger("c-1");
  const ChainEnd end = ledger.end;
  const int64_t bad = CutOff(random, ledger.entries.size() / 2, ledger);
  ledger.end = {{ledger.size(), ledger.entries.back().hash}, ledger.size()};
  EXPECT_EQ(FirstBadSeq(ledger), 0);
  ledger.end = end;
  EXPECT_EQ(FirstBadSeq(ledger), bad);
}

// Whoever checks an export computes it so, for ever.
TEST(LedgerChainTest, HashesAnEntryAsPublished) {
  Entry entry;
  entry.seq = 1;
  entry.transaction_id = "t-1";
  entry.kind = EntryKind::kRedeem;
  entry.debit_account = LedgerAccount::kMember;
  entry.credit_account = LedgerAccount::kRedeemed;
  entry.points = 40;
  entry.balance_after = -2;
  entry.occur_time = absl::FromUnixMicros(5);
  entry.record_time = absl::FromUnixMicros(6);
  entry.cause = RequestCause("r-1", "hash", "GIFT", "order-7");
  entry.program_version = 1;
  entry.lot_uses = {{1, "l-1", 30}, {2, "l-2", 10}};
  EXPECT_EQ(absl::BytesToHexString(EntryHash("", CustomerId("c-1"), entry)),
            "54ef144080abac3b278aca090fec145a2fb25f5a57952bddc218f32881276076");
}

// As a server of the release before leaves them.
TEST(LedgerChainTest, EntriesBehindTheHeadAreNotChainedYetAndHaveNoHash) {
  Ledger ledger = MakeLedger("c-1");
  for (size_t i = 3; i < ledger.entries.size(); ++i) {
    ledger.entries[i].hash.clear();
  }
  ledger.end.head = {3, ledger.entries[2].hash};
  EXPECT_EQ(FirstBadSeq(ledger), 0);
  ledger.entries.erase(ledger.entries.begin() + 5);
  EXPECT_EQ(FirstBadSeq(ledger), 6);
}

}  // namespace
}  // namespace clientele::loyalty
