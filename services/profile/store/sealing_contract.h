#ifndef SERVICES_PROFILE_STORE_SEALING_CONTRACT_H_
#define SERVICES_PROFILE_STORE_SEALING_CONTRACT_H_

// What the store keeps of a person, and what is left of it without the person's key: tests that
// every database driver passes.

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "services/profile/store/profile_store_contract.h"

namespace clientele::profile {

// Every text of a person, as it lies there: the column in the clear, then the sealed one.
inline constexpr sql::Statement kSelectRawTexts{
    "SelectRawTexts",
    "SELECT value, value_sealed FROM customer_fact UNION ALL "
    "SELECT value, value_sealed FROM customer_identifier UNION ALL "
    "SELECT reason, reason_sealed FROM purchase_refund"};

class SealingContract : public ProfileStoreContract {
 protected:
  // A customer with a given name, a region code, an identifier, and a refund that says why.
  void CreateBuyer() {
    ASSERT_TRUE(
        Create(MakePerson("c-1", {MakeIdentifier(IdentifierType::kEmail, "a@x.org")})).ok());
    ASSERT_TRUE(RunBatch({order_}, {}).ok());
    ASSERT_TRUE(RunBatch({}, {{.customer_id = CustomerId("c-1"),
                               .purchase_id = order_.header.id,
                               .refund = {.refund_number = "r-1",
                                          .occur_time = kContractNow + absl::Hours(1),
                                          .lines = {{.line_number = 7, .quantity = 1}},
                                          .reason = "broken"}}})
                    .ok());
  }

  void Execute(const sql::Statement& statement, const std::vector<sql::Param>& params = {}) {
    EXPECT_TRUE(Write([&](sql::Tx& tx) { return tx.Execute(statement, params).status(); }).ok());
  }

  // The columns in the clear; those that are sealed are counted.
  std::vector<std::string> TextsInTheClear(int& sealed_count) {
    std::vector<std::string> texts;
    sealed_count = 0;
    EXPECT_TRUE(Read([&](sql::Tx& tx) {
                  return tx.Query(kSelectRawTexts, {}, [&](const sql::Row& row) {
                    texts.emplace_back(row.Text(0));
                    if (!row.IsNull(1)) {
                      ++sealed_count;
                      EXPECT_FALSE(absl::StrContains(row.Blob(1), "Zo"));
                      EXPECT_FALSE(absl::StrContains(row.Blob(1), "x.org"));
                      EXPECT_FALSE(absl::StrContains(row.Blob(1), "broken"));
                    }
                    return absl::OkStatus();
                  });
                }).ok());
    return texts;
  }

  const Purchase order_ = MakeOrder("c-1", "1");
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_SEALING_CONTRACT_H_
