#include "common/sql/sqlite_statement.h"

#include <cstring>
#include <utility>
#include <variant>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"
#include "common/sql/sqlite_errors.h"
#include "common/sql/stored_text.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// A pointer for views that have none: SQLite takes a null pointer for NULL, not for "".
const char* NotNull(absl::string_view view) { return view.data() == nullptr ? "" : view.data(); }

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteStatement>> SqliteStatement::Prepare(sqlite3* connection,
                                                                          absl::string_view text) {
  std::unique_ptr<SqliteStatement> statement(new SqliteStatement(connection, text));
  const char* tail = nullptr;
  const int result_code =
      sqlite3_prepare_v3(connection, statement->text_.c_str(), static_cast<int>(text.size()) + 1,
                         SQLITE_PREPARE_PERSISTENT, &statement->handle_, &tail);
  if (result_code != SQLITE_OK) {
    return SqliteError(connection, result_code);
  }
  if (statement->handle_ == nullptr || std::strspn(tail, "; \n") != std::strlen(tail)) {
    return SqlDefect(absl::StrCat("is not one statement: ", text));
  }
  CLIENTELE_RETURN_IF_ERROR(statement->MapParameters());
  return statement;
}

absl::Status SqliteStatement::MapParameters() {
  const int count = sqlite3_bind_parameter_count(handle_);
  index_of_parameter_.assign(count, 0);
  for (int index = 1; index <= count; ++index) {
    const char* const name = sqlite3_bind_parameter_name(handle_, index);
    int number = 0;
    if (name == nullptr || name[0] != '$' || !absl::SimpleAtoi(name + 1, &number) || number < 1 ||
        number > count) {
      return SqlDefect(absl::StrCat("parameters are not $1 .. $", count, " in: ", text_));
    }
    index_of_parameter_[number - 1] = index;
  }
  return absl::OkStatus();
}

absl::Status SqliteStatement::Bind(absl::Span<const Param> params) {
  if (params.size() != index_of_parameter_.size()) {
    return SqlDefect(absl::StrCat("got ", params.size(), " parameters instead of ",
                                  index_of_parameter_.size(), " for: ", text_));
  }
  for (size_t i = 0; i < params.size(); ++i) {
    CLIENTELE_RETURN_IF_ERROR(CheckStorable(params[i]));
    if (const int result_code = BindOne(index_of_parameter_[i], params[i]);
        result_code != SQLITE_OK) {
      return SqliteError(connection_, result_code);
    }
  }
  return absl::OkStatus();
}

int SqliteStatement::BindOne(int index, const Param& param) {
  if (const auto* number = std::get_if<int64_t>(&param)) {
    return sqlite3_bind_int64(handle_, index, *number);
  }
  if (const auto* text = std::get_if<absl::string_view>(&param)) {
    return sqlite3_bind_text64(handle_, index, NotNull(*text), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  if (const auto* number = std::get_if<double>(&param)) {
    return sqlite3_bind_double(handle_, index, *number);
  }
  if (const auto* bytes = std::get_if<Bytes>(&param)) {
    return sqlite3_bind_blob64(handle_, index, NotNull(bytes->value), bytes->value.size(),
                               SQLITE_STATIC);
  }
  return sqlite3_bind_null(handle_, index);
}

absl::StatusOr<bool> SqliteStatement::Step() {
  const int result_code = sqlite3_step(handle_);
  if (result_code == SQLITE_ROW) {
    return true;
  }
  if (result_code == SQLITE_DONE) {
    return false;
  }
  return SqliteError(connection_, result_code);
}

void SqliteStatement::Reset() {
  // Its result repeats the error of the last step, which Step has reported.
  sqlite3_reset(handle_);
}

void SqliteStatement::Release() {
  Reset();
  sqlite3_clear_bindings(handle_);
}

// A column as a value: several questions about it then cost one look-up. The connection belongs to
// one thread, so the value needs no protection.
sqlite3_value* SqliteRow::Value(int column, int type) const {
  sqlite3_value* const value = sqlite3_column_value(statement_, column);
  CLIENTELE_CHECK(sqlite3_value_type(value) == type);
  return value;
}

bool SqliteRow::IsNull(int column) const {
  CLIENTELE_CHECK(column >= 0 && column < sqlite3_data_count(statement_));
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

int64_t SqliteRow::Int64(int column) const {
  return sqlite3_value_int64(Value(column, SQLITE_INTEGER));
}

double SqliteRow::Double(int column) const {
  return sqlite3_value_double(Value(column, SQLITE_FLOAT));
}

absl::string_view SqliteRow::Text(int column) const {
  sqlite3_value* const value = Value(column, SQLITE_TEXT);
  const void* const text = sqlite3_value_text(value);
  return absl::string_view(static_cast<const char*>(text), sqlite3_value_bytes(value));
}

absl::string_view SqliteRow::Blob(int column) const {
  sqlite3_value* const value = Value(column, SQLITE_BLOB);
  const void* const bytes = sqlite3_value_blob(value);
  return absl::string_view(static_cast<const char*>(bytes), sqlite3_value_bytes(value));
}

}  // namespace clientele::sql
