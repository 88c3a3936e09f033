#include "common/sql/errors.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"

namespace clientele::sql {
namespace {

// Long enough for a failed-over database or a finished backup, short enough for a caller to wait.
constexpr absl::Duration kUnavailableRetryDelay = absl::Seconds(1);
// One place in a queue of short transactions.
constexpr absl::Duration kConflictRetryDelay = absl::Milliseconds(100);

absl::string_view NameOf(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::kUnique:
      return "UNIQUE";
    case ConstraintKind::kCheck:
      return "CHECK";
    case ConstraintKind::kNotNull:
      return "NOT NULL";
  }
  return "";
}

// What the log detail of a violation begins with.
std::string DetailOf(ConstraintKind kind) {
  return absl::StrCat("constraint violated: ", NameOf(kind), " ");
}

// Whether `subject` is `name`, or the name of one of its shards on Citus ("name_102008").
bool IsNameOrShard(absl::string_view subject, absl::string_view name) {
  if (!absl::ConsumePrefix(&subject, name)) {
    return false;
  }
  return subject.empty() || (absl::ConsumePrefix(&subject, "_") && !subject.empty() &&
                             std::all_of(subject.begin(), subject.end(), absl::ascii_isdigit));
}

}  // namespace

absl::Status DatabaseUnavailable(absl::string_view log_detail) {
  return WithLogDetail(ErrorBuilder(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                                    "the database is not available")
                           .RetryAfter(kUnavailableRetryDelay)
                           .Build(),
                       log_detail);
}

absl::Status DatabaseReadOnly(absl::string_view log_detail) {
  return WithLogDetail(ErrorBuilder(absl::StatusCode::kUnavailable, "DATABASE_READ_ONLY",
                                    "the database takes no writes now")
                           .RetryAfter(kUnavailableRetryDelay)
                           .Build(),
                       log_detail);
}

absl::Status OutcomeUnknown(absl::string_view log_detail) {
  return WithLogDetail(ErrorBuilder(absl::StatusCode::kUnknown, "OUTCOME_UNKNOWN",
                                    "the database was lost while it stored the change; it may or "
                                    "may not be stored")
                           .Build(),
                       log_detail);
}

absl::Status DiskFull(absl::string_view log_detail) {
  return WithLogDetail(ErrorBuilder(absl::StatusCode::kResourceExhausted, "DISK_FULL",
                                    "the disk of the database is full")
                           .Build(),
                       log_detail);
}

absl::Status DatabaseOverloaded() {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "OVERLOADED", "the server is busy")
      .RetryAfter(kConflictRetryDelay)
      .Build();
}

absl::Status TransactionConflict(absl::string_view log_detail) {
  return WithLogDetail(ErrorBuilder(absl::StatusCode::kAborted, "TRANSACTION_CONFLICT",
                                    "too many concurrent changes; try again")
                           .RetryAfter(kConflictRetryDelay)
                           .Build(),
                       log_detail);
}

absl::Status DatabaseDeadlineExceeded() {
  return ErrorBuilder(absl::StatusCode::kDeadlineExceeded, "DEADLINE_TOO_SHORT",
                      "the deadline passed before the database had answered")
      .Build();
}

absl::Status SchemaMismatch(int64_t version, absl::string_view description) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "SCHEMA_MISMATCH",
                      absl::StrCat("schema migration ", version, " ", description))
      .Metadata("version", absl::StrCat(version))
      .Build();
}

absl::Status DatabaseNotOpened(absl::string_view path, absl::string_view cause) {
  return ErrorBuilder(absl::StatusCode::kFailedPrecondition, "DATABASE_NOT_OPENED",
                      absl::StrCat("the database ", path, " cannot be opened: ", cause))
      .Metadata("path", path)
      .Metadata("cause", cause)
      .Build();
}

absl::Status SqlDefect(absl::string_view log_detail) {
  return WithLogDetail(
      ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL", "internal error").Build(), log_detail);
}

absl::Status ConstraintViolated(const ConstraintViolation& violation) {
  return SqlDefect(absl::StrCat(DetailOf(violation.kind), violation.subject));
}

bool IsUniqueViolated(const absl::Status& status, const UniqueKey& key) {
  const std::string log_detail = GetLogDetail(status);
  absl::string_view subject = log_detail;
  return absl::IsInternal(status) &&
         absl::ConsumePrefix(&subject, DetailOf(ConstraintKind::kUnique)) &&
         (subject == key.columns || IsNameOrShard(subject, key.name));
}

bool IsTransactionConflict(const absl::Status& status) {
  return status.code() == absl::StatusCode::kAborted &&
         GetErrorReason(status) == "TRANSACTION_CONFLICT";
}

bool IsOutcomeUnknown(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnknown && GetErrorReason(status) == "OUTCOME_UNKNOWN";
}

}  // namespace clientele::sql
