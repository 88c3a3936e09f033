#include "common/status/macros.h"
#include "services/complaints/domain/complaint_number.h"
#include "services/complaints/store/complaint_store.h"
#include "services/complaints/store/complaints_store_contract.h"
#include "services/complaints/testing/test_complaints.h"

namespace clientele::complaints {

absl::Status ComplaintsStoreContract::File(const std::string& customer_id, const std::string& id,
                                           uint64_t serial, const FilingLookup& lookup) {
  Complaint filed = ComplaintIn(ComplaintState::kUnspecified);
  filed.customer_id = CustomerId(customer_id);
  filed.id = ComplaintId(id);
  filed.number = MakeComplaintNumber(serial);
  filed.version = 0;
  filed.entry_count = 0;
  return Write([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(LockCustomer(tx, customer_id));
    FilingState state;
    CLIENTELE_ASSIGN_OR_RETURN(state.customer, FindCustomer(tx, filed.customer_id));
    Stamp stamp = TestStamp();
    stamp.record_time += absl::Seconds(serial);
    CLIENTELE_ASSIGN_OR_RETURN(const ComplaintPlan plan,
                               PlanFileComplaint(state, filed, lookup, stamp));
    return SavePlan(tx, vault(), plan, !state.customer.has_value(), kTestTime);
  });
}

TargetState ComplaintsStoreContract::StateOf(const std::string& customer_id,
                                             const std::string& id) {
  TargetState state;
  Read([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(const auto customer, FindCustomer(tx, CustomerId(customer_id)));
    EXPECT_TRUE(customer.has_value());
    state.customer = customer.value_or(CustomerRecord());
    CLIENTELE_ASSIGN_OR_RETURN(
        state.complaint, FindComplaint(tx, vault(), CustomerId(customer_id), ComplaintId(id)));
    return absl::OkStatus();
  });
  return state;
}

Complaint ComplaintsStoreContract::Load(const std::string& customer_id, const std::string& id) {
  const TargetState state = StateOf(customer_id, id);
  EXPECT_TRUE(state.complaint.has_value()) << id;
  return state.complaint.value_or(Complaint());
}

absl::Status ComplaintsStoreContract::Save(const ComplaintPlan& plan) {
  return Write([&](sql::Tx& tx) { return SavePlan(tx, vault(), plan, false, kTestTime); });
}

}  // namespace clientele::complaints
