#include "cli/commands/points.h"

#include <cstdint>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"
#include "cli/commands/paging.h"
#include "cli/commands/points_verify.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::loyalty::v1;

using pb::LedgerService;

struct BalanceOptions {
  std::string customer_id;
};

struct HistoryOptions {
  std::string customer_id;
  PagingOptions paging;
};

struct PostOptions {
  std::string customer_id;
  int64_t points = 0;
  std::string reason;
  std::string reference;
  std::string request_id;
  bool validate_only = false;
};

// "-1,200" for what was taken.
std::string SignedPoints(const pb::LedgerEntry& entry) {
  const bool is_credit = entry.credit_account() == pb::LEDGER_ACCOUNT_MEMBER;
  return absl::StrCat(is_credit ? "+" : "-", WithSeparators(entry.points()));
}

Table EntryTable() {
  Table table;
  table.Column("seq", Align::kRight).Column("occur time").Column("kind");
  table.Column("points", Align::kRight).Column("balance", Align::kRight).Column("reason");
  table.Column("purchase or reference");
  return table;
}

void AddEntryRow(const pb::LedgerEntry& entry, Table& table) {
  table.Row({absl::StrCat(entry.seq()), TimeText(entry.occur_time()),
             EnumWord(*pb::EntryKind_descriptor(), entry.kind()), SignedPoints(entry),
             WithSeparators(entry.balance_after()), entry.reason(),
             entry.purchase_id().empty() ? entry.reference() : entry.purchase_id()});
}

std::string BalanceText(const pb::Balance& balance) {
  Table table;
  table.Column("customer").Column("available", Align::kRight).Column("debt", Align::kRight);
  table.Column("earned in all", Align::kRight).Column("entries", Align::kRight);
  table.Column("expire next", Align::kRight).Column("at");
  table.Row({balance.customer_id(), WithSeparators(balance.available()),
             WithSeparators(balance.debt()), WithSeparators(balance.lifetime_earned()),
             WithSeparators(balance.entry_count()), WithSeparators(balance.next_expiring()),
             TimeText(balance.next_expire_time())});
  return table.ToString();
}

void PrintEntry(const pb::LedgerEntry& entry, const Environment& environment) {
  if (environment.json) {
    environment.PrintMessage(entry);
    return;
  }
  Table table = EntryTable();
  AddEntryRow(entry, table);
  environment.Print(table.ToString());
}

absl::Status ShowBalance(const BalanceOptions& options, Environment& environment) {
  pb::GetBalanceRequest request;
  request.set_customer_id(options.customer_id);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<LedgerService>(environment, kLoyalty));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::Balance balance,
                             Call(environment, *stub, &LedgerService::Stub::GetBalance, request));
  if (environment.json) {
    environment.PrintMessage(balance);
  } else {
    environment.Print(BalanceText(balance));
  }
  return absl::OkStatus();
}

absl::Status ListHistory(const HistoryOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<LedgerService>(environment, kLoyalty));
  pb::ListEntriesRequest request;
  request.set_customer_id(options.customer_id);
  return PrintPages<pb::ListEntriesRequest, pb::ListEntriesResponse>(
      options.paging, environment, request,
      [&](const pb::ListEntriesRequest& page) {
        return Call(environment, *stub, &LedgerService::Stub::ListEntries, page);
      },
      [](const pb::ListEntriesResponse& response) {
        Table table = EntryTable();
        for (const pb::LedgerEntry& entry : response.entries()) {
          AddEntryRow(entry, table);
        }
        return table;
      });
}

// Redeem and Adjust take the same fields.
template <typename Request>
absl::Status Post(const PostOptions& options, Environment& environment,
                  grpc::Status (LedgerService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                              pb::LedgerEntry*)) {
  Request request;
  request.set_request_id(RequestIdOr(options.request_id, environment));
  request.set_customer_id(options.customer_id);
  request.set_points(options.points);
  request.set_reason(options.reason);
  request.set_reference(options.reference);
  request.set_validate_only(options.validate_only);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<LedgerService>(environment, kLoyalty));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::LedgerEntry entry,
                             Call(environment, *stub, method, request));
  PrintEntry(entry, environment);
  return absl::OkStatus();
}

absl::Status Redeem(const PostOptions& options, Environment& environment) {
  return Post<pb::RedeemRequest>(options, environment, &LedgerService::Stub::Redeem);
}

absl::Status Adjust(const PostOptions& options, Environment& environment) {
  return Post<pb::AdjustRequest>(options, environment, &LedgerService::Stub::Adjust);
}

void AddPostOptions(CLI::App& command, PostOptions& options, const std::string& points_text) {
  command.add_option("CUSTOMER", options.customer_id, "The customer id")->required();
  command.add_option("POINTS", options.points, points_text)->required();
  command.add_option("--reference", options.reference,
                     "Your own reference, such as an order number");
  AddValidateOnlyOption(command, options.validate_only);
  AddRequestIdOption(command, options.request_id);
}

}  // namespace

void AddPointsCommands(CLI::App& app, Environment& environment) {
  CLI::App* group =
      app.add_subcommand("points", "Show, redeem, adjust and verify points")->require_subcommand(1);

  CLI::App* balance = group->add_subcommand("balance", "Show what a member has now");
  auto balance_options = std::make_shared<BalanceOptions>();
  balance->add_option("CUSTOMER", balance_options->customer_id, "The customer id")->required();
  OnRun(balance, balance_options, environment, ShowBalance);

  CLI::App* history = group->add_subcommand("history", "List a member's entries, newest first");
  auto history_options = std::make_shared<HistoryOptions>();
  history->add_option("CUSTOMER", history_options->customer_id, "The customer id")->required();
  AddPagingOptions(*history, history_options->paging);
  OnRun(history, history_options, environment, ListHistory);

  CLI::App* redeem = group->add_subcommand("redeem", "Spend points, those that expire first first");
  auto redeem_options = std::make_shared<PostOptions>();
  AddPostOptions(*redeem, *redeem_options, "How many");
  redeem->add_option("--reason", redeem_options->reason,
                     "What for, such as VOUCHER (default REDEMPTION)");
  OnRun(redeem, redeem_options, environment, Redeem);

  CLI::App* adjust = group->add_subcommand("adjust", "Give points, or take them");
  auto adjust_options = std::make_shared<PostOptions>();
  AddPostOptions(*adjust, *adjust_options, "How many; negative takes them");
  adjust->add_option("--reason", adjust_options->reason, "Why, such as GOODWILL or CORRECTION")
      ->required();
  OnRun(adjust, adjust_options, environment, Adjust);

  AddPointsVerifyCommand(*group, environment);
}

}  // namespace clientele::cli
