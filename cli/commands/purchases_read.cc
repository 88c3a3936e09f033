#include "cli/commands/purchases_read.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"
#include "cli/commands/paging.h"
#include "cli/commands/purchase_text.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::profile::v1;

using pb::PurchaseService;

struct GetOptions {
  std::string customer_id;
  std::string purchase_id;
};

struct ListOptions {
  std::string customer_id;
  std::string filter;
  PagingOptions paging;
};

absl::Status GetPurchase(const GetOptions& options, Environment& environment) {
  pb::GetPurchaseRequest request;
  request.set_customer_id(options.customer_id);
  request.set_purchase_id(options.purchase_id);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<PurchaseService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::Purchase purchase,
      Call(environment, *stub, &PurchaseService::Stub::GetPurchase, request));
  PrintPurchase(purchase, environment);
  return absl::OkStatus();
}

absl::Status ListPurchases(const ListOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<PurchaseService>(environment, kProfile));
  pb::ListPurchasesRequest request;
  request.set_customer_id(options.customer_id);
  request.set_filter(options.filter);
  return PrintPages<pb::ListPurchasesRequest, pb::ListPurchasesResponse>(
      options.paging, environment, request,
      [&](const pb::ListPurchasesRequest& page) {
        return Call(environment, *stub, &PurchaseService::Stub::ListPurchases, page);
      },
      [](const pb::ListPurchasesResponse& response) {
        Table table = PurchaseTable();
        for (const pb::Purchase& purchase : response.purchases()) {
          AddPurchaseRow(purchase, table);
        }
        return table;
      });
}

}  // namespace

void AddPurchasesReadCommands(CLI::App& app, Environment& environment) {
  CLI::App* get = app.add_subcommand("get", "Show one purchase with its lines and refunds");
  auto get_options = std::make_shared<GetOptions>();
  get->add_option("CUSTOMER", get_options->customer_id, "The customer id")->required();
  get->add_option("PURCHASE", get_options->purchase_id, "The purchase id")->required();
  OnRun(get, get_options, environment, GetPurchase);

  CLI::App* list = app.add_subcommand("list", "List a customer's purchases, newest first");
  auto list_options = std::make_shared<ListOptions>();
  list->add_option("CUSTOMER", list_options->customer_id, "The customer id")->required();
  list->add_option("--filter", list_options->filter,
                   "Such as: state = PLACED AND occur_time >= \"2011-01-01T00:00:00Z\"");
  AddPagingOptions(*list, list_options->paging);
  OnRun(list, list_options, environment, ListPurchases);
}

}  // namespace clientele::cli
