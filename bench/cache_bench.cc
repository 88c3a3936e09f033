// What a cached GetCustomer costs beside an empty unary RPC of a server of ours and one of bare
// gRPC, and how many SQL queries concurrent misses of one key make (P1 and P11 of the quality
// plan).
//
// Usage: cache_bench [--rounds N] [--round-ms N] [--in-flight N] [--misses N]
//   --rounds N      measurements of each of the four, interleaved (default 7)
//   --round-ms N    how long each lasts (default 1000)
//   --in-flight N   calls under way at a time, each begun by the end of another (default 64)
//   --misses N      callers who miss one key at once (default 1000)
// Profile runs as it does in production, without Redis and TLS: its callers send a token, and it
// tells each read to its audit log, which is on where callers are asked who they are. A second
// profile is the same but for the audit log, which is how P1 is put ("auth, metrics, cache on").
// The empty server of ours is one like every service's (empty_service.h) with all of security off,
// so without an audit log too: its callers send nothing. The bare one is gRPC without our wrapper:
// no log, no metrics, no deadlines, no threads but gRPC's. Servers and clients share this process
// and its CPUs, so that callers do as little as they can, alike on all sides: they send the same
// bytes each time and leave those of the answer unread. Prints one JSON object with the figures of
// each round.

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "bench/call_load.h"
#include "bench/customer.h"
#include "bench/empty_service.grpc.pb.h"
#include "bench/empty_service.h"
#include "bench/flags.h"
#include "bench/loopback_server.h"
#include "bench/security.h"
#include "bench/unaudited_profile.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/rpc/client.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "services/profile/profile_definition.h"

namespace clientele::profile {
namespace {

using ::grpc::health::v1::Health;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

// What a load of a customer runs.
constexpr absl::string_view kLoadStatements[] = {"SelectCustomers", "SelectShownFacts",
                                                 "SelectIdentifiers"};

struct Options {
  int64_t rounds = 7;
  int64_t round_ms = 1000;
  int64_t in_flight = 64;
  int64_t misses = 1000;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  bench::ParseFlags(argc, argv,
                    {{"--rounds", &options.rounds},
                     {"--round-ms", &options.round_ms},
                     {"--in-flight", &options.in_flight},
                     {"--misses", &options.misses}});
  return options;
}

void MakeCustomer(const std::string& address, const bench::Secrets& secrets) {
  bench::CreateCustomer(*v1::CustomerService::NewStub(rpc::Connect(address, secrets.client)));
}

// Profile on a new SQLite database, with one customer.
class BenchServer {
 public:
  BenchServer(const std::string& database_path, const bench::Secrets& secrets)
      : server_(ProfileDefinition(), {.database_path = database_path, .security = secrets.server}) {
    server_.Serve();
    MakeCustomer(address(), secrets);
  }

  std::string address() const { return server_.runtime().address(); }

  // Statements of loads so far.
  int64_t LoadQueryCount() const {
    int64_t count = 0;
    for (const prometheus::MetricFamily& family : server_.runtime().metrics().Collect()) {
      if (family.name != "clientele_profile_sql_query_seconds") continue;
      for (const prometheus::ClientMetric& metric : family.metric) {
        const bool is_load = std::any_of(metric.label.begin(), metric.label.end(), [](auto& label) {
          return std::count(std::begin(kLoadStatements), std::end(kLoadStatements), label.value);
        });
        count += is_load ? static_cast<int64_t>(metric.histogram.sample_count) : 0;
      }
    }
    return count;
  }

 private:
  bench::LoopbackServer server_;
};

// An RPC that does nothing, of a server like profile's.
class EmptyServer {
 public:
  explicit EmptyServer(const std::string& database_path)
      : server_(bench::EmptyDefinition(), {.database_path = database_path}) {
    server_.Serve();
  }

  std::string address() const { return server_.runtime().address(); }

