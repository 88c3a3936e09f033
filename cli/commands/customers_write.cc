#include "cli/commands/customers_write.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/commands/command.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::profile::v1;

using google::protobuf::FieldDescriptor;
using pb::CustomerService;

// What every write takes.
struct WriteOptions {
  std::string request_id;
  std::string customer_id;
  std::string etag;
};

// What delete and undelete take.
struct StateOptions {
  WriteOptions write;
  bool validate_only = false;
};

// Where the values of a write come from.
struct OriginOptions {
  std::string channel;
  std::string source_system;
  std::string occur_time;
};

struct CreateOptions {
  WriteOptions write;
  OriginOptions origin;
  std::string kind;
  std::map<std::string, std::string> attributes;  // field name to value
  std::vector<std::string> phones;
  std::string phone_region_code;
  std::vector<std::string> emails;
  std::vector<std::string> site_accounts;
  std::vector<std::string> externals;  // "SYSTEM:VALUE"
};

struct UpdateOptions {
  WriteOptions write;
  OriginOptions origin;
  std::vector<std::string> assignments;  // "attribute=value"
};

std::vector<std::string> AttributeNames() {
  const auto* type = pb::CustomerAttributes::descriptor();
  std::vector<std::string> names;
  names.reserve(type->field_count());
  for (int i = 0; i < type->field_count(); ++i) {
    names.push_back(type->field(i)->name());
  }
  return names;
}

// False when there is no such attribute. All of them are text.
bool SetAttribute(const std::string& name, const std::string& value,
                  pb::CustomerAttributes& attributes) {
  const FieldDescriptor* field = attributes.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) {
    return false;
  }
  attributes.GetReflection()->SetString(&attributes, field, value);
  return true;
}

absl::Status FillOrigin(const OriginOptions& options, pb::FactOrigin& origin) {
  origin.set_channel(static_cast<pb::CollectionChannel>(
      EnumNumber(*pb::CollectionChannel_descriptor(), options.channel)));
  origin.set_source_system(options.source_system);
  return options.occur_time.empty()
             ? absl::OkStatus()
             : ParseTimeOption("--occur-time", options.occur_time, *origin.mutable_occur_time());
}

pb::Identifier& AddIdentifier(pb::IdentifierType type, const std::string& value,
                              pb::Customer& customer) {
  pb::Identifier& identifier = *customer.add_identifiers();
  identifier.set_type(type);
  identifier.set_value(value);
  return identifier;
}

absl::Status FillIdentifiers(const CreateOptions& options, pb::Customer& customer) {
  for (const std::string& phone : options.phones) {
    AddIdentifier(pb::IDENTIFIER_TYPE_PHONE, phone, customer)
        .set_region_code(options.phone_region_code);
  }
  for (const std::string& email : options.emails) {
    AddIdentifier(pb::IDENTIFIER_TYPE_EMAIL, email, customer);
  }
  for (const std::string& account : options.site_accounts) {
    AddIdentifier(pb::IDENTIFIER_TYPE_SITE_ACCOUNT, account, customer);
  }
  for (const std::string& external : options.externals) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(external, absl::MaxSplits(':', 1));
    if (parts.first.empty() || parts.second.empty()) {
      return UsageError("--external takes SYSTEM:VALUE");
    }
    AddIdentifier(pb::IDENTIFIER_TYPE_EXTERNAL, parts.second, customer).set_system(parts.first);
  }
  return absl::OkStatus();
}

absl::Status CreateCustomer(const CreateOptions& options, Environment& environment) {
  pb::CreateCustomerRequest request;
  request.set_request_id(RequestIdOr(options.write.request_id, environment));
  pb::Customer& customer = *request.mutable_customer();
  customer.set_customer_id(options.write.customer_id);
  customer.set_kind(
      static_cast<pb::CustomerKind>(EnumNumber(*pb::CustomerKind_descriptor(), options.kind)));
  for (const auto& [name, value] : options.attributes) {
    if (!value.empty()) {
      SetAttribute(name, value, *customer.mutable_attributes());
    }
  }
  CLIENTELE_RETURN_IF_ERROR(FillIdentifiers(options, customer));
  CLIENTELE_RETURN_IF_ERROR(FillOrigin(options.origin, *request.mutable_origin()));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::Customer made,
      Call(environment, *stub, &CustomerService::Stub::CreateCustomer, request));
  PrintRecord(made, environment);
  return absl::OkStatus();
}

absl::Status UpdateCustomer(const UpdateOptions& options, Environment& environment) {
  pb::UpdateCustomerRequest request;
  request.set_request_id(RequestIdOr(options.write.request_id, environment));
  request.mutable_customer()->set_customer_id(options.write.customer_id);
  request.mutable_customer()->set_etag(options.write.etag);
  for (const std::string& assignment : options.assignments) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(assignment, absl::MaxSplits('=', 1));
    if (!absl::StrContains(assignment, '=') ||
        !SetAttribute(parts.first, parts.second,
                      *request.mutable_customer()->mutable_attributes())) {
      return UsageError(absl::StrCat("--set takes ATTRIBUTE=VALUE, where ATTRIBUTE is one of ",
                                     absl::StrJoin(AttributeNames(), ", ")));
    }
    request.mutable_update_mask()->add_paths(absl::StrCat("attributes.", parts.first));
  }
  CLIENTELE_RETURN_IF_ERROR(FillOrigin(options.origin, *request.mutable_origin()));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::Customer changed,
      Call(environment, *stub, &CustomerService::Stub::UpdateCustomer, request));
  PrintRecord(changed, environment);
  return absl::OkStatus();
}

