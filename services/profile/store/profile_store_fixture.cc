#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/profile_store_contract.h"
#include "services/profile/store/purchase_store.h"

namespace clientele::profile {

absl::Status ProfileStoreContract::Write(sql::TxCallback work) {
  return database_->RunInTransaction({}, [&](sql::Tx& tx) {
    absl::Status status = work(tx);
    if (absl::StrContains(GetLogDetail(status), "postgres 40P01")) ++deadlock_count_;
    return status;
  });
}

absl::Status ProfileStoreContract::Create(const NewCustomer& command, absl::Time record_time) {
  int fact_count = 0;
  const auto new_fact_id = [&] {
    return FactId(absl::StrCat(absl::ToUnixMicros(record_time), "-", ++fact_count));
  };
  return Write([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(
        const CustomerPlan plan,
        PlanCreateCustomer(command, std::nullopt, {}, record_time, new_fact_id));
    return SaveCustomer(tx, vault(), plan, record_time);
  });
}

Customer ProfileStoreContract::Load(const std::string& id) {
  std::optional<Customer> customer;
  const absl::Status status = Read([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(customer, FindCustomer(tx, vault(), CustomerId(id)));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(customer.has_value()) << id;
  return customer.value_or(Customer());
}

absl::Status ProfileStoreContract::Edit(const CustomerEdit& edit, absl::Time record_time) {
  int fact_count = 0;
  const auto new_fact_id = [&] {
    return FactId(absl::StrCat(absl::ToUnixMicros(record_time), "-", ++fact_count));
  };
  return Write([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(LockCustomers(tx, {edit.id.value()}));
    CLIENTELE_ASSIGN_OR_RETURN(const auto current, FindCustomer(tx, vault(), edit.id));
    CLIENTELE_ASSIGN_OR_RETURN(const CustomerPlan plan,
                               PlanUpdateCustomer(current, edit, {}, record_time, new_fact_id));
    return SaveCustomer(tx, vault(), plan, record_time);
  });
}

absl::Status ProfileStoreContract::RunBatch(const std::vector<Purchase>& purchases,
                                            const std::vector<RefundCommand>& refunds) {
  BatchDemand demand;
  for (const Purchase& purchase : purchases) {
    demand.purchases.push_back(&purchase);
    demand.customer_ids.push_back(purchase.header.customer_id.value());
  }
  for (const RefundCommand& refund : refunds) {
    demand.refunds.push_back(&refund);
    demand.customer_ids.push_back(refund.customer_id.value());
  }
  const ImportedBuyer buyer{.make_if_missing = true};
  return Write([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(LockCustomers(tx, demand.customer_ids));
    PurchaseBatch batch(kContractNow);
    CLIENTELE_RETURN_IF_ERROR(LoadBatch(tx, vault(), demand, batch));
    for (const Purchase& purchase : purchases) {
      CLIENTELE_RETURN_IF_ERROR(batch.Record(purchase, &buyer).status());
    }
    for (const RefundCommand& refund : refunds) {
      CLIENTELE_RETURN_IF_ERROR(batch.GiveBack(refund).status());
    }
    return SaveBatch(tx, vault(), std::move(batch).Finish(), kContractNow);
  });
}

Purchase ProfileStoreContract::LoadPurchase(const std::string& customer_id,
                                            const PurchaseId& purchase_id) {
  std::optional<Purchase> purchase;
  const absl::Status status = Read([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(purchase,
                               FindPurchase(tx, vault(), CustomerId(customer_id), purchase_id));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(purchase.has_value());
  return purchase.has_value() ? *std::move(purchase) : MakeOrder(customer_id, "missing");
}

NewCustomer MakePerson(const std::string& id, std::vector<Identifier> identifiers) {
  return {.id = CustomerId(id),
          .kind = CustomerKind::kPerson,
          .attributes = {{Attribute::kGivenName, "Zoë"}, {Attribute::kRegionCode, "CN"}},
          .identifiers = std::move(identifiers),
          .origin = {.channel = CollectionChannel::kSurvey,
                     .source_system = "shop",
                     .occur_time = kContractNow}};
}

Identifier MakeIdentifier(IdentifierType type, const std::string& value) {
  return {.type = type,
          .system = type == IdentifierType::kExternal ? "erp" : "",
          .value = value,
          .hash = absl::StrCat("hash of ", IdentifierTypeName(type), " ", value)};
}

Purchase MakeOrder(const std::string& customer_id, const std::string& order_number, int hour) {
  Purchase purchase{.header = {.id = PurchaseIdOf("shop", order_number),
                               .customer_id = CustomerId(customer_id),
                               .source_system = "shop",
                               .order_number = order_number,
                               .occur_time = kContractNow + absl::Hours(hour),
                               .currency = *CurrencyCode::Parse("GBP"),
                               .channel = "web",
                               .store = "north",
                               .region = "中国"},
                    .lines = {{.line_number = 7,
                               .sku = "85123A",
                               .category = "gifts",
                               .quantity = 2,
                               .unit_price_micros = 1'000'000}}};
  EXPECT_TRUE(ComputeTotals(purchase).ok());
  purchase.header.content_hash = absl::StrCat("hash\x01 of ", order_number);
  return purchase;
}

}  // namespace clientele::profile
