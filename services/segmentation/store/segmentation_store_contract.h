#ifndef SERVICES_SEGMENTATION_STORE_SEGMENTATION_STORE_CONTRACT_H_
#define SERVICES_SEGMENTATION_STORE_SEGMENTATION_STORE_CONTRACT_H_

// What segmentation's store promises, as tests that every database driver passes.
//
// A driver's test links segmentation_store_contract*.cc and segmentation_store_fixture.cc and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, SegmentationStoreContract, ::testing::Values(&OpenIt));

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/feed/positions.h"
#include "common/sql/database.h"
#include "common/sql/transaction.h"
#include "gtest/gtest.h"
#include "services/segmentation/store/order_log_reader.h"
#include "services/segmentation/store/order_log_store.h"
#include "services/segmentation/store/rfm_run_store.h"

namespace clientele::segmentation {

// An empty database with segmentation's schema.
using OpenSegmentationDatabase = std::unique_ptr<sql::Database> (*)();

// Day `day` of 2011, from 1, at noon UTC.
absl::Time Day(int day);

// The same position in every partition.
feed::Positions All(int64_t position);

class SegmentationStoreContract : public ::testing::TestWithParam<OpenSegmentationDatabase> {
 protected:
  SegmentationStoreContract() : database_(GetParam()()) {}

  sql::Database& database() { return *database_; }

  // Commits `work` and expects it to succeed.
  void Commit(sql::TxCallback work) {
    ASSERT_EQ(database_->RunInTransaction({}, work), absl::OkStatus());
  }

  // The value of work(Tx&) → absl::StatusOr<T>, which succeeds.
  template <typename Work>
  auto Value(Work work) {
    return WriteIn(*database_, {}, work).value();
  }

  void AddCustomer(const std::string& customer_id, EventPlace created = {1, Day(1)});

  // An order whose purchase id ends in `number`.
  void AddOrder(const std::string& customer_id, int number, int64_t gross_minor,
                EventPlace recorded = {1, Day(1)}, const std::string& currency_code = "GBP",
                const std::string& source_system = "shop");
  absl::Status Refund(const std::string& customer_id, int number, const std::string& refund_number,
                      int64_t amount_minor, EventPlace refunded);
  absl::Status Cancel(const std::string& customer_id, int number, EventPlace cancelled);
  absl::Status Delete(const std::string& customer_id, EventPlace changed);
  // An update of a customer that is not deleted, so also an undelete.
  absl::Status Update(const std::string& customer_id, EventPlace changed);

  // "c-1: 500 GBP shop" per order, in the order of the scan.
  std::vector<std::string> Scan(OrderQuery query);

  // "c-1", or "c-1 deleted 2-5" with the days from and to which it was ("2-" = it still is), once
  // for each time; read in pages of `limit`.
  std::vector<std::string> Customers(const feed::Positions& positions, int64_t limit);

  // Accepts a run of the model "m-1".
  RunNo AddRun(const std::string& run_id);
  RunRecord Run(const std::string& run_id);

 private:
  std::unique_ptr<sql::Database> database_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_SEGMENTATION_STORE_CONTRACT_H_
