#ifndef SERVICES_PROFILE_DOMAIN_CUSTOMER_PLAN_H_
#define SERVICES_PROFILE_DOMAIN_CUSTOMER_PLAN_H_

// What a command does to a customer. Every decision about customers is made here.
//
// A plan changes nothing: it answers what is to be stored and told, or why not. Errors come in the
// order in which the contract names them. Thread safety: pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/profile/domain/customer.h"
#include "services/profile/domain/event.h"
#include "services/profile/domain/fact.h"
#include "services/profile/domain/identifier.h"
#include "services/profile/domain/ids.h"

namespace clientele::profile {

// Where a plan gets the ids of new facts from, greater with every call.
using FactIdSource = absl::FunctionRef<FactId()>;

struct AttributeValue {
  Attribute attribute;
  std::string value;  // normalised; "" = known to be empty
};

struct NewCustomer {
  CustomerId id;
  CustomerKind kind = CustomerKind::kPerson;
  std::vector<AttributeValue> attributes;  // not empty values, each attribute once
  std::vector<Identifier> identifiers;     // each once
  FactOrigin origin;
};

struct CustomerEdit {
  CustomerId id;
  std::optional<int64_t> expected_version;
  std::vector<AttributeValue> attributes;              // each attribute once
  std::optional<std::vector<Identifier>> identifiers;  // when set, replaces all of them
  FactOrigin origin;
  bool is_said_now = false;  // origin.occur_time is this server's clock, not the caller's word
};

// What is to be stored and told.
struct CustomerPlan {
  Customer after;
  bool is_new = false;
  std::vector<Fact> facts;             // to append
  std::vector<Attribute> newly_shown;  // attributes whose shown fact is another one: see `after`
  IdentifierChange identifiers;
  std::vector<Event> events;

  // True when the command had no effect at all.
  bool empty() const { return !is_new && facts.empty() && events.empty(); }
};

// Makes a customer. `existing` is the one that has the id already, if any; `holders` holds whoever
// has one of its exclusive identifiers.
// ALREADY_EXISTS CUSTOMER_ALREADY_EXISTS, IDENTIFIER_TAKEN.
absl::StatusOr<CustomerPlan> PlanCreateCustomer(const NewCustomer& command,
                                                const std::optional<CustomerRoot>& existing,
                                                absl::Span<const IdentifierHolder> holders,
                                                absl::Time record_time, FactIdSource new_fact_id);

// Changes attributes and identifiers. A value makes a fact unless it repeats the shown one of the
// same occur_time, so that what is kept does not depend on the order of arrival; a fact older than
// the one shown is kept and not shown, unless it is said now: then it comes after what is shown.
// Nothing changes for readers when no shown value and no
// identifier does.
// NOT_FOUND CUSTOMER_NOT_FOUND; INVALID_ARGUMENT INVALID_ARGUMENT (a person's attribute on an
// organization); ABORTED ETAG_MISMATCH; FAILED_PRECONDITION CUSTOMER_DELETED; ALREADY_EXISTS
// IDENTIFIER_TAKEN.
absl::StatusOr<CustomerPlan> PlanUpdateCustomer(const std::optional<Customer>& current,
                                                const CustomerEdit& command,
                                                absl::Span<const IdentifierHolder> holders,
                                                absl::Time record_time, FactIdSource new_fact_id);

// A soft delete or its reversal.
struct CustomerStateCommand {
  CustomerId id;
  std::optional<int64_t> expected_version;
  absl::Time occur_time;
};

// NOT_FOUND CUSTOMER_NOT_FOUND; ABORTED ETAG_MISMATCH; FAILED_PRECONDITION CUSTOMER_DELETED.
absl::StatusOr<CustomerPlan> PlanDeleteCustomer(const std::optional<Customer>& current,
                                                const CustomerStateCommand& command,
                                                absl::Time record_time);

// NOT_FOUND CUSTOMER_NOT_FOUND; ABORTED ETAG_MISMATCH; FAILED_PRECONDITION CUSTOMER_NOT_DELETED.
absl::StatusOr<CustomerPlan> PlanUndeleteCustomer(const std::optional<Customer>& current,
                                                  const CustomerStateCommand& command,
                                                  absl::Time record_time);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_CUSTOMER_PLAN_H_