 private:
  bench::LoopbackServer server_;
};

// An RPC that does nothing, of gRPC alone.
class BareServer {
 public:
  BareServer() {
    grpc::EnableDefaultHealthCheckService(false);  // ours takes its place
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    CLIENTELE_CHECK(server_ != nullptr);
  }
  ~BareServer() { server_->Shutdown(); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

 private:
  class Service final : public Health::WithCallbackMethod_Check<Health::Service> {
   public:
    grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const HealthCheckRequest*,
                                    HealthCheckResponse*) override {
      grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
      reactor->Finish(grpc::Status::OK);
      return reactor;
    }
  };

  Service service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// Of `options.misses` calls at once, when nothing is in the cache.
template <typename AnyLoad>
int64_t CountMissQueries(const BenchServer& profile, AnyLoad& load, const Options& options) {
  absl::SleepFor(absl::Seconds(1));  // the longest time in the process: what was kept is outlived
  const int64_t before = profile.LoadQueryCount();
  load.CallAtOnce(options.misses);
  return profile.LoadQueryCount() - before;
}

// Calls of `method` ("/package.Service/Method") with `request`, and with `authorization` unless it
// is empty.
auto MakeLoad(const std::string& address, const std::string& method,
              const google::protobuf::MessageLite& request, const std::string& authorization) {
  const grpc::Slice bytes(request.SerializeAsString());
  return bench::MakeCallLoad<grpc::ByteBuffer>(
      [stub = std::make_shared<grpc::GenericStub>(rpc::Connect(address)), method,
       request_bytes = grpc::ByteBuffer(&bytes, 1),
       authorization](auto* context, auto* response, auto done) {
        if (!authorization.empty()) context->AddMetadata("authorization", authorization);
        stub->UnaryCall(context, method, {}, &request_bytes, response, std::move(done));
      });
}

void RunBench(const Options& options) {
  const TempFolder folder;
  const bench::Secrets secrets = bench::MakeTokenSecrets(folder);
  BenchServer profile(folder.File("profile.db"), secrets);
  bench::UnauditedProfile unaudited(folder.File("unaudited.db"), secrets);
  MakeCustomer(unaudited.runtime().address(), secrets);
  EmptyServer empty(folder.File("empty.db"));
  BareServer bare;
  auto bare_load =
      MakeLoad(bare.address(), "/grpc.health.v1.Health/Check", HealthCheckRequest(), "");
  auto empty_load = MakeLoad(empty.address(), "/clientele.bench.v1.EmptyService/Get",
                             bench::v1::GetRequest(), "");
  v1::GetCustomerRequest get;
  get.set_customer_id(bench::kCustomerId);
  const auto make_cached_load = [&](const std::string& address) {
    return MakeLoad(address, "/clientele.profile.v1.CustomerService/GetCustomer", get,
                    absl::StrCat("Bearer ", secrets.client.bearer_token()));
  };
  auto cached_load = make_cached_load(unaudited.runtime().address());
  auto audited_load = make_cached_load(profile.address());

  const absl::Duration lasting = absl::Milliseconds(options.round_ms);
  bench::CallRates rates[] = {bench::CallRates("bare"), bench::CallRates("empty"),
                              bench::CallRates("cached"), bench::CallRates("audited")};
  std::vector<int64_t> queries;
  for (int64_t round = -1; round < options.rounds; ++round) {
    const bench::CallRate found[] = {bare_load.Measure(lasting, options.in_flight),
                                     empty_load.Measure(lasting, options.in_flight),
                                     cached_load.Measure(lasting, options.in_flight),
                                     audited_load.Measure(lasting, options.in_flight)};
    const int64_t query_count = CountMissQueries(profile, audited_load, options);
    if (round < 0) continue;  // connections are made, memory is touched
    for (size_t i = 0; i < std::size(rates); ++i) rates[i].Add(found[i]);
    queries.push_back(query_count);
  }
  absl::PrintF("{%s,%s,%s,%s,\"misses\":%d,\"sql_queries\":[%s]}\n", rates[0].AsJson(),
               rates[1].AsJson(), rates[2].AsJson(), rates[3].AsJson(), options.misses,
               absl::StrJoin(queries, ","));
}

}  // namespace
}  // namespace clientele::profile

int main(int argc, char** argv) {
  clientele::profile::RunBench(clientele::profile::ParseOptions(argc, argv));
}
