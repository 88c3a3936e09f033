#include "cli/import/complaint_file.h"

#include "cli/import/customer_table.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

enum Column : size_t {
  kComplaint,
  kCustomer,
  kOccurTime,
  kChannel,
  kType,
  kSeverity,
  kSubject,
  kSafety,
  kLanguageCode,
  kDescription,
  kDesiredRemedy
};
constexpr CsvColumn kColumns[] = {
    {"complaint"},
    {"customer"},
    {"occur_time"},
    {"channel"},
    {"type"},
    {"severity"},
    {"subject"},
    {"safety", false},
    {"language_code", false},
    {"description", false},
    {"desired_remedy", false},
};

std::optional<Rejection> ReadSeverity(absl::string_view text, int* severity) {
  if (text.size() != 1 || text[0] < '1' || text[0] > '4') {
    return Rejection{RejectReason::kInvalidSeverity, "the severity is not 1, 2, 3 or 4"};
  }
  *severity = text[0] - '0';
  return std::nullopt;
}

std::optional<Rejection> ReadSafety(absl::string_view text, bool* safety) {
  *safety = text == "true";
  if (*safety || text.empty() || text == "false") return std::nullopt;
  return Rejection{RejectReason::kInvalidFlag, "safety is neither true nor false"};
}

}  // namespace

absl::StatusOr<ComplaintFile> ComplaintFile::Open(absl::string_view path,
                                                  const CsvFileOptions& options) {
  CLIENTELE_ASSIGN_OR_RETURN(std::unique_ptr<CustomerCsvFile> file,
                             CustomerCsvFile::Open(path, kColumns, options));
  return ComplaintFile(std::move(file));
}

absl::StatusOr<std::optional<ComplaintRow>> ComplaintFile::Next() {
  for (;;) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<CsvRow> csv, file_->Next());
    if (!csv.has_value()) return std::nullopt;
    ComplaintRow row;
    const std::optional<Rejection> rejection = ReadRow(*csv, &row);
    if (!rejection.has_value()) return row;
    file_->tally().Reject(csv->line_number(), *rejection);
  }
}

std::optional<Rejection> ComplaintFile::ReadRow(const CsvRow& csv, ComplaintRow* row) {
  row->line_number = csv.line_number();
  if (csv[kComplaint].empty()) {
    return Rejection{RejectReason::kMissingComplaint, "the complaint's id is empty"};
  }
  if (auto rejection = ReadOptionalTime(csv[kOccurTime], &row->occur_time)) return rejection;
  if (auto rejection = ReadSeverity(csv[kSeverity], &row->severity)) return rejection;
  if (auto rejection = ReadSafety(csv[kSafety], &row->safety)) return rejection;
  MentionedCustomer customer;
  if (auto rejection = file_->FindCustomer(csv[kCustomer], &customer)) return rejection;
  row->customer_id = std::move(customer.customer_id);
  std::optional<std::string> id = MakeCustomerId(file_->source(), csv[kComplaint]);
  if (!id.has_value()) {
    return Rejection{RejectReason::kInvalidComplaintId,
                     "source and complaint make no id of 3 to 63 characters"};
  }
  if (!ids_.insert(*id).second) {
    return Rejection{RejectReason::kRepeatedComplaint, "an earlier row has the same complaint id"};
  }
  row->complaint_id = *std::move(id);
  row->channel = std::string(csv[kChannel]);
  row->type = std::string(csv[kType]);
  row->language_code = std::string(csv[kLanguageCode]);
  row->subject = std::string(csv[kSubject]);
  row->description = std::string(csv[kDescription]);
  row->desired_remedy = std::string(csv[kDesiredRemedy]);
  return std::nullopt;
}

std::string ComplaintFileHelp() {
  return R"(The csv format is UTF-8 text as in RFC 4180, plain or gzip-compressed, with a header:

  complaint,customer,occur_time,channel,type,severity,safety,language_code,subject,description,
  desired_remedy

on one line. The columns may stand in any order; safety, language_code, description and
desired_remedy may be left out. One row is one complaint.

  complaint       the complaint's id in your system; becomes <source>-<id>, lower-cased, with '-'
                  for whatever is not a letter or digit
  customer        the customer as the purchases or customers spell it
  occur_time      RFC 3339, or YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS (both UTC); empty: now
  channel         web, app, phone, email, post, fax, in-person, social, forwarded or regulator
  type            quality, service, delivery, price, billing, advertising, privacy, safety or other
  severity        1 (gravest) to 4
  safety          true when somebody's safety is at stake, else false or empty
  language_code   of the texts, BCP-47
  subject         one line, 1 to 200 characters
  description     up to 10,000 characters
  desired_remedy  up to 1,000 characters

  X-7,c-17,2024-05-03T09:00:00Z,phone,delivery,3,false,en,Late parcel,"Nine days, not two.",

A complaint that is there already is left as it is. A row that breaks these rules is not imported;
it is listed with its line number and the reason.
)";
}

}  // namespace clientele::cli
