#include "common/rpc/call_stages.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/rpc/limits.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/subjects.h"
#include "common/rpc/traceparent.h"
#include "common/status/macros.h"

namespace clientele::rpc {
namespace {

constexpr char kCallIdKey[] = "x-request-id";
constexpr char kTraceparentKey[] = "traceparent";

bool IsCallId(absl::string_view text) {
  return !text.empty() && text.size() <= static_cast<size_t>(kCallIdCharsMax) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
         });
}

// Gives the call the id that logs and other services know it by, and tells the caller; takes the
// trace it belongs to.
class RequestIdStage final : public CallStage {
 public:
  RequestIdStage(const Clock& clock, UuidV7Generator& uuids) : clock_(clock), uuids_(uuids) {}

  absl::string_view name() const override { return "request_id"; }

  absl::Status Enter(ServerCall& call) override {
    call.context.start_time = clock_.Now();
    const auto& metadata = call.transport.client_metadata();
    if (const auto given = metadata.find(kCallIdKey); given != metadata.end()) {
      const absl::string_view text(given->second.data(), given->second.size());
      // One that is malformed is not worth refusing the call.
      call.context.call_id = IsCallId(text) ? std::string(text) : "";
    }
    if (call.context.call_id.empty()) {
      call.context.call_id = uuids_.New(call.context.start_time);
    }
    call.transport.AddInitialMetadata(kCallIdKey, call.context.call_id);
    if (const auto given = metadata.find(kTraceparentKey); given != metadata.end()) {
      const absl::string_view text(given->second.data(), given->second.size());
      call.context.traceparent = IsTraceparent(text) ? std::string(text) : "";
    }
    return absl::OkStatus();
  }

 private:
  const Clock& clock_;
  UuidV7Generator& uuids_;
};

class LogStage final : public CallStage {
 public:
  explicit LogStage(CallLog& log) : log_(log) {}
  absl::string_view name() const override { return "log"; }
  absl::Status Enter(ServerCall&) override { return absl::OkStatus(); }
  void Leave(const ServerCall&, const CallSummary& summary) override { log_.Write(summary); }

 private:
  CallLog& log_;
};

class MetricsStage final : public CallStage {
 public:
  explicit MetricsStage(CallObserver& observer) : observer_(observer) {}
  absl::string_view name() const override { return "metrics"; }

  absl::Status Enter(ServerCall& call) override {
    observer_.OnStarted(call.method);
    if (call.method.type != CallType::kBidiStream) {
      observer_.OnMessageReceived(call.method);  // gRPC has read the one request
    }
    return absl::OkStatus();
  }

  void Leave(const ServerCall&, const CallSummary& summary) override {
    observer_.OnHandled(summary);
  }

 private:
  CallObserver& observer_;
};

class DeadlineStage final : public CallStage {
 public:
  explicit DeadlineStage(const Clock& clock) : clock_(clock) {}
  absl::string_view name() const override { return "deadline"; }

  absl::Status Enter(ServerCall& call) override {
    const std::chrono::system_clock::time_point deadline = call.transport.deadline();
    if (deadline != std::chrono::system_clock::time_point::max()) {
      call.context.deadline = absl::FromChrono(deadline);
    }
    return CheckDeadline(call, clock_.Now());
  }

 private:
  const Clock& clock_;
};

class AuthenticationStage final : public CallStage {
 public:
  explicit AuthenticationStage(Authenticator& authenticator) : authenticator_(authenticator) {}
  absl::string_view name() const override { return "authentication"; }

  absl::Status Enter(ServerCall& call) override {
    CLIENTELE_ASSIGN_OR_RETURN(call.context.caller, authenticator_.Authenticate(call.transport));
    call.context.principal = call.context.caller->principal();
    return absl::OkStatus();
  }

 private:
  Authenticator& authenticator_;
};

