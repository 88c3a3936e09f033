#include "common/audit/record_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/audit/limits.h"
#include "common/audit/testing/test_records.h"

namespace clientele::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RecordBufferTest : public ::testing::Test {
 protected:
  // A call without subjects.
  void Put(RecordBuffer& buffer, int number) {
    ASSERT_TRUE(buffer.TryReserve());
    CallRecord call = TestCall(number);
    call.subjects.clear();
    buffer.Add(std::move(call));
  }

  // The calls that a flush writes, or would have.
  std::vector<std::string> Flush(RecordBuffer& buffer, const absl::Status& outcome) {
    std::vector<std::string> written;
    EXPECT_EQ(buffer.Flush([&](absl::Span<const CallRecord> calls) {
      for (const CallRecord& call : calls) {
        written.push_back(call.call_id);
      }
      return outcome;
    }),
              outcome);
    return written;
  }
};

TEST_F(RecordBufferTest, RefusesWhenItIsFullAndCounts) {
  RecordBuffer buffer(2);
  Put(buffer, 1);
  EXPECT_TRUE(buffer.TryReserve());  // one that has not ended yet
  EXPECT_FALSE(buffer.TryReserve());
  EXPECT_EQ(buffer.refused_count(), 1);
  buffer.Release();
  EXPECT_TRUE(buffer.TryReserve());
}

TEST_F(RecordBufferTest, WhatIsWrittenMakesRoom) {
  RecordBuffer buffer(2);
  Put(buffer, 1);
  Put(buffer, 2);
  EXPECT_FALSE(buffer.TryReserve());
  EXPECT_THAT(Flush(buffer, absl::OkStatus()), ElementsAre("call-1", "call-2"));
  Put(buffer, 3);
  EXPECT_THAT(Flush(buffer, absl::OkStatus()), ElementsAre("call-3"));
  EXPECT_THAT(Flush(buffer, absl::OkStatus()), IsEmpty());
}

TEST_F(RecordBufferTest, WhatCouldNotBeWrittenWaitsAndTakesRoom) {
  RecordBuffer buffer(2);
  Put(buffer, 1);
  EXPECT_THAT(Flush(buffer, absl::UnavailableError("away")), ElementsAre("call-1"));
  Put(buffer, 2);
  EXPECT_FALSE(buffer.TryReserve());
  EXPECT_EQ(buffer.waiting_count(), 2);
  EXPECT_THAT(Flush(buffer, absl::OkStatus()), ElementsAre("call-1", "call-2"));
  EXPECT_TRUE(buffer.TryReserve());
}

TEST_F(RecordBufferTest, SubjectsTakeRoomToo) {
  RecordBuffer buffer(3);
  ASSERT_TRUE(buffer.TryReserve());
  CallRecord call = TestCall(1);
  call.subjects.assign(2, "customer/c-1");
  buffer.Add(std::move(call));
  EXPECT_FALSE(buffer.TryReserve());
  Flush(buffer, absl::OkStatus());
  EXPECT_TRUE(buffer.TryReserve());
}

TEST_F(RecordBufferTest, WritesSoManyAtATime) {
  RecordBuffer buffer(3 * static_cast<int64_t>(kFlushCallsMax));
  for (size_t i = 0; i < kFlushCallsMax + 1; ++i) {
    Put(buffer, static_cast<int>(i));
  }
  EXPECT_EQ(buffer.waiting_count(), kFlushCallsMax + 1);
  std::vector<size_t> sizes;
  EXPECT_EQ(buffer.Flush([&](absl::Span<const CallRecord> calls) {
    sizes.push_back(calls.size());
    return absl::OkStatus();
  }),
            absl::OkStatus());
  EXPECT_THAT(sizes, ElementsAre(kFlushCallsMax, 1u));
}

}  // namespace
}  // namespace clientele::audit
