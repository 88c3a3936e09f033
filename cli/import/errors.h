#ifndef CLI_IMPORT_ERRORS_H_
#define CLI_IMPORT_ERRORS_H_

// Why a file as a whole cannot be imported. Each message is one sentence for the person at the
// terminal; a bad row is no error but a RejectedRow (purchase_file.h).

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace clientele::cli {

// `error_number` is errno. NOT_FOUND, PERMISSION_DENIED or UNKNOWN as errno says.
absl::Status CannotReadFile(absl::string_view path, int error_number);

// DATA_LOSS: the gzip stream ends early or fails its checksum.
absl::Status CorruptGzipFile(absl::string_view path);

// RESOURCE_EXHAUSTED: more rows or lines than one import takes.
absl::Status TooManyRows(int64_t rows_max);

// INVALID_ARGUMENT: the file's first line is not the header of the format.
absl::Status MissingHeader(absl::string_view format);
absl::Status MissingColumn(absl::string_view column);
absl::Status RepeatedColumn(absl::string_view column);
// Lists the names there are and not the one that was read: in a file without a header that would be
// what it holds of somebody.
absl::Status UnknownColumn(int column_number, absl::Span<const absl::string_view> known);

// INVALID_ARGUMENT: the options.
absl::Status InvalidSource();
absl::Status InvalidDefaultCurrency();

}  // namespace clientele::cli

#endif  // CLI_IMPORT_ERRORS_H_
