#include "cli/client/customer_import.h"

#include <map>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/import/test_files.h"
#include "cli/testing/fake_server.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

namespace pb = clientele::profile::v1;

// Keeps customers as profile does, as far as an import can see; refuses identifiers with "bad" in
// them, and everything once `down`.
class FakeCustomers final : public pb::CustomerService::Service {
 public:
  grpc::Status BatchGetCustomers(grpc::ServerContext*, const pb::BatchGetCustomersRequest* request,
                                 pb::BatchGetCustomersResponse* response) override {
    for (const std::string& id : request->customer_ids()) {
      if (customers.count(id) > 0) *response->add_customers() = customers[id];
    }
    return grpc::Status::OK;
  }

  grpc::Status CreateCustomer(grpc::ServerContext*, const pb::CreateCustomerRequest* request,
                              pb::Customer* customer) override {
    if (down) return NamedError(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "draining");
    if (grpc::Status refusal = CheckIdentifiers(request->customer()); !refusal.ok()) {
      return refusal;
    }
    origin = request->origin();
    *customer = request->customer();
    if (customer->kind() == pb::CUSTOMER_KIND_UNSPECIFIED) {
      customer->set_kind(pb::CUSTOMER_KIND_PERSON);
    }
    customer->set_etag("1");
    customers[customer->customer_id()] = *customer;
    return grpc::Status::OK;
  }

  grpc::Status UpdateCustomer(grpc::ServerContext*, const pb::UpdateCustomerRequest* request,
                              pb::Customer* customer) override {
    last_update = *request;
    if (grpc::Status refusal = CheckIdentifiers(request->customer()); !refusal.ok()) {
      return refusal;
    }
    pb::Customer& kept = customers[request->customer().customer_id()];
    if (request->customer().etag() != kept.etag()) {
      return NamedError(absl::StatusCode::kAborted, "ETAG_MISMATCH", "changed meanwhile");
    }
    kept.mutable_attributes()->MergeFrom(request->customer().attributes());
    for (const std::string& path : request->update_mask().paths()) {
      if (path == "identifiers") {
        *kept.mutable_identifiers() = request->customer().identifiers();
      }
    }
    kept.set_etag(absl::StrCat(kept.etag(), "+"));
    *customer = kept;
    return grpc::Status::OK;
  }

  std::map<std::string, pb::Customer> customers;
  pb::FactOrigin origin;
  pb::UpdateCustomerRequest last_update;
  bool down = false;

 private:
  static grpc::Status CheckIdentifiers(const pb::Customer& customer) {
    Violations violations;
    for (int i = 0; i < customer.identifiers_size(); ++i) {
      if (absl::StrContains(customer.identifiers(i).value(), "bad")) {
        violations.Add(absl::StrCat("customer.identifiers[", i, "].value"), "must be another one");
      }
    }
    return rpc::ToGrpcStatus(violations.ToStatus(), "test.clientele");
  }
};

constexpr char kHeader[] =
    "customer,kind,given_name,family_name,region_code,email,phone,occur_time\n";
constexpr char kAda[] = "C 1,person,Ada,Lane,GB,ada@example.com,07700 900123,2024-05-01\n";

class CustomerImportTest : public testing::Test {
 protected:
  absl::Status Import(const std::string& rows) {
    result_ = CustomerImportResult();
    const TestFile content(absl::StrCat(kHeader, rows));
    CsvFileOptions reading;
    reading.source = "shop";
    auto file = CustomerFile::Open(content.path(), reading);
    if (!file.ok()) return file.status();
    RecordImportOptions options;
    options.new_call = [] { return std::make_unique<grpc::ClientContext>(); };
    return ImportCustomers(*stub_, *file, options, result_);
  }

  FakeCustomers customers_;
  FakeServer server_{{&customers_}};
  std::unique_ptr<pb::CustomerService::Stub> stub_ = pb::CustomerService::NewStub(
      grpc::CreateChannel(server_.address(), grpc::InsecureChannelCredentials()));
  CustomerImportResult result_;
};

TEST_F(CustomerImportTest, MakesCustomersWithTheirIdentifiers) {
  ASSERT_TRUE(Import(kAda).ok());
  EXPECT_EQ(result_.created_count, 1);
  EXPECT_THAT(result_.rejections.RowCounts(), IsEmpty());
  const pb::Customer& ada = customers_.customers["shop-c-1"];
  EXPECT_EQ(ada.attributes().given_name(), "Ada");
  EXPECT_EQ(ada.attributes().region_code(), "GB");
  ASSERT_EQ(ada.identifiers_size(), 3);
  EXPECT_EQ(ada.identifiers(0).system(), "shop");
  EXPECT_EQ(ada.identifiers(0).value(), "C 1");
  EXPECT_EQ(ada.identifiers(1).value(), "ada@example.com");
  EXPECT_EQ(ada.identifiers(2).region_code(), "GB");
  EXPECT_EQ(customers_.origin.channel(), pb::COLLECTION_CHANNEL_IMPORT);
  EXPECT_EQ(customers_.origin.source_system(), "shop");
  EXPECT_EQ(customers_.origin.occur_time().seconds(), 1714521600);
}

