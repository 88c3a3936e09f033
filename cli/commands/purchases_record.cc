#include "cli/commands/purchases_record.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/client/dynamic_call.h"
#include "cli/client/text_file.h"
#include "cli/commands/command.h"
#include "cli/output/table.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "common/money/decimal.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::profile::v1;

using pb::PurchaseService;

struct RecordOptions {
  std::string file;
  std::string customer_id;
  std::string source_system;
  std::string order_number;
  std::string occur_time;
  std::string currency;
  std::string channel;
  std::string store;
  std::string region;
  std::vector<std::string> lines;  // "SKU:QUANTITY:UNIT_PRICE[:CATEGORY]"
  std::string request_id;
};

// As many as one request takes; a larger file is an import.
constexpr size_t kPurchasesMax = 1'000;

// Their JSON, unpacked: a thousand orders of some hundred lines.
constexpr size_t kFileBytesMax = size_t{64} << 20;

constexpr char kFooter[] =
    "FILE holds a Purchase as proto JSON, or a list of up to 1,000 of them:\n"
    "  {\"customer_id\": \"c-1\", \"source_system\": \"till\", \"order_number\": \"42\",\n"
    "   \"occur_time\": \"2024-05-01T10:00:00Z\", \"currency_code\": \"EUR\",\n"
    "   \"lines\": [{\"line_number\": 1, \"sku\": \"tea\", \"quantity\": 2,\n"
    "              \"unit_price_micros\": 2550000}]}";

absl::Status FillLine(const std::string& text, pb::Purchase& purchase) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 3));
  int64_t quantity = 0;
  const auto price_micros =
      parts.size() < 3 ? absl::InvalidArgumentError("") : ParseDecimalMicros(parts[2]);
  if (!price_micros.ok() || parts[0].empty() || !absl::SimpleAtoi(parts[1], &quantity)) {
    return UsageError("--line takes SKU:QUANTITY:UNIT_PRICE[:CATEGORY], such as tea:2:2.55");
  }
  pb::PurchaseLine& line = *purchase.add_lines();
  line.set_line_number(purchase.lines_size());
  line.set_sku(parts[0]);
  line.set_quantity(quantity);
  line.set_unit_price_micros(*price_micros);
  line.set_category(parts.size() > 3 ? parts[3] : "");
  return absl::OkStatus();
}

absl::Status FillFromFlags(const RecordOptions& options, pb::RecordPurchasesRequest& request) {
  if (options.customer_id.empty() || options.source_system.empty() ||
      options.order_number.empty() || options.occur_time.empty() || options.currency.empty() ||
      options.lines.empty()) {
    return UsageError(
        "give --file, or else --customer, --source, --order-number, --occur-time, --currency and "
        "--line");
  }
  pb::Purchase& purchase = *request.add_purchases();
  purchase.set_customer_id(options.customer_id);
  purchase.set_source_system(options.source_system);
  purchase.set_order_number(options.order_number);
  purchase.set_currency_code(options.currency);
  purchase.set_channel(options.channel);
  purchase.set_store(options.store);
  purchase.set_region(options.region);
  for (const std::string& line : options.lines) {
    CLIENTELE_RETURN_IF_ERROR(FillLine(line, purchase));
  }
  return ParseTimeOption("--occur-time", options.occur_time, *purchase.mutable_occur_time());
}

absl::Status FillFromFile(const std::string& path, pb::RecordPurchasesRequest& request) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path, kFileBytesMax));
  const auto json = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    return absl::InvalidArgumentError(absl::StrCat("'", path, "' is not JSON"));
  }
  const auto list = json.is_array() ? json : nlohmann::ordered_json::array({json});
  if (list.empty() || list.size() > kPurchasesMax) {
    return absl::InvalidArgumentError(absl::StrCat("'", path, "' holds ", list.size(),
                                                   " purchases; record takes 1 to ", kPurchasesMax,
                                                   ", `import purchases` takes any number"));
  }
  const auto& pool = *google::protobuf::DescriptorPool::generated_pool();
  for (size_t i = 0; i < list.size(); ++i) {
    const absl::Status status = ParseJson(list[i].dump(), pool, *request.add_purchases());
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("purchase ", i + 1, " of '", path, "': ", status.message()));
    }
  }
  return absl::OkStatus();
}

// Prints what became of each purchase, with --json as the one document that holds the refused ones
// too; an error when there are any.
absl::Status Report(const pb::RecordPurchasesRequest& request,
                    const pb::RecordPurchasesResponse& response, const Environment& environment) {
  Table table;
  table.Column("order").Column("purchase").Column("result");
  int refused_count = 0;
  for (int i = 0; i < response.results_size() && i < request.purchases_size(); ++i) {
    const auto& result = response.results(i);
    const bool refused = result.status().code() != 0;
    refused_count += refused ? 1 : 0;
    table.Row({request.purchases(i).order_number(), result.purchase_id(),
               refused                     ? result.status().message()
               : result.already_recorded() ? "was recorded before"
                                           : "recorded"});
  }
  if (environment.json) {
    environment.PrintMessage(response);
  } else {
    environment.Print(table.ToString());
  }
  return refused_count == 0
             ? absl::OkStatus()
             : PrintedError(absl::StrCat(refused_count, " of ", request.purchases_size(),
                                         " purchases were refused"));
}

absl::Status RecordPurchases(const RecordOptions& options, Environment& environment) {
  pb::RecordPurchasesRequest request;
  request.set_request_id(RequestIdOr(options.request_id, environment));
  CLIENTELE_RETURN_IF_ERROR(options.file.empty() ? FillFromFlags(options, request)
                                                 : FillFromFile(options.file, request));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<PurchaseService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::RecordPurchasesResponse response,
      Call(environment, *stub, &PurchaseService::Stub::RecordPurchases, request));
  return Report(request, response, environment);
}

}  // namespace

void AddPurchasesRecordCommand(CLI::App& app, Environment& environment) {
  CLI::App* command = app.add_subcommand("record", "Record a purchase, or those of a JSON file");
  auto options = std::make_shared<RecordOptions>();
  CLI::Option* file = command->add_option("--file", options->file,
                                          "JSON, plain or gzip-compressed; - is standard input");
  const auto add = [&](const char* name, std::string& value, const char* description) {
    return command->add_option(name, value, description)->excludes(file);
  };
  add("--customer", options->customer_id, "Who bought: a customer id");
  add("--source", options->source_system, "The system that numbered the order");
  add("--order-number", options->order_number, "The order's number there");
  add("--occur-time", options->occur_time, "When it was bought, RFC 3339");
  add("--currency", options->currency, "ISO 4217, such as EUR")->check(CurrencyValidator());
  add("--channel", options->channel, "Where it was sold: web, phone, store");
  add("--store", options->store, "The store or branch");
  add("--region", options->region, "The region of the sale");
  command
      ->add_option("--line", options->lines,
                   "SKU:QUANTITY:UNIT_PRICE[:CATEGORY], the price in major units; may be repeated")
      ->allow_extra_args(false)
      ->excludes(file);
  AddRequestIdOption(*command, options->request_id);
  command->footer(kFooter);
  OnRun(command, options, environment, RecordPurchases);
}

}  // namespace clientele::cli
