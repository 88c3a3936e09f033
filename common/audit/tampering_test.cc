// Whatever is done to a chain, its verification finds it, and where it begins.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/audit/audit_chain.h"
#include "common/audit/testing/test_records.h"
#include "common/testing/seed.h"

namespace clientele::audit {
namespace {

constexpr int kTamperingCount = 10'000;
constexpr int kPartition = 5;
constexpr int kEntryCount = 40;

// What a store holds of one partition.
struct Log {
  std::vector<Entry> entries;
  chain::Head head;

  int64_t size() const { return static_cast<int64_t>(entries.size()); }
};

Log MakeLog(int partition) {
  UuidV7Generator ids;
  Log log;
  for (StoredRecord& record : TestRecords(kEntryCount, ids)) {
    log.entries.push_back(AppendToChain(partition, std::move(record), log.head));
  }
  return log;
}

int64_t FirstBadPosition(const Log& log) {
  chain::Verifier verifier;
  for (const Entry& entry : log.entries) {
    Accept(kPartition, entry, verifier);
  }
  verifier.AcceptEnd(log.head);
  return verifier.first_bad_position();
}

void FlipBit(std::mt19937_64& random, std::string& bytes) {
  bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
}

void Renumber(Log& log, size_t from) {
  for (size_t i = from; i < log.entries.size(); ++i) {
    log.entries[i].position = static_cast<int64_t>(i) + 1;
  }
}

std::string HashInPlace(const Log& log, size_t i) {
  const std::string previous = i == 0 ? "" : log.entries[i - 1].hash;
  return EntryHash(previous, kPartition, log.entries[i].position, log.entries[i].record);
}

// Each does something to entry `i` of the log and answers the first position that is wrong then.
using Tampering = int64_t (*)(std::mt19937_64& random, size_t i, Log& log);

int64_t ChangeContent(std::mt19937_64& random, size_t i, Log& log) {
  FlipBit(random, log.entries[i].record.content);
  return log.entries[i].position;
}

int64_t ChangeId(std::mt19937_64& random, size_t i, Log& log) {
  FlipBit(random, log.entries[i].record.id);
  return log.entries[i].position;
}

int64_t ChangeTime(std::mt19937_64& random, size_t i, Log& log) {
  log.entries[i].record.record_time += absl::Microseconds(1 + random() % 1000);
  return log.entries[i].position;
}

int64_t ChangeHash(std::mt19937_64& random, size_t i, Log& log) {
  FlipBit(random, log.entries[i].hash);
  return log.entries[i].position;
}

// Its own hash is made right again: what no longer follows is the next one, or the head.
int64_t ChangeWithHash(std::mt19937_64& random, size_t i, Log& log) {
  FlipBit(random, log.entries[i].record.content);
  log.entries[i].hash = HashInPlace(log, i);
  return std::min(log.entries[i].position + 1, log.size());
}

int64_t TakeOut(std::mt19937_64&, size_t i, Log& log) {
  log.entries.erase(log.entries.begin() + static_cast<std::ptrdiff_t>(i));
  return static_cast<int64_t>(i) + 1;
}

int64_t TakeOutAndCloseTheGap(std::mt19937_64& random, size_t i, Log& log) {
  const int64_t bad = TakeOut(random, i, log);
  Renumber(log, i);
  return bad;
}

int64_t CutOff(std::mt19937_64&, size_t i, Log& log) {
  log.entries.resize(i);
  return static_cast<int64_t>(i) + 1;
}

int64_t Swap(std::mt19937_64& random, size_t i, Log& log) {
  const size_t other = (i + 1 + random() % (log.entries.size() - 1)) % log.entries.size();
  std::swap(log.entries[i].record, log.entries[other].record);
  std::swap(log.entries[i].hash, log.entries[other].hash);
  return static_cast<int64_t>(std::min(i, other)) + 1;
}

int64_t PutIn(std::mt19937_64& random, size_t i, Log& log) {
  Entry made = log.entries[random() % log.entries.size()];
  FlipBit(random, made.record.content);
  log.entries.insert(log.entries.begin() + static_cast<std::ptrdiff_t>(i), made);
  Renumber(log, i);
  return static_cast<int64_t>(i) + 1;
}

int64_t PutBehindTheEnd(std::mt19937_64& random, size_t i, Log& log) {
  StoredRecord made = log.entries[i].record;
  FlipBit(random, made.content);
  chain::Head end = log.head;
  log.entries.push_back(AppendToChain(kPartition, std::move(made), end));
  return log.size();
}

int64_t TakeFromAnotherPartition(std::mt19937_64&, size_t i, Log& log) {
  static const Log* const kOther = new Log(MakeLog(kPartition + 1));
  log.entries[i].record = kOther->entries[i].record;
  log.entries[i].hash = kOther->entries[i].hash;
  return log.entries[i].position;
}

int64_t MoveTheHeadBack(std::mt19937_64&, size_t i, Log& log) {
  log.head =
      i == 0 ? chain::Head() : chain::Head{log.entries[i - 1].position, log.entries[i - 1].hash};
  return log.head.position + 1;
}

constexpr Tampering kTamperings[] = {ChangeContent,   ChangeId,
                                     ChangeTime,      ChangeHash,
                                     ChangeWithHash,  TakeOut,
                                     CutOff,          Swap,
                                     PutIn,           TakeOutAndCloseTheGap,
                                     PutBehindTheEnd, TakeFromAnotherPartition,
                                     MoveTheHeadBack};

TEST(TamperingTest, TenThousandTamperingsAreAllFoundWhereTheyBegin) {
  const Log untouched = MakeLog(kPartition);
  ASSERT_EQ(FirstBadPosition(untouched), 0);
  std::mt19937_64 random(TestSeed(12));
  for (int n = 0; n < kTamperingCount; ++n) {
    Log log = untouched;
    const size_t kind = random() % std::size(kTamperings);
    const size_t i = random() % log.entries.size();
    const int64_t expected = kTamperings[kind](random, i, log);
    ASSERT_EQ(FirstBadPosition(log), expected) << "kind " << kind << " at index " << i;
  }
}

// The planted defect: whether each entry follows from the one before, and nothing else.
bool LooksRightToANaiveCheck(const Log& log) {
  std::string previous;
  for (const Entry& entry : log.entries) {
    if (entry.hash != EntryHash(previous, kPartition, entry.position, entry.record)) {
      return false;
    }
    previous = entry.hash;
  }
  return true;
}

TEST(TamperingTest, ACheckWithoutTheHeadMissesWhatWasCutOff) {
  std::mt19937_64 random(1);
  Log log = MakeLog(kPartition);
  CutOff(random, kEntryCount / 2, log);
  EXPECT_TRUE(LooksRightToANaiveCheck(log));
  EXPECT_EQ(FirstBadPosition(log), kEntryCount / 2 + 1);
}

// What a chain cannot show by itself: only a head that was noted elsewhere does.
TEST(TamperingTest, ALogWrittenAnewShowsAgainstANotedHeadOnly) {
  Log log = MakeLog(kPartition);
  const chain::Head noted = log.head;
  log.head = chain::Head();
  for (Entry& entry : log.entries) {
    entry =
        AppendToChain(kPartition, {entry.record.id, entry.record.record_time, "anew"}, log.head);
  }
  EXPECT_EQ(FirstBadPosition(log), 0);
  EXPECT_NE(log.entries.back().hash, noted.hash);
}

}  // namespace
}  // namespace clientele::audit
