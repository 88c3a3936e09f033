#ifndef COMMON_SEALING_SQL_H_
#define COMMON_SEALING_SQL_H_

// Every statement about keys.

#include "common/sql/keyed_query.h"
#include "common/sql/statement.h"

namespace clientele::sealing {

inline constexpr sql::SizedStatement kSelectCustomerKeys[] = {
    {{"SelectCustomerKey",
      "SELECT customer_id, kek_id, wrapped_key FROM customer_key WHERE customer_id = $1"},
     1},
    {{"SelectCustomerKeys",
      "SELECT customer_id, kek_id, wrapped_key FROM customer_key WHERE customer_id IN ($1, $2, $3, "
      "$4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"},
     16}};

inline constexpr sql::Statement kInsertCustomerKey = {
    "InsertCustomerKey",
    "INSERT INTO customer_key (customer_id, kek_id, wrapped_key, create_time) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (customer_id) DO NOTHING"};

// $1: after this customer, $2: wrapped by another than this one, $3: how many.
inline constexpr sql::Statement kSelectOlderKeys = {
    "SelectOlderKeys",
    "SELECT customer_id, kek_id, wrapped_key FROM customer_key "
    "WHERE customer_id > $1 AND kek_id <> $2 ORDER BY customer_id LIMIT $3"};

// Unless another server was first.
inline constexpr sql::Statement kRewrapCustomerKey = {
    "RewrapCustomerKey",
    "UPDATE customer_key SET kek_id = $3, wrapped_key = $4 WHERE customer_id = $1 AND kek_id = $2"};

inline constexpr sql::Statement kSelectKeyEncryptionKeys = {
    "SelectKeyEncryptionKeys",
    "SELECT kek_id, wrapped_probe FROM key_encryption_key ORDER BY kek_id"};

inline constexpr sql::Statement kInsertKeyEncryptionKey = {
    "InsertKeyEncryptionKey",
    "INSERT INTO key_encryption_key (kek_id, wrapped_probe, create_time) VALUES ($1, $2, $3) "
    "ON CONFLICT (kek_id) DO NOTHING"};

// Those that wrap nobody's key any more, but the one given.
inline constexpr sql::Statement kDeleteUnusedKeyEncryptionKeys = {
    "DeleteUnusedKeyEncryptionKeys",
    "DELETE FROM key_encryption_key WHERE kek_id <> $1 AND NOT EXISTS "
    "(SELECT 1 FROM customer_key WHERE customer_key.kek_id = key_encryption_key.kek_id)"};

}  // namespace clientele::sealing

#endif  // COMMON_SEALING_SQL_H_
