#include "common/sql/postgres_session.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"
#include "common/sql/postgres_errors.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

// Ends a statement whose client has gone, and with it the locks it holds: how often the server
// looks, in milliseconds.
constexpr int kClientCheckIntervalMs = 1000;

// In pg_database.datlocprovider. What datcollate says is without effect then.
constexpr absl::string_view kIcu = "i";

constexpr char kInspectServer[] =
    "SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
    " d.datcollate, CAST(d.datlocprovider AS TEXT), pg_encoding_to_char(d.encoding),"
    " current_setting('transaction_read_only'),"
    " EXISTS (SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'citus')"
    " FROM pg_catalog.pg_database d WHERE d.datname = current_database()";

// Whether text of the database is ordered by its bytes, as SQLite orders it and as keys in C++ are.
bool OrdersByBytes(absl::string_view collation, absl::string_view provider) {
  const std::string name = absl::AsciiStrToUpper(collation);
  return provider != kIcu &&
         (name == "C" || name == "POSIX" || name == "C.UTF-8" || name == "C.UTF8");
}

// Why a server with these settings, the row of kInspectServer, is refused; "" when it is not.
std::string Objection(const PGresult* row) {
  const auto setting = [row](int column) { return absl::string_view(PQgetvalue(row, 0, column)); };
  if (setting(0) == "off") {
    return "its fsync is off, so a crash could lose what was committed";
  }
  if (setting(1) == "off") {
    return "its synchronous_commit is off, so a crash could lose what was committed";
  }
  if (!OrdersByBytes(setting(2), setting(3))) {
    return absl::StrCat(
        "its text is ordered by the locale ",
        setting(3) == kIcu ? absl::string_view("of ICU") : setting(2),
        "; make the database with LOCALE_PROVIDER libc and the locale C or C.UTF-8");
  }
  if (setting(4) != "UTF8") {
    return absl::StrCat("its encoding is ", setting(4), "; make the database with UTF8");
  }
  if (setting(5) == "on") {
    return "it takes no writes: a replica, or a server set to read only";
  }
  return "";
}

PostgresKind KindOf(const PGresult* row) {
  return absl::string_view(PQgetvalue(row, 0, 6)) == "t" ? PostgresKind::kCitus
                                                         : PostgresKind::kPlain;
}

}  // namespace

absl::StatusOr<PostgresKind> StartSession(PostgresWire& wire, const PostgresTarget& target) {
  const int version = wire.server_version() / 10000;
  if (version < kPostgresVersionMin) {
    return DatabaseNotOpened(target.place(), absl::StrCat("its PostgreSQL is ", version, "; ",
                                                          kPostgresVersionMin, " is needed"));
  }
  CLIENTELE_RETURN_IF_ERROR(wire.SendScript(absl::StrCat(
      "SET search_path = \"", target.schema(), "\"; SET client_connection_check_interval = ",
      kClientCheckIntervalMs, "; ", kInspectServer)));
  std::string objection = "it does not say how it is set";
  PostgresKind kind = PostgresKind::kPlain;
  absl::Status failed;
  while (true) {
    CLIENTELE_ASSIGN_OR_RETURN(const PostgresResult result, wire.NextResult());
    if (result == nullptr) {
      break;
    }
    switch (PQresultStatus(result.get())) {
      case PGRES_COMMAND_OK:
        break;
      case PGRES_TUPLES_OK:
        if (PQntuples(result.get()) == 1) {
          objection = Objection(result.get());
          kind = KindOf(result.get());
        }
        break;
      default:
        failed = PostgresError(result.get(), {.statement_name = "StartSession"});
    }
  }
  CLIENTELE_RETURN_IF_ERROR(failed);
  if (!objection.empty()) {
    return DatabaseNotOpened(target.place(), objection);
  }
  return kind;
}

}  // namespace clientele::sql
