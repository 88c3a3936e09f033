#ifndef COMMON_SQL_POSTGRES_CANCEL_H_
#define COMMON_SQL_POSTGRES_CANCEL_H_

// Asks a server to stop the statement that it runs for a connection.

#include <libpq-fe.h>

#include "absl/time/time.h"

namespace clientele::sql {

// Whether the server has been told by `deadline`; then it has signalled the process that serves
// `connection` (ADR 131). False when it does not answer, or when it has not answered so many before
// that another one would only wait. Thread-safe for different connections.
bool CancelStatement(PGconn* connection, absl::Time deadline);

}  // namespace clientele::sql

#endif  // COMMON_SQL_POSTGRES_CANCEL_H_
