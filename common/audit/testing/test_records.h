#ifndef COMMON_AUDIT_TESTING_TEST_RECORDS_H_
#define COMMON_AUDIT_TESTING_TEST_RECORDS_H_

// Records for tests.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/audit/call_record.h"

namespace clientele::audit {

// The microsecond `number` of a day.
inline absl::Time TestTime(int number) {
  return absl::FromUnixMicros(1'700'000'000'000'000 + number);
}

// A read of "c-<number>" by "jwt:ann".
inline CallRecord TestCall(int number) {
  return {.kind = clientele::common::v1::AuditRecord::KIND_READ,
          .principal = "jwt:ann",
          .method = "/clientele.profile.v1.CustomerService/GetCustomer",
          .code = "OK",
          .reason = "",
          .call_id = absl::StrCat("call-", number),
          .time = TestTime(number),
          .subjects = {absl::StrCat("customer/c-", number)}};
}

// The records of `count` calls, each of its own.
inline std::vector<StoredRecord> TestRecords(int count, UuidV7Generator& ids) {
  std::vector<StoredRecord> records;
  records.reserve(count);
  for (int i = 0; i < count; ++i) {
    const CallRecord call = TestCall(i);
    records.push_back(PackRecords({&call, 1}, TestTime(i), ids).front());
  }
  return records;
}

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_TESTING_TEST_RECORDS_H_
