#include <utility>

#include "services/loyalty/store/loyalty_store_contract.h"
#include "services/loyalty/store/member_store.h"

namespace clientele::loyalty {

absl::Time ContractDay(int day) {
  return absl::FromCivil(absl::CivilDay(2011, 1, 1) + (day - 1), absl::UTCTimeZone()) +
         absl::Hours(12);
}

LoyaltyStoreContract::LoyaltyStoreContract()
    : program_(DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone())),
      database_(GetParam()()) {}

void LoyaltyStoreContract::Commit(sql::TxCallback work) {
  ASSERT_EQ(database_->RunInTransaction({}, work), absl::OkStatus());
}

void LoyaltyStoreContract::RollBack(absl::FunctionRef<void(sql::Tx&)> work) {
  const absl::Status undone = database_->RunInTransaction({}, [&](sql::Tx& tx) {
    work(tx);
    return absl::CancelledError();
  });
  ASSERT_TRUE(absl::IsCancelled(undone));
}

void LoyaltyStoreContract::Buy(const std::string& customer_id, const std::string& purchase_id,
                               int64_t points, int day) {
  Commit([&](sql::Tx& tx) {
    MemberStates states = LoadStates(tx, program_, {customer_id}).value();
    if (states.empty()) {
      Member member;
      member.id = CustomerId(customer_id);
      member.enroll_time = ContractDay(day);
      states.try_emplace(customer_id, MemberState{LedgerBook(program_, member, {}), {}});
    }
    MemberState& state = states.at(customer_id);
    ApplyPurchase(program_, {PurchaseId(purchase_id), "GBP", points * 100},
                  {ContractDay(day), ContractDay(day)}, ContractDay(day), state);
    RefreshTier(program_, ContractDay(day), ContractDay(day), state);
    MemberState* const saved[] = {&state};
    return SaveStates(tx, saved);
  });
}

absl::Status LoyaltyStoreContract::TryPost(const std::string& customer_id,
                                           const std::function<void(LedgerBook&)>& work) {
  return database_->RunInTransaction({}, [&](sql::Tx& tx) {
    LedgerBooks books = LoadBooks(tx, program_, {customer_id}).value();
    LedgerBook& book = books.at(customer_id);
    work(book);
    LedgerBook* const saved[] = {&book};
    return SaveBooks(tx, saved);
  });
}

void LoyaltyStoreContract::Post(const std::string& customer_id,
                                const std::function<void(LedgerBook&)>& work) {
  ASSERT_EQ(TryPost(customer_id, work), absl::OkStatus());
}

}  // namespace clientele::loyalty
