#include "cli/commands/call.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "cli/client/dynamic_call.h"
#include "cli/client/reflection_client.h"
#include "cli/commands/command.h"
#include "common/status/macros.h"
#include "google/protobuf/dynamic_message.h"

namespace clientele::cli {
namespace {

struct CallOptions {
  std::string method;
  std::string request_json = "{}";
  std::string service;
};

// EventService is every service's; --service says whose is meant.
absl::StatusOr<std::string> ServiceOf(const CallOptions& options, const Environment& environment) {
  if (!options.service.empty()) {
    return options.service;
  }
  const std::string service =
      ServiceOfFullName(absl::string_view(options.method).substr(0, options.method.find('/')));
  const bool known =
      std::find(std::begin(kServices), std::end(kServices), service) != std::end(kServices);
  if (!known && environment.endpoints.server.empty()) {
    return UsageError(absl::StrCat("which server has ", options.method, "? Say --service (",
                                   absl::StrJoin(kServices, " or "), ") or --server"));
  }
  return service;
}

absl::Status CallMethodOnce(const CallOptions& options, Environment& environment) {
  environment.json = true;
  CLIENTELE_ASSIGN_OR_RETURN(const std::string service, ServiceOf(options, environment));
  CLIENTELE_ASSIGN_OR_RETURN(const auto channel, environment.Connect(service));
  const absl::Time deadline = absl::Now() + environment.TimeoutOr(kCallTimeout);
  ReflectionClient reflection(channel);
  CLIENTELE_ASSIGN_OR_RETURN(const auto* method, reflection.FindMethod(options.method, deadline));
  if (method->client_streaming()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.method, " takes a stream of requests; call sends only one"));
  }
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<google::protobuf::Message> request(
      factory.GetPrototype(method->input_type())->New());
  CLIENTELE_RETURN_IF_ERROR(ParseJson(options.request_json, reflection.pool(), *request));
  // A stream may go on for ever unless a limit was asked for.
  const bool endless = method->server_streaming() && !environment.timeout.has_value();
  return FromServer(CallMethod(channel, *method, *request,
                               endless ? absl::InfiniteFuture() : deadline,
                               [&environment](const google::protobuf::Message& response) {
                                 environment.PrintMessage(response);
                                 return true;
                               }));
}

}  // namespace

void AddCallCommand(CLI::App& app, Environment& environment) {
  auto options = std::make_shared<CallOptions>();
  CLI::App* command = app.add_subcommand(
      "call", "Call any unary or server-streaming RPC; prints JSON, on error the status as JSON");
  command->add_option("METHOD", options->method, "clientele.profile.v1.CustomerService/GetCustomer")
      ->required()
      ->check(CLI::Validator(
          [](const std::string& method) {
            const std::vector<absl::string_view> parts = absl::StrSplit(method, '/');
            return parts.size() == 2 && !parts[0].empty() && !parts[1].empty()
                       ? ""
                       : "takes PACKAGE.SERVICE/METHOD, such as "
                         "clientele.profile.v1.CustomerService/GetCustomer";
          },
          ""));
  command->add_option("REQUEST", options->request_json, "The request as JSON (default {})");
  command
      ->add_option("--service", options->service,
                   absl::StrCat(absl::StrJoin(kServices, " or "),
                                "; needed for methods that every service has"))
      ->check(ServiceValidator());
  OnRun(command, options, environment, CallMethodOnce);
}

}  // namespace clientele::cli
