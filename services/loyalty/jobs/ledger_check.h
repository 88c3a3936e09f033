#ifndef SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_
#define SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_

// Checks that every member's balance, entries and lots agree.

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/sql/database.h"

namespace clientele::loyalty {

// Thread-safe.
class LedgerCheck {
 public:
  // `database` outlives it.
  explicit LedgerCheck(sql::Database& database) : database_(database) {}

  // Checks the next members, at most kCheckPagesMax pages of kCheckMembers; after the last member
  // it begins anew. Changes nothing. The database's errors.
  absl::Status Run();

  // How many members do not balance, of the last whole pass and the one under way; must be 0.
  int64_t imbalance_count() const;

  // Some of those that do not balance, for the log; at most 10, of the last pass begun.
  std::vector<std::string> Examples() const;

 private:
  // Answers whether there are more members.
  absl::StatusOr<bool> CheckPage();

  sql::Database& database_;
  mutable std::mutex mutex_;
  std::string after_customer_id_;
  int64_t last_pass_count_ = 0;
  int64_t this_pass_count_ = 0;
  std::vector<std::string> examples_;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_JOBS_LEDGER_CHECK_H_
