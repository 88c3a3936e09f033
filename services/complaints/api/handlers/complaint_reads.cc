#include "services/complaints/api/handlers/complaint_reads.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/handler/tx_options.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/complaints/api/converters/complaint_proto.h"
#include "services/complaints/api/validation/read_requests.h"
#include "services/complaints/domain/errors.h"
#include "services/complaints/store/complaint_store.h"

namespace clientele::complaints {
namespace {

// The complaint, which must exist.
absl::StatusOr<Complaint> LoadComplaint(const ApiContext& api, const rpc::CallContext& call,
                                        const ComplaintTarget& target) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<Complaint> complaint,
                             sql::ReadIn(api.database, TxOptionsOf(call), [&](sql::Tx& tx) {
                               return FindComplaint(tx, *api.vault, target.customer_id,
                                                    target.complaint_id);
                             }));
  if (!complaint.has_value()) {
    return ComplaintNotFound(target.customer_id, target.complaint_id);
  }
  return *std::move(complaint);
}

}  // namespace

absl::StatusOr<v1::Complaint> ComplaintReads::Get(rpc::CallContext& call,
                                                  const v1::GetComplaintRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ComplaintTarget target, ValidateGet(request));
  CLIENTELE_ASSIGN_OR_RETURN(const Complaint complaint, LoadComplaint(api_, call, target));
  return ToComplaintProto(complaint);
}

absl::StatusOr<v1::Complaint> ComplaintReads::Lookup(
    rpc::CallContext& call, const v1::LookupComplaintRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::string number, ValidateLookup(request));
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Complaint> complaint,
                             sql::ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
                               return FindComplaintByNumber(tx, *api_.vault, number);
                             }));
  if (!complaint.has_value()) {
    return ComplaintNumberNotFound(number);
  }
  return ToComplaintProto(*complaint);
}

absl::StatusOr<v1::ListComplaintsResponse> ComplaintReads::List(
    rpc::CallContext& call, const v1::ListComplaintsRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(ComplaintPage page, ValidateList(request, api_.page_tokens));
  // One more than asked for tells whether there is a next page.
  page.query.count_max = page.page_size + 1;
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<Complaint> complaints,
                             sql::ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
                               return ListComplaints(tx, *api_.vault, page.query);
                             }));
  v1::ListComplaintsResponse response;
  if (static_cast<int32_t>(complaints.size()) > page.page_size) {
    complaints.pop_back();
    CLIENTELE_ASSIGN_OR_RETURN(
        *response.mutable_next_page_token(),
        api_.page_tokens.Encode(CursorAfter(complaints.back()), page.arguments));
  }
  for (const Complaint& complaint : complaints) {
    *response.add_complaints() = ToComplaintProto(complaint);
  }
  return response;
}

absl::StatusOr<v1::ListTimelineResponse> ComplaintReads::ListTimeline(
    rpc::CallContext& call, const v1::ListTimelineRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const TimelinePage page,
                             ValidateListTimeline(request, api_.page_tokens));
  CLIENTELE_RETURN_IF_ERROR(LoadComplaint(api_, call, page.target).status());
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<TimelineEntry> entries,
                             sql::ReadIn(api_.database, TxOptionsOf(call), [&](sql::Tx& tx) {
                               return ListEntries(tx, *api_.vault, page.target.customer_id,
                                                  page.target.complaint_id, page.after_number,
                                                  page.page_size + 1);
                             }));
  v1::ListTimelineResponse response;
  if (static_cast<int32_t>(entries.size()) > page.page_size) {
    entries.pop_back();
    CLIENTELE_ASSIGN_OR_RETURN(
        *response.mutable_next_page_token(),
        api_.page_tokens.Encode({absl::StrCat(entries.back().number)}, page.arguments));
  }
  for (const TimelineEntry& entry : entries) {
    *response.add_entries() = ToTimelineEntryProto(entry);
  }
  return response;
}

absl::StatusOr<common::v1::Explanation> ComplaintReads::ExplainPriority(
    rpc::CallContext& call, const v1::ExplainPriorityRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ComplaintTarget target, ValidateExplain(request));
  CLIENTELE_ASSIGN_OR_RETURN(const Complaint complaint, LoadComplaint(api_, call, target));
  return ToPriorityExplanation(complaint);
}

}  // namespace clientele::complaints
