#include "cli/import/errors.h"

#include <cerrno>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace clientele::cli {

absl::Status CannotReadFile(absl::string_view path, int error_number) {
  const std::string message =
      absl::StrCat("cannot read '", path, "': ", std::generic_category().message(error_number));
  switch (error_number) {
    case ENOENT:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
      return absl::PermissionDeniedError(message);
    default:
      return absl::UnknownError(message);
  }
}

absl::Status CorruptGzipFile(absl::string_view path) {
  return absl::DataLossError(
      absl::StrCat("'", path, "' is not a whole gzip file: it is cut off or damaged"));
}

absl::Status TooManyRows(int64_t rows_max) {
  return absl::ResourceExhaustedError(
      absl::StrCat("the file has more than ", rows_max, " rows: split it"));
}

absl::Status MissingHeader(absl::string_view format) {
  return absl::InvalidArgumentError(
      absl::StrCat("the file does not begin with the header line of the format ", format));
}

absl::Status MissingColumn(absl::string_view column) {
  return absl::InvalidArgumentError(absl::StrCat("the header has no column '", column, "'"));
}

absl::Status RepeatedColumn(absl::string_view column) {
  return absl::InvalidArgumentError(absl::StrCat("the header has column '", column, "' twice"));
}

absl::Status UnknownColumn(int column_number, absl::Span<const absl::string_view> known) {
  return absl::InvalidArgumentError(absl::StrCat(
      "column ", column_number, " of the header has a name the format does not know: it takes ",
      absl::StrJoin(known, ", ")));
}

absl::Status InvalidSource() {
  return absl::InvalidArgumentError(
      "the source must hold a letter or digit and at most 63 characters");
}

absl::Status InvalidDefaultCurrency() {
  return absl::InvalidArgumentError("the currency must be one of ISO 4217, such as GBP");
}

}  // namespace clientele::cli
