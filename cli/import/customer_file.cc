#include "cli/import/customer_file.h"

#include <iterator>

#include "cli/import/text.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

// The attributes come last, under their names in the contract.
enum Column : size_t { kCustomer, kKind, kEmail, kPhone, kOccurTime, kRegionCode, kAttributes = 5 };
constexpr CsvColumn kColumns[] = {
    {"customer"},
    {"kind", false},
    {"email", false},
    {"phone", false},
    {"occur_time", false},
    {"region_code", false},
    {"locality", false},
    {"display_name", false},
    {"given_name", false},
    {"family_name", false},
    {"birth_date", false},
    {"gender", false},
    {"language_code", false},
    {"employer", false},
    {"job_title", false},
};

std::optional<Rejection> ReadRow(const CsvRow& csv, CustomerCsvFile& file, CustomerRow* row) {
  row->line_number = csv.line_number();
  if (auto rejection = ReadOptionalTime(csv[kOccurTime], &row->occur_time)) return rejection;
  MentionedCustomer customer;
  if (auto rejection = file.FindCustomer(csv[kCustomer], &customer)) return rejection;
  if (customer.mentioned_before) {
    return Rejection{RejectReason::kRepeatedCustomer, "an earlier row is about the same customer"};
  }
  row->customer_id = std::move(customer.customer_id);
  std::string buffer;  // FindCustomer refuses what cannot be normalised
  row->customer_key = std::string(NormalizeText(csv[kCustomer], buffer).value_or(csv[kCustomer]));
  row->kind = std::string(csv[kKind]);
  row->email = std::string(csv[kEmail]);
  row->phone = std::string(csv[kPhone]);
  row->region_code = std::string(csv[kRegionCode]);
  for (size_t column = kAttributes; column < std::size(kColumns); ++column) {
    if (csv[column].empty()) continue;
    row->attributes.emplace_back(kColumns[column].name, std::string(csv[column]));
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<CustomerFile> CustomerFile::Open(absl::string_view path,
                                                const CsvFileOptions& options) {
  CLIENTELE_ASSIGN_OR_RETURN(std::unique_ptr<CustomerCsvFile> file,
                             CustomerCsvFile::Open(path, kColumns, options));
  return CustomerFile(std::move(file));
}

absl::Status CustomerFile::Read(size_t rows_max, std::vector<CustomerRow>& rows) {
  for (size_t read = 0; read < rows_max;) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<CsvRow> csv, file_->Next());
    if (!csv.has_value()) break;
    CustomerRow row;
    if (const auto rejection = ReadRow(*csv, *file_, &row)) {
      file_->tally().Reject(csv->line_number(), *rejection);
      continue;
    }
    rows.push_back(std::move(row));
    ++read;
  }
  return absl::OkStatus();
}

std::string CustomerFileHelp() {
  return R"(The csv format is UTF-8 text as in RFC 4180, plain or gzip-compressed, with a header:

  customer,kind,display_name,given_name,family_name,birth_date,gender,language_code,region_code,
  locality,employer,job_title,email,phone,occur_time

on one line. The columns may stand in any order; all but the first may be left out, and every cell
but the customer may be empty. One row is one customer.

  customer       the customer's id in your system; becomes <source>-<id>, lower-cased, with '-' for
                 whatever is not a letter or digit, and stays findable as it is
  kind           person (also when empty) or organization, which has neither given_name,
                 family_name, birth_date, gender, employer nor job_title
  birth_date     YYYY-MM-DD
  language_code  BCP-47, such as zh-Hans
  region_code    CLDR, such as CN; also that of a phone number in national spelling
  occur_time     when the customer said so: RFC 3339, or YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS (both
                 UTC); empty: now

  c-17,person,Ada Lane,Ada,Lane,1990-02-28,,en,GB,Leeds,,,ada@example.com,+447700900123,2024-05-01

A customer that is not there is made. One that is there, from an import of purchases say, gets the
attributes, the e-mail address and the phone number that it lacks; what it has is never replaced.
A row that breaks these rules is not imported; it is listed with its line number and the reason.
)";
}

}  // namespace clientele::cli