// Before the permission, so that who is refused for want of it stands in the audit log too.
class AuditStage final : public CallStage {
 public:
  explicit AuditStage(CallAudit* audit) : audit_(audit) {}
  absl::string_view name() const override { return "audit"; }

  absl::Status Enter(ServerCall& call) override {
    const common::v1::RpcPolicy& policy = call.method.policy;
    if (audit_ == nullptr || !(policy.audit() || policy.sensitive_read())) {
      return absl::OkStatus();
    }
    call.context.audits = audit_->TryReserve();
    return call.context.audits ? absl::OkStatus() : AuditBacklog();
  }

  void Leave(const ServerCall& call, const CallSummary& summary) override {
    if (summary.audit == AuditState::kNotWanted) {
      return;
    }
    std::vector<std::string> subjects;
    if (summary.audit == AuditState::kDue) {
      const bool is_ok = summary.code == absl::StatusCode::kOk;
      subjects = SubjectsOf(call.request, is_ok ? call.response : nullptr);
    }
    audit_->OnEnded(summary, std::move(subjects));
  }

 private:
  CallAudit* const audit_;
};

class PermissionStage final : public CallStage {
 public:
  absl::string_view name() const override { return "permission"; }

  absl::Status Enter(ServerCall& call) override {
    const std::string& permission = call.method.policy.permission();
    return call.context.caller->MayDo(permission) ? absl::OkStatus() : PermissionDenied(permission);
  }
};

// Refuses what comes too late, is too much of one caller's, or finds the server busy.
class AdmissionStage final : public CallStage {
 public:
  AdmissionStage(const Clock& clock, CallQuota& quota, const OpenCalls& open_calls)
      : clock_(clock), quota_(quota), open_calls_(open_calls) {}

  absl::string_view name() const override { return "admission"; }

  absl::Status Enter(ServerCall& call) override {
    if (open_calls_.draining()) {
      return ShuttingDown();
    }
    const int64_t cost = call.method.cost();
    if (const absl::Duration wait = quota_.Take(call.context.principal, cost);
        wait > absl::ZeroDuration()) {
      return RateLimited(wait);
    }
    call.arrival = {.urgency = call.method.writes() ? Urgency::kUrgent : Urgency::kNormal,
                    .cost = cost,
                    .time_left = call.context.deadline - clock_.Now()};
    call.let_in = true;  // now: once it is submitted it may be over
    if (call.submit()) {
      return absl::OkStatus();
    }
    call.let_in = false;
    quota_.GiveBack(call.context.principal, cost);
    return Overloaded();
  }

 private:
  const Clock& clock_;
  CallQuota& quota_;
  const OpenCalls& open_calls_;
};

}  // namespace

std::vector<std::unique_ptr<CallStage>> MakeCallStages(const CallStageParts& parts) {
  std::vector<std::unique_ptr<CallStage>> stages;
  stages.push_back(std::make_unique<RequestIdStage>(parts.clock, parts.uuids));
  stages.push_back(std::make_unique<LogStage>(parts.log));
  stages.push_back(std::make_unique<MetricsStage>(parts.observer));
  stages.push_back(std::make_unique<AuthenticationStage>(parts.authenticator));
  stages.push_back(std::make_unique<AuditStage>(parts.audit));
  stages.push_back(std::make_unique<PermissionStage>());
  // Not before: who may not call hears nothing but that, whatever his deadline.
  stages.push_back(std::make_unique<DeadlineStage>(parts.clock));
  stages.push_back(std::make_unique<AdmissionStage>(parts.clock, parts.quota, parts.open_calls));
  return stages;
}

absl::Status CheckDeadline(const ServerCall& call, absl::Time now) {
  const absl::Duration time_left = call.context.deadline - now;
  if (time_left <= absl::ZeroDuration()) {
    return DeadlinePassed();
  }
  if (call.method.takes_request_id() && time_left < kWriteTimeMin) {
    return TooLittleTimeToWrite(time_left);
  }
  return absl::OkStatus();
}

}  // namespace clientele::rpc
