#include "cli/commands/complaint_text.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::complaints::v1;

using google::protobuf::RepeatedPtrField;

Table EmptyComplaintTable() {
  Table table;
  table.Column("number").Column("customer").Column("state").Column("rank", Align::kRight);
  table.Column("tier").Column("sev", Align::kRight).Column("type").Column("assignee");
  table.Column("record time").Column("subject");
  return table;
}

void AddComplaintRow(const pb::Complaint& complaint, Table& table) {
  table.Row({complaint.complaint_number(), complaint.customer_id(),
             EnumWord(*pb::ComplaintState_descriptor(), complaint.state()),
             absl::StrCat(complaint.priority().rank()),
             EnumWord(*pb::CustomerTier_descriptor(), complaint.priority().tier()),
             absl::StrCat(complaint.severity(), complaint.safety() ? "!" : ""),
             EnumWord(*pb::ComplaintType_descriptor(), complaint.type()), complaint.assignee_id(),
             TimeText(complaint.record_time()), complaint.subject()});
}

Table RemedyTable(const pb::Complaint& complaint) {
  Table table;
  table.Column("remedy").Column("kind").Column("points", Align::kRight).Column("state");
  table.Column("why failed").Column("ledger transaction");
  for (const pb::Remedy& remedy : complaint.remedies()) {
    table.Row({remedy.remedy_id(), EnumWord(*pb::RemedyKind_descriptor(), remedy.kind()),
               WithSeparators(remedy.points()),
               EnumWord(*pb::RemedyState_descriptor(), remedy.state()), remedy.failure_reason(),
               remedy.ledger_transaction_id()});
  }
  return table;
}

// What an entry says beside its text.
std::string Summary(const pb::TimelineEntry& entry) {
  switch (entry.kind()) {
    case pb::TIMELINE_KIND_FILED:
      return absl::StrCat("rank ", entry.priority_rank());
    case pb::TIMELINE_KIND_STATE_CHANGED:
      return EnumWord(*pb::ComplaintState_descriptor(), entry.state());
    case pb::TIMELINE_KIND_ASSIGNED:
      return entry.assignee_id();
    case pb::TIMELINE_KIND_REMEDY_CHANGED:
      return absl::StrCat(EnumWord(*pb::RemedyState_descriptor(), entry.remedy_state()), " ",
                          entry.remedy_id());
    case pb::TIMELINE_KIND_PRIORITY_CHANGED:
      return absl::StrCat("rank ", entry.previous_priority_rank(), " to ", entry.priority_rank());
    case pb::TIMELINE_KIND_CUSTOMER_CHECKED:
      return EnumWord(*pb::CustomerVerification_descriptor(), entry.customer_verification());
    default:
      return "";
  }
}

}  // namespace

Table ComplaintTable(const RepeatedPtrField<pb::Complaint>& complaints) {
  Table table = EmptyComplaintTable();
  for (const pb::Complaint& complaint : complaints) {
    AddComplaintRow(complaint, table);
  }
  return table;
}

Table TimelineTable(const RepeatedPtrField<pb::TimelineEntry>& entries) {
  Table table;
  table.Column("#", Align::kRight).Column("occur time").Column("actor").Column("what");
  table.Column("").Column("text");
  for (const pb::TimelineEntry& entry : entries) {
    table.Row({absl::StrCat(entry.entry_number()), TimeText(entry.occur_time()), entry.actor(),
               EnumWord(*pb::TimelineKind_descriptor(), entry.kind()), Summary(entry),
               entry.text()});
  }
  return table;
}

void PrintComplaint(const pb::Complaint& complaint, const Environment& environment) {
  if (environment.json) {
    environment.PrintMessage(complaint);
    return;
  }
  Table table = EmptyComplaintTable();
  AddComplaintRow(complaint, table);
  environment.Print(table.ToString());
  if (complaint.remedies_size() > 0) {
    environment.Print("\n");
    environment.Print(RemedyTable(complaint).ToString());
  }
}

}  // namespace clientele::cli