TEST_F(CustomerImportTest, ASecondRunChangesNothing) {
  ASSERT_TRUE(Import(kAda).ok());
  ASSERT_TRUE(Import(kAda).ok());
  EXPECT_EQ(result_.created_count, 0);
  EXPECT_EQ(result_.updated_count, 0);
  EXPECT_EQ(result_.unchanged_count, 1);
  EXPECT_EQ(customers_.customers["shop-c-1"].etag(), "1");
}

TEST_F(CustomerImportTest, GivesACustomerThatIsThereOnlyWhatItLacks) {
  pb::Customer& ada = customers_.customers["shop-c-1"];
  ada.set_customer_id("shop-c-1");
  ada.set_kind(pb::CUSTOMER_KIND_PERSON);
  ada.set_etag("7");
  ada.mutable_attributes()->set_given_name("Adelaide");
  ada.add_identifiers()->set_type(pb::IDENTIFIER_TYPE_EMAIL);
  ada.mutable_identifiers(0)->set_value("hers@example.com");
  ASSERT_TRUE(Import(kAda).ok());
  EXPECT_EQ(result_.updated_count, 1);
  EXPECT_THAT(
      customers_.last_update.update_mask().paths(),
      UnorderedElementsAre("attributes.region_code", "attributes.family_name", "identifiers"));
  EXPECT_EQ(customers_.last_update.customer().etag(), "7");
  EXPECT_EQ(ada.attributes().given_name(), "Adelaide");
  EXPECT_EQ(ada.attributes().family_name(), "Lane");
  ASSERT_EQ(ada.identifiers_size(), 3);
  EXPECT_EQ(ada.identifiers(0).value(), "hers@example.com");
  EXPECT_EQ(ada.identifiers(1).type(), pb::IDENTIFIER_TYPE_EXTERNAL);
  EXPECT_EQ(ada.identifiers(2).type(), pb::IDENTIFIER_TYPE_PHONE);
  ASSERT_TRUE(Import(kAda).ok());
  EXPECT_EQ(result_.unchanged_count, 1);
}

TEST_F(CustomerImportTest, RejectsRowsByLineAndTakesTheRest) {
  ASSERT_TRUE(Import(kAda).ok());
  ASSERT_TRUE(Import(absl::StrCat("c 1,,Other,,,,,\n",           // 2: another spelling
                                  "C 1,organization,,,,,,\n",    // 3: collides in the file
                                  "c-2,robot,,,,,,\n",           // 4
                                  "c-3,,,,,bad,,\n",             // 5
                                  "c-4,,,,,,,soon\n",            // 6
                                  "c-5,organization,,,CN,,,\n",  // 7
                                  "c-6,,,,,,bad,\n",             // 8
                                  "c-bad,,,,,,,\n"))             // 9
                  .ok());
  EXPECT_EQ(result_.created_count, 1);
  EXPECT_EQ(customers_.customers["shop-c-5"].kind(), pb::CUSTOMER_KIND_ORGANIZATION);
  EXPECT_THAT(result_.rejections.RowCounts(),
              UnorderedElementsAre(Pair("CUSTOMER_ID_COLLISION", 2), Pair("INVALID_KIND", 1),
                                   Pair("INVALID_EMAIL", 1), Pair("INVALID_TIME", 1),
                                   Pair("INVALID_PHONE", 1), Pair("INVALID_CUSTOMER_ID", 1)));
  EXPECT_THAT(result_.rejections.ToText(), HasSubstr("line 5"));
}

TEST_F(CustomerImportTest, NamesABadAddressOfACustomerThatIsThere) {
  ASSERT_TRUE(Import("c-1,,,,,,,\n").ok());
  ASSERT_TRUE(Import("c-1,,,,,bad,,\n").ok());
  EXPECT_THAT(result_.rejections.RowCounts(), ElementsAre(Pair("INVALID_EMAIL", 1)));
}

TEST_F(CustomerImportTest, RejectsAnotherKindOfACustomerThatIsThere) {
  ASSERT_TRUE(Import(kAda).ok());
  ASSERT_TRUE(Import("C 1,organization,,,,,,\n").ok());
  EXPECT_THAT(result_.rejections.RowCounts(), ElementsAre(Pair("CUSTOMER_KIND_MISMATCH", 1)));
}

TEST_F(CustomerImportTest, StopsWhenTheServerGoes) {
  customers_.down = true;
  const absl::Status status = Import(kAda);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(result_.rejections.RowCounts(), IsEmpty());
}

TEST_F(CustomerImportTest, ReadsFilesOfMoreThanOneLookup) {
  std::string rows;
  for (int i = 1; i <= 1'000; ++i) {
    absl::StrAppend(&rows, "n-", i, ",,,,,,,\n");
  }
  ASSERT_TRUE(Import(rows).ok());
  EXPECT_EQ(result_.created_count, 1'000);
  ASSERT_TRUE(Import(rows).ok());
  EXPECT_EQ(result_.unchanged_count, 1'000);
}

}  // namespace
}  // namespace clientele::cli
