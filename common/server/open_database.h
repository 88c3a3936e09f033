#ifndef COMMON_SERVER_OPEN_DATABASE_H_
#define COMMON_SERVER_OPEN_DATABASE_H_

// The database that a service's configuration names.

#include <memory>

#include "absl/status/statusor.h"
#include "common/server/service_runtime.h"
#include "common/sql/database.h"
#include "common/sql/statement_observer.h"

namespace clientele::server {

// PostgreSQL when options.postgres.dsn is set, else the SQLite file at options.database_path.
// `observer` may be empty. FAILED_PRECONDITION DATABASE_NOT_OPENED with a sentence.
absl::StatusOr<std::unique_ptr<sql::Database>> OpenDatabase(const RuntimeOptions& options,
                                                            sql::StatementObserver observer);

}  // namespace clientele::server

#endif  // COMMON_SERVER_OPEN_DATABASE_H_
