// What full security costs: a cached GetCustomer over mutual TLS with a token, audited, beside the
// same call to the same server with all of that off (P2 of the quality plan); and the same pair
// with CONSISTENCY_STRONG, each call of which reads its customer from the database and opens the
// sealed values.
//
// Usage: security_bench [--rounds N] [--round-ms N] [--in-flight N]
//   --rounds N      measurements of each of the four, interleaved (default 7)
//   --round-ms N    how long each lasts (default 1000)
//   --in-flight N   calls under way at a time, each begun by the end of another (default 64)
// Both servers are profile as it runs in production, without Redis; values are sealed on both, as
// that cannot be switched off. Servers and client share this process and its CPUs: what the client
// pays for TLS counts too, in calls and in CPU. Prints one JSON object with the figures of each
// round.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "bench/call_load.h"
#include "bench/customer.h"
#include "bench/flags.h"
#include "bench/loopback_server.h"
#include "bench/security.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/rpc/client.h"
#include "common/testing/temp_folder.h"
#include "services/profile/profile_definition.h"

namespace clientele::bench {
namespace {

struct Options {
  int64_t rounds = 7;
  int64_t round_ms = 1000;
  int64_t in_flight = 64;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  ParseFlags(argc, argv,
             {{"--rounds", &options.rounds},
              {"--round-ms", &options.round_ms},
              {"--in-flight", &options.in_flight}});
  return options;
}

// Profile with one customer on a new SQLite database, and a client of it.
class Side {
 public:
  Side(const std::string& database_path, const Secrets& secrets)
      : server_(profile::ProfileDefinition(),
                {.database_path = database_path, .security = secrets.server}) {
    server_.Serve();
    stub = profile::v1::CustomerService::NewStub(
        rpc::Connect(server_.runtime().address(), secrets.client));
    CreateCustomer(*stub);
  }

  std::unique_ptr<profile::v1::CustomerService::Stub> stub;

 private:
  LoopbackServer server_;
};

profile::v1::GetCustomerRequest MakeGet(common::v1::Consistency consistency) {
  profile::v1::GetCustomerRequest get;
  get.set_customer_id(kCustomerId);
  get.set_consistency(consistency);
  return get;
}

auto MakeLoad(Side& side, const profile::v1::GetCustomerRequest& get) {
  return MakeCallLoad<profile::v1::Customer>([&](auto* context, auto* response, auto done) {
    side.stub->async()->GetCustomer(context, &get, response, std::move(done));
  });
}

void RunBench(const Options& options) {
  const TempFolder folder;
  Side secured(folder.File("secured.db"), MakeTlsSecrets(folder));
  Side open(folder.File("open.db"), {});
  const auto cached = MakeGet(common::v1::CONSISTENCY_BOUNDED);
  const auto loaded = MakeGet(common::v1::CONSISTENCY_STRONG);
  auto open_cached = MakeLoad(open, cached);
  auto secured_cached = MakeLoad(secured, cached);
  auto open_loaded = MakeLoad(open, loaded);
  auto secured_loaded = MakeLoad(secured, loaded);

  CallRates rates[] = {CallRates("open"), CallRates("secured"), CallRates("open_loaded"),
                       CallRates("secured_loaded")};
  const absl::Duration lasting = absl::Milliseconds(options.round_ms);
  for (int64_t round = -1; round < options.rounds; ++round) {
    const CallRate found[] = {open_cached.Measure(lasting, options.in_flight),
                              secured_cached.Measure(lasting, options.in_flight),
                              open_loaded.Measure(lasting, options.in_flight),
                              secured_loaded.Measure(lasting, options.in_flight)};
    if (round < 0) continue;  // connections are made, memory is touched
    for (size_t i = 0; i < std::size(rates); ++i) rates[i].Add(found[i]);
  }
  absl::PrintF("{%s,%s,%s,%s}\n", rates[0].AsJson(), rates[1].AsJson(), rates[2].AsJson(),
               rates[3].AsJson());
}

}  // namespace
}  // namespace clientele::bench

int main(int argc, char** argv) {
  clientele::bench::RunBench(clientele::bench::ParseOptions(argc, argv));
}
