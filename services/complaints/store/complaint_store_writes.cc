// The writing side of complaint_store.h.

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_join.h"
#include "common/sealing/sealed_column.h"
#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/complaints/domain/errors.h"
#include "services/complaints/store/complaint_store.h"
#include "services/complaints/store/places.h"
#include "services/complaints/store/sql_complaint.h"
#include "services/complaints/store/sql_work.h"

namespace clientele::complaints {
namespace {

// Runs an insert that skips what exists; skipping means that another transaction was there first.
absl::Status InsertNew(sql::Tx& tx, const sql::Statement& statement,
                       absl::Span<const sql::Param> params) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t inserted_count, tx.Execute(statement, params));
  return inserted_count == 1 ? absl::OkStatus() : ConcurrentChange();
}

absl::Status InsertComplaint(sql::Tx& tx, const sealing::CustomerKeys& keys,
                             const Complaint& complaint) {
  const std::string purchase_ids = absl::StrJoin(complaint.purchase_ids, ",");
  const std::string staff_ids =
      absl::StrJoin(complaint.concerned_staff_ids, ",",
                    [](std::string* out, const StaffId& id) { out->append(id.value()); });
  std::vector<sql::Param> params = {complaint.customer_id.value(),
                                    complaint.id.value(),
                                    complaint.number,
                                    sql::EnumParam(complaint.channel),
                                    sql::EnumParam(complaint.type),
                                    int64_t{complaint.severity},
                                    int64_t{complaint.safety ? 1 : 0},
                                    complaint.language_code,
                                    absl::string_view(),  // the texts, sealed below
                                    absl::string_view(),
                                    absl::string_view(),
                                    absl::string_view(),
                                    purchase_ids,
                                    staff_ids,
                                    complaint.assignee_id.value(),
                                    sql::EnumParam(complaint.state),
                                    sql::EnumParam(complaint.finding),
                                    sql::EnumParam(complaint.relief),
                                    sql::TimeParam(complaint.occur_time),
                                    sql::TimeParam(complaint.record_time),
                                    sql::TimeParam(complaint.update_time),
                                    sql::OptionalTimeParam(complaint.acknowledge_time),
                                    sql::OptionalTimeParam(complaint.resolve_time),
                                    sql::OptionalTimeParam(complaint.close_time),
                                    int64_t{complaint.reopen_count},
                                    sql::EnumParam(complaint.tier),
                                    int64_t{complaint.priority_rank},
                                    sql::EnumParam(complaint.verification),
                                    complaint.version,
                                    complaint.entry_count};
  sealing::SealedParams sealed(keys);
  for (const ComplaintText& text : kComplaintTexts) {
    CLIENTELE_ASSIGN_OR_RETURN(const sql::Param bytes,
                               sealed.Seal(PlaceOf(complaint, text), complaint.*text.text));
    params.push_back(bytes);
  }
  CLIENTELE_RETURN_IF_ERROR(InsertNew(tx, kInsertComplaint, params));
  return InsertNew(tx, kInsertNumber,
                   {{complaint.number, complaint.customer_id.value(), complaint.id.value()}});
}

absl::Status UpdateResolution(sql::Tx& tx, const sealing::CustomerKeys& keys,
                              const Complaint& complaint) {
  constexpr const ComplaintText& kResolution = kComplaintTexts[3];
  static_assert(kResolution.text == &Complaint::resolution);
  sealing::SealedParams sealed(keys);
  CLIENTELE_ASSIGN_OR_RETURN(const sql::Param resolution,
                             sealed.Seal(PlaceOf(complaint, kResolution), complaint.resolution));
  return tx
      .Execute(kUpdateResolution,
               {{complaint.customer_id.value(), complaint.id.value(), resolution}})
      .status();
}

absl::Status UpdateComplaint(sql::Tx& tx, const sealing::CustomerKeys& keys,
                             const ComplaintPlan& plan) {
  if (plan.resolution_changed) {
    CLIENTELE_RETURN_IF_ERROR(UpdateResolution(tx, keys, plan.after));
  }
  const Complaint& complaint = plan.after;
  return tx
      .Execute(kUpdateComplaint,
               {{complaint.customer_id.value(), complaint.id.value(), complaint.assignee_id.value(),
                 sql::EnumParam(complaint.state), sql::EnumParam(complaint.finding),
                 sql::EnumParam(complaint.relief), sql::TimeParam(complaint.update_time),
                 sql::OptionalTimeParam(complaint.acknowledge_time),
                 sql::OptionalTimeParam(complaint.resolve_time),
                 sql::OptionalTimeParam(complaint.close_time), int64_t{complaint.reopen_count},
                 sql::EnumParam(complaint.tier), int64_t{complaint.priority_rank},
                 sql::EnumParam(complaint.verification), complaint.version, complaint.entry_count}})
      .status();
}