// Delete and undelete differ in their messages only.
template <typename Request>
absl::Status ChangeState(const StateOptions& options, Environment& environment,
                         grpc::Status (CustomerService::Stub::*method)(grpc::ClientContext*,
                                                                       const Request&,
                                                                       pb::Customer*)) {
  Request request;
  request.set_request_id(RequestIdOr(options.write.request_id, environment));
  request.set_customer_id(options.write.customer_id);
  request.set_etag(options.write.etag);
  request.set_validate_only(options.validate_only);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub, ConnectTo<CustomerService>(environment, kProfile));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::Customer changed, Call(environment, *stub, method, request));
  PrintRecord(changed, environment);
  return absl::OkStatus();
}

absl::Status DeleteCustomer(const StateOptions& options, Environment& environment) {
  return ChangeState<pb::DeleteCustomerRequest>(options, environment,
                                                &CustomerService::Stub::DeleteCustomer);
}

absl::Status UndeleteCustomer(const StateOptions& options, Environment& environment) {
  return ChangeState<pb::UndeleteCustomerRequest>(options, environment,
                                                  &CustomerService::Stub::UndeleteCustomer);
}

void AddChangeOptions(CLI::App& command, WriteOptions& options) {
  command.add_option("ID", options.customer_id, "The customer id")->required();
  command.add_option("--etag", options.etag, "Change only this version of the customer");
  AddRequestIdOption(command, options.request_id);
}

void AddStateOptions(CLI::App& command, StateOptions& options) {
  AddChangeOptions(command, options.write);
  AddValidateOnlyOption(command, options.validate_only);
}

void AddOriginOptions(CLI::App& command, OriginOptions& options) {
  AddEnumOption(command, "--channel", options.channel, *pb::CollectionChannel_descriptor(),
                "How the values were collected")
      ->required();
  command.add_option("--source", options.source_system,
                     "The system that knows the values (default api)");
  command.add_option("--occur-time", options.occur_time,
                     "When it was true or said, RFC 3339 (default now)");
}

void AddListOption(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                   const std::string& description) {
  command.add_option(name, values, description)->allow_extra_args(false);
}

void AddCreateCommand(CLI::App& app, Environment& environment) {
  CLI::App* command = app.add_subcommand("create", "Make a customer");
  auto options = std::make_shared<CreateOptions>();
  command->add_option("--id", options->write.customer_id, "The id (default: made by the server)");
  AddRequestIdOption(*command, options->write.request_id);
  AddEnumOption(*command, "--kind", options->kind, *pb::CustomerKind_descriptor(),
                "What the customer is (default person)");
  for (const std::string& name : AttributeNames()) {
    command->add_option(absl::StrCat("--", absl::StrReplaceAll(name, {{"_", "-"}})),
                        options->attributes[name], absl::StrCat("The attribute ", name));
  }
  AddListOption(*command, "--phone", options->phones, "A phone number; may be repeated");
  command->add_option("--phone-region", options->phone_region_code,
                      "The region of phone numbers in national spelling, such as CN");
  AddListOption(*command, "--email", options->emails, "An e-mail address; may be repeated");
  AddListOption(*command, "--site-account", options->site_accounts,
                "An account on the business's site; may be repeated");
  AddListOption(*command, "--external", options->externals,
                "SYSTEM:VALUE, an id in another system; may be repeated");
  AddOriginOptions(*command, options->origin);
  OnRun(command, options, environment, CreateCustomer);
}

}  // namespace

void AddCustomersWriteCommands(CLI::App& app, Environment& environment) {
  AddCreateCommand(app, environment);

  CLI::App* update = app.add_subcommand("update", "Change attributes of a customer");
  auto update_options = std::make_shared<UpdateOptions>();
  AddChangeOptions(*update, update_options->write);
  update
      ->add_option("--set", update_options->assignments,
                   absl::StrCat("ATTRIBUTE=VALUE, an empty value clears it; may be repeated: ",
                                absl::StrJoin(AttributeNames(), ", ")))
      ->required()
      ->allow_extra_args(false);
  AddOriginOptions(*update, update_options->origin);
  OnRun(update, update_options, environment, UpdateCustomer);

  CLI::App* remove = app.add_subcommand("delete", "Delete a customer; undelete brings it back");
  auto remove_options = std::make_shared<StateOptions>();
  AddStateOptions(*remove, *remove_options);
  OnRun(remove, remove_options, environment, DeleteCustomer);

  CLI::App* restore = app.add_subcommand("undelete", "Bring a deleted customer back");
  auto restore_options = std::make_shared<StateOptions>();
  AddStateOptions(*restore, *restore_options);
  OnRun(restore, restore_options, environment, UndeleteCustomer);
}

}  // namespace clientele::cli
