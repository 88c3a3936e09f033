#include "cli/commands/import.h"

#include <string>

#include "cli/import/test_files.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace pb = clientele::profile::v1;

constexpr char kRetail[] =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "536365,85123A,,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"
    "536366,71053,,6,2010-12-01 08:28:00,3.39,,United Kingdom\n"
    "C536379,85123A,,-2,2010-12-01 09:41:00,2.55,17850.0,United Kingdom\n";

// Takes everything, and each order for one line of a new customer.
class FakePurchases final : public pb::PurchaseService::Service {
 public:
  grpc::Status ImportPurchases(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<pb::ImportPurchasesResponse, pb::ImportPurchasesRequest>* stream)
      override {
    pb::ImportPurchasesRequest request;
    while (status.ok() && stream->Read(&request)) {
      if (request.has_config()) {
        source_system = request.config().source_system();
        continue;
      }
      pb::ImportPurchasesResponse response;
      response.set_sequence_number(request.batch().sequence_number());
      for (const pb::ImportItem& item : request.batch().items()) {
        Take(item, response);
      }
      stream->Write(response);
    }
    return status;
  }

  grpc::Status status;
  std::string source_system;
  pb::Purchase purchase;  // the last order

 private:
  void Take(const pb::ImportItem& item, pb::ImportPurchasesResponse& response) {
    if (item.has_refund()) {
      response.set_refunds_recorded_count(response.refunds_recorded_count() + 1);
      return;
    }
    purchase = item.order().purchase();
    response.set_orders_recorded_count(response.orders_recorded_count() + 1);
    response.set_lines_recorded_count(response.lines_recorded_count() + 1);
    response.set_customers_created_count(response.customers_created_count() + 1);
  }
};

class ImportCommandTest : public testing::Test {
 protected:
  CommandResult Import(const std::string& path, std::vector<std::string> more) {
    std::vector<std::string> arguments = {"import", "purchases", path};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele({{kProfile, server_.address()}}, arguments);
  }

  FakePurchases purchases_;
  FakeServer server_{{&purchases_}};
};

TEST_F(ImportCommandTest, PrintsTheCountsAsJsonAndTheRejectedRowsOnStandardError) {
  const TestFile file = TestFile::Gzip(kRetail);
  const CommandResult result = Import(file.path(), {"--format", "online-retail", "--json"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  nlohmann::json json = result.Json();
  ASSERT_TRUE(json["seconds"].is_number()) << result.out;
  json["seconds"] = 0;
  EXPECT_EQ(json.dump(),
            R"({"customers_created":1,"lines_imported":1,"orders_imported":1,)"
            R"("refunds_imported":1,"rows_read":3,"rows_rejected":{"MISSING_CUSTOMER":1},)"
            R"("seconds":0})");
  EXPECT_THAT(result.err, HasSubstr("rejected: MISSING_CUSTOMER, 1 row\n"));
  EXPECT_THAT(result.err, HasSubstr("line 3\n"));
}

TEST_F(ImportCommandTest, PrintsATableForPeople) {
  const TestFile file(kRetail);
  const CommandResult result = Import(file.path(), {"--format", "online-retail"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.out, HasSubstr("rejected: MISSING_CUSTOMER, 1 row\n"));
  EXPECT_THAT(result.out, HasSubstr("3 rows read in "));
  EXPECT_THAT(result.out, HasSubstr("orders       1              0\n"));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(ImportCommandTest, PassesSourceAndCurrencyOn) {
  const TestFile file(kRetail);
  const CommandResult result = Import(
      file.path(), {"--format", "online-retail", "--source", "My Shop", "--currency", "EUR"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(purchases_.source_system, "my-shop");
  EXPECT_EQ(purchases_.purchase.currency_code(), "EUR");
  EXPECT_EQ(purchases_.purchase.customer_id(), "my-shop-17850-0");
}

TEST_F(ImportCommandTest, SaysThatRunningItAgainIsSafe) {
  purchases_.status = NamedError(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "draining");
  const TestFile file(kRetail);
  const CommandResult result = Import(file.path(), {"--format", "online-retail"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("running the import again is safe"));
  EXPECT_THAT(result.err, HasSubstr("clientele: UNAVAILABLE SHUTTING_DOWN: draining"));
}

TEST_F(ImportCommandTest, AMissingFileIsASentence) {
  const CommandResult result = Import("/nowhere.csv", {"--format", "csv"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_EQ(result.err, "clientele: cannot read '/nowhere.csv': No such file or directory\n");
}

TEST_F(ImportCommandTest, WrongOptionsAreUsageErrors) {
  EXPECT_EQ(Import("f", {}).exit_code, kExitUsage);
  EXPECT_EQ(Import("f", {"--format", "excel"}).exit_code, kExitUsage);
  EXPECT_EQ(Import("f", {"--format", "csv", "--currency", "euro"}).exit_code, kExitUsage);
  EXPECT_EQ(Import("f", {"--format", "csv", "--source", "??"}).exit_code, kExitUsage);
  EXPECT_EQ(RunClientele({"import", "purchases", "--format", "csv"}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace clientele::cli
