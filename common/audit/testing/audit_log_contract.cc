#include "common/audit/testing/audit_log_contract.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/audit/audit_store.h"
#include "common/audit/audit_writer.h"
#include "common/audit/limits.h"
#include "common/audit/testing/test_records.h"
#include "common/ids/stable_hash.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"

namespace clientele::audit {
namespace {

constexpr absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

}  // namespace

std::vector<std::string> AuditLogContract::Append(int count) {
  const std::vector<StoredRecord> records = TestRecords(count, ids_);
  EXPECT_EQ(database_->RunInTransaction(
                {}, [&](sql::Tx& tx) { return AppendToAuditOutbox(tx, records); }),
            absl::OkStatus());
  std::vector<std::string> ids;
  ids.reserve(records.size());
  for (const StoredRecord& record : records) {
    ids.push_back(record.id);
  }
  return ids;
}

std::vector<Entry> AuditLogContract::Entries() {
  std::vector<Entry> entries;
  EXPECT_EQ(database_->RunReadOnly({},
                                   [&](sql::Tx& tx) -> absl::Status {
                                     for (int p = 0; p < kPartitionCount; ++p) {
                                       CLIENTELE_RETURN_IF_ERROR(
                                           ReadEntries(tx, p, 1, 100'000, [&](Entry entry) {
                                             entries.push_back(std::move(entry));
                                             return absl::OkStatus();
                                           }));
                                     }
                                     return absl::OkStatus();
                                   }),
            absl::OkStatus());
  return entries;
}

