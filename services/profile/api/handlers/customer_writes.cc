#include "services/profile/api/handlers/customer_writes.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/handler/cached_message.h"
#include "common/handler/request_content.h"
#include "common/handler/write_call.h"
#include "common/status/macros.h"
#include "services/profile/api/converters/customer_proto.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/converters/masking.h"
#include "services/profile/api/validation/customer_requests.h"
#include "services/profile/domain/customer_plan.h"
#include "services/profile/store/customer_store.h"

namespace clientele::profile {
namespace {

// Carries out what plan(tx, record_time) → absl::StatusOr<CustomerPlan> decides, answers the
// customer as it is then, and keeps the answer in the cache. A replayed answer is not kept: the
// customer may have changed since. With validate_only it only answers, without the etag.
template <typename Plan>
absl::StatusOr<v1::Customer> WriteCustomer(const ApiContext& api, rpc::CallContext& call,
                                           const WriteKey& key,
                                           const google::protobuf::Message& request, Plan plan) {
  int64_t written_version = 0;  // 0 = nothing changed
  const absl::Time begin = api.record_clock.Now();
  CLIENTELE_ASSIGN_OR_RETURN(
      v1::Customer customer,
      RunWrite<v1::Customer>(
          api, call, key, request,
          [&](sql::Tx& tx, absl::Time record_time,
              v1::Customer& response) -> absl::StatusOr<WriteEffect> {
            written_version = 0;
            CLIENTELE_ASSIGN_OR_RETURN(const CustomerPlan planned, plan(tx, record_time));
            response = ToCustomerProto(planned.after);
            if (IsValidateOnly(request)) {
              response.clear_etag();
              return WriteEffect{};
            }
            if (planned.empty()) return WriteEffect{};
            CLIENTELE_RETURN_IF_ERROR(SaveCustomer(tx, *api.vault, planned, record_time));
            written_version = planned.after.root.version;
            return WriteEffect{.changed = true,
                               .events = ToOutboxEvents(planned.events, record_time, api.ids)};
          }));
  if (written_version > 0 && !call.replayed) {
    api.cache.Put(api.cached_customers, customer.customer_id(),
                  MakeRecord(written_version, customer), begin);
  }
  if (!MayReadSensitive(call)) MaskCustomer(customer);
  return customer;
}

// Delete and Undelete differ in their plan only.
template <typename Request, typename Plan>
absl::StatusOr<v1::Customer> ChangeState(const ApiContext& api, rpc::CallContext& call,
                                         const Request& request,
                                         const Validated<CustomerStateCommand>& validated,
                                         Plan plan_change) {
  const CustomerStateCommand& command = validated.command;
  return WriteCustomer(api, call, {command.id.value(), validated.request_id}, request,
                       [&](sql::Tx& tx, absl::Time record_time) -> absl::StatusOr<CustomerPlan> {
                         CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Customer> current,
                                                    FindCustomer(tx, *api.vault, command.id));
                         return plan_change(current, command, record_time);
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

  return WriteCustomer(
      api_, call, {chosen_id.value(), validated.request_id}, request,
      [&](sql::Tx& tx, absl::Time record_time) -> absl::StatusOr<CustomerPlan> {
        CLIENTELE_ASSIGN_OR_RETURN(const std::vector<CustomerRoot> roots,
                                   LoadRoots(tx, {command.id.value()}));
        CLIENTELE_ASSIGN_OR_RETURN(const std::vector<IdentifierHolder> holders,
                                   FindHolders(tx, command.identifiers));
        return PlanCreateCustomer(
            command, roots.empty() ? std::nullopt : std::optional<CustomerRoot>(roots[0]), holders,
            record_time, [&] { return FactId(api_.ids.New(record_time)); });
      });
}

absl::StatusOr<v1::Customer> CustomerWrites::Update(
    rpc::CallContext& call, const v1::UpdateCustomerRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const Validated<CustomerEdit> validated,
                             ValidateUpdateCustomer(request, call.request_id_rule, api_.identifiers,
                                                    api_.BusinessNow(), MayReadSensitive(call)));
  const CustomerEdit& command = validated.command;

  return WriteCustomer(
      api_, call, {command.id.value(), validated.request_id}, request,
      [&](sql::Tx& tx, absl::Time record_time) -> absl::StatusOr<CustomerPlan> {
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Customer> current,
                                   FindCustomer(tx, *api_.vault, command.id));
        CLIENTELE_ASSIGN_OR_RETURN(
            const std::vector<IdentifierHolder> holders,
            FindHolders(tx, command.identifiers.value_or(std::vector<Identifier>())));
        return PlanUpdateCustomer(current, command, holders, record_time,
                                  [&] { return FactId(api_.ids.New(record_time)); });
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
