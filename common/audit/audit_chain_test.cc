#include "common/audit/audit_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "common/audit/testing/test_records.h"

namespace clientele::audit {
namespace {

using ::testing::SizeIs;

const StoredRecord kRecord = {"id-1", TestTime(0), "content"};

// Everybody who verifies an export computes it so, for ever.
TEST(AuditChainTest, HashesAnEntryAsPublished) {
  EXPECT_EQ(absl::BytesToHexString(EntryHash("", 3, 1, kRecord)),
            "64d3ed247d38db0203628c7bfecd8c6c6ba789da659313fdf8dfbe8d0a9e27e7");
}

TEST(AuditChainTest, EveryPartOfAnEntryIsInItsHash) {
  const std::string previous(32, 'p');
  const std::string hash = EntryHash(previous, 3, 7, kRecord);
  EXPECT_THAT(hash, SizeIs(32));
  EXPECT_NE(hash, EntryHash(std::string(32, 'q'), 3, 7, kRecord));
  EXPECT_NE(hash, EntryHash(previous, 4, 7, kRecord));
  EXPECT_NE(hash, EntryHash(previous, 3, 8, kRecord));
  EXPECT_NE(hash, EntryHash(previous, 3, 7, {"id-2", TestTime(0), "content"}));
  EXPECT_NE(hash, EntryHash(previous, 3, 7, {"id-1", TestTime(1), "content"}));
  EXPECT_NE(hash, EntryHash(previous, 3, 7, {"id-1", TestTime(0), "contents"}));
}

// Two texts one behind the other read the same when their border moves, unless lengths say where.
TEST(AuditChainTest, NoTwoEntriesReadAlike) {
  EXPECT_NE(EntryHash("", 0, 1, {"ab", TestTime(0), "c"}),
            EntryHash("", 0, 1, {"a", TestTime(0), "bc"}));
}

TEST(AuditChainTest, AnUntouchedChainHolds) {
  UuidV7Generator ids;
  chain::Head head;
  chain::Verifier verifier;
  for (StoredRecord& record : TestRecords(20, ids)) {
    EXPECT_TRUE(Accept(5, AppendToChain(5, std::move(record), head), verifier));
  }
  EXPECT_TRUE(verifier.AcceptEnd(head));
  EXPECT_EQ(verifier.verified(), head);
  EXPECT_EQ(head.position, 20);
  EXPECT_EQ(verifier.first_bad_position(), 0);
}

TEST(AuditChainTest, AnEmptyChainHolds) {
  chain::Verifier verifier;
  EXPECT_TRUE(verifier.AcceptEnd(chain::Head()));
}

TEST(AuditChainTest, GoesOnFromAPlaceThatIsKnown) {
  UuidV7Generator ids;
  std::vector<StoredRecord> records = TestRecords(2, ids);
  chain::Head head;
  AppendToChain(5, records[0], head);
  chain::Verifier verifier(head);
  EXPECT_TRUE(Accept(5, AppendToChain(5, records[1], head), verifier));
  EXPECT_TRUE(verifier.AcceptEnd(head));
}

}  // namespace
}  // namespace clientele::audit