absl::Status InsertEntries(sql::Tx& tx, const sealing::CustomerKeys& keys,
                           const ComplaintPlan& plan) {
  sealing::SealedParams sealed(keys);
  std::vector<std::vector<sql::Param>> rows;
  for (const TimelineEntry& entry : plan.entries) {
    CLIENTELE_ASSIGN_OR_RETURN(
        const sql::Param text,
        sealed.Seal(EntryPlace(plan.after.customer_id.value(),
                               EntryRow(plan.after.id.value(), entry.number)),
                    entry.text));
    rows.push_back({plan.after.customer_id.value(), plan.after.id.value(), entry.number,
                    sql::EnumParam(entry.kind), entry.actor, sql::TimeParam(entry.occur_time),
                    sql::TimeParam(entry.record_time), absl::string_view(),
                    sql::EnumParam(entry.previous_state), sql::EnumParam(entry.state),
                    entry.assignee_id.value(), entry.remedy_id.value(),
                    sql::EnumParam(entry.remedy_state), int64_t{entry.previous_priority_rank},
                    int64_t{entry.priority_rank}, int64_t{entry.verification}, text});
  }
  return tx.ExecuteBatch(kInsertEntry, rows).status();
}

// The remedy that an entry of the plan tells of.
const Remedy& RemedyOf(const ComplaintPlan& plan, const TimelineEntry& entry) {
  const Remedy* remedy = FindRemedy(plan.after, entry.remedy_id);
  CLIENTELE_CHECK(remedy != nullptr);
  return *remedy;
}

// Those that an entry of the plan tells of; a description is stored with a new one only.
absl::Status SaveRemedies(sql::Tx& tx, const sealing::CustomerKeys& keys,
                          const ComplaintPlan& plan) {
  sealing::SealedParams sealed(keys);
  for (const TimelineEntry& entry : plan.entries) {
    if (entry.kind != TimelineKind::kRemedyChanged) {
      continue;
    }
    const Remedy& remedy = RemedyOf(plan, entry);
    CLIENTELE_ASSIGN_OR_RETURN(
        const sql::Param description,
        sealed.Seal(RemedyPlace(plan.after.customer_id.value(),
                                RemedyRow(plan.after.id.value(), remedy.id.value())),
                    remedy.description));
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kUpsertRemedy,
                   {{plan.after.customer_id.value(), plan.after.id.value(), remedy.id.value(),
                     sql::EnumParam(remedy.kind), sql::EnumParam(remedy.state), remedy.points,
                     absl::string_view(), remedy.failure_reason, remedy.ledger_transaction_id,
                     remedy.proposer, remedy.approver, sql::TimeParam(remedy.create_time),
                     sql::TimeParam(remedy.update_time), description}})
            .status());
  }
  return absl::OkStatus();
}

// Whether there is something to seal.
bool HasTexts(const ComplaintPlan& plan) {
  const auto has_text = [&plan](const TimelineEntry& entry) {
    return !entry.text.empty() || (entry.kind == TimelineKind::kRemedyChanged &&
                                   !RemedyOf(plan, entry).description.empty());
  };
  return plan.is_new || plan.resolution_changed || absl::c_any_of(plan.entries, has_text);
}

absl::Status LeaveWork(sql::Tx& tx, const ComplaintPlan& plan, absl::Time execute_time) {
  if (plan.to_execute.has_value()) {
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kInsertWork, {{plan.after.customer_id.value(), plan.after.id.value(),
                                  plan.to_execute->value(), sql::TimeParam(execute_time)}})
            .status());
  }
  if (plan.needs_repair) {
    CLIENTELE_RETURN_IF_ERROR(tx.Execute(kInsertRepair, {{plan.customer.id.value()}}).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SaveCustomer(sql::Tx& tx, const CustomerRecord& record, bool is_new) {
  const std::vector<sql::Param> params = {record.id.value(), record.feed_seq,
                                          sql::EnumParam(record.tier), record.tier_revision,
                                          record.tier_feed_seq};
  if (is_new) {
    return InsertNew(tx, kInsertCustomer, params);
  }
  return tx.Execute(kUpdateCustomer, params).status();
}

absl::Status SavePlan(sql::Tx& tx, const sealing::Vault& vault, const ComplaintPlan& plan,
                      bool is_new_customer, absl::Time execute_time) {
  CLIENTELE_RETURN_IF_ERROR(SaveCustomer(tx, plan.customer, is_new_customer));
  sealing::CustomerKeys keys;
  if (HasTexts(plan)) {
    CLIENTELE_ASSIGN_OR_RETURN(
        keys, vault.LoadOrMake(tx, {plan.after.customer_id.value()}, plan.after.update_time));
  }
  CLIENTELE_RETURN_IF_ERROR(plan.is_new ? InsertComplaint(tx, keys, plan.after)
                                        : UpdateComplaint(tx, keys, plan));
  CLIENTELE_RETURN_IF_ERROR(InsertEntries(tx, keys, plan));
  CLIENTELE_RETURN_IF_ERROR(SaveRemedies(tx, keys, plan));
  return LeaveWork(tx, plan, execute_time);
}

}  // namespace clientele::complaints
