#ifndef CLI_COMMANDS_COMPLAINT_TEXT_H_
#define CLI_COMMANDS_COMPLAINT_TEXT_H_

// Complaints as tables.

#include "cli/environment.h"
#include "cli/output/table.h"
#include "clientele/complaints/v1/complaint.pb.h"
#include "clientele/complaints/v1/timeline.pb.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace clientele::cli {

// One row per complaint.
Table ComplaintTable(
    const google::protobuf::RepeatedPtrField<clientele::complaints::v1::Complaint>& complaints);

// One row per entry.
Table TimelineTable(
    const google::protobuf::RepeatedPtrField<clientele::complaints::v1::TimelineEntry>& entries);

// Prints a complaint with its remedies; with --json as JSON.
void PrintComplaint(const clientele::complaints::v1::Complaint& complaint,
                    const Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_COMPLAINT_TEXT_H_
