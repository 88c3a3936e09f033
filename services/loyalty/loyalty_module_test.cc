// Loyalty as its callers see it: over gRPC, following the feed of a (fake) profile.

#include "services/loyalty/loyalty_module.h"

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "common/cache/testing/process_cache.h"
#include "common/crypto/secret_key.h"
#include "common/feed/positions.h"
#include "common/feed/testing/fake_source.h"
#include "common/handler/testing/handler_fixture.h"
#include "common/rpc/client.h"
#include "common/rpc/rpc_server.h"
#include "common/rpc/testing/test_pipeline.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "services/loyalty/store/schema.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(60);

// A server of loyalty over a database that outlives it.
class LoyaltyServer {
 public:
  LoyaltyServer(sql::Database& database, const std::string& profile_address)
      : parts_("loyalty"),
        clock_(TestBusinessTime()),
        key_(TestKey()),
        cache_(parts_.clock()),
        module_({.handlers = {.database = database,
                              .cache = cache_.cache(),
                              .business_clock = clock_,
                              .record_clock = parts_.clock(),
                              .ids = parts_.ids(),
                              .key = key_,
                              .idempotency_retention = absl::Hours(24 * 7),
                              .poke_outbox = [] {}},
                 .program = TestProgram(),
                 .profile_channel = rpc::Connect(profile_address),
                 .consumer = {},
                 .on_consumer_failure = [](const feed::ConsumerFailure&) {}},
                parts_.pipeline()) {
    auto started = rpc::RpcServer::Start({}, parts_.pipeline(), module_.Services());
    CLIENTELE_CHECK(started.ok());
    server_ = *std::move(started);
    module_.Start();
    const auto channel = rpc::Connect(server_->address());
    ledger = v1::LedgerService::NewStub(channel);
    members = v1::MemberService::NewStub(channel);
  }

  ~LoyaltyServer() {
    server_->Shutdown();
    module_.Stop();
  }

  LoyaltyModule& module() { return module_; }

  std::unique_ptr<v1::LedgerService::Stub> ledger;
  std::unique_ptr<v1::MemberService::Stub> members;

 private:
  rpc::TestPipeline parts_;
  const FakeClock clock_;
  const SecretKey key_;
  cache::ProcessCache cache_;
  LoyaltyModule module_;
  std::unique_ptr<rpc::RpcServer> server_;
};

