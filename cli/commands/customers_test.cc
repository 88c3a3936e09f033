#include "cli/commands/customers.h"

#include <string>
#include <vector>

#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

namespace pb = clientele::profile::v1;

// Keeps the last request as text and answers one customer.
class FakeCustomers final : public pb::CustomerService::Service {
 public:
  template <typename Request>
  grpc::Status Answer(Request request, pb::Customer* customer) {
    if constexpr (requires { request.clear_request_id(); }) {
      request_id = request.request_id();
      request.clear_request_id();
    }
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    printer.PrintToString(request, &text);
    customer->set_customer_id("c-1");
    customer->mutable_attributes()->set_display_name("Wang Li");
    return grpc::Status::OK;
  }
  grpc::Status CreateCustomer(grpc::ServerContext*, const pb::CreateCustomerRequest* request,
                              pb::Customer* customer) override {
    return Answer(*request, customer);
  }
  grpc::Status GetCustomer(grpc::ServerContext*, const pb::GetCustomerRequest* request,
                           pb::Customer* customer) override {
    if (request->customer_id() == "BAD") {
      return rpc::ToGrpcStatus(ErrorBuilder(absl::StatusCode::kInvalidArgument, "INVALID_ARGUMENT",
                                            "customer_id: is bad, and 1 more")
                                   .Field("customer_id", "is bad")
                                   .Field("min_etag", "is bad")
                                   .Build(),
                               "profile.clientele");
    }
    if (request->customer_id() == "nobody") {
      return NamedError(absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND",
                        "customer does not exist");
    }
    return Answer(*request, customer);
  }
  grpc::Status UpdateCustomer(grpc::ServerContext*, const pb::UpdateCustomerRequest* request,
                              pb::Customer* customer) override {
    return Answer(*request, customer);
  }
  grpc::Status DeleteCustomer(grpc::ServerContext*, const pb::DeleteCustomerRequest* request,
                              pb::Customer* customer) override {
    return Answer(*request, customer);
  }
  grpc::Status UndeleteCustomer(grpc::ServerContext*, const pb::UndeleteCustomerRequest* request,
                                pb::Customer* customer) override {
    return Answer(*request, customer);
  }
  grpc::Status ListCustomers(grpc::ServerContext*, const pb::ListCustomersRequest* request,
                             pb::ListCustomersResponse* response) override {
    response->set_next_page_token(request->page_token().empty() ? "t" : "");
    return Answer(*request, response->add_customers());
  }
  grpc::Status LookupCustomers(grpc::ServerContext*, const pb::LookupCustomersRequest* request,
                               pb::LookupCustomersResponse* response) override {
    return Answer(*request, response->add_matches()->add_customers());
  }
  grpc::Status ListFacts(grpc::ServerContext*, const pb::ListFactsRequest* request,
                         pb::ListFactsResponse* response) override {
    response->add_facts()->set_attribute("attributes.given_name");
    pb::Customer unused;
    return Answer(*request, &unused);
  }

  std::string text;
  std::string request_id;
};

class CustomersTest : public testing::Test {
 protected:
  CommandResult Customers(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"customers"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    CommandResult result = RunClientele({{kProfile, server_.address()}}, arguments);
    EXPECT_EQ(result.exit_code == kExitOk, result.err.find("clientele:") == std::string::npos)
        << result.err;
    return result;
  }

  FakeCustomers customers_;
  FakeServer server_{{&customers_}};
};

TEST_F(CustomersTest, CreatesACustomerOfTheFlags) {
  const CommandResult result = Customers({"create",
                                          "--id",
                                          "c-1",
                                          "--kind",
                                          "person",
                                          "--given-name",
                                          "Li",
                                          "--region-code",
                                          "CN",
                                          "--phone",
                                          "13800138000",
                                          "--phone-region",
                                          "CN",
                                          "--email",
                                          "li@example.com",
                                          "--external",
                                          "till:4:2",
                                          "--channel",
                                          "web-registration",
                                          "--source",
                                          "site",
                                          "--occur-time",
                                          "2024-05-01"});
  EXPECT_EQ(result.exit_code, kExitOk);
  EXPECT_EQ(customers_.text,
            R"(customer { customer_id: "c-1" kind: CUSTOMER_KIND_PERSON )"
            R"(identifiers { type: IDENTIFIER_TYPE_PHONE value: "13800138000" region_code: "CN" } )"
            R"(identifiers { type: IDENTIFIER_TYPE_EMAIL value: "li@example.com" } )"
            R"(identifiers { type: IDENTIFIER_TYPE_EXTERNAL value: "4:2" system: "till" } )"
            R"(attributes { given_name: "Li" region_code: "CN" } } )"
            R"(origin { channel: COLLECTION_CHANNEL_WEB_REGISTRATION source_system: "site" )"
            R"(occur_time { seconds: 1714521600 } } )");
  EXPECT_EQ(customers_.request_id.size(), 36);
}

