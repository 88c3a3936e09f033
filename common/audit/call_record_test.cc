#include "common/audit/call_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/audit/limits.h"
#include "common/audit/testing/test_records.h"

namespace clientele::audit {
namespace {

namespace v1 = clientele::common::v1;
using ::testing::ElementsAre;
using ::testing::SizeIs;

v1::AuditRecord Parsed(const StoredRecord& stored) {
  v1::AuditRecord record;
  EXPECT_TRUE(record.ParseFromString(stored.content));
  return record;
}

TEST(CallRecordTest, ManyCallsOfOneCallerAreOneRecord) {
  UuidV7Generator ids;
  const std::vector<CallRecord> calls = {TestCall(1), TestCall(2)};
  const std::vector<StoredRecord> stored = PackRecords(calls, TestTime(9), ids);
  ASSERT_THAT(stored, SizeIs(1));
  EXPECT_EQ(stored[0].record_time, TestTime(9));
  const v1::AuditRecord record = Parsed(stored[0]);
  EXPECT_EQ(record.kind(), v1::AuditRecord::KIND_READ);
  EXPECT_EQ(record.principal(), "jwt:ann");
  EXPECT_EQ(record.method(), "/clientele.profile.v1.CustomerService/GetCustomer");
  EXPECT_EQ(record.code(), "OK");
  ASSERT_THAT(record.calls(), SizeIs(2));
  EXPECT_EQ(record.calls(1).call_id(), "call-2");
  EXPECT_THAT(record.calls(1).subjects(), ElementsAre("customer/c-2"));
}

// Its calls are added to bytes that are there already.
TEST(CallRecordTest, ARecordIsWhatItWouldBeSerializedAtOnce) {
  UuidV7Generator ids;
  std::vector<CallRecord> calls = {TestCall(1), TestCall(2), TestCall(3)};
  calls[0].subjects = {"customer/c-1", "purchase/p-1"};
  calls[1].subjects.clear();
  const std::vector<StoredRecord> stored = PackRecords(calls, TestTime(9), ids);
  ASSERT_THAT(stored, SizeIs(1));
  const v1::AuditRecord record = Parsed(stored[0]);
  EXPECT_EQ(record.SerializeAsString(), stored[0].content);
  ASSERT_THAT(record.calls(), SizeIs(3));
  EXPECT_THAT(record.calls(1).subjects(), SizeIs(0));
  EXPECT_THAT(record.calls(2).subjects(), ElementsAre("customer/c-3"));
}

TEST(CallRecordTest, CallsThatDifferInWhatTheirRecordSaysHaveOneEach) {
  UuidV7Generator ids;
  std::vector<CallRecord> calls(6, TestCall(1));
  calls[1].kind = v1::AuditRecord::KIND_ATTEMPT;
  calls[2].principal = "jwt:bob";
  calls[3].method = "/clientele.profile.v1.CustomerService/ListFacts";
  calls[4].code = "NOT_FOUND";
  calls[5].reason = "CUSTOMER_NOT_FOUND";
  EXPECT_THAT(PackRecords(calls, TestTime(9), ids), SizeIs(6));
}

TEST(CallRecordTest, ARecordStaysSmallEnoughForAPage) {
  UuidV7Generator ids;
  const std::vector<CallRecord> many(kRecordCallsMax + 1, TestCall(1));
  EXPECT_THAT(PackRecords(many, TestTime(9), ids), SizeIs(2));
  std::vector<CallRecord> wide(2, TestCall(1));
  wide[0].subjects.assign(kRecordSubjectsMax, "customer/c-1");
  EXPECT_THAT(PackRecords(wide, TestTime(9), ids), SizeIs(2));
}

TEST(CallRecordTest, NoCallsAreNoRecord) {
  UuidV7Generator ids;
  EXPECT_THAT(PackRecords({}, TestTime(9), ids), SizeIs(0));
}

}  // namespace
}  // namespace clientele::audit
