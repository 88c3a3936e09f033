// Writes and reads customers through two servers of profile that share a database, and checks what
// readers get (quality.md R7 through the API).
//
// Usage: coherence_load --server A --other B --behind-max-ms N --seed N
//                       [--forget-min-etag]
//   --behind-max-ms N   how far behind a reader may be that insists on nothing
//   --forget-min-etag   a planted defect: readers expect what they do not ask for
// or:    coherence_load --server A --storm CUSTOMER_ID      1,000 calls of GetCustomer at once
//
// The first form prints "ready" once the customers exist, goes on until its standard input is
// closed, and prints one JSON object. Each line that it gets begins a new phase: how long a
// GetCustomer took is told by phase.

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/cache/testing/coherence_checker.h"
#include "common/ids/etag.h"
#include "common/rpc/client.h"
#include "common/status/macros.h"
#include "tests/support/phase_times.h"

namespace clientele::profile {
namespace {

constexpr size_t kCustomers = 32;
constexpr int kReaders = 6;
constexpr int kWriters = 2;
constexpr int kStormCalls = 1000;
// Only a broken server takes that long.
constexpr absl::Duration kCallTimeout = absl::Seconds(30);

struct Options {
  std::string server;
  std::string other;
  std::string storm;
  int64_t behind_max_ms = 0;
  uint32_t seed = 0;
  bool forgets_min_etag = false;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--forget-min-etag") {
      options.forgets_min_etag = true;
      continue;
    }
    CLIENTELE_CHECK(++i < argc);
    if (name == "--behind-max-ms") {
      CLIENTELE_CHECK(absl::SimpleAtoi(argv[i], &options.behind_max_ms));
      continue;
    }
    if (name == "--seed") {
      CLIENTELE_CHECK(absl::SimpleAtoi(argv[i], &options.seed));
      continue;
    }
    std::string* const target = name == "--server"  ? &options.server
                                : name == "--other" ? &options.other
                                : name == "--storm" ? &options.storm
                                                    : nullptr;
    CLIENTELE_CHECK(target != nullptr);
    *target = argv[i];
  }
  return options;
}

std::string CustomerIdOf(size_t row) { return absl::StrCat("coherent-", row); }

// A version as the name that the customer has then.
std::string NameOf(int64_t version) { return absl::StrCat("n", version); }