TEST_F(CustomersTest, UpdatesTheAttributesThatAreSet) {
  Customers({"update", "c-1", "--set", "job_title=Engineer", "--set", "employer=", "--etag", "e",
             "--channel", "survey", "--request-id", "r"});
  EXPECT_EQ(customers_.text,
            R"(customer { customer_id: "c-1" etag: "e" attributes { job_title: "Engineer" } } )"
            R"(update_mask { paths: "attributes.job_title" paths: "attributes.employer" } )"
            R"(origin { channel: COLLECTION_CHANNEL_SURVEY } )");
  EXPECT_EQ(customers_.request_id, "r");
}

TEST_F(CustomersTest, DeletesAndUndeletes) {
  Customers({"delete", "c-1", "--etag", "e"});
  EXPECT_EQ(customers_.text, R"(customer_id: "c-1" etag: "e" )");
  Customers({"undelete", "c-1"});
  EXPECT_EQ(customers_.text, R"(customer_id: "c-1" )");
  for (const char* verb : {"delete", "undelete"}) {
    Customers({verb, "c-1", "--validate-only"});
    EXPECT_EQ(customers_.text, R"(customer_id: "c-1" validate_only: true )");
  }
}

TEST_F(CustomersTest, PrintsACustomerForPeopleAndForMachines) {
  EXPECT_THAT(Customers({"get", "c-1"}).out,
              AllOf(HasSubstr("customer_id"), HasSubstr("attributes.display_name  Wang Li")));
  const nlohmann::json json = Customers({"get", "c-1", "--json"}).Json();
  EXPECT_EQ(json["customer_id"], "c-1");
  EXPECT_EQ(json["etag"], "");
}

TEST_F(CustomersTest, ListsPagesOneByOneOrAll) {
  const CommandResult one =
      Customers({"list", "--filter", "state = DELETED", "--page-size", "7", "--page-token", "t"});
  EXPECT_EQ(customers_.text, R"(page_size: 7 page_token: "t" filter: "state = DELETED" )");
  EXPECT_THAT(one.out, HasSubstr("Wang Li"));
  const CommandResult all = Customers({"list", "--all", "--json"});
  EXPECT_EQ(std::count(all.out.begin(), all.out.end(), '\n'), 2);
}

TEST_F(CustomersTest, LooksUpAndListsFacts) {
  Customers({"lookup", "--type", "site-account", "--value", "li"});
  EXPECT_EQ(customers_.text, R"(identifiers { type: IDENTIFIER_TYPE_SITE_ACCOUNT value: "li" } )");
  EXPECT_THAT(Customers({"facts", "c-1"}).out, HasSubstr("attributes.given_name"));
}

TEST_F(CustomersTest, AnErrorOfTheServerKeepsItsDetails) {
  const CommandResult result = Customers({"get", "nobody", "--json"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_EQ(result.Json()["error"]["details"][0]["reason"], "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(result.Json()["error"]["details"][0]["domain"], "test.clientele");
  EXPECT_EQ(result.err, "clientele: NOT_FOUND CUSTOMER_NOT_FOUND: customer does not exist\n");
}

TEST_F(CustomersTest, AnErrorListsEveryViolation) {
  const CommandResult result = Customers({"get", "BAD"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_EQ(result.err,
            "clientele: INVALID_ARGUMENT: customer_id: is bad, and 1 more\n  min_etag: is bad\n");
}

TEST_F(CustomersTest, WrongFlagsAreUsageErrors) {
  const std::vector<std::vector<std::string>> lines = {
      {"get"},
      {"create"},
      {"create", "--channel", "rumour"},
      {"create", "--channel", "survey", "--external", "till"},
      {"create", "--channel", "survey", "--occur-time", "yesterday"},
      {"update", "c-1", "--channel", "survey"},
      {"update", "c-1", "--set", "height=180", "--channel", "survey"},
      {"update", "c-1", "--set", "job_title", "--channel", "survey"},
      {"lookup", "--type", "shoe-size", "--value", "44"},
      {"list", "--page-size", "0"},
  };
  for (std::vector<std::string> line : lines) {
    line.insert(line.begin(), "customers");
    EXPECT_EQ(RunClientele(line).exit_code, kExitUsage) << line[1];
  }
}

}  // namespace
}  // namespace clientele::cli
