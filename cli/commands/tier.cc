#include "cli/commands/tier.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"
#include "cli/commands/explanation_text.h"
#include "cli/commands/paging.h"
#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "common/money/currency.h"
#include "common/money/decimal.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::loyalty::v1;

using pb::MemberService;

struct CustomerOptions {
  std::string customer_id;
};

struct HistoryOptions {
  std::string customer_id;
  PagingOptions paging;
};

std::string MoneyText(const clientele::common::v1::Money& money) {
  const auto currency = CurrencyCode::Parse(money.currency_code());
  return currency.ok() ? absl::StrCat(FormatMinorUnitsGrouped(money.minor_units(), *currency), " ",
                                      money.currency_code())
                       : absl::StrCat(money.minor_units());
}

std::string TierText(const pb::MemberTier& tier) {
  Table table;
  table.Column("customer").Column("tier").Column("since").Column("kept until");
  table.Column("net spend of 365 days", Align::kRight).Column("member since");
  table.Row({tier.customer_id(), tier.tier(), TimeText(tier.reach_time()),
             TimeText(tier.valid_until_time()), MoneyText(tier.net_spend()),
             TimeText(tier.enroll_time())});
  return table.ToString();
}

absl::Status ShowTier(const CustomerOptions& options, Environment& environment) {
  pb::GetTierRequest request;
  request.set_customer_id(options.customer_id);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<MemberService>(environment, kLoyalty));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::MemberTier tier,
                             Call(environment, *stub, &MemberService::Stub::GetTier, request));
  if (environment.json) {
    environment.PrintMessage(tier);
  } else {
    environment.Print(TierText(tier));
  }
  return absl::OkStatus();
}

absl::Status ExplainTier(const CustomerOptions& options, Environment& environment) {
  pb::ExplainTierRequest request;
  request.set_customer_id(options.customer_id);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<MemberService>(environment, kLoyalty));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::TierExplanation explained,
                             Call(environment, *stub, &MemberService::Stub::ExplainTier, request));
  if (environment.json) {
    environment.PrintMessage(explained);
    return absl::OkStatus();
  }
  std::string text =
      absl::StrCat(TierText(explained.tier()), ExplanationText(explained.explanation()));
  if (explained.tier().has_valid_until_time()) {
    absl::StrAppend(&text, "  to keep it: ", MoneyText(explained.keep_distance()),
                    " more net spend before ", TimeText(explained.tier().valid_until_time()), "\n");
  }
  environment.Print(text);
  return absl::OkStatus();
}

absl::Status ListHistory(const HistoryOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<MemberService>(environment, kLoyalty));
  pb::ListTierHistoryRequest request;
  request.set_customer_id(options.customer_id);
  return PrintPages<pb::ListTierHistoryRequest, pb::ListTierHistoryResponse>(
      options.paging, environment, request,
      [&](const pb::ListTierHistoryRequest& page) {
        return Call(environment, *stub, &MemberService::Stub::ListTierHistory, page);
      },
      [](const pb::ListTierHistoryResponse& response) {
        Table table;
        table.Column("occur time").Column("what").Column("from").Column("to").Column("kept until");
        table.Column("net spend of 365 days", Align::kRight);
        for (const pb::TierChange& change : response.changes()) {
          table.Row({TimeText(change.occur_time()),
                     EnumWord(*pb::TierChangeReason_descriptor(), change.reason()),
                     change.previous_tier(), change.tier(), TimeText(change.valid_until_time()),
                     MoneyText(change.net_spend())});
        }
        return table;
      });
}

}  // namespace

void AddTierCommands(CLI::App& app, Environment& environment) {
  CLI::App* group = app.add_subcommand("tier", "Show and explain tiers")->require_subcommand(1);

  CLI::App* show = group->add_subcommand("show", "Show a member's tier");
  auto show_options = std::make_shared<CustomerOptions>();
  show->add_option("CUSTOMER", show_options->customer_id, "The customer id")->required();
  OnRun(show, show_options, environment, ShowTier);

  CLI::App* explain =
      group->add_subcommand("explain", "Say why, what keeps it and what is missing for the next");
  auto explain_options = std::make_shared<CustomerOptions>();
  explain->add_option("CUSTOMER", explain_options->customer_id, "The customer id")->required();
  OnRun(explain, explain_options, environment, ExplainTier);

  CLI::App* history = group->add_subcommand("history", "List how it came to be, newest first");
  auto history_options = std::make_shared<HistoryOptions>();
  history->add_option("CUSTOMER", history_options->customer_id, "The customer id")->required();
  AddPagingOptions(*history, history_options->paging);
  OnRun(history, history_options, environment, ListHistory);
}

}  // namespace clientele::cli
