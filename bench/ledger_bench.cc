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

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/memory/memory.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/notification.h"
#include "bench/cpu.h"
#include "bench/ledger_fixture.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "common/rpc/client.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"
#include "google/protobuf/arena.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/ledger_writes.h"

namespace clientele::loyalty {
namespace {

constexpr int64_t kWarmUpPostings = 2'000;

// One handler call after the other, each a commit of its own.
void RedeemOneByOne(LedgerServer& server, const Program& program, const LedgerOptions& options) {
  const ApiContext api(server.runtime().handler_parts(), program);
  const LedgerWrites writes(api);
  rpc::CallContext call;
  call.method = "bench";
  call.request_id_rule = common::v1::REQUEST_ID_RULE_REQUIRED;
  for (int64_t i = 0; i < options.postings; ++i) {
    v1::RedeemRequest request;
    FillRedeem(server, i, options.members, request);
    CLIENTELE_CHECK(writes.Redeem(call, request).ok());
  }
}

// `options.postings` in calls of Redeem or of BatchPost, `options.callers` of them under way at a
// time; answers the milliseconds of each call. Asynchronous: callers in threads of their own would
// cost the machine more than the server that is measured.
class Callers {
 public:
  Callers(LedgerServer& server, const LedgerOptions& options)
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
  // One call under way; its callback owns it. The messages are of the arena, so that the callers
  // take little of the CPU that they share with the server.
  template <typename Request, typename Response>
  struct Call {
    grpc::ClientContext context;
    google::protobuf::Arena arena;
    Request& request = *google::protobuf::Arena::CreateMessage<Request>(&arena);
    Response& response = *google::protobuf::Arena::CreateMessage<Response>(&arena);
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
    FillRedeem(server_, number, options_.members, call->request);
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
      FillRedeem(server_, i, options_.members, *call->request.add_postings()->mutable_redeem());
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

  LedgerServer& server_;
  const LedgerOptions& options_;
  const std::unique_ptr<v1::LedgerService::Stub> stub_;
  std::atomic<int64_t> next_ = 0;
  std::atomic<int64_t> under_way_ = 0;
  absl::Notification all_done_;
  std::mutex mutex_;
  std::vector<double> ms_;  // guarded by mutex_
};

// Makes every kind of row, and lets the database know how many there are, as it does by itself
// within minutes: PostgreSQL plans for empty tables until then.
void WarmUp(LedgerServer& server, LedgerOptions options) {
  options.postings = kWarmUpPostings;
  options.callers = 1;
  options.batch = kWarmUpPostings / 2;
  Callers(server, options).Run();
  server.AwaitDrained();
  server.Analyze();
}

void RunBench(const LedgerOptions& options) {
  const TempFolder folder;
  LedgerServer server(folder.path(), options.postgres);
  server.Serve();
  const Program program = BenchProgram();
  server.SeedMembers(program, options.members);
  WarmUp(server, options);
  const double cpu_before = bench::CpuSeconds();
  const absl::Time begin = absl::Now();
  std::vector<double> ms = {0};
  if (options.callers == 0) {
    RedeemOneByOne(server, program, options);
  } else {
    ms = Callers(server, options).Run();
  }
  server.AwaitDrained();
  const auto postings = static_cast<double>(options.postings);
  absl::PrintF("{\"per_s\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"cpu_us_each\":%.1f}\n",
               postings / absl::ToDoubleSeconds(absl::Now() - begin), ms[ms.size() / 2],
               ms[ms.size() * 99 / 100], (bench::CpuSeconds() - cpu_before) * 1e6 / postings);
}

}  // namespace
}  // namespace clientele::loyalty

int main(int argc, char** argv) {
  clientele::loyalty::RunBench(clientele::loyalty::ParseLedgerOptions(argc, argv));
}
