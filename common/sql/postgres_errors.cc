#include "common/sql/postgres_errors.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"

namespace clientele::sql {
namespace {

constexpr size_t kSqlStateBytes = 5;

absl::string_view Field(const PGresult* result, int field) {
  const char* const value = PQresultErrorField(result, field);
  return value == nullptr ? absl::string_view() : absl::string_view(value);
}

std::string LogDetail(const PGresult* result, absl::string_view sql_state,
                      absl::string_view statement_name) {
  const std::string of_statement =
      statement_name.empty() ? std::string() : absl::StrCat(statement_name, ": ");
  if (sql_state.empty()) {
    return absl::StrCat(of_statement, absl::StripAsciiWhitespace(PQresultErrorMessage(result)));
  }
  // A data exception quotes what it could not take.
  const absl::string_view message = absl::StartsWith(sql_state, "22")
                                        ? absl::string_view("data exception")
                                        : Field(result, PG_DIAG_MESSAGE_PRIMARY);
  return absl::StrCat(of_statement, "postgres ", sql_state, ": ", message);
}

// The error of a class 23 code.
absl::Status ConstraintError(const PGresult* result, absl::string_view sql_state,
                             absl::string_view log_detail) {
  const std::string constraint(Field(result, PG_DIAG_CONSTRAINT_NAME));
  if (sql_state == "23505") {
    return ConstraintViolated({ConstraintKind::kUnique, constraint});
  }
  if (sql_state == "23514") {
    return ConstraintViolated({ConstraintKind::kCheck, constraint});
  }
  if (sql_state == "23502") {
    return ConstraintViolated(
        {ConstraintKind::kNotNull,
         absl::StrCat(Field(result, PG_DIAG_TABLE_NAME), ".", Field(result, PG_DIAG_COLUMN_NAME))});
  }
  return SqlDefect(log_detail);
}

// Whether the server (or the way to it) failed rather than our statement.
bool IsOfTheServer(absl::string_view sql_state) {
  if (sql_state == "08P01") {
    return false;  // as many parameters as the statement has, and other rules of the protocol
  }
  return sql_state.empty() || absl::StartsWith(sql_state, "08") ||
         absl::StartsWith(sql_state, "53") || absl::StartsWith(sql_state, "57") ||
         absl::StartsWith(sql_state, "58") || sql_state == "25P03" || sql_state == "55P03";
}

}  // namespace

absl::Status PostgresError(const PGresult* result, const PostgresErrorContext& context) {
  const absl::string_view sql_state = Field(result, PG_DIAG_SQLSTATE);
  const std::string log_detail = LogDetail(result, sql_state, context.statement_name);
  if (sql_state == "40001" || sql_state == "40P01") {
    return TransactionConflict(log_detail);
  }
  if ((sql_state == "55P03" || sql_state == "57014") && context.deadline_passed) {
    return DatabaseDeadlineExceeded();
  }
  if (sql_state == "53100") {
    return DiskFull(log_detail);
  }
  if (sql_state == "25006" && !context.is_read_only) {
    return DatabaseReadOnly(log_detail);
  }
  if (absl::StartsWith(sql_state, "23")) {
    return ConstraintError(result, sql_state, log_detail);
  }
  return IsOfTheServer(sql_state) ? DatabaseUnavailable(log_detail) : SqlDefect(log_detail);
}

bool IsCancelled(const PGresult* result) { return Field(result, PG_DIAG_SQLSTATE) == "57014"; }

bool IsFatal(const PGresult* result) {
  const absl::string_view severity = Field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

std::string ConnectSqlState(absl::string_view message) {
  constexpr absl::string_view kBefore = ":  ";
  for (size_t i = message.find(kBefore); i != absl::string_view::npos;
       i = message.find(kBefore, i + 1)) {
    const absl::string_view rest = message.substr(i + kBefore.size());
    const absl::string_view code = rest.substr(0, kSqlStateBytes);
    const bool is_code = std::all_of(code.begin(), code.end(), [](char c) {
      return absl::ascii_isupper(c) || absl::ascii_isdigit(c);
    });
    if (code.size() == kSqlStateBytes && is_code && rest.substr(kSqlStateBytes, 1) == ":") {
      return std::string(code);
    }
  }
  return "";
}

}  // namespace clientele::sql
