#ifndef COMMON_IDEMPOTENCY_SQL_H_
#define COMMON_IDEMPOTENCY_SQL_H_

// Every statement of the idempotency store.

#include "common/sql/database.h"

namespace clientele {

inline constexpr sql::Statement kFindIdempotency = {
    "FindIdempotency",
    "SELECT request_hmac, answer FROM idempotency WHERE customer_id = $1 AND request_id = $2"};

inline constexpr sql::Statement kInsertIdempotency = {
    "InsertIdempotency",
    "INSERT INTO idempotency (customer_id, request_id, request_hmac, answer, record_time)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer_id, request_id) DO NOTHING"};

inline constexpr sql::Statement kDeleteExpiredIdempotency = {
    "DeleteExpiredIdempotency",
    "DELETE FROM idempotency WHERE (customer_id, request_id) IN ("
    " SELECT customer_id, request_id FROM idempotency WHERE record_time < $1"
    " ORDER BY record_time LIMIT $2)"};

}  // namespace clientele

#endif  // COMMON_IDEMPOTENCY_SQL_H_
