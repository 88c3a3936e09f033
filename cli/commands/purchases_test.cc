#include "cli/commands/purchases.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/import/test_files.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

namespace pb = clientele::profile::v1;

constexpr char kPurchase[] = R"(
    purchase_id: "p-1" source_system: "till" order_number: "42" currency_code: "EUR"
    occur_time { seconds: 1714557600 } state: PURCHASE_STATE_PARTIALLY_REFUNDED
    gross { currency_code: "EUR" minor_units: 510 } refunded { minor_units: 255 }
    lines { line_number: 1 sku: "tea" quantity: 2 unit_price_micros: 2550000 gross_minor: 510
            refunded_quantity: 1 }
    refunds { refund_number: "rf-1" lines { line_number: 1 quantity: 1 } amount_minor: 255 })";

// Keeps the last request as text; refuses the order number "bad".
class FakePurchases final : public pb::PurchaseService::Service {
 public:
  template <typename Request>
  void Keep(Request request) {
    if constexpr (requires { request.clear_request_id(); }) {
      EXPECT_EQ(request.request_id().size(), 36);
      request.clear_request_id();
    }
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    printer.PrintToString(request, &text);
  }
  template <typename Request>
  grpc::Status Answer(const Request& request, pb::Purchase* purchase) {
    Keep(request);
    google::protobuf::TextFormat::ParseFromString(kPurchase, purchase);
    return grpc::Status::OK;
  }
  grpc::Status GetPurchase(grpc::ServerContext*, const pb::GetPurchaseRequest* request,
                           pb::Purchase* purchase) override {
    return Answer(*request, purchase);
  }
  grpc::Status RefundPurchase(grpc::ServerContext*, const pb::RefundPurchaseRequest* request,
                              pb::Purchase* purchase) override {
    return Answer(*request, purchase);
  }
  grpc::Status CancelPurchase(grpc::ServerContext*, const pb::CancelPurchaseRequest* request,
                              pb::Purchase* purchase) override {
    return Answer(*request, purchase);
  }
  grpc::Status ListPurchases(grpc::ServerContext*, const pb::ListPurchasesRequest* request,
                             pb::ListPurchasesResponse* response) override {
    return Answer(*request, response->add_purchases());
  }
  grpc::Status RecordPurchases(grpc::ServerContext*, const pb::RecordPurchasesRequest* request,
                               pb::RecordPurchasesResponse* response) override {
    Keep(*request);
    for (const pb::Purchase& purchase : request->purchases()) {
      auto& result = *response->add_results();
      if (purchase.order_number() == "bad") {
        result.mutable_status()->set_code(3);
        result.mutable_status()->set_message("no lines");
      } else {
        result.set_purchase_id("p-1");
      }
    }
    return grpc::Status::OK;
  }

  std::string text;
};

class PurchasesTest : public testing::Test {
 protected:
  CommandResult Purchases(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"purchases"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele({{kProfile, server_.address()}}, arguments);
  }

  FakePurchases purchases_;
  FakeServer server_{{&purchases_}};
};

const std::vector<std::string> kRecord = {"record",     "--customer",   "c-1",
                                          "--source",   "till",         "--order-number",
                                          "42",         "--occur-time", "2024-05-01T10:00:00Z",
                                          "--currency", "EUR"};

std::vector<std::string> RecordWith(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = kRecord;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST_F(PurchasesTest, RecordsThePurchaseOfTheFlags) {
  const CommandResult result = Purchases(
      RecordWith({"--channel", "web", "--line", "tea:2:2.55:drinks", "--line", "cup:1:0.000001"}));
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(purchases_.text,
            R"(purchases { customer_id: "c-1" source_system: "till" order_number: "42" )"
            R"(occur_time { seconds: 1714557600 } currency_code: "EUR" channel: "web" )"
            R"(lines { line_number: 1 sku: "tea" category: "drinks" quantity: 2 )"
            R"(unit_price_micros: 2550000 } )"
            R"(lines { line_number: 2 sku: "cup" quantity: 1 unit_price_micros: 1 } } )");
  EXPECT_THAT(result.out, HasSubstr("42     p-1       recorded"));
}

TEST_F(PurchasesTest, RecordsAFileOfOneOrSeveralPurchases) {
  const TestFile one(R"({"order_number": "1", "lines": [{"quantity": 2}]})");
  EXPECT_EQ(Purchases({"record", "--file", one.path()}).exit_code, kExitOk);
  EXPECT_EQ(purchases_.text, R"(purchases { order_number: "1" lines { quantity: 2 } } )");
  const TestFile two = TestFile::Gzip(R"([{"order_number": "1"}, {"orderNumber": "2"}])");
  EXPECT_EQ(Purchases({"record", "--file", two.path()}).exit_code, kExitOk);
  EXPECT_EQ(purchases_.text, R"(purchases { order_number: "1" } purchases { order_number: "2" } )");
}

TEST_F(PurchasesTest, ARefusedItemMakesTheExitCodeOne) {
  const TestFile file(R"([{"order_number": "bad"}, {"order_number": "2"}])");
  const CommandResult result = Purchases({"record", "--file", file.path()});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.out, AllOf(HasSubstr("no lines"), HasSubstr("recorded")));
  EXPECT_THAT(result.err, HasSubstr("1 of 2 purchases were refused"));
}

