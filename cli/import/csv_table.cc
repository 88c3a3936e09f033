#include "cli/import/csv_table.h"

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "cli/import/errors.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

Rejection ToRejection(CsvFault fault) {
  switch (fault) {
    case CsvFault::kStrayQuote:
      return {RejectReason::kMalformedRow, "a quote stands where none may stand"};
    case CsvFault::kUnterminatedQuote:
      return {RejectReason::kMalformedRow, "a quoted field does not end"};
    case CsvFault::kWrongFieldCount:
      return {RejectReason::kMalformedRow, "the row has not as many fields as the header"};
    case CsvFault::kInvalidUtf8:
      return {RejectReason::kInvalidUtf8, "the row is not UTF-8"};
    case CsvFault::kLineTooLong:
      return {RejectReason::kLineTooLong, "the line is longer than 1 MiB"};
  }
  return {};
}

std::vector<absl::string_view> NamesOf(absl::Span<const CsvColumn> columns) {
  std::vector<absl::string_view> names;
  names.reserve(columns.size());
  for (const CsvColumn& column : columns) names.push_back(column.name);
  return names;
}

// The place of each of `columns` in the header.
absl::StatusOr<std::vector<std::optional<size_t>>> FindColumns(
    absl::Span<const absl::string_view> header, absl::Span<const CsvColumn> columns,
    UnknownColumns unknown_columns) {
  std::vector<std::optional<size_t>> places(columns.size());
  for (size_t place = 0; place < header.size(); ++place) {
    const absl::string_view name = absl::StripAsciiWhitespace(header[place]);
    size_t column = 0;
    while (column < columns.size() && columns[column].name != name) ++column;
    if (column == columns.size()) {
      if (unknown_columns == UnknownColumns::kIgnore) continue;
      return UnknownColumn(static_cast<int>(place) + 1, NamesOf(columns));
    }
    if (places[column].has_value()) return RepeatedColumn(name);
    places[column] = place;
  }
  for (size_t column = 0; column < columns.size(); ++column) {
    if (columns[column].required && !places[column].has_value()) {
      return MissingColumn(columns[column].name);
    }
  }
  return places;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CsvTable>> CsvTable::Open(InputFile& file, absl::string_view format,
                                                         absl::Span<const CsvColumn> columns,
                                                         UnknownColumns unknown_columns) {
  std::unique_ptr<CsvTable> table(new CsvTable(file));
  CLIENTELE_ASSIGN_OR_RETURN(const CsvRecord* header, table->reader_.Next());
  if (header == nullptr || header->fault.has_value()) return MissingHeader(format);
  CLIENTELE_ASSIGN_OR_RETURN(table->places_, FindColumns(header->fields, columns, unknown_columns));
  table->reader_.RequireFieldCount(header->fields.size());
  return table;
}

absl::StatusOr<std::optional<CsvRow>> CsvTable::Next(RowTally& tally) {
  for (;;) {
    CLIENTELE_ASSIGN_OR_RETURN(const CsvRecord* record, reader_.Next());
    if (record == nullptr) return std::nullopt;
    CLIENTELE_RETURN_IF_ERROR(tally.CountRow());
    if (!record->fault.has_value()) return CsvRow(*record, places_);
    tally.Reject(record->line_number, ToRejection(*record->fault));
  }
}

absl::Status ReadCsvTable(InputFile& file, absl::string_view format,
                          absl::Span<const CsvColumn> columns, UnknownColumns unknown_columns,
                          RowTally& tally, const CsvRowConsumer& consume) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<CsvTable> table,
                             CsvTable::Open(file, format, columns, unknown_columns));
  for (;;) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<CsvRow> row, table->Next(tally));
    if (!row.has_value()) return absl::OkStatus();
    if (const std::optional<Rejection> rejection = consume(*row)) {
      tally.Reject(row->line_number(), *rejection);
    }
  }
}

}  // namespace clientele::cli
