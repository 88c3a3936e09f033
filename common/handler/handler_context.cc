#include "common/handler/handler_context.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/status_mapping.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

// Answers deleted in one transaction, so that no caller waits long for it, and transactions of one
// call, so that it ends.
constexpr int64_t kTidyBatch = 1000;
constexpr int kTidyBatchesMax = 100;

absl::Time ToMicros(absl::Time time) { return absl::FromUnixMicros(absl::ToUnixMicros(time)); }

std::optional<sealing::Vault> MakeVault(absl::string_view service, const HandlerParts& parts) {
  if (parts.key_wrapper == nullptr) {
    return std::nullopt;
  }
  return sealing::Vault(service, *parts.key_wrapper);
}

std::string IdempotencyKeyOf(absl::string_view service, const SecretKey& key) {
  return std::string(key.Derive(absl::StrCat(service, ".idempotency")).bytes());
}

}  // namespace

HandlerContext::HandlerContext(absl::string_view service, const HandlerParts& parts,
                               LockCustomer lock)
    : database(parts.database),
      cache(parts.cache),
      business_clock(parts.business_clock),
      record_clock(parts.record_clock),
      ids(parts.ids),
      idempotency(IdempotencyKeyOf(service, parts.key), parts.idempotency_retention),
      page_tokens(parts.key),
      poke_outbox(parts.poke_outbox),
      error_domain(rpc::ErrorDomainOf(service)),
      lock_customer(std::move(lock)),
      vault(MakeVault(service, parts)) {}

absl::Time HandlerContext::BusinessNow() const { return ToMicros(business_clock.Now()); }

absl::Time HandlerContext::RecordNow() const { return ToMicros(record_clock.Now()); }

absl::Time HandlerContext::BusinessTimeOf(absl::Time record_time) const {
  return &business_clock == &record_clock ? record_time : std::min(record_time, BusinessNow());
}

absl::StatusOr<int64_t> DeleteExpiredAnswers(const HandlerContext& context) {
  int64_t count = 0;
  for (int i = 0; i < kTidyBatchesMax; ++i) {
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t deleted_count,
                               WriteIn(context.database, sql::BackgroundTx(), [&](sql::Tx& tx) {
                                 return context.idempotency.DeleteExpired(tx, context.RecordNow(),
                                                                          kTidyBatch);
                               }));
    count += deleted_count;
    if (deleted_count < kTidyBatch) {
      break;
    }
  }
  return count;
}

}  // namespace clientele