int64_t VersionOf(const v1::Customer& customer) {
  const std::optional<int64_t> version = ParseEtag(customer.etag());
  CLIENTELE_CHECK(version.has_value());
  return *version;
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        stubs_{v1::CustomerService::NewStub(rpc::Connect(options.server)),
               v1::CustomerService::NewStub(rpc::Connect(options.other))},
        table_(kCustomers, absl::Now()),
        checker_(table_, absl::Milliseconds(options.behind_max_ms)) {}

  void Create() {
    for (size_t row = 0; row < kCustomers; ++row) {
      v1::CreateCustomerRequest request;
      request.mutable_customer()->set_customer_id(CustomerIdOf(row));
      request.mutable_customer()->mutable_attributes()->set_given_name(NameOf(1));
      request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
      const auto made = rpc::CallUnary<v1::Customer>(
          rpc::NewCall(kCallTimeout), [&](grpc::ClientContext* context, v1::Customer* response) {
            return stubs_[0]->CreateCustomer(context, request, response);
          });
      CLIENTELE_CHECK(made.ok() && VersionOf(*made) == 1);
    }
  }

  // Until the standard input is closed.
  void Run() {
    std::vector<std::thread> threads;
    threads.reserve(kReaders + kWriters);
    for (int i = 0; i < kWriters; ++i) threads.emplace_back([this, i] { Write(i); });
    for (int i = 0; i < kReaders; ++i) threads.emplace_back([this, i] { Read(i); });
    phases_.Follow();
    stopping_ = true;
    for (std::thread& thread : threads) thread.join();
  }

  void Print() {
    absl::PrintF(
        "{\"reads\":%d,\"writes\":%d,\"failed\":%d,\"below_min\":%d,\"too_far_behind\":%d,"
        "\"torn\":%d,\"phases\":%s}\n",
        checker_.reads(), writes_.load(), failed_.load(), checker_.below_min(),
        checker_.too_far_behind(), torn_.load(), read_times_.ToJson(phases_.current()));
  }

 private:
  // Each row has one writer, so that its versions come one after the other.
  void Write(int writer) {
    std::mt19937 random(options_.seed + writer);
    while (!stopping_) {
      const size_t row = random() % (kCustomers / kWriters) * kWriters + writer;
      const int64_t next = table_.CurrentVersion(row) + 1;
      v1::UpdateCustomerRequest request;
      request.mutable_customer()->set_customer_id(CustomerIdOf(row));
      request.mutable_customer()->mutable_attributes()->set_given_name(NameOf(next));
      request.mutable_update_mask()->add_paths("attributes.given_name");
      request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
      const auto written = rpc::CallUnary<v1::Customer>(
          rpc::NewCall(kCallTimeout), [&](grpc::ClientContext* context, v1::Customer* response) {
            return stubs_[random() % 2]->UpdateCustomer(context, request, response);
          });
      if (!written.ok()) {
        Complain(written.status());
        return;  // nobody knows any more which version the row is at
      }
      CLIENTELE_CHECK(VersionOf(*written) == next);
      table_.Write(row, absl::Now());
      ++writes_;
    }
  }

  // Every second call reads one row, the others all of them.
  void Read(int reader) {
    std::mt19937 random(options_.seed + kWriters + reader);
    const auto own_times = std::make_unique<PhaseTimes::Own>();
    while (!stopping_) {
      if (random() % 2 == 0) {
        ReadAll(random);
        continue;
      }
      const size_t phase = phases_.current();
      const absl::Time begin = absl::Now();
      ReadOne(random);
      own_times->Add(phase, absl::Now() - begin);
    }
    read_times_.Add(*own_times);
  }

  // Every second read insists on what was last acknowledged.
  cache::ReadRule DrawRule(std::mt19937& random, size_t row) const {
    return {.min_version = random() % 2 == 0 ? table_.CurrentVersion(row) : 0};
  }

  std::string MinEtagOf(const cache::ReadRule& rule) const {
    return rule.min_version > 0 && !options_.forgets_min_etag ? EtagOf(rule.min_version) : "";
  }

  void ReadOne(std::mt19937& random) {
    const size_t row = random() % kCustomers;
    const cache::ReadRule rule = DrawRule(random, row);
    v1::GetCustomerRequest request;
    request.set_customer_id(CustomerIdOf(row));
    request.set_min_etag(MinEtagOf(rule));
    const absl::Time begin = absl::Now();
    const auto got = rpc::CallUnary<v1::Customer>(
        rpc::NewCall(kCallTimeout), [&](grpc::ClientContext* context, v1::Customer* response) {
          return stubs_[random() % 2]->GetCustomer(context, request, response);
        });
    if (got.ok()) {
      Check(row, rule, begin, *got);
    } else {
      Complain(got.status());
    }
  }

  void ReadAll(std::mt19937& random) {
    v1::BatchGetCustomersRequest request;
    std::array<cache::ReadRule, kCustomers> rules;
    for (size_t row = 0; row < kCustomers; ++row) {
      rules[row] = DrawRule(random, row);
      request.add_customer_ids(CustomerIdOf(row));
      request.add_min_etags(MinEtagOf(rules[row]));
    }
    const absl::Time begin = absl::Now();
    const auto got = rpc::CallUnary<v1::BatchGetCustomersResponse>(
        rpc::NewCall(kCallTimeout),
        [&](grpc::ClientContext* context, v1::BatchGetCustomersResponse* response) {
          return stubs_[random() % 2]->BatchGetCustomers(context, request, response);
        });
    if (!got.ok()) {
      Complain(got.status());
      return;
    }
    CLIENTELE_CHECK(got->customers_size() == static_cast<int>(kCustomers));
    for (size_t row = 0; row < kCustomers; ++row) {
      Check(row, rules[row], begin, got->customers(static_cast<int>(row)));
    }
  }

  void Check(size_t row, const cache::ReadRule& rule, absl::Time begin,
             const v1::Customer& customer) {
    const int64_t version = VersionOf(customer);
    torn_ += customer.attributes().given_name() == NameOf(version) ? 0 : 1;
    checker_.Check(row, rule, begin, {.version = version, .payload = absl::StrCat(version)});
  }

  void Complain(const absl::Status& status) {
    ++failed_;
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
  }

  const Options& options_;
  const std::array<std::unique_ptr<v1::CustomerService::Stub>, 2> stubs_;
  cache::VersionedTable table_;  // when each version was acknowledged
  cache::CoherenceChecker checker_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> writes_ = 0;
  std::atomic<int64_t> failed_ = 0;
  std::atomic<int64_t> torn_ = 0;  // answers whose etag is not that of what they hold
  Phases phases_;
  PhaseTimes read_times_;
};

// Calls that begin at once and are waited for together.
void RunStorm(const Options& options) {
  struct Call {
    grpc::ClientContext context;
    v1::Customer response;
  };
  const auto stub = v1::CustomerService::NewStub(rpc::Connect(options.server));
  v1::GetCustomerRequest request;
  request.set_customer_id(options.storm);
  std::vector<Call> calls(kStormCalls);
  std::mutex mutex;
  std::condition_variable done;
  int open_count = kStormCalls;
  int failed_count = 0;
  for (Call& call : calls) {
    rpc::SetCallOptions(rpc::NewCall(kCallTimeout), call.context);
    stub->async()->GetCustomer(&call.context, &request, &call.response,
                               [&](const grpc::Status& status) {
                                 std::lock_guard<std::mutex> lock(mutex);
                                 failed_count += status.ok() ? 0 : 1;
                                 --open_count;
                                 done.notify_one();
                               });
  }
  std::unique_lock<std::mutex> lock(mutex);
  done.wait(lock, [&] { return open_count == 0; });
  absl::PrintF("{\"calls\":%d,\"failed\":%d}\n", kStormCalls, failed_count);
}

void RunLoad(const Options& options) {
  Load load(options);
  load.Create();
  std::printf("ready\n");
  std::fflush(stdout);
  load.Run();
  load.Print();
}

}  // namespace
}  // namespace clientele::profile

int main(int argc, char** argv) {
  const clientele::profile::Options options = clientele::profile::ParseOptions(argc, argv);
  if (options.storm.empty()) {
    clientele::profile::RunLoad(options);
  } else {
    clientele::profile::RunStorm(options);
  }
  return 0;
}
