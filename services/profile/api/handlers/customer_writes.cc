#include "services/profile/api/handlers/customer_writes.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/handler/write_call.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/customer_proto.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/validation/customer_requests.h"
#include "services/profile/domain/customer_plan.h"
#include "services/profile/store/customer_store.h"

namespace clientele::profile {
namespace {

// Stores a plan and answers the customer as it is then.
absl::StatusOr<WriteEffect> Carry(const ApiContext& api, sql::Tx& tx, const CustomerPlan& plan,
                                  absl::Time record_time, v1::Customer& response) {
  response = ToCustomerProto(plan.after);
  if (plan.empty()) return WriteEffect{};
  CLIENTELE_RETURN_IF_ERROR(SaveCustomer(tx, plan, record_time));
  return WriteEffect{.changed = true, .events = ToOutboxEvents(plan.events, record_time, api.ids)};
}

// Delete and Undelete differ in their plan only.
template <typename Request, typename Plan>
absl::StatusOr<v1::Customer> ChangeState(const ApiContext& api, rpc::CallContext& call,
                                         const Request& request,
                                         const Validated<CustomerStateCommand>& validated,
                                         Plan plan_change) {
  const CustomerStateCommand& command = validated.command;
  return RunWrite<v1::Customer>(
      api, call, {command.id.value(), validated.request_id}, request,
      [&](sql::Tx& tx, absl::Time record_time,
          v1::Customer& response) -> absl::StatusOr<WriteEffect> {
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Customer> current,
                                   FindCustomer(tx, command.id));
        CLIENTELE_ASSIGN_OR_RETURN(CustomerPlan plan, plan_change(current, command, record_time));
        return Carry(api, tx, plan, record_time, response);
      });
}

}  // namespace

absl::StatusOr<v1::Customer> CustomerWrites::Create(
    rpc::CallContext& call, const v1::CreateCustomerRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(
      Validated<NewCustomer> validated,
      ValidateCreateCustomer(request, call.request_id_rule, api_.identifiers, api_.BusinessNow()));
  NewCustomer& command = validated.command;
  const CustomerId chosen_id = command.id;
  if (chosen_id.empty()) command.id = CustomerId(api_.ids.New(api_.RecordNow()));

  return RunWrite<v1::Customer>(
      api_, call, {chosen_id.value(), validated.request_id}, request,
      [&](sql::Tx& tx, absl::Time record_time,
          v1::Customer& response) -> absl::StatusOr<WriteEffect> {
        CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CustomerRoot> roots,
                                   LoadRoots(tx, {command.id.value()}));
        CLIENTELE_ASSIGN_OR_RETURN(const std::vector<IdentifierHolder> holders,
                                   FindHolders(tx, command.identifiers));
        CLIENTELE_ASSIGN_OR_RETURN(
            CustomerPlan plan,
            PlanCreateCustomer(
                command, roots.empty() ? std::nullopt : std::optional<CustomerRoot>(roots[0]),
                holders, record_time, [&] { return FactId(api_.ids.New(record_time)); }));
        return Carry(api_, tx, plan, record_time, response);
      });
}

absl::StatusOr<v1::Customer> CustomerWrites::Update(
    rpc::CallContext& call, const v1::UpdateCustomerRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(
      const Validated<CustomerEdit> validated,
      ValidateUpdateCustomer(request, call.request_id_rule, api_.identifiers, api_.BusinessNow()));
  const CustomerEdit& command = validated.command;

  return RunWrite<v1::Customer>(
      api_, call, {command.id.value(), validated.request_id}, request,
      [&](sql::Tx& tx, absl::Time record_time,
          v1::Customer& response) -> absl::StatusOr<WriteEffect> {
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Customer> current,
                                   FindCustomer(tx, command.id));
        CLIENTELE_ASSIGN_OR_RETURN(
            const std::vector<IdentifierHolder> holders,
            FindHolders(tx, command.identifiers.value_or(std::vector<Identifier>())));
        CLIENTELE_ASSIGN_OR_RETURN(CustomerPlan plan,
                                   PlanUpdateCustomer(current, command, holders, record_time, [&] {
                                     return FactId(api_.ids.New(record_time));
                                   }));
        return Carry(api_, tx, plan, record_time, response);
      });
}

absl::StatusOr<v1::Customer> CustomerWrites::Delete(
    rpc::CallContext& call, const v1::DeleteCustomerRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(
      const Validated<CustomerStateCommand> validated,
      ValidateDeleteCustomer(request, call.request_id_rule, api_.BusinessNow()));
  return ChangeState(api_, call, request, validated, PlanDeleteCustomer);
}

absl::StatusOr<v1::Customer> CustomerWrites::Undelete(
    rpc::CallContext& call, const v1::UndeleteCustomerRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(
      const Validated<CustomerStateCommand> validated,
      ValidateUndeleteCustomer(request, call.request_id_rule, api_.BusinessNow()));
  return ChangeState(api_, call, request, validated, PlanUndeleteCustomer);
}

}  // namespace clientele::profile
