#include "common/idempotency/idempotency_store.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "common/crypto/secret_key.h"
#include "common/idempotency/sql.h"
#include "common/sql/errors.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

absl::Status RequestIdReused(absl::string_view request_id) {
  return ErrorBuilder(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                      "request_id was used before with another request")
      .Metadata("request_id", request_id)
      .Build();
}

SecretKey ToSecretKey(const std::string& bytes) {
  absl::StatusOr<SecretKey> key = SecretKey::FromBytes(bytes);
  CLIENTELE_CHECK(key.ok());
  return *std::move(key);
}

// Principal, method and request, each part but the last with its length before it: no two
// different requests make the same text.
std::string RequestText(const IdempotencyKey& key) {
  return absl::StrCat(key.principal.size(), ":", key.principal, key.method.size(), ":", key.method,
                      key.request_bytes);
}

absl::string_view AsText(const std::array<uint8_t, 32>& bytes) {
  return absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

IdempotencyStore::IdempotencyStore(const std::string& hmac_key, absl::Duration retention)
    : request_hash_(ToSecretKey(hmac_key), "idempotency"), retention_(retention) {
  CLIENTELE_CHECK(retention > absl::ZeroDuration());
}

absl::StatusOr<std::optional<std::string>> IdempotencyStore::Find(sql::Tx& tx,
                                                                  const IdempotencyKey& key) const {
  std::optional<std::string> answer;
  if (key.request_id.empty()) {
    return answer;
  }
  const std::array<uint8_t, 32> request_hmac = request_hash_.Raw(RequestText(key));
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kFindIdempotency, {key.customer_id, key.request_id}, [&](const sql::Row& row) {
        if (!ConstantTimeEquals(row.Blob(0), AsText(request_hmac))) {
          return RequestIdReused(key.request_id);
        }
        answer.emplace(row.Blob(1));
        return absl::OkStatus();
      }));
  return answer;
}

absl::Status IdempotencyStore::Save(sql::Tx& tx, const IdempotencyKey& key,
                                    absl::string_view answer_bytes, absl::Time record_time) const {
  if (key.request_id.empty()) {
    return absl::OkStatus();
  }
  const std::array<uint8_t, 32> request_hmac = request_hash_.Raw(RequestText(key));
  CLIENTELE_ASSIGN_OR_RETURN(
      const int64_t inserted,
      tx.Execute(kInsertIdempotency,
                 {key.customer_id, key.request_id, sql::Bytes{AsText(request_hmac)},
                  sql::Bytes{answer_bytes}, absl::ToUnixMicros(record_time)}));
  return inserted == 1 ? absl::OkStatus()
                       : sql::TransactionConflict("the request_id was saved concurrently");
}

absl::StatusOr<int64_t> IdempotencyStore::DeleteExpired(sql::Tx& tx, absl::Time now,
                                                        int64_t limit) const {
  return tx.Execute(kDeleteExpiredIdempotency, {absl::ToUnixMicros(now - retention_), limit});
}

}  // namespace clientele
