#ifndef COMMON_AUDIT_TESTING_AUDIT_LOG_CONTRACT_H_
#define COMMON_AUDIT_TESTING_AUDIT_LOG_CONTRACT_H_

// What the audit log does on every driver.

#include <memory>
#include <string>
#include <vector>

#include "common/audit/audit_chain.h"
#include "common/audit/audit_chainer.h"
#include "common/audit/verify_log.h"
#include "common/ids/uuid.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::audit {

// Opens an empty database with the schema of the feed and of the audit log.
using OpenDatabase = std::unique_ptr<sql::Database> (*)();

class AuditLogContract : public ::testing::TestWithParam<OpenDatabase> {
 protected:
  // Stores the records of `count` calls in one transaction; answers their ids.
  std::vector<std::string> Append(int count);

  // Every entry, by partition and position.
  std::vector<Entry> Entries();

  // The ids of every entry, sorted.
  std::vector<std::string> ChainedIds();

  // The verdict on each partition.
  std::vector<Verdict> VerifyAll();

  // Runs a statement of the test's own.
  void Execute(absl::string_view text);

  SystemClock clock_;
  UuidV7Generator ids_;
  const std::unique_ptr<sql::Database> database_ = GetParam()();
  AuditChainer chainer_{*database_, clock_, "a", absl::Seconds(10)};
};

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_TESTING_AUDIT_LOG_CONTRACT_H_
