#ifndef COMMON_SQL_POSTGRES_TARGET_H_
#define COMMON_SQL_POSTGRES_TARGET_H_

// Where a PostgreSQL database is and who asks for it.
//
// Thread safety: immutable once made.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele::sql {

// Whether it is a name that a schema of ours may have: lower-case letters, digits and "_", at most
// 63, no digit first. Pure.
bool IsPostgresSchemaName(absl::string_view name);

// Where a password comes from.
struct PostgresPassword {
  std::string file;    // its first line, read at each connect so that it can be changed; "" = none
  std::string source;  // what to set when there is none and the server wants one, for messages
};

class PostgresTarget {
 public:
  // `dsn`: a URI ("postgresql://user@host:5432/name") or keywords ("host=… dbname=…") as libpq
  // reads them; a password in it is refused, since it would stand in configurations and process
  // lists. `schema`: lower-case letters, digits and "_". `application_name`: what the server shows
  // of us. FAILED_PRECONDITION DATABASE_NOT_OPENED with a sentence.
  static absl::StatusOr<PostgresTarget> Parse(const std::string& dsn, PostgresPassword password,
                                              const std::string& schema,
                                              const std::string& application_name);

  // What PQconnectStartParams takes, the password included: log nothing of it. DATABASE_NOT_OPENED
  // when the password file cannot be read.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> ConnectParameters() const;

  const std::string& schema() const { return schema_; }

  // What to set when the server wants a password and gets none: for messages.
  const std::string& password_source() const { return password_.source; }

  // "postgresql://host:5432/name": for messages.
  const std::string& place() const { return place_; }

 private:
  PostgresTarget() = default;

  std::string dsn_;
  PostgresPassword password_;
  std::string schema_;
  std::string application_name_;
  std::string place_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_TARGET_H_
