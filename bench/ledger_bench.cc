// The speed of loyalty's ledger, durable and with its feed, on SQLite (WAL, synchronous=FULL) or on
// PostgreSQL.
//
// Usage: ledger_bench [--postgres DSN] [--callers N] [--batch N] [--members N] [--postings N]
//   --callers N   calls over loopback gRPC that are under way at a time (default 64);
//                 0 = one thread that calls the handler, so that each posting has its own commit
//   --batch N     postings of one BatchPost (default 0 = Redeem, one by one)
//   --members N   whose points are spent, in turn (default 1000); 1 = everybody spends the same
// Works through the real server runtime in a temporary folder, or in a new schema. Prints one JSON
// object. The seconds last until the last event has left the outbox for the feed.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/notification.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "common/feed/feed_reader.h"
#include "common/observability/log.h"
#include "common/observability/ops_pages.h"
#include "common/rpc/client.h"
#include "common/server/service_runtime.h"
#include "common/server/version.h"
#include "common/status/macros.h"
#include "common/time/clock.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/ledger_writes.h"
#include "services/loyalty/loyalty_definition.h"
#include "services/loyalty/store/member_store.h"

namespace clientele::loyalty {
namespace {

constexpr int64_t kPointsEach = 1'000'000'000;
constexpr int64_t kMembersPerTransaction = 200;
constexpr int64_t kWarmUpPostings = 2'000;
constexpr absl::Duration kDrainMax = absl::Minutes(1);

struct Options {
  std::string postgres;
  int64_t callers = 64;
  int64_t batch = 0;
  int64_t members = 1'000;
  int64_t postings = 2'000;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--postgres") {
      options.postgres = argv[i + 1];
      continue;
    }
    int64_t* const target = name == "--callers"    ? &options.callers
                            : name == "--batch"    ? &options.batch
                            : name == "--members"  ? &options.members
                            : name == "--postings" ? &options.postings
                                                   : nullptr;
    CLIENTELE_CHECK(target != nullptr && absl::SimpleAtoi(argv[i + 1], target) && *target >= 0);
  }
  CLIENTELE_CHECK(options.members > 0 && options.postings > 0 &&
                  options.callers <= options.postings);
  return options;
}

// Nobody reads the log of a benchmark.
class NoLog final : public LogSink {
 public:
  void Write(absl::string_view) override {}
};

std::string MemberId(int64_t number) { return absl::StrCat("member-", number); }

// One loyalty server on a database of its own.
class BenchServer {
 public:
  BenchServer(const std::string& folder, const std::string& postgres)
      : pages_(server::kVersion, {"loyalty"}),
        key_(*SecretKey::FromBytes(std::string(kSecretKeyBytes, 'b'))) {
    config_.profile_address = "127.0.0.1:1";  // nobody is there, and nobody is needed
    auto runtime = server::ServiceRuntime::Open(
        LoyaltyDefinition(config_),
        {.bind_address = "127.0.0.1:0",
         .database_path = absl::StrCat(folder, "/loyalty.db"),
         .postgres = {.dsn = postgres, .schema = absl::StrCat("bench_", getpid())}},
        {.system_clock = clock_,
         .business_clock = clock_,
         .uuids = ids_,
         .log_sink = log_,
         .pages = pages_,
         .key = key_});
    CLIENTELE_CHECK(runtime.ok());
    runtime_ = *std::move(runtime);
    CLIENTELE_CHECK(runtime_->Migrate().ok() && runtime_->Serve().ok());
  }

  ~BenchServer() {
    runtime_->Shutdown();
    pages_.Close();
  }

  server::ServiceRuntime& runtime() { return *runtime_; }
  UuidV7Generator& ids() { return ids_; }
  const Clock& clock() const { return clock_; }

 private:
  const SystemClock clock_;
  UuidV7Generator ids_;
  NoLog log_;
  OpsPages pages_;
  const SecretKey key_;
  LoyaltyConfig config_;
  std::unique_ptr<server::ServiceRuntime> runtime_;
};

Program BenchProgram() { return DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone()); }

void SeedMembers(BenchServer& server, const Program& program, int64_t count) {
  const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(server.clock().Now()));
  for (int64_t begin = 0; begin < count; begin += kMembersPerTransaction) {
    const absl::Status status = server.runtime().database().RunInTransaction({}, [&](sql::Tx& tx) {
      std::vector<LedgerBook> books;
      std::vector<LedgerBook*> saved;
      books.reserve(kMembersPerTransaction);
      for (int64_t i = begin; i < std::min(begin + kMembersPerTransaction, count); ++i) {
        Member member;
        member.id = CustomerId(MemberId(i));
        member.enroll_time = now;
        LedgerBook& book = books.emplace_back(program, member, std::vector<Lot>());
        Earning earning{.purchase_id = PurchaseId("seed"), .occur_time = now};
        earning.points = kPointsEach;
        book.Earn(earning, {now, now});
        saved.push_back(&book);
      }
      return SaveBooks(tx, saved);
    });
    CLIENTELE_CHECK(status.ok());
  }
}

v1::RedeemRequest MakeRedeem(BenchServer& server, int64_t number, const Options& options) {
  v1::RedeemRequest request;
  request.set_request_id(server.ids().New(absl::Now()));
  request.set_customer_id(MemberId(number % options.members));
  request.set_points(1);
  return request;
}

// One handler call after the other, each a commit of its own.
void RedeemOneByOne(BenchServer& server, const Program& program, const Options& options) {
  const ApiContext api(server.runtime().handler_parts(), program);
  const LedgerWrites writes(api);
  rpc::CallContext call;
  call.method = "bench";
  call.request_id_rule = common::v1::REQUEST_ID_RULE_REQUIRED;
  for (int64_t i = 0; i < options.postings; ++i) {
    CLIENTELE_CHECK(writes.Redeem(call, MakeRedeem(server, i, options)).ok());
  }
}

