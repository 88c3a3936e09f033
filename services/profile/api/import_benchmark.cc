// How many lines an import takes in per second on one core: parsing, deciding, SQLite in a file.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/time/time_proto.h"
#include "services/profile/api/handlers/import_session.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

// About the shape of the Online Retail data: 18,532 orders of 21 lines, 4,338 customers.
constexpr int kOrders = 18'532;
constexpr int kLinesPerOrder = 21;
constexpr int kCustomers = 4'338;
constexpr int kOrdersPerBatch = 250;

v1::Purchase MakeOrder(int number) {
  v1::Purchase purchase = MakePurchaseProto(
      absl::StrCat("online-retail-", 12'346 + number * 7919 % kCustomers), absl::StrCat(number));
  purchase.clear_source_system();
  purchase.clear_lines();
  for (int i = 1; i <= kLinesPerOrder; ++i) {
    v1::PurchaseLine& line = *purchase.add_lines();
    line.set_line_number(number * kLinesPerOrder + i);
    line.set_sku(absl::StrCat(10'000 + (number * 31 + i * 17) % 80'000, "A"));
    line.set_quantity(1 + i % 12);
    line.set_unit_price_micros(10'000 * (1 + i * 37 % 1000));
  }
  return purchase;
}

// The messages of a whole import, serialized.
std::vector<std::string> MakeMessages() {
  std::vector<std::string> messages;
  v1::ImportPurchasesRequest config;
  config.mutable_config()->set_source_system("online-retail");
  config.mutable_config()->set_create_missing_customers(true);
  messages.push_back(config.SerializeAsString());
  v1::ImportPurchasesRequest request;
  for (int number = 0; number < kOrders; ++number) {
    *request.mutable_batch()->add_items()->mutable_order()->mutable_purchase() = MakeOrder(number);
    if (request.batch().items_size() < kOrdersPerBatch && number + 1 < kOrders) continue;
    request.mutable_batch()->set_sequence_number(static_cast<int64_t>(messages.size()));
    messages.push_back(request.SerializeAsString());
    request.Clear();
  }
  return messages;
}

void Import(const std::vector<std::string>& messages, ApiFixture& fixture,
            benchmark::State& state) {
  rpc::CallContext call;
  ImportSession session(fixture.api(), call);
  for (const std::string& message : messages) {
    v1::ImportPurchasesRequest request;
    if (!request.ParseFromString(message) || !session.Handle(request).ok()) {
      state.SkipWithError("a message was refused");
      return;
    }
  }
}

void ImportsNewOrders(benchmark::State& state) {
  const std::vector<std::string> messages = MakeMessages();
  for (auto _ : state) {
    ApiFixture fixture;
    Import(messages, fixture, state);
  }
  state.SetItemsProcessed(state.iterations() * kOrders * kLinesPerOrder);
}
BENCHMARK(ImportsNewOrders)->Unit(benchmark::kMillisecond)->Iterations(1);

void ImportsKnownOrdersAgain(benchmark::State& state) {
  const std::vector<std::string> messages = MakeMessages();
  ApiFixture fixture;
  Import(messages, fixture, state);
  for (auto _ : state) Import(messages, fixture, state);
  state.SetItemsProcessed(state.iterations() * kOrders * kLinesPerOrder);
}
BENCHMARK(ImportsKnownOrdersAgain)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace clientele::profile

BENCHMARK_MAIN();
