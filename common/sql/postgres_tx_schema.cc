// What a transaction on PostgreSQL can do for migrations.

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/migration_script.h"
#include "common/sql/postgres_tx.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr absl::string_view kExecuteSchemaName = "ExecuteSchema";

constexpr absl::string_view kBegin = "BEGIN ISOLATION LEVEL READ COMMITTED";

// How often somebody asks whether it is his turn, while another changes the schema.
constexpr absl::Duration kSchemaLockPause = absl::Milliseconds(50);

constexpr Statement kFindTable = {
    "FindTable",
    "SELECT COUNT(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
    " ON n.oid = c.relnamespace"
    " WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')"};

constexpr Statement kFindSchema = {
    "FindSchema", "SELECT COUNT(*) FROM pg_catalog.pg_namespace WHERE nspname = $1"};

constexpr Statement kTryLockSchema = {
    "TryLockSchema",
    "SELECT CAST(CASE WHEN pg_try_advisory_xact_lock(hashtextextended($1, 0)) THEN 1 ELSE 0 END"
    " AS BIGINT)"};

}  // namespace

// Asks instead of waiting: an index that is built online waits for every snapshot there is, also
// for that of a statement which waits for the builder's lock. For the same reason the transaction,
// which keeps the snapshot of its last query, begins anew before each pause.
absl::Status PostgresTx::BeginSchemaChange() {
  const std::string lock_name = SchemaLockName(schema_);
  while (true) {
    CLIENTELE_ASSIGN_OR_RETURN(const bool is_locked, IsAny(kTryLockSchema, {lock_name}));
    if (is_locked) {
      break;
    }
    const absl::Status begun =
        connection_.RunScript("AwaitSchemaLock", absl::StrCat("ROLLBACK; ", kBegin));
    if (!begun.ok()) {
      return state_.Lose(begun);
    }
    absl::SleepFor(kSchemaLockPause);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const bool exists, IsAny(kFindSchema, {schema_}));
  // IF NOT EXISTS would ask for a permission that the role of a schema made by hand need not have.
  return exists ? absl::OkStatus() : ExecuteSchema(absl::StrCat("CREATE SCHEMA \"", schema_, "\""));
}

absl::Status PostgresTx::ExecuteSchema(absl::string_view text) {
  CLIENTELE_RETURN_IF_ERROR(state_.CheckUsable());
  const std::optional<OnlineIndex> index = FindOnlineIndex(text);
  absl::Status status = index.has_value()
                            ? BuildOnline(*index)
                            : connection_.RunScript(kExecuteSchemaName, std::string(text));
  return status.ok() ? status : state_.Lose(std::move(status));
}

// The lock of BeginSchemaChange would end with the transaction, so the session takes it as well.
absl::Status PostgresTx::BuildOnline(const OnlineIndex& index) {
  bool is_left_over = false;
  CLIENTELE_RETURN_IF_ERROR(QueryText("FindInvalidIndex", InvalidIndexText("$1", "$2"),
                                      {schema_, index.name}, [&is_left_over](const Row&) {
                                        is_left_over = true;
                                        return absl::OkStatus();
                                      }));
  CLIENTELE_RETURN_IF_ERROR(connection_.RunScript(
      "BeginOnline", absl::StrCat(SchemaSessionLockText(schema_), "; COMMIT")));
  absl::Status built =
      is_left_over ? connection_.RunScript("DropInvalidIndex", index.drop_text) : absl::OkStatus();
  if (built.ok()) {
    built = connection_.RunScript(kExecuteSchemaName, index.build_text);
  }
  // It fails only with the connection, and the lock ends with that.
  const absl::Status begun = connection_.RunScript(
      "EndOnline",
      absl::StrCat(kBegin, "; ", SchemaLockText(schema_), "; ", SchemaUnlockText(schema_)));
  return built.ok() ? begun : built;
}

absl::StatusOr<bool> PostgresTx::TableExists(absl::string_view table) {
  return IsAny(kFindTable, {schema_, table});
}

absl::StatusOr<bool> PostgresTx::IsAny(const Statement& count, absl::Span<const Param> params) {
  bool is_any = false;
  CLIENTELE_RETURN_IF_ERROR(Query(count, params, [&is_any](const Row& row) {
    is_any = row.Int64(0) > 0;
    return absl::OkStatus();
  }));
  return is_any;
}

}  // namespace clientele::sql
