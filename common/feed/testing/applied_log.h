#ifndef COMMON_FEED_TESTING_APPLIED_LOG_H_
#define COMMON_FEED_TESTING_APPLIED_LOG_H_

// A consumer's effect that shows every loss, repetition and change of order: a list of event ids.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/feed/event_applier.h"
#include "common/sql/database.h"
#include "gtest/gtest.h"

namespace clientele::feed {

class AppliedLog final : public EventHandler {
 public:
  void CreateTable(sql::Database& database) {
    ASSERT_EQ(database.RunInTransaction({},
                                        [](sql::Tx& tx) {
                                          return tx.ExecuteSchema(
                                              "CREATE TABLE applied (number BIGINT NOT NULL "
                                              "PRIMARY KEY, id TEXT NOT NULL)");
                                        }),
              absl::OkStatus());
  }

  // Set before the consumer starts: called after the effect of each batch.
  void SetFault(std::function<absl::Status()> fault) { fault_ = std::move(fault); }

  // Makes the next Apply fail after its effect.
  void FailNext(const absl::Status& status) {
    SetFault([status, failed = false]() mutable {
      return std::exchange(failed, true) ? absl::OkStatus() : status;
    });
  }

  absl::Status Apply(sql::Tx& tx, absl::Span<const clientele::common::v1::Event> events) override {
    const sql::Statement insert{
        "InsertApplied", "INSERT INTO applied (number, id) SELECT COUNT(*) + 1, $1 FROM applied"};
    std::vector<std::vector<sql::Param>> batch;
    for (const auto& event : events) {
      batch.push_back({absl::string_view(event.id())});
    }
    const absl::Status inserted = tx.ExecuteBatch(insert, batch).status();
    return inserted.ok() && fault_ ? fault_() : inserted;
  }

  void OnCommitted() override { ++committed_count_; }
  int committed_count() const { return committed_count_; }

  // The ids in the order in which they were applied.
  std::vector<std::string> Read(sql::Database& database) const {
    const sql::Statement select{"SelectApplied", "SELECT id FROM applied ORDER BY number"};
    std::vector<std::string> ids;
    EXPECT_EQ(database.RunReadOnly({},
                                   [&](sql::Tx& tx) {
                                     return tx.Query(select, {}, [&](const sql::Row& row) {
                                       ids.emplace_back(row.Text(0));
                                       return absl::OkStatus();
                                     });
                                   }),
              absl::OkStatus());
    return ids;
  }

 private:
  std::function<absl::Status()> fault_;
  int committed_count_ = 0;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_APPLIED_LOG_H_
