#include "services/complaints/jobs/customer_repair.h"

#include <utility>

#include "common/rpc/client.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/complaints/jobs/customer_learning.h"
#include "services/complaints/store/complaint_store.h"
#include "services/complaints/store/work_store.h"

namespace clientele::complaints {

CustomerRepair::CustomerRepair(const CustomerRepairOptions& options, const ApiContext& api,
                               OnJobFailure on_error)
    : options_(options), api_(api), on_error_(std::move(on_error)) {}

absl::Duration CustomerRepair::RunRound() {
  const absl::StatusOr<std::vector<CustomerRecord>> customers = NextBatch();
  if (!customers.ok()) {
    on_error_({.status = customers.status()});
    return options_.wait;
  }
  if (customers->empty()) {
    after_id_.clear();
    return options_.wait;
  }
  const std::vector<CustomerKnowledge> learnt = Ask(*customers);
  for (size_t i = 0; i < customers->size(); ++i) {
    // Before its repair, so that one that fails each time keeps nobody after it waiting.
    after_id_ = (*customers)[i].id.value();
    if (!learnt[i].exists.has_value() && !learnt[i].tier.has_value()) {
      continue;
    }
    if (const absl::Status status = Repair((*customers)[i], learnt[i]); !status.ok()) {
      on_error_({.status = status});
      return options_.wait;
    }
  }
  const bool was_last = static_cast<int>(customers->size()) < options_.batch_max;
  if (was_last) {
    after_id_.clear();
  }
  return was_last ? options_.wait : absl::ZeroDuration();
}

absl::StatusOr<std::vector<CustomerRecord>> CustomerRepair::NextBatch() {
  return sql::ReadIn(api_.database, sql::BackgroundTx(),
                     [&](sql::Tx& tx) -> absl::StatusOr<std::vector<CustomerRecord>> {
                       CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CustomerId> ids,
                                                  ListRepairs(tx, after_id_, options_.batch_max));
                       std::vector<CustomerRecord> customers;
                       for (const CustomerId& id : ids) {
                         CLIENTELE_ASSIGN_OR_RETURN(const auto customer, FindCustomer(tx, id));
                         CLIENTELE_CHECK(customer.has_value());
                         customers.push_back(*customer);
                       }
                       return customers;
                     });
}

std::vector<CustomerKnowledge> CustomerRepair::Ask(
    const std::vector<CustomerRecord>& customers) const {
  std::vector<CustomerId> ids;
  ids.reserve(customers.size());
  for (const CustomerRecord& customer : customers) {
    ids.push_back(customer.id);
  }
  const auto missing = api_.profile.FindMissing(rpc::NewCall(options_.call_timeout), ids);
  const auto tiers = api_.loyalty.GetTiers(rpc::NewCall(options_.call_timeout), ids);
  for (const absl::Status& status : {missing.status(), tiers.status()}) {
    if (!status.ok()) {
      on_error_({.status = status});
    }
  }
  std::vector<CustomerKnowledge> learnt;
  for (const CustomerId& id : ids) {
    CustomerKnowledge& knowledge = learnt.emplace_back();
    if (missing.ok()) {
      knowledge.exists = !missing->contains(id);
    }
    if (tiers.ok() && tiers->contains(id)) {
      knowledge.tier = tiers->at(id);
    }
  }
  return learnt;
}

absl::Status CustomerRepair::Repair(const CustomerRecord& asked,
                                    CustomerKnowledge knowledge) const {
  std::vector<Event> events;
  absl::Status status =
      api_.database.RunInTransaction(sql::BackgroundTx(), [&](sql::Tx& tx) -> absl::Status {
        events.clear();
        CLIENTELE_RETURN_IF_ERROR(LockCustomer(tx, asked.id.value()));
        CLIENTELE_ASSIGN_OR_RETURN(std::optional<CustomerRecord> customer,
                                   FindCustomer(tx, asked.id));
        CLIENTELE_CHECK(customer.has_value());
        // What the feed told while loyalty was being asked is newer than the answer.
        if (customer->tier_revision > asked.tier_revision) {
          knowledge.tier = customer->tier;
        } else if (knowledge.tier.has_value()) {
          customer->tier = *knowledge.tier;
        }
        CLIENTELE_ASSIGN_OR_RETURN(events, Learn(api_, tx, *customer, false, knowledge));
        return DeleteRepairIfDone(tx, asked.id);
      });
  if (status.ok()) {
    api_.Announce(events);
  }
  return status;
}

}  // namespace clientele::complaints
