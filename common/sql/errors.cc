#include "common/sql/errors.h"

#include <array>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/status/error.h"

namespace clientele::sql {
namespace {

// Payloads beside ErrorDetails: common/rpc sends only those, so these stay in the process.
constexpr char kLogDetailUrl[] = "clientele/sql-log-detail";
constexpr char kConstraintUrl[] = "clientele/sql-constraint";

// Long enough for a failed-over database or a finished backup, short enough for a caller to wait.
constexpr absl::Duration kUnavailableRetryDelay = absl::Seconds(1);
// One place in a queue of short transactions.
constexpr absl::Duration kConflictRetryDelay = absl::Milliseconds(100);

// How each kind is written into the payload.
constexpr std::array<std::pair<ConstraintKind, absl::string_view>, 3> kKindNames = {{
    {ConstraintKind::kUnique, "UNIQUE "},
    {ConstraintKind::kCheck, "CHECK "},
    {ConstraintKind::kNotNull, "NOT NULL "},
}};

absl::Status WithLogDetail(absl::Status status, absl::string_view log_detail) {
  status.SetPayload(kLogDetailUrl, absl::Cord(log_detail));
  return status;
}

}  // namespace

absl::Status DatabaseUnavailable(absl::string_view log_detail) {
  return WithLogDetail(ErrorBuilder(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                                    "the database is not available")
                           .RetryAfter(kUnavailableRetryDelay)
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
  std::string text;
  for (const auto& [kind, name] : kKindNames) {
    if (kind == violation.kind) {
      text = absl::StrCat(name, violation.subject);
    }
  }
  absl::Status status = SqlDefect(absl::StrCat("constraint violated: ", text));
  status.SetPayload(kConstraintUrl, absl::Cord(text));
  return status;
}

std::optional<ConstraintViolation> GetConstraintViolation(const absl::Status& status) {
  const auto payload = status.GetPayload(kConstraintUrl);
  if (!payload.has_value()) {
    return std::nullopt;
  }
  const std::string text(*payload);
  for (const auto& [kind, name] : kKindNames) {
    if (text.compare(0, name.size(), name.data(), name.size()) == 0) {
      return ConstraintViolation{kind, text.substr(name.size())};
    }
  }
  return std::nullopt;
}

std::string GetLogDetail(const absl::Status& status) {
  const auto payload = status.GetPayload(kLogDetailUrl);
  return payload.has_value() ? std::string(*payload) : "";
}

bool IsTransactionConflict(const absl::Status& status) {
  return status.code() == absl::StatusCode::kAborted &&
         GetErrorReason(status) == "TRANSACTION_CONFLICT";
}

}  // namespace clientele::sql
