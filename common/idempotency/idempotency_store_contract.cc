#include "common/idempotency/idempotency_store_contract.h"

#include <atomic>
#include <thread>
#include <vector>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"

namespace clientele {

IdempotencyStoreContract::Answer IdempotencyStoreContract::Find(const IdempotencyStore& store,
                                                                const IdempotencyKey& key) {
  Answer answer;
  const absl::Status status = database_->RunReadOnly({}, [&](sql::Tx& tx) {
    answer = store.Find(tx, key);
    return answer.status();
  });
  return status.ok() ? answer : Answer(status);
}

absl::Status IdempotencyStoreContract::Save(const IdempotencyKey& key, absl::string_view answer,
                                            absl::Time record_time) {
  return database_->RunInTransaction(
      {}, [&](sql::Tx& tx) { return store_.Save(tx, key, answer, record_time); });
}

int64_t IdempotencyStoreContract::DeleteExpired(absl::Time now, int64_t limit) {
  int64_t count = -1;
  const absl::Status status = database_->RunInTransaction({}, [&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(count, store_.DeleteExpired(tx, now, limit));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return count;
}

namespace {

using ::testing::Optional;

constexpr IdempotencyKey kKey = {.customer_id = "c-1",
                                 .request_id = "0190a2b4-0000-7000-8000-000000000001",
                                 .principal = "local",
                                 .method = "/clientele.test.v1.Test/Do",
                                 .request_bytes = "request"};

TEST_P(IdempotencyStoreContract, FindsNothingForANewRequest) {
  const Answer answer = Find(kKey);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(*answer, std::nullopt);
}

TEST_P(IdempotencyStoreContract, ReplaysTheStoredAnswerByteForByte) {
  const std::string bytes("\0\xff answer", 9);
  ASSERT_TRUE(Save(kKey, bytes).ok());
  const Answer answer = Find(kKey);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_THAT(*answer, Optional(bytes));
}

TEST_P(IdempotencyStoreContract, ReplaysAnEmptyAnswer) {
  ASSERT_TRUE(Save(kKey, "").ok());
  EXPECT_THAT(*Find(kKey), Optional(std::string()));
}

TEST_P(IdempotencyStoreContract, RefusesTheSameIdWithOtherContent) {
  ASSERT_TRUE(Save(kKey, "answer").ok());
  std::vector<IdempotencyKey> others(4, kKey);
  others[0].request_bytes = "another request";
  others[1].method = "/clientele.test.v1.Test/DoOther";
  others[2].principal = "someone-else";
  // The bytes of the three together are the same, their borders are not.
  others[3].method = "/clientele.test.v1.Test/Dor";
  others[3].request_bytes = "equest";
  for (const IdempotencyKey& other : others) {
    const absl::Status status = Find(other).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(GetErrorReason(status), "REQUEST_ID_REUSED");
    EXPECT_EQ(GetErrorDetails(status)->metadata.at("request_id"), std::string(kKey.request_id));
  }
}

TEST_P(IdempotencyStoreContract, KeepsTheRequestsOfCustomersApart) {
  ASSERT_TRUE(Save(kKey, "answer").ok());
  IdempotencyKey other = kKey;
  other.customer_id = "c-2";
  EXPECT_EQ(*Find(other), std::nullopt);
  other.customer_id = "";
  EXPECT_EQ(*Find(other), std::nullopt);
}

TEST_P(IdempotencyStoreContract, DoesNothingWithoutARequestId) {
  IdempotencyKey anonymous = kKey;
  anonymous.request_id = "";
  ASSERT_TRUE(Save(anonymous, "answer").ok());
  ASSERT_TRUE(Save(anonymous, "answer").ok());
  EXPECT_EQ(*Find(anonymous), std::nullopt);
}

TEST_P(IdempotencyStoreContract, RecognisesNothingUnderAnotherKey) {
  ASSERT_TRUE(Save(kKey, "answer").ok());
  const IdempotencyStore other(std::string(32, 'x'), kRetention);
  EXPECT_EQ(GetErrorReason(Find(other, kKey).status()), "REQUEST_ID_REUSED");
}

TEST_P(IdempotencyStoreContract, ReportsAConflictWhenTheIdWasSavedMeanwhile) {
  ASSERT_TRUE(Save(kKey, "answer").ok());
  EXPECT_EQ(GetErrorReason(Save(kKey, "answer")), "TRANSACTION_CONFLICT");
}

TEST_P(IdempotencyStoreContract, DeletesWhatIsOlderThanTheRetentionAndNoMoreThanTheLimit) {
  IdempotencyKey key = kKey;
  const std::vector<std::string> ids = {"r-0", "r-1", "r-2", "r-3"};
  for (size_t i = 0; i < ids.size(); ++i) {
    key.request_id = ids[i];
    ASSERT_TRUE(Save(key, "answer", kNow + absl::Seconds(static_cast<int64_t>(i))).ok());
  }
  const absl::Time when_r3_reaches_its_age = kNow + absl::Seconds(3) + kRetention;
  EXPECT_EQ(DeleteExpired(when_r3_reaches_its_age, 2), 2);
  key.request_id = "r-2";
  EXPECT_THAT(*Find(key), Optional(std::string("answer"))) << "the oldest go first";
  EXPECT_EQ(DeleteExpired(when_r3_reaches_its_age, 2), 1);
  key.request_id = "r-3";
  EXPECT_THAT(*Find(key), Optional(std::string("answer"))) << "as old as the retention is kept";
}

TEST_P(IdempotencyStoreContract, RunsOneOfManyConcurrentRequestsAndGivesAllItsAnswer) {
  std::atomic<int> effects = 0;  // of transactions that committed
  std::vector<std::string> answers(16);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back([&, i] {
      bool has_effect = false;
      const absl::Status status = database_->RunInTransaction({}, [&](sql::Tx& tx) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(const auto stored, store_.Find(tx, kKey));
        has_effect = !stored.has_value();
        answers[i] = stored.value_or("made by " + std::to_string(i));
        return has_effect ? store_.Save(tx, kKey, answers[i], kNow) : absl::OkStatus();
      });
      EXPECT_TRUE(status.ok()) << status;
      effects += has_effect ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(effects, 1);
  for (const std::string& answer : answers) {
    EXPECT_EQ(answer, answers[0]);
  }
}

}  // namespace
}  // namespace clientele
