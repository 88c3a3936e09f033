#ifndef COMMON_IDEMPOTENCY_IDEMPOTENCY_STORE_CONTRACT_H_
#define COMMON_IDEMPOTENCY_IDEMPOTENCY_STORE_CONTRACT_H_

// What the idempotency store promises, as tests that every database driver passes.
//
// A driver's test links idempotency_store_contract.cc and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, IdempotencyStoreContract, ::testing::Values(&OpenIt));

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/idempotency/idempotency_store.h"
#include "common/sql/database.h"
#include "gtest/gtest.h"

namespace clientele {

// An empty database with the store's migrations applied.
using OpenIdempotencyDatabase = std::unique_ptr<sql::Database> (*)();

class IdempotencyStoreContract : public ::testing::TestWithParam<OpenIdempotencyDatabase> {
 protected:
  using Answer = absl::StatusOr<std::optional<std::string>>;

  static constexpr absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
  static constexpr absl::Duration kRetention = absl::Hours(7 * 24);

  Answer Find(const IdempotencyKey& key) { return Find(store_, key); }
  Answer Find(const IdempotencyStore& store, const IdempotencyKey& key);
  absl::Status Save(const IdempotencyKey& key, absl::string_view answer,
                    absl::Time record_time = kNow);
  int64_t DeleteExpired(absl::Time now, int64_t limit);

  const std::unique_ptr<sql::Database> database_ = GetParam()();
  const IdempotencyStore store_{std::string(32, 'k'), kRetention};
};

}  // namespace clientele

#endif  // COMMON_IDEMPOTENCY_IDEMPOTENCY_STORE_CONTRACT_H_
