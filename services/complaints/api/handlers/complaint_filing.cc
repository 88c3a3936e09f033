#include "services/complaints/api/handlers/complaint_filing.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/handler/tx_options.h"
#include "common/rpc/client.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/complaints/api/handlers/plan_writer.h"
#include "services/complaints/api/validation/write_requests.h"
#include "services/complaints/domain/complaint_number.h"
#include "services/complaints/domain/limits.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {
namespace {

// How long one question to another service may take, so that both and the write fit into what the
// caller has left.
absl::Duration LookupWait(const rpc::CallContext& call) {
  return std::min(kLookupWaitMax, (call.deadline - absl::Now()) / 4);
}

// Asks the other services. Whoever does not answer is asked again later, so no error is ours.
absl::StatusOr<FilingLookup> Ask(const ApiContext& api, const rpc::CallContext& call,
                                 const CustomerId& id) {
  FilingLookup lookup;
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<CustomerRecord> customer,
                             sql::ReadIn(api.database, TxOptionsOf(call),
                                         [&](sql::Tx& tx) { return FindCustomer(tx, id); }));
  lookup.tier_revision = customer.has_value() ? customer->tier_revision : 0;
  const absl::StatusOr<bool> exists =
      api.profile.Exists(rpc::ForwardedCall(call, LookupWait(call)), id);
  if (exists.ok()) {
    lookup.customer_exists = *exists;
  }
  if (lookup.customer_exists.value_or(true)) {
    lookup.tier = api.loyalty.GetTier(rpc::ForwardedCall(call, LookupWait(call)), id)
                      .value_or(Tier::kUnknown);
  }
  return lookup;
}

// A new number; the random end of a UUIDv7 is 62 bits from a secure source.
std::string NewNumber(const ApiContext& api, absl::Time now) {
  const std::string uuid = api.ids.New(now);
  uint64_t entropy = 0;
  CLIENTELE_CHECK(absl::SimpleHexAtoi(uuid.substr(uuid.size() - 12), &entropy));
  return MakeComplaintNumber(entropy);
}

// Gives what is filed its number, and an id where the caller has chosen none.
void Name(const ApiContext& api, absl::Time now, Complaint& filed) {
  if (filed.id.empty()) {
    filed.id = ComplaintId(api.ids.New(now));
  }
  filed.number = NewNumber(api, now);
}

}  // namespace

absl::StatusOr<v1::Complaint> ComplaintFiling::File(rpc::CallContext& call,
                                                    const v1::FileComplaintRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const FileCommand command,
                             ValidateFile(call, request, api_.BusinessNow()));
  const CustomerId& customer_id = command.complaint.customer_id;
  CLIENTELE_ASSIGN_OR_RETURN(const FilingLookup lookup, Ask(api_, call, customer_id));

  return RunPlan<v1::Complaint>(
      api_, call, {customer_id.value(), command.request_id}, request,
      [&](sql::Tx& tx, const Stamp& stamp) -> absl::StatusOr<PlannedWrite> {
        Complaint filed = command.complaint;
        if (!request.validate_only()) {
          Name(api_, stamp.record_time, filed);
        }
        FilingState state;
        CLIENTELE_ASSIGN_OR_RETURN(state.customer, FindCustomer(tx, customer_id));
        CLIENTELE_ASSIGN_OR_RETURN(const auto taken,
                                   FindComplaint(tx, *api_.vault, customer_id, filed.id));
        state.id_taken = taken.has_value();
        CLIENTELE_ASSIGN_OR_RETURN(state.open_count, CountOpenComplaints(tx, customer_id));
        Stamp filing = stamp;
        filing.occur_time = filed.occur_time;
        CLIENTELE_ASSIGN_OR_RETURN(ComplaintPlan plan,
                                   PlanFileComplaint(state, filed, lookup, filing));
        return PlannedWrite{std::move(plan), !state.customer.has_value()};
      },
      [&](const ComplaintPlan& plan) { return AnswerOf(plan, request.validate_only()); });
}

}  // namespace clientele::complaints