// `options.postings` in calls of Redeem or of BatchPost, `options.callers` of them under way at a
// time; answers the milliseconds of each call. Asynchronous: callers in threads of their own would
// cost the machine more than the server that is measured.
class Callers {
 public:
  Callers(BenchServer& server, const Options& options)
      : server_(server),
        options_(options),
        stub_(v1::LedgerService::NewStub(rpc::Connect(server.runtime().address()))) {}

  std::vector<double> Run() {
    under_way_.store(options_.callers);
    for (int64_t i = 0; i < options_.callers; ++i) {
      CallNext();
    }
    all_done_.WaitForNotification();
    std::sort(ms_.begin(), ms_.end());
    return ms_;
  }

 private:
  // One call under way; deletes itself.
  template <typename Request, typename Response>
  struct Call {
    grpc::ClientContext context;
    Request request;
    Response response;
    absl::Time sent;
  };

  void CallNext() {
    const int64_t step = std::max<int64_t>(options_.batch, 1);
    const int64_t begin = next_.fetch_add(step);
    if (begin >= options_.postings) {
      if (under_way_.fetch_sub(1) == 1) {
        all_done_.Notify();
      }
    } else if (options_.batch == 0) {
      Redeem(begin);
    } else {
      BatchPost(begin, std::min(begin + step, options_.postings));
    }
  }

  void Redeem(int64_t number) {
    auto* const call = new Call<v1::RedeemRequest, v1::LedgerEntry>;
    call->request = MakeRedeem(server_, number, options_);
    call->sent = absl::Now();
    stub_->async()->Redeem(&call->context, &call->request, &call->response,
                           [this, call](const grpc::Status& status) {
                             CLIENTELE_CHECK(status.ok());
                             Finish(absl::WrapUnique(call));
                           });
  }

  void BatchPost(int64_t begin, int64_t end) {
    auto* const call = new Call<v1::BatchPostRequest, v1::BatchPostResponse>;
    for (int64_t i = begin; i < end; ++i) {
      *call->request.add_postings()->mutable_redeem() = MakeRedeem(server_, i, options_);
    }
    call->sent = absl::Now();
    stub_->async()->BatchPost(&call->context, &call->request, &call->response,
                              [this, call](const grpc::Status& status) {
                                CLIENTELE_CHECK(status.ok());
                                for (const auto& result : call->response.results()) {
                                  CLIENTELE_CHECK(result.status().code() == 0);
                                }
                                Finish(absl::WrapUnique(call));
                              });
  }

  template <typename AnyCall>
  void Finish(std::unique_ptr<AnyCall> call) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ms_.push_back(absl::ToDoubleMilliseconds(absl::Now() - call->sent));
    }
    call.reset();
    CallNext();
  }

  BenchServer& server_;
  const Options& options_;
  const std::unique_ptr<v1::LedgerService::Stub> stub_;
  std::atomic<int64_t> next_ = 0;
  std::atomic<int64_t> under_way_ = 0;
  absl::Notification all_done_;
  std::mutex mutex_;
  std::vector<double> ms_;  // guarded by mutex_
};

// Returns when every event has its place in the feed.
void AwaitDrained(BenchServer& server) {
  const absl::Time latest = absl::Now() + kDrainMax;
  for (int64_t count = 1; count > 0;) {
    CLIENTELE_CHECK(absl::Now() < latest);
    absl::SleepFor(absl::Milliseconds(1));  // counting the outbox costs the database, too
    const absl::Status status = server.runtime().database().RunReadOnly({}, [&](sql::Tx& tx) {
      const auto backlog = feed::ReadOutboxBacklog(tx, absl::Now());
      count = backlog.ok() ? backlog->count : 1;
      return backlog.status();
    });
    CLIENTELE_CHECK(status.ok());
  }
}

// Makes every kind of row, and lets the database know how many there are, as it does by itself
// within minutes: PostgreSQL plans for empty tables until then.
void WarmUp(BenchServer& server, Options options) {
  options.postings = kWarmUpPostings;
  options.callers = 1;
  options.batch = kWarmUpPostings / 2;
  Callers(server, options).Run();
  AwaitDrained(server);
  CLIENTELE_CHECK(server.runtime()
                      .database()
                      .RunInTransaction({}, [](sql::Tx& tx) { return tx.ExecuteSchema("ANALYZE"); })
                      .ok());
}

// Of the whole process, in user and kernel mode.
double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

int RunBench(const Options& options) {
  std::string folder =
      (std::filesystem::temp_directory_path() / "clientele-ledger-XXXXXX").string();
  CLIENTELE_CHECK(mkdtemp(folder.data()) != nullptr);
  {
    BenchServer server(folder, options.postgres);
    const Program program = BenchProgram();
    SeedMembers(server, program, options.members);
    WarmUp(server, options);
    const double cpu_before = CpuSeconds();
    const absl::Time begin = absl::Now();
    std::vector<double> ms = {0};
    if (options.callers == 0) {
      RedeemOneByOne(server, program, options);
    } else {
      ms = Callers(server, options).Run();
    }
    AwaitDrained(server);
    const auto postings = static_cast<double>(options.postings);
    absl::PrintF("{\"per_s\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_us_each\":%.1f}\n",
                 postings / absl::ToDoubleSeconds(absl::Now() - begin), ms[ms.size() / 2],
                 ms[ms.size() * 99 / 100], (CpuSeconds() - cpu_before) * 1e6 / postings);
  }
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace clientele::loyalty

int main(int argc, char** argv) {
  return clientele::loyalty::RunBench(clientele::loyalty::ParseOptions(argc, argv));
}
