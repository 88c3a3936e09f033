#ifndef COMMON_STATUS_ERROR_H_
#define COMMON_STATUS_ERROR_H_

// Named errors: an absl::Status that carries a machine-readable reason and its details.
//
// Each error of the product is one named function that builds its status here, so that callers can
// branch on `reason` and print `metadata`; common/rpc turns the details into google.rpc messages.
// Thread safety: everything here is a value or a pure function.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele {

// One malformed field of a request. `field` is the proto path ("orders[3].lines[0].quantity").
struct FieldViolation {
  std::string field;
  std::string description;
};

// Why the state of something refuses the request; `type` is a stable upper-case word.
struct PreconditionViolation {
  std::string type;
  std::string subject;
  std::string description;
};

// What the error is about, for NOT_FOUND, ALREADY_EXISTS and ABORTED.
struct ResourceReference {
  std::string type;  // "customer"
  std::string name;  // its id; never personal data
};

// Everything a named error carries beside its code and message.
struct ErrorDetails {
  std::string reason;  // an ErrorReason without its ERROR_REASON_ prefix: "CUSTOMER_NOT_FOUND"
  std::map<std::string, std::string> metadata;  // every dynamic part of the message
  std::vector<FieldViolation> field_violations;
  std::vector<PreconditionViolation> precondition_violations;
  std::optional<ResourceReference> resource;
  std::optional<absl::Duration> retry_delay;
};

// Builds a named error:
//   return ErrorBuilder(absl::StatusCode::kNotFound, "CUSTOMER_NOT_FOUND", "no such customer")
//       .Metadata("customer_id", id).Resource("customer", id).Build();
class ErrorBuilder {
 public:
  // `code` must not be OK; `message` is an English sentence without personal data.
  ErrorBuilder(absl::StatusCode code, absl::string_view reason, absl::string_view message);

  ErrorBuilder& Metadata(absl::string_view key, absl::string_view value);
  ErrorBuilder& Field(absl::string_view path, absl::string_view description);
  ErrorBuilder& Precondition(absl::string_view type, absl::string_view subject,
                             absl::string_view description);
  ErrorBuilder& Resource(absl::string_view type, absl::string_view name);
  ErrorBuilder& RetryAfter(absl::Duration delay);

  absl::Status Build() const;

 private:
  absl::StatusCode code_;
  std::string message_;
  ErrorDetails details_;
};

// The details of a named error; nullopt when `status` is OK or was not built by ErrorBuilder.
std::optional<ErrorDetails> GetErrorDetails(const absl::Status& status);

// The reason of a named error, or "" when it has none.
std::string GetErrorReason(const absl::Status& status);

// Collects every violation of a request, to be answered at once.
//   Violations v; v.Add("page_size", "must not be negative"); return v.ToStatus();
class Violations {
 public:
  void Add(absl::string_view field, absl::string_view description);
  bool empty() const { return violations_.empty(); }
  const std::vector<FieldViolation>& all() const { return violations_; }

  // OK when empty, else INVALID_ARGUMENT with reason INVALID_ARGUMENT and every violation.
  absl::Status ToStatus() const;

 private:
  std::vector<FieldViolation> violations_;
};

}  // namespace clientele

#endif  // COMMON_STATUS_ERROR_H_
