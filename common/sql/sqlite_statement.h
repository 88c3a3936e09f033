#ifndef COMMON_SQL_SQLITE_STATEMENT_H_
#define COMMON_SQL_SQLITE_STATEMENT_H_

// One prepared statement of one SQLite connection, and the row it stands on.
//
// Thread safety: none; belongs to its connection and must be destroyed before it.

#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"

namespace clientele::sql {

class SqliteStatement {
 public:
  // Prepares `text`: one statement whose parameters are $1 .. $n without a gap. INTERNAL otherwise.
  static absl::StatusOr<std::unique_ptr<SqliteStatement>> Prepare(sqlite3* connection,
                                                                  absl::string_view text);

  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() { sqlite3_finalize(handle_); }

  // Binds params[i] to every "$i+1". INTERNAL when there are more or fewer than the statement
  // names, or one is a text or number that no database of ours stores. Text and bytes are not
  // copied: they must live until Reset.
  absl::Status Bind(absl::Span<const Param> params);

  // Goes to the next row; false when there is none left.
  absl::StatusOr<bool> Step();

  // Makes it ready for other parameters. Does nothing when it has not been stepped.
  void Reset();

  // Reset, and forgets the parameters, whose memory may now go.
  void Release();

  // Writes nothing.
  bool IsReadOnly() const { return sqlite3_stmt_readonly(handle_) != 0; }

  absl::string_view text() const { return text_; }
  sqlite3_stmt* handle() const { return handle_; }

 private:
  SqliteStatement(sqlite3* connection, absl::string_view text)
      : connection_(connection), text_(text) {}

  absl::Status MapParameters();
  int BindOne(int index, const Param& param);

  sqlite3* const connection_;
  const std::string text_;
  sqlite3_stmt* handle_ = nullptr;
  std::vector<int> index_of_parameter_;  // SQLite's number of "$i+1", which it gives by appearance
};

// The row that a stepped statement stands on.
class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  bool IsNull(int column) const override;
  int64_t Int64(int column) const override;
  double Double(int column) const override;
  absl::string_view Text(int column) const override;
  absl::string_view Blob(int column) const override;

 private:
  sqlite3_value* Value(int column, int type) const;

  sqlite3_stmt* const statement_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_SQLITE_STATEMENT_H_
