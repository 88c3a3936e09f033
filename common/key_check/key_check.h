#ifndef COMMON_KEY_CHECK_KEY_CHECK_H_
#define COMMON_KEY_CHECK_KEY_CHECK_H_

// Whether a server has the key that its database was written with (docs/adr/0133). By another one
// no customer is found by e-mail, and nothing would say so.
//
// The table key_fingerprint comes from clientele::key_check::Migrations()
// ("common/key_check/migrations.h").

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/crypto/secret_key.h"
#include "common/sql/database.h"

namespace clientele::key_check {

// Remembers which `key` the database is written with, unless it knows already; of several servers
// that do so at once all find the key of the one that was first. FAILED_PRECONDITION with a
// sentence that names the file at `key_path` when it is another one; else the database's errors.
// Idempotent, thread-safe.
absl::Status CheckKey(sql::Database& database, const SecretKey& key, const std::string& key_path,
                      absl::Time now);

}  // namespace clientele::key_check

#endif  // COMMON_KEY_CHECK_KEY_CHECK_H_
