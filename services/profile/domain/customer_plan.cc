#include "services/profile/domain/customer_plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/profile/domain/errors.h"

namespace clientele::profile {
namespace {

absl::Status CheckVersion(const CustomerRoot& root, std::optional<int64_t> expected_version) {
  if (!expected_version.has_value() || *expected_version == root.version) return absl::OkStatus();
  return EtagMismatch("customer", root.id.value(), *expected_version, root.version);
}

absl::Status CheckNotTaken(absl::Span<const Identifier> identifiers, const CustomerId& customer_id,
                           absl::Span<const IdentifierHolder> holders) {
  for (const Identifier& identifier : identifiers) {
    if (!IsExclusive(identifier.type)) continue;
    for (const IdentifierHolder& holder : holders) {
      if (holder.hash == identifier.hash && holder.customer_id != customer_id) {
        return IdentifierTaken(identifier.type);
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CheckKind(CustomerKind kind, absl::Span<const AttributeValue> attributes) {
  Violations violations;
  for (const AttributeValue& attribute : attributes) {
    const AttributeDefinition& definition = DefinitionOf(attribute.attribute);
    if (kind == CustomerKind::kOrganization && definition.persons_only &&
        !attribute.value.empty()) {
      violations.Add(absl::StrCat("customer.", definition.path), "only a PERSON has it");
    }
  }
  return violations.ToStatus();
}

// Puts the value into `plan` as a fact where it says anything new; answers whether the value shown
// is another one now.
bool ApplyValue(CustomerPlan& plan, const AttributeValue& value, const FactOrigin& origin,
                absl::Time record_time, FactIdSource new_fact_id) {
  const auto shown = plan.after.shown.find(value.attribute);
  const bool repeats = ShownValue(plan.after.shown, value.attribute) == value.value;
  if (repeats &&
      (shown == plan.after.shown.end() || origin.occur_time == shown->second.origin.occur_time)) {
    return false;
  }
  Fact fact{.id = new_fact_id(),
            .attribute = value.attribute,
            .value = value.value,
            .origin = origin,
            .record_time = record_time};
  plan.facts.push_back(fact);
  if (shown != plan.after.shown.end() && !Supersedes(fact, shown->second)) return false;
  plan.newly_shown.push_back(value.attribute);
  plan.after.shown.insert_or_assign(value.attribute, std::move(fact));
  return !repeats;
}

// Applies every value and answers the attributes whose shown value changed.
std::vector<Attribute> ApplyValues(CustomerPlan& plan, absl::Span<const AttributeValue> values,
                                   const FactOrigin& origin, absl::Time record_time,
                                   FactIdSource new_fact_id) {
  std::vector<Attribute> changed;
  for (const AttributeValue& value : values) {
    if (ApplyValue(plan, value, origin, record_time, new_fact_id)) {
      changed.push_back(value.attribute);
    }
  }
  CustomerRoot& root = plan.after.root;
  root.region_code = std::string(ShownValue(plan.after.shown, Attribute::kRegionCode));
  root.language_code = std::string(ShownValue(plan.after.shown, Attribute::kLanguageCode));
  return changed;
}

void TellFactsChanged(CustomerPlan& plan, absl::Span<const Attribute> changed) {
  for (Attribute attribute : changed) {
    const Fact& fact = plan.after.shown.at(attribute);
    plan.events.push_back(NumberEvent(
        plan.after.root, fact.origin.occur_time,
        FactChanged{.attribute = attribute, .fact_id = fact.id, .channel = fact.origin.channel}));
  }
}

void TellUpdated(CustomerPlan& plan, absl::Time occur_time,
                 std::vector<std::string> changed_fields) {
  CustomerRoot& root = plan.after.root;
  plan.events.push_back(NumberEvent(root, occur_time,
                                    CustomerUpdated{.state = root.state,
                                                    .commercial_status = root.commercial_status,
                                                    .changed_fields = std::move(changed_fields),
                                                    .version = root.version}));
}

// What is said now comes after what is shown, also when that was said by a clock ahead of this one:
// else of two updates, one after the other at two replicas, the second would not be shown.
FactOrigin OriginOf(const CustomerEdit& command, const ShownFacts& shown) {
  FactOrigin origin = command.origin;
  if (!command.is_said_now) return origin;
  for (const AttributeValue& value : command.attributes) {
    const auto fact = shown.find(value.attribute);
    if (fact != shown.end() && fact->second.value != value.value) {
      origin.occur_time =
          std::max(origin.occur_time, fact->second.origin.occur_time + absl::Microseconds(1));
    }
  }
  return origin;
}

void Touch(CustomerRoot& root, absl::Time record_time) {
  ++root.version;
  root.update_time = record_time;
}

}  // namespace

absl::StatusOr<CustomerPlan> PlanCreateCustomer(const NewCustomer& command,
                                                const std::optional<CustomerRoot>& existing,
                                                absl::Span<const IdentifierHolder> holders,
                                                absl::Time record_time, FactIdSource new_fact_id) {
  if (existing.has_value()) return CustomerAlreadyExists(command.id);
  CLIENTELE_RETURN_IF_ERROR(CheckNotTaken(command.identifiers, command.id, holders));

  CustomerPlan plan;
  plan.is_new = true;
  CustomerRoot& root = plan.after.root;
  root.id = command.id;
  root.kind = command.kind;
  root.source_system = command.origin.source_system;
  root.version = 1;
  root.create_time = record_time;
  root.update_time = record_time;
  root.create_occur_time = command.origin.occur_time;
  plan.after.identifiers = command.identifiers;
  plan.identifiers.added = command.identifiers;
  const std::vector<Attribute> changed =
      ApplyValues(plan, command.attributes, command.origin, record_time, new_fact_id);

  plan.events.push_back(NumberEvent(
      root, command.origin.occur_time,
      CustomerCreated{
          .kind = root.kind, .source_system = root.source_system, .version = root.version}));
  TellFactsChanged(plan, changed);
  return plan;
}

absl::StatusOr<CustomerPlan> PlanUpdateCustomer(const std::optional<Customer>& current,
                                                const CustomerEdit& command,
                                                absl::Span<const IdentifierHolder> holders,
                                                absl::Time record_time, FactIdSource new_fact_id) {
  // 1. May it be changed at all? The kind never changes, so a misfit is the caller's mistake,
  // whatever became of the customer.
  if (!current.has_value()) return CustomerNotFound(command.id);
  const CustomerRoot& root = current->root;
  CLIENTELE_RETURN_IF_ERROR(CheckKind(root.kind, command.attributes));
  CLIENTELE_RETURN_IF_ERROR(CheckVersion(root, command.expected_version));
  if (root.state == CustomerState::kDeleted) return CustomerIsDeleted(command.id);

  // 2. What is another now?
  CustomerPlan plan;
  plan.after = *current;
  if (command.identifiers.has_value()) {
    plan.identifiers = CompareIdentifiers(current->identifiers, *command.identifiers);
    CLIENTELE_RETURN_IF_ERROR(CheckNotTaken(plan.identifiers.added, command.id, holders));
    plan.after.identifiers = *command.identifiers;
  }
  const FactOrigin origin = OriginOf(command, current->shown);
  const std::vector<Attribute> changed =
      ApplyValues(plan, command.attributes, origin, record_time, new_fact_id);

  // 3. Tell it, when a reader can see it.
  if (changed.empty() && plan.identifiers.empty()) return plan;
  std::vector<std::string> changed_fields;
  changed_fields.reserve(changed.size() + 1);
  for (Attribute attribute : changed) {
    changed_fields.emplace_back(DefinitionOf(attribute).path);
  }
  if (!plan.identifiers.empty()) changed_fields.emplace_back("identifiers");
  Touch(plan.after.root, record_time);
  TellUpdated(plan, origin.occur_time, std::move(changed_fields));
  TellFactsChanged(plan, changed);
  return plan;
}

absl::StatusOr<CustomerPlan> PlanDeleteCustomer(const std::optional<Customer>& current,
                                                const CustomerStateCommand& command,
                                                absl::Time record_time) {
  if (!current.has_value()) return CustomerNotFound(command.id);
  CLIENTELE_RETURN_IF_ERROR(CheckVersion(current->root, command.expected_version));
  if (current->root.state == CustomerState::kDeleted) return CustomerIsDeleted(command.id);

  CustomerPlan plan;
  plan.after = *current;
  plan.after.root.state = CustomerState::kDeleted;
  plan.after.root.delete_time = record_time;
  plan.after.root.state_occur_time = command.occur_time;
  Touch(plan.after.root, record_time);
  TellUpdated(plan, command.occur_time, {"state"});
  return plan;
}

absl::StatusOr<CustomerPlan> PlanUndeleteCustomer(const std::optional<Customer>& current,
                                                  const CustomerStateCommand& command,
                                                  absl::Time record_time) {
  if (!current.has_value()) return CustomerNotFound(command.id);
  CLIENTELE_RETURN_IF_ERROR(CheckVersion(current->root, command.expected_version));
  if (current->root.state != CustomerState::kDeleted) return CustomerNotDeleted(command.id);

  CustomerPlan plan;
  plan.after = *current;
  plan.after.root.state = CustomerState::kActive;
  plan.after.root.delete_time.reset();
  plan.after.root.state_occur_time = command.occur_time;
  Touch(plan.after.root, record_time);
  TellUpdated(plan, command.occur_time, {"state"});
  return plan;
}

}  // namespace clientele::profile
