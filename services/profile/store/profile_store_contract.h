#ifndef SERVICES_PROFILE_STORE_PROFILE_STORE_CONTRACT_H_
#define SERVICES_PROFILE_STORE_PROFILE_STORE_CONTRACT_H_

// What profile's store promises, as tests that every database driver passes.
//
// A driver's test links profile_store_contract*.cc and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, ProfileStoreContract, ::testing::Values(&OpenIt));

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/sealing/testing/test_key_ring.h"
#include "common/sealing/vault.h"
#include "common/sql/database.h"
#include "gtest/gtest.h"
#include "services/profile/domain/customer_plan.h"
#include "services/profile/domain/purchase.h"
#include "services/profile/domain/purchase_batch.h"

namespace clientele::profile {

// An empty database with profile's schema.
using OpenProfileDatabase = std::unique_ptr<sql::Database> (*)();

inline const absl::Time kContractNow = absl::FromUnixSeconds(1'700'000'000);

class ProfileStoreContract : public ::testing::TestWithParam<OpenProfileDatabase> {
 protected:
  ProfileStoreContract() : database_(GetParam()()) {}

  sql::Database& database() { return *database_; }
  const sealing::Vault& vault() const { return vault_; }

  absl::Status Write(sql::TxCallback work);
  absl::Status Read(sql::TxCallback work) { return database_->RunReadOnly({}, work); }

  // How often the database ended a Write for a deadlock; it runs again and so does not fail.
  int deadlock_count() const { return deadlock_count_; }

  // Plans and stores a customer at `record_time`.
  absl::Status Create(const NewCustomer& command, absl::Time record_time = kContractNow);

  // The customer, which must exist.
  Customer Load(const std::string& id);

  // Stores an edit of a customer that exists.
  absl::Status Edit(const CustomerEdit& edit, absl::Time record_time);

  // Loads what the batch needs, decides with `decide`, and stores.
  absl::Status RunBatch(const std::vector<Purchase>& purchases,
                        const std::vector<RefundCommand>& refunds);

  // The purchase, which must exist.
  Purchase LoadPurchase(const std::string& customer_id, const PurchaseId& purchase_id);

 private:
  std::unique_ptr<sql::Database> database_;
  std::atomic<int> deadlock_count_ = 0;
  const KeyRing key_ring_ = sealing::TestKeyRing();
  const sealing::Vault vault_{"profile", key_ring_};
};

// A person with these identifiers.
NewCustomer MakePerson(const std::string& id, std::vector<Identifier> identifiers = {});

// An identifier whose hash says what it is.
Identifier MakeIdentifier(IdentifierType type, const std::string& value);

// An order of one line of two units at 1.00 GBP, `hour` hours after kContractNow.
Purchase MakeOrder(const std::string& customer_id, const std::string& order_number, int hour = 0);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_PROFILE_STORE_CONTRACT_H_
