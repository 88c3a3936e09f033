// Calls profile as many impatient callers do: at a rate that does not fall when the server is slow
// (quality.md R8).
//
// Usage: overload_load --server A --create N
//        overload_load --server A --customers N --seconds S --seed N [--deadline-ms N]
//                      [--warm-up-ms N] [--write-every N] (--rate R | --callers N) [--tries N]
//   --create N        makes N customers, and that is all
//   --rate R          R calls a second, whatever becomes of them
//   --callers N       N calls under way at a time instead: what the server can do at most
//   --warm-up-ms N    calls that end before that are not counted (default 1000)
//   --write-every N   each Nth call is a write (CreateCustomer), the others are reads (GetCustomer,
//                     STRONG, of one of the customers)
//   --tries N         a call that is shed is made again at once, N times in all
// Prints one JSON object: what became of the calls that ended after the warm-up, and how many
// a second of that time ended well.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/ids/uuid.h"
#include "common/rpc/client.h"
#include "common/status/macros.h"

namespace clientele::profile {
namespace {

constexpr int64_t kCreatingCallers = 64;

struct Options {
  std::string server;
  int64_t create = 0;
  int64_t customers = 0;
  int64_t seconds = 0;
  int64_t deadline_ms = 1000;
  int64_t warm_up_ms = 1000;
  int64_t write_every = 0;
  int64_t rate = 0;
  int64_t callers = 0;
  int64_t tries = 1;
  int64_t seed = 0;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--server") {
      options.server = argv[i + 1];
      continue;
    }
    int64_t* const target = name == "--create"        ? &options.create
                            : name == "--customers"   ? &options.customers
                            : name == "--seconds"     ? &options.seconds
                            : name == "--deadline-ms" ? &options.deadline_ms
                            : name == "--warm-up-ms"  ? &options.warm_up_ms
                            : name == "--write-every" ? &options.write_every
                            : name == "--rate"        ? &options.rate
                            : name == "--callers"     ? &options.callers
                            : name == "--tries"       ? &options.tries
                            : name == "--seed"        ? &options.seed
                                                      : nullptr;
    CLIENTELE_CHECK(target != nullptr && absl::SimpleAtoi(argv[i + 1], target));
  }
  CLIENTELE_CHECK(argc % 2 == 1);
  return options;
}

std::string CustomerIdOf(int64_t number) { return absl::StrCat("crowd-", number); }

v1::CreateCustomerRequest MakeCreate(const std::string& customer_id) {
  v1::CreateCustomerRequest request;
  request.mutable_customer()->set_customer_id(customer_id);
  request.mutable_customer()->mutable_attributes()->set_given_name("Ada");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  return request;
}

// What became of the calls of a kind.
struct Outcomes {
  int64_t ok = 0;
  int64_t shed = 0;  // RESOURCE_EXHAUSTED
  int64_t late = 0;  // DEADLINE_EXCEEDED
  int64_t other = 0;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        stub_(v1::CustomerService::NewStub(rpc::Connect(options.server))),
        random_(static_cast<uint32_t>(options.seed)),
        begin_(absl::Now()),
        settled_(begin_ + absl::Milliseconds(options.warm_up_ms)),
        end_(begin_ + absl::Seconds(options.seconds)) {}

  // Returns when all calls have ended.
  void Run() {
    under_way_ = 1;  // this function
    if (options_.callers > 0) {
      for (int64_t i = 0; i < options_.callers; ++i) {
        StartCall();
      }
    } else {
      for (int64_t i = 0; i < options_.rate * options_.seconds; ++i) {
        std::this_thread::sleep_until(
            absl::ToChronoTime(begin_ + i * absl::Seconds(1) / options_.rate));
        StartCall();
      }
    }
    EndCall();
    all_ended_.WaitForNotification();
  }

  void Print() {
    std::sort(shed_ms_.begin(), shed_ms_.end());
    const auto shed_ms = [this](size_t percent) {
      return shed_ms_.empty() ? 0 : shed_ms_[shed_ms_.size() * percent / 100];
    };
    const double seconds = absl::ToDoubleSeconds(end_ - settled_);
    absl::PrintF(
        "{\"goodput\":%.1f,\"read\":%s,\"write\":%s,\"shed_p50_ms\":%.2f,\"shed_p99_ms\":%.2f}\n",
        static_cast<double>(ended_well_) / seconds, Describe(reads_), Describe(writes_),
        shed_ms(50), shed_ms(99));
  }

