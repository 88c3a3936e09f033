// The commands points and tier against a fake loyalty.

#include <algorithm>
#include <string>
#include <vector>

#include "cli/commands/points.h"
#include "cli/commands/tier.h"
#include "cli/environment.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

namespace pb = clientele::loyalty::v1;

constexpr char kEntry[] = R"(
    customer_id: "c-1" seq: 7 transaction_id: "t-7" kind: ENTRY_KIND_REDEEM
    debit_account: LEDGER_ACCOUNT_MEMBER credit_account: LEDGER_ACCOUNT_REDEEMED points: 1200
    balance_after: 34500 occur_time { seconds: 1714557600 } reason: "VOUCHER" reference: "o-9")";

constexpr char kTier[] = R"(
    customer_id: "c-1" tier: "GOLD" rank: 2 reach_time { seconds: 1714557600 }
    valid_until_time { seconds: 1746057600 }
    net_spend { currency_code: "GBP" minor_units: 512345 })";

// Keeps the last request as text.
class FakeLedger final : public pb::LedgerService::Service {
 public:
  template <typename Request>
  grpc::Status Answer(Request request, pb::LedgerEntry* entry) {
    EXPECT_EQ(request.request_id().size(), 36U);
    request.clear_request_id();
    text = request.ShortDebugString();
    google::protobuf::TextFormat::ParseFromString(kEntry, entry);
    return grpc::Status::OK;
  }
  grpc::Status Redeem(grpc::ServerContext*, const pb::RedeemRequest* request,
                      pb::LedgerEntry* entry) override {
    if (request->points() > 34500) {
      return NamedError(absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_POINTS",
                        "34500 points are available");
    }
    return Answer(*request, entry);
  }
  grpc::Status Adjust(grpc::ServerContext*, const pb::AdjustRequest* request,
                      pb::LedgerEntry* entry) override {
    return Answer(*request, entry);
  }
  grpc::Status GetBalance(grpc::ServerContext*, const pb::GetBalanceRequest* request,
                          pb::Balance* balance) override {
    balance->set_customer_id(request->customer_id());
    balance->set_available(34500);
    balance->set_next_expiring(70);
    return grpc::Status::OK;
  }
  grpc::Status ListEntries(grpc::ServerContext*, const pb::ListEntriesRequest* request,
                           pb::ListEntriesResponse* response) override {
    google::protobuf::TextFormat::ParseFromString(kEntry, response->add_entries());
    if (request->page_token().empty()) {
      response->set_next_page_token("next");
    }
    return grpc::Status::OK;
  }

  std::string text;
};

class FakeMembers final : public pb::MemberService::Service {
 public:
  grpc::Status GetTier(grpc::ServerContext*, const pb::GetTierRequest*,
                       pb::MemberTier* tier) override {
    google::protobuf::TextFormat::ParseFromString(kTier, tier);
    return grpc::Status::OK;
  }
  grpc::Status ExplainTier(grpc::ServerContext*, const pb::ExplainTierRequest*,
                           pb::TierExplanation* explained) override {
    google::protobuf::TextFormat::ParseFromString(kTier, explained->mutable_tier());
    explained->mutable_explanation()->set_outcome("GOLD");
    explained->mutable_explanation()->set_next_outcome("PLATINUM");
    explained->mutable_explanation()->set_distance_to_next("PLATINUM: 14876.55 GBP more");
    explained->mutable_keep_distance()->set_currency_code("GBP");
    explained->mutable_keep_distance()->set_minor_units(4200);
    return grpc::Status::OK;
  }
  grpc::Status ListTierHistory(grpc::ServerContext*, const pb::ListTierHistoryRequest*,
                               pb::ListTierHistoryResponse* response) override {
    pb::TierChange& change = *response->add_changes();
    change.set_reason(pb::TIER_CHANGE_REASON_UPGRADED);
    change.set_previous_tier("SILVER");
    change.set_tier("GOLD");
    return grpc::Status::OK;
  }
};

class LoyaltyCommandsTest : public testing::Test {
 protected:
  CommandResult Run(const std::vector<std::string>& arguments) {
    return RunClientele({{kLoyalty, server_.address()}}, arguments);
  }

  FakeLedger ledger_;
  FakeMembers members_;
  FakeServer server_{{&ledger_, &members_}};
};

TEST_F(LoyaltyCommandsTest, ShowsABalance) {
  EXPECT_THAT(Run({"points", "balance", "c-1"}).out, AllOf(HasSubstr("34,500"), HasSubstr("70")));
  const CommandResult json = Run({"points", "balance", "c-1", "--json"});
  EXPECT_EQ(json.Json()["available"], 34500);
}

TEST_F(LoyaltyCommandsTest, RedeemsAndShowsTheEntry) {
  const CommandResult result = Run({"points", "redeem", "c-1", "1200", "--reason", "VOUCHER",
                                    "--reference", "o-9", "--validate-only"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(ledger_.text,
            "customer_id: \"c-1\" points: 1200 reason: \"VOUCHER\" reference: \"o-9\" "
            "validate_only: true");
  EXPECT_THAT(result.out, AllOf(HasSubstr("-1,200"), HasSubstr("34,500"), HasSubstr("redeem")));
}

TEST_F(LoyaltyCommandsTest, AdjustTakesANegativeNumberAndNeedsAReason) {
  const CommandResult result = Run({"points", "adjust", "c-1", "-50", "--reason", "CORRECTION"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(ledger_.text, "customer_id: \"c-1\" points: -50 reason: \"CORRECTION\"");
  EXPECT_EQ(Run({"points", "adjust", "c-1", "50"}).exit_code, kExitUsage);
}

TEST_F(LoyaltyCommandsTest, AnErrorIsASentenceAndExitCodeOne) {
  const CommandResult result = Run({"points", "redeem", "c-1", "34501"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("INSUFFICIENT_POINTS"));
}

TEST_F(LoyaltyCommandsTest, ListsEveryPageOfTheHistory) {
  const CommandResult result = Run({"points", "history", "c-1", "--all", "--json"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 2);
}

TEST_F(LoyaltyCommandsTest, ShowsAndExplainsTiers) {
  EXPECT_THAT(Run({"tier", "show", "c-1"}).out,
              AllOf(HasSubstr("GOLD"), HasSubstr("5,123.45 GBP")));
  EXPECT_EQ(Run({"tier", "show", "c-1", "--json"}).Json()["rank"], 2);
  EXPECT_THAT(Run({"tier", "explain", "c-1"}).out,
              AllOf(HasSubstr("next: PLATINUM"), HasSubstr("to keep it: 42.00 GBP")));
  EXPECT_THAT(Run({"tier", "history", "c-1"}).out,
              AllOf(HasSubstr("upgraded"), HasSubstr("SILVER"), HasSubstr("GOLD")));
}

TEST_F(LoyaltyCommandsTest, AWrongCommandLineIsAUsageError) {
  EXPECT_EQ(Run({"points"}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"points", "redeem", "c-1", "many"}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"tier", "show"}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace clientele::cli
