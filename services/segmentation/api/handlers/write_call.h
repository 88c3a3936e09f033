#ifndef SERVICES_SEGMENTATION_API_HANDLERS_WRITE_CALL_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_WRITE_CALL_H_

// The frame of every write: one transaction in which a repeated request gets its first answer, and
// a new one is applied and remembered.

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call_context.h"
#include "common/sql/database.h"
#include "google/protobuf/message.h"
#include "services/segmentation/api/handlers/api_context.h"

namespace clientele::segmentation {

// RunWrite for messages of any type.
absl::Status RunWriteInto(
    const ApiContext& api, rpc::CallContext& call, const std::string& request_id,
    const google::protobuf::Message& request, google::protobuf::Message& response,
    absl::FunctionRef<absl::Status(sql::Tx& tx, absl::Time record_time)> apply);

// Looks `request_id` up (canonical; empty = is not remembered) and, when it is new, answers
// apply(tx, record_time) → absl::StatusOr<Response>, which may run several times. An error leaves
// nothing behind. ALREADY_EXISTS REQUEST_ID_REUSED, the database's errors and those of `apply`.
template <typename Response, typename Apply>
absl::StatusOr<Response> RunWrite(const ApiContext& api, rpc::CallContext& call,
                                  const std::string& request_id,
                                  const google::protobuf::Message& request, Apply apply) {
  Response response;
  const absl::Status status = RunWriteInto(
      api, call, request_id, request, response, [&](sql::Tx& tx, absl::Time record_time) {
        absl::StatusOr<Response> applied = apply(tx, record_time);
        if (applied.ok()) {
          response = *std::move(applied);
        }
        return applied.status();
      });
  if (!status.ok()) {
    return status;
  }
  return response;
}

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_WRITE_CALL_H_
