#ifndef COMMON_KEY_CHECK_SQL_H_
#define COMMON_KEY_CHECK_SQL_H_

// Every statement about the fingerprint of the key.

#include "common/sql/statement.h"

namespace clientele::key_check {

// Unless another server was first.
inline constexpr sql::Statement kInsertKeyFingerprint = {
    "InsertKeyFingerprint",
    "INSERT INTO key_fingerprint (id, fingerprint, create_time) VALUES (1, $1, $2) "
    "ON CONFLICT (id) DO NOTHING"};

inline constexpr sql::Statement kSelectKeyFingerprint = {
    "SelectKeyFingerprint", "SELECT fingerprint FROM key_fingerprint WHERE id = 1"};

}  // namespace clientele::key_check

#endif  // COMMON_KEY_CHECK_SQL_H_
