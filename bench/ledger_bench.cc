// The ledger's speed: postings one by one on SQLite (WAL, synchronous=FULL), and the latency of
// Redeem over loopback gRPC with 1 and with 64 callers.
//
// Usage: ledger_bench [--postings N] [--redemptions N] [--members N]
// Works in a temporary folder through the real server runtime and prints one JSON object. Members
// have points enough for everything; callers take members in turn, so that 64 of them share few
// locks but the one writer of SQLite.

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
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

constexpr int kCallers = 64;
constexpr int64_t kPointsEach = 1'000'000'000;
constexpr int64_t kMembersPerTransaction = 200;

struct Options {
  int64_t postings = 2'000;
  int64_t redemptions = 2'000;
  int64_t members = 1'000;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    int64_t* const target = name == "--postings"      ? &options.postings
                            : name == "--redemptions" ? &options.redemptions
                            : name == "--members"     ? &options.members
                                                      : nullptr;
    CLIENTELE_CHECK(target != nullptr && absl::SimpleAtoi(argv[i + 1], target) && *target > 0);
  }
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
  explicit BenchServer(const std::string& folder)
      : pages_(server::kVersion, {"loyalty"}),
        key_(*SecretKey::FromBytes(std::string(kSecretKeyBytes, 'b'))) {
    config_.profile_address = "127.0.0.1:1";  // nobody is there, and nobody is needed
    auto runtime = server::ServiceRuntime::Open(
        LoyaltyDefinition(config_),
        {.bind_address = "127.0.0.1:0", .database_path = absl::StrCat(folder, "/loyalty.db")},
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

// One handler call after the other, each a durable commit: postings a second.
double PostOneByOne(BenchServer& server, const Program& program, const Options& options) {
  const ApiContext api(server.runtime().handler_parts(), program);
  const LedgerWrites writes(api);
  rpc::CallContext call;
  call.method = "bench";
  call.request_id_rule = common::v1::REQUEST_ID_RULE_REQUIRED;
  const absl::Time begin = absl::Now();
  for (int64_t i = 0; i < options.postings; ++i) {
    v1::AdjustRequest request;
    request.set_request_id(server.ids().New(absl::Now()));
    request.set_customer_id(MemberId(i % options.members));
    request.set_points(1);
    request.set_reason("BENCH");
    CLIENTELE_CHECK(writes.Adjust(call, request).ok());
  }
  return static_cast<double>(options.postings) / absl::ToDoubleSeconds(absl::Now() - begin);
}

struct Latencies {
  double p50_ms = 0;
  double p99_ms = 0;
  double per_second = 0;
};

// `options.redemptions` calls of Redeem in all by `callers` threads.
Latencies RedeemOverGrpc(BenchServer& server, const Options& options, int callers) {
  const auto stub = v1::LedgerService::NewStub(rpc::Connect(server.runtime().address()));
  std::vector<double> all_ms(static_cast<size_t>(options.redemptions));
  std::atomic<int64_t> next = 0;
  const absl::Time begin = absl::Now();
  std::vector<std::thread> threads;
  threads.reserve(static_cast<size_t>(callers));
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&] {
      for (int64_t i = next++; i < options.redemptions; i = next++) {
        v1::RedeemRequest request;
        request.set_request_id(server.ids().New(absl::Now()));
        request.set_customer_id(MemberId(i % options.members));
        request.set_points(1);
        v1::LedgerEntry entry;
        grpc::ClientContext context;
        const absl::Time sent = absl::Now();
        CLIENTELE_CHECK(stub->Redeem(&context, request, &entry).ok());
        all_ms[static_cast<size_t>(i)] = absl::ToDoubleMilliseconds(absl::Now() - sent);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  std::sort(all_ms.begin(), all_ms.end());
  return {.p50_ms = all_ms[all_ms.size() / 2],
          .p99_ms = all_ms[all_ms.size() * 99 / 100],
          .per_second = static_cast<double>(options.redemptions) / seconds};
}

int RunBench(const Options& options) {
  std::string folder =
      (std::filesystem::temp_directory_path() / "clientele-ledger-XXXXXX").string();
  CLIENTELE_CHECK(mkdtemp(folder.data()) != nullptr);
  {
    BenchServer server(folder);
    const Program program = BenchProgram();
    SeedMembers(server, program, options.members);
    const double postings_per_second = PostOneByOne(server, program, options);
    const Latencies one = RedeemOverGrpc(server, options, 1);
    const Latencies many = RedeemOverGrpc(server, options, kCallers);
    absl::PrintF(
        "{\"members\":%d,\"postings\":%d,\"redemptions\":%d,\"postings_per_s\":%.1f,"
        "\"redeem_1_p50_ms\":%.3f,\"redeem_1_p99_ms\":%.3f,\"redeem_1_per_s\":%.1f,"
        "\"redeem_64_p50_ms\":%.3f,\"redeem_64_p99_ms\":%.3f,\"redeem_64_per_s\":%.1f}\n",
        options.members, options.postings, options.redemptions, postings_per_second, one.p50_ms,
        one.p99_ms, one.per_second, many.p50_ms, many.p99_ms, many.per_second);
  }
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace clientele::loyalty

int main(int argc, char** argv) {
  return clientele::loyalty::RunBench(clientele::loyalty::ParseOptions(argc, argv));
}
