#include "common/sql/sqlite_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/sql/errors.h"

namespace clientele::sql {
namespace {

// What follows "UNIQUE constraint failed: " and its like.
std::string ConstraintSubject(absl::string_view message) {
  constexpr absl::string_view kMark = "constraint failed: ";
  const size_t mark = message.find(kMark);
  return std::string(mark == absl::string_view::npos ? message
                                                     : message.substr(mark + kMark.size()));
}

absl::Status ConstraintError(int extended_code, absl::string_view message,
                             absl::string_view log_detail) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_UNIQUE:
      return ConstraintViolated({ConstraintKind::kUnique, ConstraintSubject(message)});
    case SQLITE_CONSTRAINT_CHECK:
      return ConstraintViolated({ConstraintKind::kCheck, ConstraintSubject(message)});
    case SQLITE_CONSTRAINT_NOTNULL:
      return ConstraintViolated({ConstraintKind::kNotNull, ConstraintSubject(message)});
    default:
      return SqlDefect(log_detail);
  }
}

}  // namespace

absl::Status SqliteError(sqlite3* connection, int result_code) {
  const int extended_code = sqlite3_extended_errcode(connection);
  const absl::string_view message = sqlite3_errmsg(connection);
  const std::string log_detail = absl::StrCat("sqlite ", extended_code, ": ", message);
  switch (result_code & 0xff) {
    case SQLITE_FULL:
      return DiskFull(log_detail);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return TransactionConflict(log_detail);
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return DatabaseUnavailable(log_detail);
    case SQLITE_INTERRUPT:
      return DatabaseDeadlineExceeded();
    case SQLITE_CONSTRAINT:
      return ConstraintError(extended_code, message, log_detail);
    default:
      return SqlDefect(log_detail);
  }
}

}  // namespace clientele::sql
