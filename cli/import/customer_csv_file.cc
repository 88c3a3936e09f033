#include "cli/import/customer_csv_file.h"

#include <utility>

#include "cli/import/errors.h"
#include "cli/import/limits.h"
#include "cli/import/purchase_format.h"
#include "cli/import/text.h"
#include "cli/import/time_text.h"
#include "common/status/macros.h"

namespace clientele::cli {

absl::StatusOr<std::unique_ptr<CustomerCsvFile>> CustomerCsvFile::Open(
    absl::string_view path, absl::Span<const CsvColumn> columns, const CsvFileOptions& options) {
  const absl::string_view format = ToString(PurchaseFormat::kCsv);
  std::string source = Slug(options.source.empty() ? format : absl::string_view(options.source));
  if (source.empty() || source.size() > kSourceBytesMax) return InvalidSource();
  CLIENTELE_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> input, InputFile::Open(path));
  std::unique_ptr<CustomerCsvFile> file(
      new CustomerCsvFile(std::move(input), std::move(source), options));
  CLIENTELE_ASSIGN_OR_RETURN(
      file->table_, CsvTable::Open(*file->file_, format, columns, UnknownColumns::kRefuse));
  return file;
}

CustomerCsvFile::CustomerCsvFile(std::unique_ptr<InputFile> file, std::string source,
                                 const CsvFileOptions& options)
    : file_(std::move(file)),
      source_(std::move(source)),
      tally_(options.on_progress),
      customers_(source_, strings_) {}

std::optional<Rejection> CustomerCsvFile::FindCustomer(absl::string_view key,
                                                       MentionedCustomer* customer) {
  if (key.empty()) return Rejection{RejectReason::kMissingCustomer, "the customer is empty"};
  CustomerTable::Lookup lookup = customers_.Find(key);
  if (lookup.rejection.has_value()) return lookup.rejection;
  customer->mentioned_before = lookup.index.has_value();
  const size_t index = static_cast<size_t>(
      lookup.index.has_value() ? *lookup.index : customers_.Add(key, *std::move(lookup.new_id)));
  customer->customer_id = customers_.all()[index].customer_id;
  return std::nullopt;
}

std::optional<Rejection> ReadOptionalTime(absl::string_view text,
                                          std::optional<absl::Time>* occur_time) {
  if (text.empty()) return std::nullopt;
  *occur_time = ParseTimeText(text);
  if (occur_time->has_value()) return std::nullopt;
  return Rejection{RejectReason::kInvalidTime, "occur_time is no RFC 3339 time or date"};
}

}  // namespace clientele::cli