std::vector<std::string> AuditLogContract::ChainedIds() {
  std::vector<std::string> ids;
  for (const Entry& entry : Entries()) {
    ids.push_back(entry.record.id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<Verdict> AuditLogContract::VerifyAll() {
  std::vector<Verdict> verdicts;
  EXPECT_EQ(database_->RunReadOnly({},
                                   [&](sql::Tx& tx) -> absl::Status {
                                     for (int p = 0; p < kPartitionCount; ++p) {
                                       CLIENTELE_ASSIGN_OR_RETURN(
                                           Verdict verdict,
                                           VerifyNext(tx, p, {}, kVerifyEntriesMax));
                                       verdicts.push_back(std::move(verdict));
                                     }
                                     return absl::OkStatus();
                                   }),
            absl::OkStatus());
  return verdicts;
}

void AuditLogContract::Execute(absl::string_view text) {
  EXPECT_EQ(database_->RunInTransaction({},
                                        [&](sql::Tx& tx) {
                                          return tx.QueryText(
                                              "Tamper", text, {},
                                              [](const sql::Row&) { return absl::OkStatus(); });
                                        }),
            absl::OkStatus());
}

namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::SizeIs;

TEST_P(AuditLogContract, EveryRecordGetsOnePlaceAndTheChainsHold) {
  std::vector<std::string> ids = Append(100);
  EXPECT_EQ(*chainer_.Chain(), 100);
  for (const std::string& id : Append(50)) {
    ids.push_back(id);
  }
  EXPECT_EQ(*chainer_.Chain(), 50);
  EXPECT_EQ(*chainer_.Chain(), 0);
  EXPECT_EQ(ChainedIds(), ids);
  int64_t head_sum = 0;
  for (const Verdict& verdict : VerifyAll()) {
    EXPECT_EQ(verdict.first_bad_position, 0);
    EXPECT_TRUE(verdict.is_complete);
    EXPECT_EQ(verdict.verified, verdict.head);
    head_sum += verdict.head.position;
  }
  EXPECT_EQ(head_sum, 150);
}

TEST_P(AuditLogContract, AnEmptyLogHolds) {
  EXPECT_EQ(*chainer_.Chain(), 0);
  EXPECT_THAT(VerifyAll(), Each(Field(&Verdict::first_bad_position, 0)));
}

TEST_P(AuditLogContract, MoreThanABatchIsChainedInTheOrderOfIds) {
  Append(kChainBatchMax + 10);
  EXPECT_EQ(*chainer_.Chain(), kChainBatchMax + 10);
  const std::vector<Entry> entries = Entries();
  for (size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].partition == entries[i - 1].partition) {
      EXPECT_LT(entries[i - 1].record.id, entries[i].record.id);
    }
  }
}

TEST_P(AuditLogContract, AnotherProcessChainsOnceTheLeaseIsGone) {
  AuditChainer other(*database_, clock_, "b", absl::Seconds(10));
  Append(1);
  EXPECT_EQ(*chainer_.Chain(), 1);
  Append(1);
  EXPECT_EQ(*other.Chain(), 0);
  Execute("UPDATE lease SET expire_time = 0 WHERE name = 'audit'");
  EXPECT_EQ(*other.Chain(), 1);
  EXPECT_THAT(VerifyAll(), Each(Field(&Verdict::first_bad_position, 0)));
}

TEST_P(AuditLogContract, FindsWhatWasChangedAndWhere) {
  Append(200);
  ASSERT_EQ(*chainer_.Chain(), 200);
  Execute(
      "UPDATE audit_entry SET record_time = record_time + 1 WHERE partition = 3 AND position = 2");
  Execute("DELETE FROM audit_entry WHERE partition = 4 AND position = 1");
  Execute("UPDATE audit_head SET position = position - 1 WHERE partition = 5");
  const std::vector<Verdict> verdicts = VerifyAll();
  EXPECT_EQ(verdicts[2].first_bad_position, 0);
  EXPECT_EQ(verdicts[3].first_bad_position, 2);
  EXPECT_EQ(verdicts[3].verified.position, 1);
  EXPECT_EQ(verdicts[4].first_bad_position, 1);
  EXPECT_EQ(verdicts[5].first_bad_position, verdicts[5].verified.position);
}

TEST_P(AuditLogContract, VerifiesInPiecesAndFromANotedHead) {
  Append(200);
  ASSERT_EQ(*chainer_.Chain(), 200);
  EXPECT_EQ(database_->RunReadOnly(
                {},
                [&](sql::Tx& tx) -> absl::Status {
                  CLIENTELE_ASSIGN_OR_RETURN(const Verdict first, VerifyNext(tx, 3, {}, 2));
                  EXPECT_EQ(first.verified.position, 2);
                  EXPECT_FALSE(first.is_complete);
                  CLIENTELE_ASSIGN_OR_RETURN(const Verdict rest,
                                             VerifyNext(tx, 3, first.verified, 1000));
                  EXPECT_EQ(rest.verified, rest.head);
                  EXPECT_TRUE(rest.is_complete);
                  // Another log, as good as this one in itself, has not what was noted.
                  CLIENTELE_ASSIGN_OR_RETURN(const Verdict other,
                                             VerifyNext(tx, 3, {2, std::string(32, 'x')}, 1000));
                  EXPECT_EQ(other.first_bad_position, 2);
                  CLIENTELE_ASSIGN_OR_RETURN(
                      const Verdict beyond,
                      VerifyNext(tx, 3, {rest.head.position + 1, rest.head.hash}, 1000));
                  EXPECT_EQ(beyond.first_bad_position, rest.head.position + 1);
                  return absl::OkStatus();
                }),
            absl::OkStatus());
}

// The subjects of the gaps that entries tell of, one each.
std::vector<std::string> GapsIn(const std::vector<Entry>& entries) {
  std::vector<std::string> subjects;
  for (const Entry& entry : entries) {
    clientele::common::v1::AuditRecord record;
    EXPECT_TRUE(record.ParseFromString(entry.record.content));
    EXPECT_EQ(record.kind(), clientele::common::v1::AuditRecord::KIND_GAP);
    EXPECT_THAT(record.calls(0).subjects(), SizeIs(1));
    subjects.push_back(record.calls(0).subjects(0));
  }
  return subjects;
}

// Lets time pass while `writer` writes.
void WriteFor(AuditWriter& writer, FakeClock& clock, absl::Duration duration) {
  for (absl::Duration passed; passed < duration; passed += kSeenInterval) {
    clock.Advance(kSeenInterval);
    ASSERT_EQ(writer.Write(), absl::OkStatus());
  }
}

TEST_P(AuditLogContract, AProcessThatEndedInTheMiddleLeavesAGapThatIsTold) {
  AuditWriter clean(*database_, clock_, ids_, "a");
  ASSERT_EQ(clean.Open(), absl::OkStatus());
  ASSERT_EQ(clean.Close(), absl::OkStatus());
  AuditWriter killed(*database_, clock_, ids_, "a");
  ASSERT_EQ(killed.Open(), absl::OkStatus());
  EXPECT_EQ(killed.gap_count(), 0);
  AuditWriter next(*database_, clock_, ids_, "a");
  ASSERT_EQ(next.Open(), absl::OkStatus());
  EXPECT_EQ(next.gap_count(), 1);
  ASSERT_EQ(next.Write(), absl::OkStatus());
  EXPECT_THAT(GapsIn(Entries()), ElementsAre("replica/a"));
}

TEST_P(AuditLogContract, TheGapOfAProcessThatNeverComesBackIsToldOnceByAnother) {
  FakeClock clock(kNow);
  AuditWriter killed(*database_, clock, ids_, "a");
  ASSERT_EQ(killed.Open(), absl::OkStatus());
  AuditWriter ended(*database_, clock, ids_, "b");
  ASSERT_EQ(ended.Open(), absl::OkStatus());
  ASSERT_EQ(ended.Close(), absl::OkStatus());
  AuditWriter other(*database_, clock, ids_, "c");
  ASSERT_EQ(other.Open(), absl::OkStatus());
  WriteFor(other, clock, kSilenceMax);
  EXPECT_EQ(other.gap_count(), 0);
  WriteFor(other, clock, 2 * kSilenceMax);
  EXPECT_EQ(other.gap_count(), 1);
  EXPECT_THAT(GapsIn(Entries()), ElementsAre("replica/a"));
  AuditWriter next(*database_, clock, ids_, "a");
  ASSERT_EQ(next.Open(), absl::OkStatus());
  EXPECT_EQ(next.gap_count(), 0);
}

TEST_P(AuditLogContract, WhoWasSilentItselfDoesNotTakeOthersForEnded) {
  FakeClock clock(kNow);
  AuditWriter a(*database_, clock, ids_, "a");
  AuditWriter b(*database_, clock, ids_, "b");
  ASSERT_EQ(a.Open(), absl::OkStatus());
  ASSERT_EQ(b.Open(), absl::OkStatus());
  clock.Advance(2 * kSilenceMax);  // the database was away
  ASSERT_EQ(a.Write(), absl::OkStatus());
  ASSERT_EQ(b.Write(), absl::OkStatus());
  WriteFor(a, clock, kSeenInterval);
  EXPECT_EQ(a.gap_count() + b.gap_count(), 0);
}

TEST_P(AuditLogContract, AProcessThatWasTakenForEndedIsNotedAgain) {
  FakeClock clock(kNow);
  AuditWriter paused(*database_, clock, ids_, "a");
  AuditWriter other(*database_, clock, ids_, "b");
  ASSERT_EQ(paused.Open(), absl::OkStatus());
  ASSERT_EQ(other.Open(), absl::OkStatus());
  WriteFor(other, clock, kSilenceMax + kSeenInterval);
  EXPECT_EQ(other.gap_count(), 1);
  ASSERT_EQ(paused.Write(), absl::OkStatus());  // and then it is killed
  AuditWriter next(*database_, clock, ids_, "a");
  ASSERT_EQ(next.Open(), absl::OkStatus());
  EXPECT_EQ(next.gap_count(), 1);
}

TEST_P(AuditLogContract, WhatAReleaseBeforeNotedIsLeftToItsProcess) {
  FakeClock clock(kNow);
  Execute("INSERT INTO audit_writer (name, is_open) VALUES ('open', 1), ('closed', 0)");
  AuditWriter writer(*database_, clock, ids_, "a");
  ASSERT_EQ(writer.Open(), absl::OkStatus());
  WriteFor(writer, clock, 2 * kSilenceMax);
  EXPECT_EQ(writer.gap_count(), 0);
  AuditWriter next(*database_, clock, ids_, "open");
  ASSERT_EQ(next.Open(), absl::OkStatus());
  EXPECT_EQ(next.gap_count(), 1);
}

TEST_P(AuditLogContract, WritesWhatWaitsInMemory) {
  AuditWriter writer(*database_, clock_, ids_, "a");
  ASSERT_EQ(writer.Open(), absl::OkStatus());
  ASSERT_TRUE(writer.buffer().TryReserve());
  writer.buffer().Add(TestCall(1));
  ASSERT_EQ(writer.Write(), absl::OkStatus());
  EXPECT_EQ(writer.chained_count(), 1);
  EXPECT_THAT(Entries(), SizeIs(1));
  EXPECT_EQ(writer.buffer().waiting_count(), 0);
}

}  // namespace
}  // namespace clientele::audit
