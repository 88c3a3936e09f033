#ifndef CLI_COMMANDS_COMMAND_H_
#define CLI_COMMANDS_COMMAND_H_

// What the files of this folder share to become commands: running with errors reported, unary
// calls, enums as words.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Validators.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/client/server_status.h"
#include "cli/environment.h"
#include "cli/output/enum_words.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"

namespace clientele::cli {

// Makes `command` run `run` with `options` once everything is parsed; an error it returns is
// reported and decides the exit code. `environment` outlives `command`.
template <typename Options>
void OnRun(CLI::App* command, std::shared_ptr<Options> options, Environment& environment,
           absl::Status (*run)(const Options&, Environment&)) {
  command->callback([options = std::move(options), &environment, run] {
    if (const absl::Status status = run(*options, environment); !status.ok()) {
      environment.Fail(status);
    }
  });
}

// One unary call with the deadline of --timeout: Call(environment, *stub, &Stub::GetCustomer,
// request). Blocks; the error carries the server's details.
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Environment& environment, Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*),
                              const Request& request) {
  const std::unique_ptr<grpc::ClientContext> context = environment.NewCall();
  Response response;
  const grpc::Status status = (stub.*method)(context.get(), request, &response);
  if (!status.ok()) {
    return FromServer(status);
  }
  return response;
}

// A stub of a gRPC service class at the suite's service `name`: Connect<CustomerService>(…).
template <typename Service>
absl::StatusOr<std::unique_ptr<typename Service::Stub>> ConnectTo(const Environment& environment,
                                                                  absl::string_view name) {
  auto channel = environment.Connect(name);
  if (!channel.ok()) {
    return channel.status();
  }
  return Service::NewStub(*channel);
}

// Adds an option that takes one of the words of `type`.
CLI::Option* AddEnumOption(CLI::App& command, const std::string& name, std::string& word,
                           const google::protobuf::EnumDescriptor& type,
                           const std::string& description);

// Adds --request-id.
void AddRequestIdOption(CLI::App& command, std::string& request_id);

// --validate-only.
void AddValidateOnlyOption(CLI::App& command, bool& validate_only);

// What --request-id says, else a new UUID.
std::string RequestIdOr(const std::string& request_id, Environment& environment);

// Refuses what is no ISO 4217 code.
CLI::Validator CurrencyValidator();

// Refuses what names no service of the suite.
CLI::Validator ServiceValidator();

// Refuses text of which no source system can be made (Slug).
CLI::Validator SourceValidator();

// Refuses what names no format of purchase files.
CLI::Validator PurchaseFormatValidator();

// Refuses everything but whole numbers above zero.
CLI::Validator PositiveValidator();

// Fills `out` from RFC 3339 text or YYYY-MM-DD (midnight UTC); a usage error naming `option` for
// anything else.
absl::Status ParseTimeOption(absl::string_view option, absl::string_view text,
                             google::protobuf::Timestamp& out);

// RFC 3339, to the second; "" for a time that is not set.
std::string TimeText(const google::protobuf::Timestamp& time);

// Prints one message: with --json as JSON, else each set field on a line of its own.
void PrintRecord(const google::protobuf::Message& message, const Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_COMMAND_H_
