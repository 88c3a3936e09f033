#include "common/sql/migration.h"

#include <algorithm>
#include <map>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/crypto/digest.h"
#include "common/sql/errors.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr absl::string_view kHistoryTable = "schema_migration";
constexpr absl::string_view kCompatibilityTable = "schema_compatibility";

// What ReadableFrom reads.
constexpr absl::string_view kReadableFrom = "-- readable from: ";

constexpr Statement kListApplied = {
    "ListAppliedMigrations", "SELECT version, checksum FROM schema_migration ORDER BY version"};

constexpr Statement kFindMigration = {"FindMigration",
                                      "SELECT version FROM schema_migration WHERE version = $1"};

constexpr Statement kInsertMigration = {
    "InsertMigration",
    "INSERT INTO schema_migration (version, name, checksum, apply_time) VALUES ($1, $2, $3, $4)"};

constexpr Statement kListCompatible = {"ListCompatibleMigrations",
                                       "SELECT version, readable_from FROM schema_compatibility"};
constexpr Statement kInsertCompatible = {
    "InsertCompatibleMigration",
    "INSERT INTO schema_compatibility (version, readable_from) VALUES ($1, $2)"};

using ChecksumByVersion = std::map<int64_t, std::string>;

// What a database says of itself.
struct History {
  ChecksumByVersion applied;
  bool is_citus = false;
};

absl::StatusOr<History> ReadHistory(Database& database) {
  History history;
  CLIENTELE_RETURN_IF_ERROR(database.RunReadOnly({}, [&history](Tx& tx) -> absl::Status {
    history = {.applied = {}, .is_citus = tx.IsCitus()};
    CLIENTELE_ASSIGN_OR_RETURN(const bool has_history, tx.TableExists(kHistoryTable));
    if (!has_history) {
      return absl::OkStatus();
    }
    return tx.Query(kListApplied, {}, [&history](const Row& row) {
      history.applied[row.Int64(0)] = std::string(row.Text(1));
      return absl::OkStatus();
    });
  }));
  return history;
}

// Null when the binary does not know it.
const Migration* Find(absl::Span<const Migration> migrations, int64_t version) {
  const auto found = std::find_if(migrations.begin(), migrations.end(),
                                  [version](const auto& m) { return m.version == version; });
  return found == migrations.end() ? nullptr : &*found;
}

absl::Status CheckApplied(const ChecksumByVersion& applied,
                          absl::Span<const Migration> migrations) {
  for (const auto& [version, checksum] : applied) {
    const Migration* known = Find(migrations, version);
    if (known != nullptr && checksum != MigrationChecksum(*known)) {
      return SchemaMismatch(version, "was changed after it had been applied");
    }
  }
  return absl::OkStatus();
}

// What the applied migrations that say so are readable from, by version.
absl::StatusOr<std::map<int64_t, int64_t>> ReadCompatible(Database& database) {
  std::map<int64_t, int64_t> readable_from;
  CLIENTELE_RETURN_IF_ERROR(database.RunReadOnly({}, [&readable_from](Tx& tx) -> absl::Status {
    readable_from.clear();
    CLIENTELE_ASSIGN_OR_RETURN(const bool is_there, tx.TableExists(kCompatibilityTable));
    if (!is_there) {
      return absl::OkStatus();
    }
    return tx.Query(kListCompatible, {}, [&readable_from](const Row& row) {
      readable_from[row.Int64(0)] = row.Int64(1);
      return absl::OkStatus();
    });
  }));
  return readable_from;
}

// Whether the binary can work with what it does not know.
absl::Status CheckUnknown(Database& database, const ChecksumByVersion& applied,
                          absl::Span<const Migration> migrations) {
  std::vector<int64_t> unknown;
  for (const auto& [version, checksum] : applied) {
    if (Find(migrations, version) == nullptr) {
      unknown.push_back(version);
    }
  }
  if (unknown.empty()) {
    return absl::OkStatus();
  }
  CLIENTELE_ASSIGN_OR_RETURN(const auto readable_from, ReadCompatible(database));
  for (const int64_t version : unknown) {
    const auto found = readable_from.find(version);
    if (found == readable_from.end() || Find(migrations, found->second) == nullptr) {
      return SchemaMismatch(version, "of the database is unknown to this binary: it is too old");
    }
  }
  return absl::OkStatus();
}

// The history, when the binary can work with what was applied.
absl::StatusOr<History> ReadFitting(Database& database, absl::Span<const Migration> migrations) {
  CLIENTELE_ASSIGN_OR_RETURN(History history, ReadHistory(database));
  CLIENTELE_RETURN_IF_ERROR(CheckApplied(history.applied, migrations));
  CLIENTELE_RETURN_IF_ERROR(CheckUnknown(database, history.applied, migrations));
  return history;
}

