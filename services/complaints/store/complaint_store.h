#ifndef SERVICES_COMPLAINTS_STORE_COMPLAINT_STORE_H_
#define SERVICES_COMPLAINTS_STORE_COMPLAINT_STORE_H_

// Complaints, their timelines and remedies in SQL.
//
// Every function works in the caller's transaction and answers the errors of common/sql/database.h
// and, where it has the vault in which texts are sealed, of common/sealing/vault.h, besides its
// own. A text whose key is no more is empty. Stateless and thread-safe, as far as the Tx is.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/filter/bound_filter.h"
#include "common/sealing/vault.h"
#include "common/sql/database.h"
#include "services/complaints/domain/complaint.h"
#include "services/complaints/domain/complaint_draft.h"
#include "services/complaints/domain/repair_plan.h"
#include "services/complaints/domain/timeline.h"

namespace clientele::complaints {

// Locks a customer's root row, if there is one, before anything of the customer is read.
absl::Status LockCustomer(sql::Tx& tx, absl::string_view customer_id);

// The same for several, which need be neither sorted nor unique.
absl::Status LockCustomers(sql::Tx& tx, std::vector<std::string> customer_ids);

absl::StatusOr<std::optional<CustomerRecord>> FindCustomer(sql::Tx& tx, const CustomerId& id);

// Inserts or updates the root row. ABORTED TRANSACTION_CONFLICT when another transaction inserted
// it meanwhile.
absl::Status SaveCustomer(sql::Tx& tx, const CustomerRecord& record, bool is_new);

// With its remedies; nullopt when the customer has no such complaint.
absl::StatusOr<std::optional<Complaint>> FindComplaint(sql::Tx& tx, const sealing::Vault& vault,
                                                       const CustomerId& customer_id,
                                                       const ComplaintId& id);

// The same with all that was said left empty, so that neither a key nor a text that does not open
// stands in the way: for what the service does by itself.
absl::StatusOr<std::optional<Complaint>> FindComplaintWithoutTexts(sql::Tx& tx,
                                                                   const CustomerId& customer_id,
                                                                   const ComplaintId& id);

// By the number as MakeComplaintNumber writes it.
absl::StatusOr<std::optional<Complaint>> FindComplaintByNumber(sql::Tx& tx,
                                                               const sealing::Vault& vault,
                                                               absl::string_view number);

absl::StatusOr<int64_t> CountOpenComplaints(sql::Tx& tx, const CustomerId& customer_id);

enum class ComplaintOrder { kNewestFirst, kMostUrgentFirst };

// Where a page begins: after this complaint.
struct ComplaintPosition {
  int64_t priority_rank = 0;  // used by kMostUrgentFirst only
  int64_t record_us = 0;      // record_time
  std::string customer_id;
  std::string complaint_id;
};

struct ComplaintListQuery {
  CustomerId customer_id;  // empty = everybody's
  BoundFilter filter;
  ComplaintOrder order = ComplaintOrder::kNewestFirst;
  std::optional<ComplaintPosition> after;  // nullopt: from the first
  int64_t count_max = 0;
};
absl::StatusOr<std::vector<Complaint>> ListComplaints(sql::Tx& tx, const sealing::Vault& vault,
                                                      const ComplaintListQuery& query);

// At most `count_max` complaints of the customer that PlanLearn would change, without texts.
absl::StatusOr<std::vector<Complaint>> ListLearners(sql::Tx& tx, const CustomerId& customer_id,
                                                    const CustomerKnowledge& knowledge,
                                                    int64_t count_max);

// At most `count_max` entries with a number above `after_number`, in order.
absl::StatusOr<std::vector<TimelineEntry>> ListEntries(sql::Tx& tx, const sealing::Vault& vault,
                                                       const CustomerId& customer_id,
                                                       const ComplaintId& id, int64_t after_number,
                                                       int64_t count_max);

// Stores what a plan changes, the customer's root row included, and leaves work for the jobs: a
// remedy to execute is due at `execute_time`. Events are the caller's. The customer's key is needed
// for a plan that says something only. ABORTED TRANSACTION_CONFLICT when another transaction took
// the id or the number meanwhile.
absl::Status SavePlan(sql::Tx& tx, const sealing::Vault& vault, const ComplaintPlan& plan,
                      bool is_new_customer, absl::Time execute_time);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_COMPLAINT_STORE_H_
