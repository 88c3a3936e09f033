#ifndef COMMON_SQL_POSTGRES_CONNECTION_H_
#define COMMON_SQL_POSTGRES_CONNECTION_H_

// One connection to PostgreSQL with its prepared statements and at most one transaction.
//
// Thread safety: none; whoever holds its slot uses it alone.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/sql/postgres_params.h"
#include "common/sql/postgres_result.h"
#include "common/sql/postgres_session.h"
#include "common/sql/postgres_statement.h"
#include "common/sql/postgres_target.h"
#include "common/sql/postgres_wire.h"
#include "common/sql/statement_cache.h"

namespace clientele::sql {

// What a transaction may do.
enum class PostgresAccess { kReadWrite, kReadOnly };

class PostgresConnection {
 public:
  // Connects and starts the session until `deadline`. FAILED_PRECONDITION DATABASE_NOT_OPENED with
  // a sentence, or the wire's errors.
  static absl::StatusOr<std::unique_ptr<PostgresConnection>> Open(const PostgresTarget& target,
                                                                  absl::Time deadline);

  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // Begins a transaction (READ COMMITTED, or one snapshot when read-only) whose statements the
  // server stops at the deadline; one round trip. DATABASE_UNAVAILABLE when the connection is gone.
  absl::Status Begin(PostgresAccess access, const TxOptions& options);

  // Commits; a commit that has begun is not stopped by the deadline. UNKNOWN OUTCOME_UNKNOWN when
  // the connection is lost meanwhile. After an error the transaction is still to be rolled back.
  absl::Status Commit();

  // Ends the transaction, if one is open, without its effects. After it the connection is usable,
  // or is_usable says otherwise.
  void Rollback();

  bool is_usable() const { return wire_->IsIdle(); }

  // What the database was when the connection was made.
  PostgresKind kind() const { return kind_; }

  // The statement; valid until the next call of FindText.
  absl::StatusOr<PostgresStatement*> Find(const Statement& statement);
  absl::StatusOr<PostgresStatement*> FindText(absl::string_view name, absl::string_view text);

  // Calls `on_result` with each result of a command that is no error.
  using OnResult = absl::FunctionRef<void(const PostgresResult& result)>;

  // Runs a statement; its results are rows one by one when `stream_rows`. Errors as PostgresError's
  // and the wire's.
  absl::Status Run(PostgresStatement& statement, const PostgresParams& params, bool stream_rows,
                   OnResult on_result);

  using Batch = absl::Span<const std::vector<Param>>;

  // Called with what each element of a batch came to, unless that is an error.
  using OnElement = absl::FunctionRef<void(size_t index, const PostgresResult& result)>;

  // The same, and answers whether it wants more.
  using OnWantedElement = absl::FunctionRef<bool(size_t index, const PostgresResult& result)>;

  // Runs a statement once for each of `batch`, in order and in as few round trips as fit bounded
  // memory; answers the error of the first that failed. Once no more is wanted it runs and gives
  // out what is under way already, and nothing else.
  absl::Status RunEach(PostgresStatement& statement, Batch batch, OnWantedElement on_element);

  // Does what RunEach would do with a statement that returns no rows (INTERNAL when it does), by
  // what costs the server least; answers the sum of changed rows.
  absl::StatusOr<int64_t> ExecuteEach(PostgresStatement& statement, Batch batch);

  // Runs statements separated by ";" that take no parameters; rows they return are dropped. `name`
  // is for the log.
  absl::Status RunScript(absl::string_view name, const std::string& text);

 private:
  PostgresConnection(std::unique_ptr<PostgresWire> wire, PostgresKind kind)
      : wire_(std::move(wire)), kind_(kind) {}

  absl::Status Prepare(PostgresStatement& statement, const std::vector<Oid>& types);

  // By arrays and pipelines (postgres_connection_batch.cc). A chunk is what of a batch is under way
  // at a time, `first_index` the place of its first element.
  absl::StatusOr<int64_t> ExecuteChunk(PostgresStatement& statement, Batch chunk);
  absl::StatusOr<int64_t> InsertChunk(PostgresStatement& for_arrays, const std::vector<Oid>& types,
                                      Batch chunk);
  absl::Status RunChunk(PostgresStatement& statement, Batch chunk, size_t first_index,
                        OnElement on_element);
  absl::Status SendAll(const PostgresStatement& statement, absl::Span<const PostgresParams> rows);
  absl::Status ReadAll(absl::string_view name, size_t first_index, OnElement on_element);

  // By COPY (postgres_connection_copy.cc).
  absl::StatusOr<bool> MayCopy(PostgresStatement& statement, Batch batch);
  absl::Status FindColumnTypes(PostgresStatement& statement);
  absl::StatusOr<int64_t> CopyRows(const PostgresStatement& statement, Batch batch);
  absl::Status BeginCopy(absl::string_view name, const std::string& text);
  absl::Status SendRows(Batch batch);

  absl::Status ReadResults(absl::string_view name, OnResult on_result);
  absl::Status ErrorOf(const PostgresResult& result, absl::string_view name);

  const std::unique_ptr<PostgresWire> wire_;
  const PostgresKind kind_;
  PostgresAccess access_ = PostgresAccess::kReadWrite;
  absl::Time deadline_ = absl::InfiniteFuture();
  absl::Time plans_end_ = absl::InfinitePast();  // when the server's plans are too old
  int64_t prepared_count_ = 0;
  std::vector<std::string> abandoned_;  // names on the server that nothing of ours uses any more
  StatementCache<PostgresStatement> statements_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_CONNECTION_H_