absl::Status CreateHistory(Database& database) {
  return database.RunInTransaction({}, [](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.BeginSchemaChange());
    return tx.ExecuteSchema(kCreateMigrationHistory);
  });
}

absl::StatusOr<bool> IsApplied(Tx& tx, const Migration& migration) {
  bool is_applied = false;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kFindMigration, {migration.version}, [&is_applied](const Row&) {
        is_applied = true;
        return absl::OkStatus();
      }));
  return is_applied;
}

absl::Status TellOlderServers(Tx& tx, const Migration& migration) {
  const int64_t readable_from = ReadableFrom(migration);
  return readable_from == 0
             ? absl::OkStatus()
             : tx.Execute(kInsertCompatible, {migration.version, readable_from}).status();
}

absl::Status MakeTables(Tx& tx, const Migration& migration) {
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteSchema(migration.text));
  return migration.citus_text.empty()
             ? absl::OkStatus()
             : tx.ExecuteSchema(absl::StrCat(kDistributeOneByOne, migration.citus_text));
}

// Of two callers the second, which has waited for the first, finds it applied. It is remembered
// last: what builds an index online ends the transaction.
absl::Status Apply(Database& database, const Migration& migration) {
  const std::string checksum = MigrationChecksum(migration);
  return database.RunInTransaction({}, [&](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.BeginSchemaChange());
    CLIENTELE_ASSIGN_OR_RETURN(const bool is_applied, IsApplied(tx, migration));
    if (is_applied) {
      return absl::OkStatus();
    }
    CLIENTELE_RETURN_IF_ERROR(MakeTables(tx, migration));
    CLIENTELE_RETURN_IF_ERROR(TellOlderServers(tx, migration));
    return tx
        .Execute(kInsertMigration,
                 {migration.version, migration.name, checksum, absl::ToUnixMicros(absl::Now())})
        .status();
  });
}

}  // namespace

std::string MigrationChecksum(const Migration& migration) {
  const std::string made = absl::StrReplaceAll(migration.text, {{"\n-- online\n", "\n"}});
  const Sha256Digest digest = Sha256Of(made);
  return absl::BytesToHexString(std::string(digest.begin(), digest.end()));
}

int64_t ReadableFrom(const Migration& migration) {
  absl::string_view text = migration.text;
  if (!absl::ConsumePrefix(&text, kReadableFrom)) {
    return 0;
  }
  int64_t version = 0;
  CLIENTELE_CHECK(absl::SimpleAtoi(text.substr(0, text.find('\n')), &version) && version > 0);
  return version;
}

std::vector<Migration> MergeMigrations(
    std::initializer_list<absl::Span<const Migration>> components) {
  const auto by_version = [](const Migration& a, const Migration& b) {
    return a.version < b.version;
  };
  std::vector<Migration> merged;
  for (const absl::Span<const Migration> component : components) {
    CLIENTELE_CHECK(std::is_sorted(component.begin(), component.end(), by_version));
    merged.insert(merged.end(), component.begin(), component.end());
  }
  std::sort(merged.begin(), merged.end(), by_version);
  const auto same_version = [](const Migration& a, const Migration& b) {
    return a.version == b.version;
  };
  CLIENTELE_CHECK(std::adjacent_find(merged.begin(), merged.end(), same_version) == merged.end());
  return merged;
}

absl::StatusOr<SchemaState> InspectSchema(Database& database,
                                          absl::Span<const Migration> migrations) {
  CLIENTELE_ASSIGN_OR_RETURN(const History history, ReadFitting(database, migrations));
  SchemaState state{
      .current_version = history.applied.empty() ? 0 : history.applied.rbegin()->first,
      .wanted_version = migrations.empty() ? 0 : migrations.back().version};
  for (const Migration& migration : migrations) {
    if (history.applied.count(migration.version) == 0) {
      state.pending_versions.push_back(migration.version);
    }
  }
  return state;
}

absl::StatusOr<std::vector<Migration>> PendingMigrations(Database& database,
                                                         absl::Span<const Migration> migrations) {
  CLIENTELE_ASSIGN_OR_RETURN(const History history, ReadFitting(database, migrations));
  std::vector<Migration> pending;
  for (const Migration& migration : migrations) {
    if (history.applied.count(migration.version) == 0) {
      pending.push_back(migration);
      pending.back().citus_text = history.is_citus ? migration.citus_text : "";
    }
  }
  return pending;
}

absl::Status Migrate(Database& database, absl::Span<const Migration> migrations) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Migration> pending,
                             PendingMigrations(database, migrations));
  if (pending.empty()) {
    return absl::OkStatus();
  }
  CLIENTELE_RETURN_IF_ERROR(CreateHistory(database));
  for (const Migration& migration : pending) {
    CLIENTELE_RETURN_IF_ERROR(Apply(database, migration));
  }
  return absl::OkStatus();
}

}  // namespace clientele::sql
