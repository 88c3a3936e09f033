#ifndef SERVICES_LOYALTY_STORE_PROGRAM_STORE_H_
#define SERVICES_LOYALTY_STORE_PROGRAM_STORE_H_

// The published versions of the program. Pure functions over a transaction.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// The published program, which is what counts whatever the configuration says now; `configured`
// when none is published yet. INTERNAL when what is stored cannot be read.
absl::StatusOr<Program> LoadProgram(sql::Tx& tx, const Program& configured);

// Publishes `configured` as of `record_time`, unless its version is published as of then or
// earlier: the earliest event wins in whatever order they come. Who needs no earlier time locks
// nothing.
absl::Status PublishProgram(sql::Tx& tx, const Program& configured, absl::Time record_time);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_PROGRAM_STORE_H_
