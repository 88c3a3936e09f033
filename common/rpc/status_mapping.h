#ifndef COMMON_RPC_STATUS_MAPPING_H_
#define COMMON_RPC_STATUS_MAPPING_H_

// Named errors (common/status/error.h) to and from what goes over the wire: google.rpc.Status with
// ErrorInfo always, and BadRequest, PreconditionFailure, ResourceInfo and RetryInfo where they fit.
//
// A status that is no named error says nothing to the outside: it becomes INTERNAL with a fixed
// text. Only CANCELLED and DEADLINE_EXCEEDED, which say nothing of the inside, keep their code.
// What is sent stays below kErrorDetailsBytesMax: long texts are cut, and of many violations the
// first are sent with "and N more".
// Thread safety: pure functions.

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/rpc/status.pb.h"

namespace clientele::rpc {

// ErrorInfo.domain of every error of `service` ("profile"): "<service>.clientele".
std::string ErrorDomainOf(absl::string_view service);

// `domain` is ErrorDomainOf. For the status of one item within a response, and OK too.
google::rpc::Status ToRpcStatus(const absl::Status& status, absl::string_view domain);

// The same as the outcome of a call, with the details in grpc-status-details-bin.
grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view domain);

// What ToRpcStatus keeps back of `status`, for the log: its code and message when they are
// replaced, and its log detail (common/status/log_detail.h), which is never sent. "" when it is
// sent whole.
std::string HiddenMessage(const absl::Status& status);

// For clients: a named error again when the server sent ErrorInfo, else a plain status with the
// code and message (such as UNAVAILABLE when no server could be reached).
absl::Status FromRpcStatus(const google::rpc::Status& status);
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_STATUS_MAPPING_H_
