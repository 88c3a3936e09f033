#ifndef CLI_CLIENT_SERVER_STATUS_H_
#define CLI_CLIENT_SERVER_STATUS_H_

// The error of a call with everything the server said, so that it can be printed as it was sent.
// Thread safety: pure functions.

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace clientele::cli {

// As rpc::FromGrpcStatus, and keeps the server's details beside. OK stays OK.
absl::Status FromServer(const grpc::Status& status);

// The same for a status inside a response: the error of a job, of an item of a batch.
absl::Status FromServer(const google::rpc::Status& status);

// Whether a server, not this program, made the error.
bool IsFromServer(const absl::Status& status);

// Whether a stream broke for a reason that passes, so that opening it again may help.
bool MayPass(const absl::Status& status);

// The error with the server's details, or with code and message only when it is our own.
google::rpc::Status ToStatusProto(const absl::Status& status);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_SERVER_STATUS_H_
