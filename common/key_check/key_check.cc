#include "common/key_check/key_check.h"

#include "absl/strings/str_cat.h"
#include "common/crypto/keyed_hash.h"
#include "common/key_check/sql.h"
#include "common/sql/background_tx.h"
#include "common/sql/columns.h"
#include "common/status/macros.h"

namespace clientele::key_check {
namespace {

// Neither may ever change: every server would take its key for another one.
constexpr char kPurpose[] = "key-fingerprint";
constexpr char kText[] = "clientele";

absl::Status OtherKey(const std::string& key_path) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the key in ", key_path,
      " is not the one that this database was written with: by it customers would not be found by "
      "their identifiers, and an identifier could be claimed twice; bring back the key from the "
      "backup, the same for all four services and every replica (docs/backup.md)"));
}

}  // namespace

absl::Status CheckKey(sql::Database& database, const SecretKey& key, const std::string& key_path,
                      absl::Time now) {
  const std::string own = KeyedHash(key, kPurpose).Hex(kText);
  std::string known;
  const auto read = [&known](sql::Tx& tx) {
    return tx.Query(kSelectKeyFingerprint, {}, [&known](const sql::Row& row) {
      known = std::string(row.Text(0));
      return absl::OkStatus();
    });
  };
  const auto write_unless_written = [&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kInsertKeyFingerprint, {own, sql::TimeParam(now)}).status());
    return read(tx);  // sees the row that kept the first statement waiting
  };
  CLIENTELE_RETURN_IF_ERROR(database.RunReadOnly(sql::BackgroundTx(), read));
  if (known.empty()) {
    CLIENTELE_RETURN_IF_ERROR(database.RunInTransaction(sql::BackgroundTx(), write_unless_written));
  }
  return known == own ? absl::OkStatus() : OtherKey(key_path);
}

}  // namespace clientele::key_check