// Asks again and again until `condition` holds; false after a minute, which only a failing test
// sees.
bool Await(const std::function<bool()>& condition) {
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (!condition()) {
    if (absl::Now() > give_up) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

class LoyaltyModuleTest : public ::testing::Test {
 protected:
  LoyaltyModuleTest()
      : database_(sql::OpenTestSqlite(SchemaMigrations(), folder_.File("loyalty.db"))) {
    Restart();
  }

  void Restart() {
    server_.reset();
    server_ = std::make_unique<LoyaltyServer>(*database_, profile_.address());
  }

  // Lets profile tell of a purchase worth `points`.
  void Buy(const std::string& customer_id, int64_t points, int day = 340) {
    profile_.Tell({PurchaseRecorded({.customer_id = customer_id,
                                     .number = ++purchase_count_,
                                     .occur_time = NoonOf(day),
                                     .gross_minor = points * 100})});
  }

  bool CatchesUp() {
    const feed::Positions heads = profile_.Heads();
    return Await([&] {
      return feed::HasReached(server_->module().Consumers()[0]->Status().positions, heads,
                              feed::AllPartitions());
    });
  }

  // A purchase of "c-<number>" of 2008, whose points have expired in 2010.
  static common::v1::Event PurchaseOfExpiredPoints(int number) {
    return PurchaseRecorded({.customer_id = "c-" + std::to_string(number),
                             .number = number,
                             .occur_time = NoonOf(1) - absl::Hours(24 * 3 * 365),
                             .gross_minor = 5'000});
  }

  // How many members the sweep took.
  int64_t Sweep() {
    int64_t swept_count = 0;
    EXPECT_EQ(server_->module().SweepDue([&](int64_t swept) { swept_count += swept; }),
              absl::OkStatus());
    return swept_count;
  }

  // What the database says about how far the feed was consumed.
  void MovePositions(int64_t by) {
    const sql::Statement move{"MovePositions",
                              "UPDATE consumer_position SET position = position + $1"};
    ASSERT_EQ(database_->RunInTransaction(
                  {}, [&](sql::Tx& tx) { return tx.Execute(move, {by}).status(); }),
              absl::OkStatus());
  }

  static void SetDeadline(grpc::ClientContext& context) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + kCallTimeout));
  }

  grpc::Status Redeem(const v1::RedeemRequest& request, v1::LedgerEntry& entry,
                      bool* replayed = nullptr) {
    grpc::ClientContext context;
    SetDeadline(context);
    grpc::Status status = server_->ledger->Redeem(&context, request, &entry);
    if (replayed != nullptr) {
      *replayed = context.GetServerTrailingMetadata().count("clientele-replayed") == 1;
    }
    return status;
  }

  v1::Balance Balance(const std::string& customer_id) {
    v1::GetBalanceRequest request;
    request.set_customer_id(customer_id);
    v1::Balance balance;
    grpc::ClientContext context;
    SetDeadline(context);
    EXPECT_TRUE(server_->ledger->GetBalance(&context, request, &balance).ok());
    return balance;
  }

  // Runs `call` with 0..count-1, each on a thread of its own, all at once.
  static void AllAtOnce(int count, const std::function<void(int)>& call) {
    std::atomic<int> waiting = count;
    std::vector<std::thread> threads;
    threads.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        --waiting;
        while (waiting > 0) {
          std::this_thread::yield();
        }
        call(i);
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }

  TempFolder folder_;
  feed::FakeSource profile_{"profile"};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<LoyaltyServer> server_;
  int purchase_count_ = 0;
};

TEST_F(LoyaltyModuleTest, FiftyThreadsWithOneRequestIdHaveOneEffectAndOneAnswer) {
  Buy("c-1", 500);
  ASSERT_TRUE(CatchesUp());
  std::vector<std::string> answers(50);
  std::atomic<int> replayed_count = 0;
  AllAtOnce(50, [&](int i) {
    v1::LedgerEntry entry;
    bool replayed = false;
    EXPECT_TRUE(Redeem(MakeRedeem(1, "c-1", 100), entry, &replayed).ok());
    answers[i] = entry.SerializeAsString();
    replayed_count += replayed ? 1 : 0;
  });
  EXPECT_EQ(std::set<std::string>(answers.begin(), answers.end()).size(), 1U);
  EXPECT_EQ(replayed_count, 49);
  EXPECT_EQ(Balance("c-1").available(), 400);
  EXPECT_EQ(Balance("c-1").entry_count(), 2);
}

TEST_F(LoyaltyModuleTest, SixtyFourConcurrentRedemptionsNeverOverdraw) {
  Buy("c-1", 500);
  ASSERT_TRUE(CatchesUp());
  std::atomic<int> taken = 0;
  std::atomic<int> refused = 0;
  AllAtOnce(64, [&](int i) {
    v1::LedgerEntry entry;
    const grpc::Status status = Redeem(MakeRedeem(i, "c-1", 30), entry);
    if (status.ok()) {
      ++taken;
      EXPECT_GE(entry.balance_after(), 0);
    } else {
      EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
      ++refused;
    }
  });
  EXPECT_EQ(taken, 16);
  EXPECT_EQ(refused, 48);
  EXPECT_EQ(Balance("c-1").available(), 20);
  EXPECT_EQ(server_->module().ledger_check().Run(), absl::StatusOr<bool>(false));
  EXPECT_EQ(server_->module().ledger_check().imbalance_count(), 0);
}

TEST_F(LoyaltyModuleTest, WorksWhileProfileIsDownAndCatchesUpWhenItIsBack) {
  Buy("c-1", 500);
  ASSERT_TRUE(CatchesUp());
  profile_.Down();
  v1::LedgerEntry entry;
  EXPECT_TRUE(Redeem(MakeRedeem(1, "c-1", 100), entry).ok());
  EXPECT_EQ(Balance("c-1").available(), 400);
  EXPECT_EQ(feed::CheckConsumers(server_->module().Consumers()), absl::OkStatus());
  profile_.Up();
  Buy("c-1", 50);
  ASSERT_TRUE(CatchesUp());
  EXPECT_EQ(Balance("c-1").available(), 450);
}

TEST_F(LoyaltyModuleTest, ARestartRepeatsAndLosesNothing) {
  for (int i = 0; i < 20; ++i) {
    Buy("c-" + std::to_string(i % 3), 10);
    if (i % 5 == 0) {
      Restart();
    }
  }
  ASSERT_TRUE(CatchesUp());
  EXPECT_EQ(Balance("c-0").available(), 70);
  EXPECT_EQ(Balance("c-1").available(), 70);
  EXPECT_EQ(Balance("c-2").available(), 60);
  v1::LedgerEntry first;
  v1::LedgerEntry again;
  ASSERT_TRUE(Redeem(MakeRedeem(1, "c-1", 7), first).ok());
  Restart();
  ASSERT_TRUE(Redeem(MakeRedeem(1, "c-1", 7), again).ok());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(Balance("c-1").available(), 63);
}

TEST_F(LoyaltyModuleTest, ServesTiersAndSaysInDetailWhatIsWrong) {
  Buy("c-1", 1'500);
  ASSERT_TRUE(CatchesUp());
  v1::GetTierRequest request;
  request.set_customer_id("c-1");
  v1::MemberTier tier;
  grpc::ClientContext context;
  SetDeadline(context);
  ASSERT_TRUE(server_->members->GetTier(&context, request, &tier).ok());
  EXPECT_EQ(tier.tier(), "SILVER");

  grpc::ClientContext refused;
  SetDeadline(refused);
  request.set_customer_id("c-9");
  const grpc::Status status = server_->members->GetTier(&refused, request, &tier);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(ReasonOf(details), "MEMBER_NOT_FOUND");
}

TEST_F(LoyaltyModuleTest, SweepsWhatIsDueOnceTheConsumerHasCaughtUp) {
  profile_.Tell({PurchaseOfExpiredPoints(1)});
  ASSERT_TRUE(CatchesUp());
  EXPECT_EQ(Balance("c-1").available(), 0);
  EXPECT_EQ(Balance("c-1").entry_count(), 1);
  // As if another replica had not applied what it has of the feed.
  MovePositions(-1);
  EXPECT_EQ(Sweep(), 0);
  MovePositions(1);
  EXPECT_EQ(Sweep(), 1);
  EXPECT_EQ(Balance("c-1").entry_count(), 2);
  EXPECT_EQ(Sweep(), 0);
}

TEST_F(LoyaltyModuleTest, SweepsNothingThatWasDueAfterWhatProfileHasNotToldYet) {
  profile_.Tell({PurchaseOfExpiredPoints(1)});
  ASSERT_TRUE(CatchesUp());
  // Recorded before the points of c-1 had expired, and not in the feed.
  profile_.Write({PurchaseOfExpiredPoints(2)});
  EXPECT_EQ(Sweep(), 0);
  profile_.Tell({});
  ASSERT_TRUE(CatchesUp());
  EXPECT_EQ(Sweep(), 2);
}

TEST_F(LoyaltyModuleTest, SweepsNothingWhileNobodyKnowsWhatProfileHasRecorded) {
  profile_.Tell({PurchaseOfExpiredPoints(1)});
  ASSERT_TRUE(CatchesUp());
  profile_.Down();
  Restart();
  ASSERT_TRUE(Await([&] { return server_->module().Consumers()[0]->Status().partitions.any(); }));
  EXPECT_EQ(Sweep(), 0);
  profile_.Up();
  ASSERT_TRUE(Await([&] { return Sweep() == 1; }));
}

}  // namespace
}  // namespace clientele::loyalty
