#include "cli/commands/purchases_return.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/commands/command.h"
#include "cli/commands/purchase_text.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::profile::v1;

using pb::PurchaseService;

// What both commands take.
struct ChangeOptions {
  std::string customer_id;
  std::string purchase_id;
  std::string etag;
  std::string occur_time;
  std::string request_id;
  bool validate_only = false;
};

struct RefundOptions {
  ChangeOptions change;
  std::vector<std::string> lines;  // "NUMBER:QUANTITY"
  int64_t amount_minor = 0;
  std::string reason;
  std::string refund_number;
};

template <typename Request>
absl::Status FillChange(const ChangeOptions& options, Environment& environment, Request& request) {
  request.set_customer_id(options.customer_id);
  request.set_purchase_id(options.purchase_id);
  request.set_etag(options.etag);
  request.set_request_id(RequestIdOr(options.request_id, environment));
  request.set_validate_only(options.validate_only);
  return options.occur_time.empty()
             ? absl::OkStatus()
             : ParseTimeOption("--occur-time", options.occur_time, *request.mutable_occur_time());
}

absl::Status FillLines(const std::vector<std::string>& lines, pb::RefundPurchaseRequest& request) {
  for (const std::string& text : lines) {
    const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
    int32_t line_number = 0;
    int64_t quantity = 0;
    if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &line_number) ||
        !absl::SimpleAtoi(parts[1], &quantity)) {
      return UsageError("--line takes NUMBER:QUANTITY, such as 3:2");
    }
    pb::RefundLine& line = *request.add_lines();
    line.set_line_number(line_number);
    line.set_quantity(quantity);
  }
  return absl::OkStatus();
}

absl::Status RefundPurchase(const RefundOptions& options, Environment& environment) {
  if (options.lines.empty() == (options.amount_minor == 0)) {
    return UsageError("give either --line or --amount-minor");
  }
  pb::RefundPurchaseRequest request;
  CLIENTELE_RETURN_IF_ERROR(FillChange(options.change, environment, request));
  CLIENTELE_RETURN_IF_ERROR(FillLines(options.lines, request));
  request.set_amount_minor(options.amount_minor);
  request.set_reason(options.reason);
  request.set_refund_number(options.refund_number);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<PurchaseService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::Purchase purchase,
      Call(environment, *stub, &PurchaseService::Stub::RefundPurchase, request));
  PrintPurchase(purchase, environment);
  return absl::OkStatus();
}

absl::Status CancelPurchase(const ChangeOptions& options, Environment& environment) {
  pb::CancelPurchaseRequest request;
  CLIENTELE_RETURN_IF_ERROR(FillChange(options, environment, request));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<PurchaseService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::Purchase purchase,
      Call(environment, *stub, &PurchaseService::Stub::CancelPurchase, request));
  PrintPurchase(purchase, environment);
  return absl::OkStatus();
}

void AddChangeOptions(CLI::App& command, ChangeOptions& options) {
  command.add_option("CUSTOMER", options.customer_id, "The customer id")->required();
  command.add_option("PURCHASE", options.purchase_id, "The purchase id")->required();
  command.add_option("--etag", options.etag, "Change only this version of the purchase");
  command.add_option("--occur-time", options.occur_time, "When it happened (default now)");
  AddRequestIdOption(command, options.request_id);
  AddValidateOnlyOption(command, options.validate_only);
}

}  // namespace

void AddPurchasesReturnCommands(CLI::App& app, Environment& environment) {
  CLI::App* refund = app.add_subcommand("refund", "Give back lines of a purchase, or money");
  auto refund_options = std::make_shared<RefundOptions>();
  AddChangeOptions(*refund, refund_options->change);
  refund->add_option("--line", refund_options->lines, "NUMBER:QUANTITY; may be repeated")
      ->allow_extra_args(false);
  refund
      ->add_option("--amount-minor", refund_options->amount_minor,
                   "Money without lines, in minor units")
      ->check(PositiveValidator());
  refund->add_option("--reason", refund_options->reason, "Why, without personal data");
  refund->add_option("--refund-number", refund_options->refund_number,
                     "The refund's number (default: made by the server)");
  OnRun(refund, refund_options, environment, RefundPurchase);

  CLI::App* cancel = app.add_subcommand("cancel", "Cancel a purchase nothing was refunded of");
  auto cancel_options = std::make_shared<ChangeOptions>();
  AddChangeOptions(*cancel, *cancel_options);
  OnRun(cancel, cancel_options, environment, CancelPurchase);
}

}  // namespace clientele::cli
