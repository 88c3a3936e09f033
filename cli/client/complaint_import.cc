#include "cli/client/complaint_import.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/client/import_batches.h"
#include "cli/client/server_status.h"
#include "cli/output/enum_words.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::complaints::v1;

// Complaints between two calls of the progress callback.
constexpr int64_t kProgressComplaints = 100;

pb::FileComplaintRequest ToRequest(const ComplaintRow& row) {
  pb::FileComplaintRequest request;
  pb::Complaint& complaint = *request.mutable_complaint();
  complaint.set_customer_id(row.customer_id);
  complaint.set_complaint_id(row.complaint_id);
  complaint.set_channel(static_cast<pb::ComplaintChannel>(
      EnumNumber(*pb::ComplaintChannel_descriptor(), row.channel)));
  complaint.set_type(
      static_cast<pb::ComplaintType>(EnumNumber(*pb::ComplaintType_descriptor(), row.type)));
  complaint.set_severity(row.severity);
  complaint.set_safety(row.safety);
  complaint.set_language_code(row.language_code);
  complaint.set_subject(row.subject);
  complaint.set_description(row.description);
  complaint.set_desired_remedy(row.desired_remedy);
  if (row.occur_time.has_value()) SetTime(*row.occur_time, *complaint.mutable_occur_time());
  return request;
}

// Whether the words of the row are words of the contract; adds the row to `rejections` if not.
bool HasKnownWords(const ComplaintRow& row, const pb::Complaint& complaint,
                   Rejections& rejections) {
  if (complaint.channel() == pb::COMPLAINT_CHANNEL_UNSPECIFIED) {
    rejections.Add("INVALID_CHANNEL",
                   absl::StrCat("the channel is none of ",
                                absl::StrJoin(EnumWords(*pb::ComplaintChannel_descriptor()), ", ")),
                   {row.line_number});
    return false;
  }
  if (complaint.type() == pb::COMPLAINT_TYPE_UNSPECIFIED) {
    rejections.Add("INVALID_TYPE",
                   absl::StrCat("the type is none of ",
                                absl::StrJoin(EnumWords(*pb::ComplaintType_descriptor()), ", ")),
                   {row.line_number});
    return false;
  }
  return true;
}

absl::Status File(pb::ComplaintService::StubInterface& stub, const ComplaintRow& row,
                  const RecordImportOptions& options, ComplaintImportResult& result) {
  const pb::FileComplaintRequest request = ToRequest(row);
  if (!HasKnownWords(row, request.complaint(), result.rejections)) return absl::OkStatus();
  pb::Complaint filed;
  const absl::Status status =
      FromServer(stub.FileComplaint(options.new_call().get(), request, &filed));
  if (GetErrorReason(status) == "COMPLAINT_ALREADY_EXISTS") {
    ++result.already_filed_count;
    return absl::OkStatus();
  }
  if (!status.ok()) {
    return RejectRow(status, ExplainRefusal(status), row.line_number, result.rejections);
  }
  ++result.filed_count;
  return absl::OkStatus();
}

}  // namespace

absl::Status ImportComplaints(pb::ComplaintService::StubInterface& stub, ComplaintFile& file,
                              const RecordImportOptions& options, ComplaintImportResult& result) {
  for (;;) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<ComplaintRow> row, file.Next());
    if (!row.has_value()) break;
    CLIENTELE_RETURN_IF_ERROR(File(stub, *row, options, result));
    const int64_t rows_read = file.tally().rows_read();
    if (options.on_progress && rows_read % kProgressComplaints == 0) options.on_progress(rows_read);
  }
  result.rejections.AddAll(file.tally().rejected());
  return absl::OkStatus();
}

}  // namespace clientele::cli
