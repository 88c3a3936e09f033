#ifndef SERVICES_COMPLAINTS_STORE_COMPLAINTS_STORE_CONTRACT_H_
#define SERVICES_COMPLAINTS_STORE_COMPLAINTS_STORE_CONTRACT_H_

// What the store of complaints promises, as tests that every database driver passes.
//
// A driver's test links complaints_store_contract*.cc and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, ComplaintsStoreContract, ::testing::Values(&OpenIt));
//   INSTANTIATE_TEST_SUITE_P(Sqlite, ComplaintsWorkContract, ::testing::Values(&OpenIt));
//   INSTANTIATE_TEST_SUITE_P(Sqlite, ComplaintsSealingContract, ::testing::Values(&OpenIt));

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/sealing/testing/test_key_ring.h"
#include "common/sealing/vault.h"
#include "common/sql/database.h"
#include "gtest/gtest.h"
#include "services/complaints/domain/complaint_plan.h"
#include "services/complaints/store/work_store.h"

namespace clientele::complaints {

// An empty database with complaints' schema.
using OpenComplaintsDatabase = std::unique_ptr<sql::Database> (*)();

class ComplaintsStoreContract : public ::testing::TestWithParam<OpenComplaintsDatabase> {
 protected:
  ComplaintsStoreContract() : database_(GetParam()()) {}

  sql::Database& database() { return *database_; }
  const sealing::Vault& vault() const { return vault_; }

  absl::Status Write(sql::TxCallback work) { return database_->RunInTransaction({}, work); }
  void Read(sql::TxCallback work) { EXPECT_TRUE(database_->RunReadOnly({}, work).ok()); }

  // Files a complaint `id` of `customer_id` whose number is unique by `serial`.
  absl::Status File(const std::string& customer_id, const std::string& id, uint64_t serial,
                    const FilingLookup& lookup = {.customer_exists = true, .tier = Tier::kGold});

  // The complaint, which must exist.
  Complaint Load(const std::string& customer_id, const std::string& id);

  // Stores a plan that changes a complaint that exists; its remedy is due at kTestTime.
  absl::Status Save(const ComplaintPlan& plan);

  // What a plan for the complaint needs to know.
  TargetState StateOf(const std::string& customer_id, const std::string& id);

 private:
  std::unique_ptr<sql::Database> database_;
  const KeyRing key_ring_ = sealing::TestKeyRing();
  const sealing::Vault vault_{"complaints", key_ring_};
};

// With the complaint "late" of c-1, of which the remedy "r-1" of 500 points is due at kTestTime.
class ComplaintsWorkContract : public ComplaintsStoreContract {
 protected:
  void SetUp() override;
};

// With the complaint "late" of c-1 and a message.
class ComplaintsSealingContract : public ComplaintsStoreContract {
 protected:
  void SetUp() override;

  void Execute(const sql::Statement& statement);

  // Whatever lies there in the columns that are not sealed.
  std::vector<std::string> TextsInTheClear();

  // Of the last entry of the timeline.
  std::string LastText();
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_COMPLAINTS_STORE_CONTRACT_H_