 private:
  // One call with its repetitions; the callback of the last try owns it.
  struct Call {
    bool writes = false;
    int64_t tries_left = 0;
    absl::Time deadline;
    absl::Time tried;
    v1::CreateCustomerRequest create;
    v1::GetCustomerRequest get;
    v1::Customer response;
    std::unique_ptr<grpc::ClientContext> context;
  };

  static std::string Describe(const Outcomes& outcomes) {
    return absl::StrFormat("{\"ok\":%d,\"shed\":%d,\"late\":%d,\"other\":%d}", outcomes.ok,
                           outcomes.shed, outcomes.late, outcomes.other);
  }

  void StartCall() {
    auto call = std::make_unique<Call>();
    const absl::Time now = absl::Now();
    const int64_t number = next_.fetch_add(1);
    call->writes = options_.write_every > 0 && number % options_.write_every == 0;
    call->tries_left = options_.tries;
    call->deadline = now + absl::Milliseconds(options_.deadline_ms);
    if (call->writes) {
      call->create = MakeCreate(absl::StrCat("late-", options_.seed, "-", number));
      call->create.set_request_id(uuids_.New(now));
    } else {
      call->get.set_customer_id(CustomerIdOf(Draw(options_.customers)));
      call->get.set_consistency(common::v1::CONSISTENCY_STRONG);
    }
    ++under_way_;
    Try(call.release());
  }

  int64_t Draw(int64_t count) {
    std::lock_guard<std::mutex> lock(mutex_);
    return std::uniform_int_distribution<int64_t>(0, count - 1)(random_);
  }

  void Try(Call* call) {
    --call->tries_left;
    call->tried = absl::Now();
    call->context = std::make_unique<grpc::ClientContext>();
    call->context->set_deadline(absl::ToChronoTime(call->deadline));
    const auto ended = [this, call](const grpc::Status& status) { OnEnded(call, status); };
    if (call->writes) {
      stub_->async()->CreateCustomer(call->context.get(), &call->create, &call->response, ended);
    } else {
      stub_->async()->GetCustomer(call->context.get(), &call->get, &call->response, ended);
    }
  }

  void OnEnded(Call* call, const grpc::Status& status) {
    const absl::Time now = absl::Now();
    const bool is_shed = status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
    if (now >= settled_) {
      std::lock_guard<std::mutex> lock(mutex_);
      Outcomes& outcomes = call->writes ? writes_ : reads_;
      ++(status.ok()                                                  ? outcomes.ok
         : is_shed                                                    ? outcomes.shed
         : status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ? outcomes.late
                                                                      : outcomes.other);
      ended_well_ += status.ok() && now < end_ ? 1 : 0;
      if (is_shed) {
        shed_ms_.push_back(absl::ToDoubleMilliseconds(now - call->tried));
      }
    }
    if (is_shed && call->tries_left > 0) {
      Try(call);
      return;
    }
    delete call;
    if (options_.callers > 0 && now < end_) {
      StartCall();
    }
    EndCall();
  }

  void EndCall() {
    if (--under_way_ == 0) {
      all_ended_.Notify();
    }
  }

  const Options& options_;
  const std::unique_ptr<v1::CustomerService::Stub> stub_;
  UuidV7Generator uuids_;
  std::atomic<int64_t> next_ = 0;
  std::atomic<int64_t> under_way_ = 0;
  absl::Notification all_ended_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::mt19937 random_;
  Outcomes reads_;
  Outcomes writes_;
  int64_t ended_well_ = 0;       // before end_
  std::vector<double> shed_ms_;  // how long each refusal took, as the caller sees it
  const absl::Time begin_;
  const absl::Time settled_;
  const absl::Time end_;
};

// Makes the customers who are read.
void Create(const Options& options) {
  const auto stub = v1::CustomerService::NewStub(rpc::Connect(options.server));
  std::atomic<int64_t> next = 0;
  std::vector<std::thread> threads;
  threads.reserve(kCreatingCallers);
  for (int64_t i = 0; i < kCreatingCallers; ++i) {
    threads.emplace_back([&options, &stub, &next] {
      for (int64_t number = next++; number < options.create; number = next++) {
        const auto made = rpc::CallUnary<v1::Customer>(
            rpc::NewCall(absl::Minutes(1)), [&](grpc::ClientContext* context, v1::Customer* out) {
              return stub->CreateCustomer(context, MakeCreate(CustomerIdOf(number)), out);
            });
        CLIENTELE_CHECK(made.ok());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace clientele::profile

int main(int argc, char** argv) {
  const clientele::profile::Options options = clientele::profile::ParseOptions(argc, argv);
  if (options.create > 0) {
    clientele::profile::Create(options);
    return 0;
  }
  clientele::profile::Load load(options);
  load.Run();
  load.Print();
  return 0;
}