TEST_F(PurchasesTest, ARefusedItemIsPartOfTheOneJsonDocument) {
  const TestFile file(R"([{"order_number": "bad"}, {"order_number": "2"}])");
  const CommandResult result = Purchases({"record", "--file", file.path(), "--json"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 1);
  ASSERT_FALSE(result.Json().is_discarded()) << result.out;
  EXPECT_EQ(result.Json()["results"][0]["status"]["message"], "no lines");
  EXPECT_EQ(result.Json()["results"][1]["purchase_id"], "p-1");
  EXPECT_THAT(result.err, HasSubstr("1 of 2 purchases were refused"));
}

TEST_F(PurchasesTest, ABrokenFileIsASentence) {
  const TestFile not_json("{");
  EXPECT_THAT(Purchases({"record", "--file", not_json.path()}).err, HasSubstr("is not JSON"));
  const TestFile unknown_field(R"([{"order_number": "1"}, {"colour": "red"}])");
  const CommandResult result = Purchases({"record", "--file", unknown_field.path()});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, AllOf(HasSubstr("purchase 2 of"), HasSubstr("colour")));
  const TestFile empty("[]");
  EXPECT_THAT(Purchases({"record", "--file", empty.path()}).err, HasSubstr("holds 0 purchases"));
}

TEST_F(PurchasesTest, RefundsLinesOrAnAmount) {
  EXPECT_EQ(Purchases({"refund", "c-1", "p-1", "--line", "1:2", "--line", "3:1", "--reason",
                       "damaged", "--refund-number", "rf-1"})
                .exit_code,
            kExitOk);
  EXPECT_EQ(purchases_.text,
            R"(customer_id: "c-1" purchase_id: "p-1" lines { line_number: 1 quantity: 2 } )"
            R"(lines { line_number: 3 quantity: 1 } reason: "damaged" refund_number: "rf-1" )");
  Purchases({"refund", "c-1", "p-1", "--amount-minor", "99", "--occur-time", "2024-05-01"});
  EXPECT_EQ(purchases_.text, R"(customer_id: "c-1" purchase_id: "p-1" amount_minor: 99 )"
                             R"(occur_time { seconds: 1714521600 } )");
  Purchases({"refund", "c-1", "p-1", "--amount-minor", "99", "--validate-only"});
  EXPECT_THAT(purchases_.text, HasSubstr("validate_only: true"));
}

TEST_F(PurchasesTest, CancelsAPurchase) {
  EXPECT_EQ(Purchases({"cancel", "c-1", "p-1", "--etag", "e"}).exit_code, kExitOk);
  EXPECT_EQ(purchases_.text, R"(customer_id: "c-1" purchase_id: "p-1" etag: "e" )");
  Purchases({"cancel", "c-1", "p-1", "--validate-only"});
  EXPECT_EQ(purchases_.text, R"(customer_id: "c-1" purchase_id: "p-1" validate_only: true )");
}

TEST_F(PurchasesTest, ShowsLinesAndRefundsToPeople) {
  const CommandResult result = Purchases({"get", "c-1", "p-1"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("partially-refunded"), HasSubstr("2024-05-01T10:00:00Z"),
                                HasSubstr("2.55"), HasSubstr("5.10"), HasSubstr("1 of line 1")));
}

TEST_F(PurchasesTest, ListsPurchases) {
  EXPECT_THAT(Purchases({"list", "c-1", "--filter", "state = PLACED"}).out, HasSubstr("p-1"));
  EXPECT_EQ(purchases_.text, R"(customer_id: "c-1" filter: "state = PLACED" )");
  EXPECT_EQ(Purchases({"list", "c-1", "--json"}).Json()["purchases"][0]["gross"]["minor_units"],
            510);
}

TEST_F(PurchasesTest, WrongFlagsAreUsageErrors) {
  EXPECT_EQ(Purchases({"record"}).exit_code, kExitUsage);
  EXPECT_EQ(Purchases(RecordWith({})).exit_code, kExitUsage);
  EXPECT_EQ(Purchases(RecordWith({"--line", "tea:2"})).exit_code, kExitUsage);
  EXPECT_EQ(Purchases(RecordWith({"--line", "tea:two:1"})).exit_code, kExitUsage);
  EXPECT_EQ(Purchases(RecordWith({"--line", "tea:2:1", "--file", "f"})).exit_code, kExitUsage);
  EXPECT_EQ(Purchases({"refund", "c-1", "p-1"}).exit_code, kExitUsage);
  EXPECT_EQ(Purchases({"refund", "c-1", "p-1", "--line", "1:1", "--amount-minor", "5"}).exit_code,
            kExitUsage);
  EXPECT_EQ(Purchases({"refund", "c-1", "p-1", "--line", "1"}).exit_code, kExitUsage);
  EXPECT_EQ(Purchases({"refund", "c-1", "p-1", "--amount-minor", "-5"}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace clientele::cli
