#ifndef CLI_ENVIRONMENT_H_
#define CLI_ENVIRONMENT_H_

// What every command of `clientele` shares: where to print, where the servers are, how it ended.

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/client/endpoints.h"
#include "common/ids/uuid.h"
#include "common/tls/client_tls.h"
#include "google/protobuf/message.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace clientele::cli {

// Exit codes of `clientele`.
inline constexpr int kExitOk = 0;
inline constexpr int kExitError = 1;  // an RPC failed or data is wrong
inline constexpr int kExitUsage = 2;

// How long one call may take unless --timeout says otherwise.
inline constexpr absl::Duration kCallTimeout = absl::Seconds(30);

// The error of a wrong command line that only shows once options are seen together.
// Environment::Fail turns it into kExitUsage.
absl::Status UsageError(absl::string_view message);

// The error of a command that has printed what went wrong already: Environment::Fail adds the
// sentence for people and no second JSON document.
absl::Status PrintedError(absl::string_view message);

// One run of the program. Not thread-safe.
class Environment {
 public:
  // Does not own the streams.
  Environment(std::FILE* out, std::FILE* err) : out_(out), err_(err) {}
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  EndpointOptions endpoints;              // --server, --data-dir
  tls::ClientTlsFiles tls;                // --tls-ca, --tls-cert, --tls-key
  std::string token_file;                 // --token-file
  bool json = false;                      // --json
  std::optional<absl::Duration> timeout;  // --timeout; not set = the command's default

  // --timeout, else the command's `default_timeout`.
  absl::Duration TimeoutOr(absl::Duration default_timeout) const;

  // A channel to `service`, not yet connected. FAILED_PRECONDITION when a token would go in clear.
  absl::StatusOr<std::shared_ptr<grpc::Channel>> Connect(absl::string_view service) const;

  // A client context with the deadline of one call and a new x-request-id.
  std::unique_ptr<grpc::ClientContext> NewCall();

  // A new UUID, for the request_id of a write.
  std::string NewRequestId();

  // Prints to standard output; PrintJson ends the line.
  void Print(absl::string_view text) const;
  void PrintJson(const nlohmann::ordered_json& value) const;
  // Prints the message as JSON with defaults.
  void PrintMessage(const google::protobuf::Message& message) const;

  // Prints one line, or several, to standard error, also with --json.
  void Note(absl::string_view text) const;

  // Says what went wrong (with --json also as JSON on standard output, unless it is a PrintedError)
  // and makes the exit code 1, or 2 for a UsageError.
  void Fail(const absl::Status& status);

  // The exit code of a finished run: Fail's, or 1 with a sentence when standard output could not be
  // written, a full disk say.
  int Finish();

  std::FILE* out() const { return out_; }
  std::FILE* err() const { return err_; }

 private:
  // A sentence for people: for an error of a server with its code, reason and violations.
  std::string Describe(const absl::Status& status, const google::rpc::Status& proto) const;
  // What to do about a server that could not be reached, or that does not know the method; "" when
  // there is nothing to say.
  std::string HintFor(const absl::Status& status, const google::rpc::Status& proto) const;
  std::string UnreachableHint(const std::string& message) const;
  std::string UnknownMethodHint() const;

  std::FILE* out_;
  std::FILE* err_;
  mutable std::set<std::string> asked_services_;  // of Connect
  int exit_code_ = kExitOk;
  UuidV7Generator uuids_;
};

}  // namespace clientele::cli

#endif  // CLI_ENVIRONMENT_H_
