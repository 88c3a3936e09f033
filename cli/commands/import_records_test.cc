#include "cli/commands/import_records.h"

#include "cli/import/test_files.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::HasSubstr;

namespace pb = clientele::profile::v1;

// Knows nobody and makes everybody.
class FakeCustomers final : public pb::CustomerService::Service {
 public:
  grpc::Status BatchGetCustomers(grpc::ServerContext*, const pb::BatchGetCustomersRequest*,
                                 pb::BatchGetCustomersResponse*) override {
    return status;
  }
  grpc::Status CreateCustomer(grpc::ServerContext*, const pb::CreateCustomerRequest* request,
                              pb::Customer* customer) override {
    *customer = request->customer();
    return grpc::Status::OK;
  }
  grpc::Status status;
};

// Takes every refund.
class FakePurchases final : public pb::PurchaseService::Service {
 public:
  grpc::Status ImportPurchases(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<pb::ImportPurchasesResponse, pb::ImportPurchasesRequest>* stream)
      override {
    pb::ImportPurchasesRequest request;
    while (stream->Read(&request)) {
      if (!request.has_batch()) continue;
      pb::ImportPurchasesResponse response;
      response.set_sequence_number(request.batch().sequence_number());
      response.set_refunds_recorded_count(request.batch().items_size());
      stream->Write(response);
    }
    return grpc::Status::OK;
  }
};

// Takes every complaint.
class FakeComplaints final : public clientele::complaints::v1::ComplaintService::Service {
 public:
  grpc::Status FileComplaint(grpc::ServerContext*,
                             const clientele::complaints::v1::FileComplaintRequest* request,
                             clientele::complaints::v1::Complaint* complaint) override {
    *complaint = request->complaint();
    return grpc::Status::OK;
  }
};

class ImportRecordsTest : public testing::Test {
 protected:
  CommandResult Import(const std::string& what, const std::string& path,
                       const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"import", what, path, "--format", "csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele({{kProfile, server_.address()}, {kComplaints, server_.address()}},
                        arguments);
  }

  FakeCustomers customers_;
  FakePurchases purchases_;
  FakeComplaints complaints_;
  FakeServer server_{{&customers_, &purchases_, &complaints_}};
};

constexpr char kCustomers[] = "customer,kind\nc-1,person\nc-2,robot\n";

TEST_F(ImportRecordsTest, CustomersAsJson) {
  const TestFile file = TestFile::Gzip(kCustomers);
  const CommandResult result = Import("customers", file.path(), {"--json"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  nlohmann::json json = result.Json();
  json["seconds"] = 0;
  EXPECT_EQ(json.dump(), R"({"customers_created":1,"customers_updated":0,"rows_read":2,)"
                         R"("rows_rejected":{"INVALID_KIND":1},"seconds":0})");
  EXPECT_THAT(result.err, HasSubstr("line 3\n"));
}

TEST_F(ImportRecordsTest, CustomersAsATable) {
  const TestFile file(kCustomers);
  const CommandResult result = Import("customers", file.path());
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.out, HasSubstr("rejected: INVALID_KIND, 1 row\n"));
  EXPECT_THAT(result.out, HasSubstr("2 rows read in "));
  EXPECT_THAT(result.out, HasSubstr("customers              1              0\n"));
}

TEST_F(ImportRecordsTest, RefundsAsJson) {
  const TestFile file(
      "order_number,refund_number,customer,occur_time,line_number,quantity\n"
      "A-1,R-1,c-1,2024-05-09,2,1\n"
      "A-1,R-2,c-1,2024-05-09,2,0\n");
  const CommandResult result = Import("refunds", file.path(), {"--json", "--source", "My Shop"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  nlohmann::json json = result.Json();
  json["seconds"] = 0;
  EXPECT_EQ(json.dump(), R"({"refunds_imported":1,"rows_read":2,)"
                         R"("rows_rejected":{"NON_POSITIVE_QUANTITY":1},"seconds":0})");
}

TEST_F(ImportRecordsTest, ComplaintsAsJson) {
  const TestFile file(
      "complaint,customer,occur_time,channel,type,severity,subject\n"
      "x-1,c-1,2024-05-09,web,delivery,3,Late\n"
      "x-2,c-1,2024-05-09,web,delivery,5,Late\n");
  const CommandResult result = Import("complaints", file.path(), {"--json"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  nlohmann::json json = result.Json();
  json["seconds"] = 0;
  EXPECT_EQ(json.dump(), R"({"complaints_filed":1,"rows_read":2,)"
                         R"("rows_rejected":{"INVALID_SEVERITY":1},"seconds":0})");
}

TEST_F(ImportRecordsTest, SaysThatRunningItAgainIsSafe) {
  customers_.status = NamedError(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "draining");
  const TestFile file(kCustomers);
  const CommandResult result = Import("customers", file.path());
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("running the import again is safe"));
  EXPECT_THAT(result.err, HasSubstr("clientele: UNAVAILABLE SHUTTING_DOWN: draining"));
}

TEST_F(ImportRecordsTest, AMissingFileAndAWrongHeaderAreSentences) {
  for (const char* what : {"customers", "refunds", "complaints"}) {
    const CommandResult missing = Import(what, "/nowhere.csv");
    EXPECT_EQ(missing.exit_code, kExitError);
    EXPECT_EQ(missing.err, "clientele: cannot read '/nowhere.csv': No such file or directory\n");
    const TestFile file("name\nAda\n");
    const CommandResult wrong = Import(what, file.path());
    EXPECT_EQ(wrong.exit_code, kExitError);
    EXPECT_THAT(wrong.err, HasSubstr("the header"));
  }
}

TEST_F(ImportRecordsTest, WrongOptionsAreUsageErrors) {
  EXPECT_EQ(RunClientele({"import", "customers", "f"}).exit_code, kExitUsage);
  EXPECT_EQ(RunClientele({"import", "refunds", "f", "--format", "cdnow"}).exit_code, kExitUsage);
  EXPECT_EQ(Import("customers", "f", {"--source", "??"}).exit_code, kExitUsage);
}

TEST(ImportRecordsHelp, HasTheHeaderOfEachFile) {
  EXPECT_THAT(RunClientele({"import", "customers", "--help"}).out,
              HasSubstr("customer,kind,display_name,"));
  EXPECT_THAT(RunClientele({"import", "complaints", "--help"}).out,
              HasSubstr("complaint,customer,occur_time,"));
  EXPECT_THAT(RunClientele({"import", "refunds", "--help"}).out,
              HasSubstr("order_number,refund_number,customer,"));
}

}  // namespace
}  // namespace clientele::cli
