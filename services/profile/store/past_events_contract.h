#ifndef SERVICES_PROFILE_STORE_PAST_EVENTS_CONTRACT_H_
#define SERVICES_PROFILE_STORE_PAST_EVENTS_CONTRACT_H_

// The fixture of past_events_contract.cc, instantiated as ProfileStoreContract is.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/status/macros.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/past_events.h"
#include "services/profile/store/profile_store_contract.h"
#include "services/profile/store/purchase_store.h"

namespace clientele::profile {

// An event in words.
std::string Describe(const Event& event, absl::Time record_time);

// Customers that live through something, and the events that the feed was told.
class PastEventsContract : public ProfileStoreContract {
 protected:
  // Does `decide` to the customer and its purchases at a record time of its own.
  template <typename Decide>
  void Do(const std::string& customer_id, const std::vector<const Purchase*>& purchases,
          const Decide& decide) {
    record_time_ -= absl::Seconds(1);  // the clock of another replica, say: no order to rely on
    BatchDemand demand{.customer_ids = {customer_id}, .purchases = purchases};
    std::vector<RefundCommand> refunds;
    std::vector<CancelCommand> cancels;
    for (const Purchase* purchase : purchases) {
      refunds.push_back({.customer_id = purchase->header.customer_id,
                         .purchase_id = purchase->header.id,
                         .refund = {.lines = {{.line_number = 7}}}});
      cancels.push_back(
          {.customer_id = purchase->header.customer_id, .purchase_id = purchase->header.id});
    }
    for (size_t i = 0; i < purchases.size(); ++i) {
      demand.refunds.push_back(&refunds[i]);
      demand.cancels.push_back(&cancels[i]);
    }
    const absl::Status status = Write([&](sql::Tx& tx) -> absl::Status {
      PurchaseBatch batch(record_time_);
      CLIENTELE_RETURN_IF_ERROR(LoadBatch(tx, vault(), demand, batch));
      CLIENTELE_RETURN_IF_ERROR(decide(batch));
      const BatchWrites writes = std::move(batch).Finish();
      Tell(writes.events);
      return SaveBatch(tx, vault(), writes, record_time_);
    });
    ASSERT_EQ(status, absl::OkStatus());
  }

  void Record(const Purchase& purchase) {
    Do(purchase.header.customer_id.value(), {&purchase}, [&](PurchaseBatch& batch) {
      const ImportedBuyer buyer{.make_if_missing = true};
      return batch.Record(purchase, &buyer).status();
    });
  }

  void GiveBack(const Purchase& purchase, const std::string& number, int hour) {
    Do(purchase.header.customer_id.value(), {&purchase}, [&](PurchaseBatch& batch) {
      return batch
          .GiveBack({.customer_id = purchase.header.customer_id,
                     .purchase_id = purchase.header.id,
                     .refund = {.refund_number = number,
                                .occur_time = kContractNow + absl::Hours(hour),
                                .lines = {{.line_number = 7, .quantity = 1}},
                                .content_hash = number}})
          .status();
    });
  }

  void Cancel(const Purchase& purchase, int hour) {
    Do(purchase.header.customer_id.value(), {&purchase}, [&](PurchaseBatch& batch) {
      return batch.Cancel({.customer_id = purchase.header.customer_id,
                           .purchase_id = purchase.header.id,
                           .occur_time = kContractNow + absl::Hours(hour)});
    });
  }

  void Delete(const std::string& customer_id, int hour) {
    record_time_ -= absl::Seconds(1);
    const absl::Status status = Write([&](sql::Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(const auto current,
                                 FindCustomer(tx, vault(), CustomerId(customer_id)));
      CLIENTELE_ASSIGN_OR_RETURN(
          const CustomerPlan plan,
          PlanDeleteCustomer(
              current,
              {.id = CustomerId(customer_id), .occur_time = kContractNow + absl::Hours(hour)},
              record_time_));
      Tell(plan.events);
      return SaveCustomer(tx, vault(), plan, record_time_);
    });
    ASSERT_EQ(status, absl::OkStatus());
  }

  // What an export should say: everything that was told, but for changes that have been overtaken.
  std::vector<std::string> Expected() const {
    std::vector<std::string> expected;
    for (const auto& [customer_id, told] : told_) {
      for (size_t i = 0; i < told.size(); ++i) {
        const bool is_update = std::holds_alternative<CustomerUpdated>(told[i].event.body);
        if (!is_update || i + 1 == told.size()) {
          expected.push_back(Describe(told[i].event, told[i].record_time));
        }
      }
    }
    return expected;
  }

  // Reads everything in pieces.
  std::vector<std::string> Past(int count_max) {
    std::vector<std::string> past;
    std::optional<PastPosition> after = PastPosition{};
    while (after.has_value()) {
      PastEvents page;
      const absl::Status status = Read([&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(page, ReadPastEvents(tx, *after, count_max));
        return absl::OkStatus();
      });
      EXPECT_EQ(status, absl::OkStatus());
      EXPECT_LE(page.events.size(), static_cast<size_t>(count_max));
      for (const PastEvent& event : page.events) {
        past.push_back(Describe(event.event, event.record_time));
      }
      after = status.ok() ? page.next : std::nullopt;
    }
    return past;
  }

 private:
  void Tell(const std::vector<Event>& events) {
    for (const Event& event : events) {
      told_[event.customer_id.value()].push_back({event, record_time_});
    }
  }

  absl::Time record_time_ = kContractNow + absl::Hours(100);
  std::map<std::string, std::vector<PastEvent>> told_;
};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_PAST_EVENTS_CONTRACT_H_
