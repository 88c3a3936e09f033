#include "services/complaints/domain/complaint_draft.h"

#include <utility>

#include "common/status/macros.h"

namespace clientele::complaints {
namespace {

PriorityValue PriorityOf(const Complaint& complaint) {
  return {complaint.priority_rank, complaint.tier};
}

int RankOf(const Complaint& complaint) {
  return PriorityRank(
      {.safety = complaint.safety, .severity = complaint.severity, .tier = complaint.tier});
}

Remedy& RemedyOf(Complaint& complaint, const RemedyId& id) {
  for (Remedy& remedy : complaint.remedies) {
    if (remedy.id == id) {
      return remedy;
    }
  }
  CLIENTELE_CHECK(false);
}

}  // namespace

ComplaintDraft::ComplaintDraft(CustomerRecord customer, Complaint complaint, Stamp stamp)
    : stamp_(std::move(stamp)) {
  plan_.customer = std::move(customer);
  plan_.after = std::move(complaint);
}

void ComplaintDraft::Touch() {
  ++plan_.after.version;
  plan_.after.update_time = stamp_.record_time;
}

TimelineEntry& ComplaintDraft::AddEntry(TimelineKind kind) {
  TimelineEntry& entry = plan_.entries.emplace_back();
  entry.number = ++plan_.after.entry_count;
  entry.kind = kind;
  entry.actor = stamp_.actor;
  entry.occur_time = stamp_.occur_time;
  entry.record_time = stamp_.record_time;
  return entry;
}

void ComplaintDraft::File() {
  plan_.is_new = true;
  Complaint& complaint = plan_.after;
  complaint.state = ComplaintState::kReceived;
  complaint.priority_rank = RankOf(complaint);
  complaint.record_time = stamp_.record_time;
  Touch();
  TimelineEntry& entry = AddEntry(TimelineKind::kFiled);
  entry.state = complaint.state;
  entry.priority_rank = complaint.priority_rank;
  entry.verification = static_cast<int>(complaint.verification);
  Tell(ComplaintFiled{.channel = complaint.channel,
                      .type = complaint.type,
                      .severity = complaint.severity,
                      .safety = complaint.safety,
                      .priority = PriorityOf(complaint)});
}

void ComplaintDraft::SetResolution(absl::string_view text) {
  plan_.after.resolution = std::string(text);
  plan_.resolution_changed = true;
}

void ComplaintDraft::MoveTo(ComplaintState next, absl::string_view text) {
  Complaint& complaint = plan_.after;
  const ComplaintState previous = complaint.state;
  complaint.state = next;
  TimelineEntry& entry = AddEntry(TimelineKind::kStateChanged);
  entry.previous_state = previous;
  entry.state = next;
  entry.text = std::string(text);
  Tell(ComplaintStateChanged{.previous_state = previous,
                             .state = next,
                             .finding = complaint.finding,
                             .relief = complaint.relief,
                             .reopen_count = complaint.reopen_count});
}

void ComplaintDraft::SetTier(Tier tier) {
  Complaint& complaint = plan_.after;
  if (complaint.tier == tier) {
    return;
  }
  const PriorityValue previous = PriorityOf(complaint);
  complaint.tier = tier;
  complaint.priority_rank = RankOf(complaint);
  TimelineEntry& entry = AddEntry(TimelineKind::kPriorityChanged);
  entry.previous_priority_rank = previous.rank;
  entry.priority_rank = complaint.priority_rank;
  Tell(ComplaintPriorityChanged{.previous_priority = previous, .priority = PriorityOf(complaint)});
}

void ComplaintDraft::MoveRemedy(const RemedyId& id, RemedyState next,
                                absl::string_view failure_reason,
                                absl::string_view ledger_transaction_id) {
  Remedy& remedy = RemedyOf(plan_.after, id);
  const RemedyState previous = remedy.state;
  CLIENTELE_CHECK(MayMove(previous, next));
  remedy.state = next;
  remedy.update_time = stamp_.record_time;
  if (!failure_reason.empty()) {
    remedy.failure_reason = std::string(failure_reason);
  }
  if (!ledger_transaction_id.empty()) {
    remedy.ledger_transaction_id = std::string(ledger_transaction_id);
  }
  TimelineEntry& entry = AddEntry(TimelineKind::kRemedyChanged);
  entry.remedy_id = id;
  entry.remedy_state = next;
  Tell(RemedyStateChanged{.remedy_id = id,
                          .kind = remedy.kind,
                          .previous_state = previous,
                          .state = next,
                          .points = remedy.points,
                          .failure_reason = remedy.failure_reason,
                          .ledger_transaction_id = remedy.ledger_transaction_id});
}

ComplaintPlan ComplaintDraft::Finish() && {
  const Complaint& complaint = plan_.after;
  plan_.needs_repair = complaint.verification == Verification::kUnverified ||
                       (IsOpen(complaint.state) && complaint.tier == Tier::kUnknown);
  return std::move(plan_);
}

void ComplaintDraft::Tell(EventBody body) {
  plan_.events.push_back({.customer_id = plan_.after.customer_id,
                          .feed_seq = ++plan_.customer.feed_seq,
                          .occur_time = stamp_.occur_time,
                          .complaint_id = plan_.after.id,
                          .version = plan_.after.version,
                          .body = std::move(body)});
}

}  // namespace clientele::complaints
