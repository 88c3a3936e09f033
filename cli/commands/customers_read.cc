#include "cli/commands/customers_read.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/commands/command.h"
#include "cli/commands/paging.h"
#include "cli/output/table.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::profile::v1;

using pb::CustomerService;

struct GetOptions {
  std::string customer_id;
};

struct ListOptions {
  std::string filter;
  PagingOptions paging;
};

struct LookupOptions {
  std::string type;
  std::string value;
  std::string system;
  std::string region_code;
};

struct FactsOptions {
  std::string customer_id;
  PagingOptions paging;
};

template <typename Customers>
Table CustomerTable(const Customers& customers) {
  Table table;
  table.Column("customer").Column("kind").Column("state").Column("status").Column("name");
  table.Column("region").Column("create time");
  for (const pb::Customer& customer : customers) {
    table.Row({customer.customer_id(), EnumWord(*pb::CustomerKind_descriptor(), customer.kind()),
               EnumWord(*pb::CustomerState_descriptor(), customer.state()),
               EnumWord(*pb::CommercialStatus_descriptor(), customer.commercial_status()),
               customer.attributes().display_name(), customer.attributes().region_code(),
               TimeText(customer.create_time())});
  }
  return table;
}

Table FactTable(const pb::ListFactsResponse& response) {
  Table table;
  table.Column("attribute").Column("value").Column("current").Column("channel").Column("source");
  table.Column("occur time").Column("record time");
  for (const pb::Fact& fact : response.facts()) {
    table.Row({fact.attribute(), fact.value(), fact.current() ? "yes" : "",
               EnumWord(*pb::CollectionChannel_descriptor(), fact.origin().channel()),
               fact.origin().source_system(), TimeText(fact.origin().occur_time()),
               TimeText(fact.record_time())});
  }
  return table;
}

absl::Status GetCustomer(const GetOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  pb::GetCustomerRequest request;
  request.set_customer_id(options.customer_id);
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::Customer customer,
      Call(environment, *stub, &CustomerService::Stub::GetCustomer, request));
  PrintRecord(customer, environment);
  return absl::OkStatus();
}

absl::Status ListCustomers(const ListOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  pb::ListCustomersRequest request;
  request.set_filter(options.filter);
  return PrintPages<pb::ListCustomersRequest, pb::ListCustomersResponse>(
      options.paging, environment, request,
      [&](const pb::ListCustomersRequest& page) {
        return Call(environment, *stub, &CustomerService::Stub::ListCustomers, page);
      },
      [](const pb::ListCustomersResponse& response) {
        return CustomerTable(response.customers());
      });
}

absl::Status LookupCustomers(const LookupOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  pb::LookupCustomersRequest request;
  pb::Identifier& identifier = *request.add_identifiers();
  identifier.set_type(
      static_cast<pb::IdentifierType>(EnumNumber(*pb::IdentifierType_descriptor(), options.type)));
  identifier.set_value(options.value);
  identifier.set_system(options.system);
  identifier.set_region_code(options.region_code);
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::LookupCustomersResponse response,
      Call(environment, *stub, &CustomerService::Stub::LookupCustomers, request));
  if (environment.json) {
    environment.PrintMessage(response);
  } else if (response.matches_size() > 0) {
    environment.Print(CustomerTable(response.matches(0).customers()).ToString());
  }
  return absl::OkStatus();
}

absl::Status ListFacts(const FactsOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  pb::ListFactsRequest request;
  request.set_customer_id(options.customer_id);
  return PrintPages<pb::ListFactsRequest, pb::ListFactsResponse>(
      options.paging, environment, request,
      [&](const pb::ListFactsRequest& page) {
        return Call(environment, *stub, &CustomerService::Stub::ListFacts, page);
      },
      FactTable);
}

void AddLookupCommand(CLI::App& app, Environment& environment) {
  CLI::App* command = app.add_subcommand("lookup", "Find customers by an identifier");
  auto options = std::make_shared<LookupOptions>();
  AddEnumOption(*command, "--type", options->type, *pb::IdentifierType_descriptor(),
                "The kind of identifier")
      ->required();
  command->add_option("--value", options->value, "The identifier in any spelling")->required();
  command->add_option("--system", options->system, "The system an external identifier is of");
  command->add_option("--region-code", options->region_code,
                      "The region of a phone number in national spelling, such as CN");
  OnRun(command, options, environment, LookupCustomers);
}

}  // namespace

void AddCustomersReadCommands(CLI::App& app, Environment& environment) {
  CLI::App* get = app.add_subcommand("get", "Show one customer");
  auto get_options = std::make_shared<GetOptions>();
  get->add_option("ID", get_options->customer_id, "The customer id")->required();
  OnRun(get, get_options, environment, GetCustomer);

  CLI::App* list = app.add_subcommand("list", "List customers");
  auto list_options = std::make_shared<ListOptions>();
  list->add_option("--filter", list_options->filter,
                   "Such as: commercial_status = EXISTING AND region_code = \"CN\"");
  AddPagingOptions(*list, list_options->paging);
  OnRun(list, list_options, environment, ListCustomers);

  AddLookupCommand(app, environment);

  CLI::App* facts = app.add_subcommand("facts", "List what was said about a customer, and by whom");
  auto facts_options = std::make_shared<FactsOptions>();
  facts->add_option("ID", facts_options->customer_id, "The customer id")->required();
  AddPagingOptions(*facts, facts_options->paging);
  OnRun(facts, facts_options, environment, ListFacts);
}

}  // namespace clientele::cli
