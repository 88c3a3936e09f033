#include "common/rpc/call_pipeline.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/call_stages.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/status_mapping.h"
#include "common/rpc/traceparent.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::rpc {
namespace {

AuditState AuditStateOf(const CallContext& call, bool is_ok) {
  if (!call.audits) {
    return AuditState::kNotWanted;
  }
  return is_ok && (call.audit_committed || call.replayed) ? AuditState::kCommitted
                                                          : AuditState::kDue;
}

}  // namespace

CallPipeline::CallPipeline(const Parts& parts)
    : error_domain_(ErrorDomainOf(parts.service)),
      executor_(parts.executor),
      clock_(parts.clock),
      observer_(parts.observer),
      stages_(MakeCallStages({.clock = parts.clock,
                              .uuids = parts.uuids,
                              .log = parts.log,
                              .observer = parts.observer,
                              .authenticator = parts.authenticator,
                              .quota = parts.quota,
                              .audit = parts.audit,
                              .open_calls = open_calls_})) {}

std::vector<std::string> CallPipeline::StageNames() const {
  std::vector<std::string> names;
  for (const auto& stage : stages_) {
    names.emplace_back(stage->name());
  }
  names.emplace_back("handler");
  names.emplace_back("status_mapping");
  return names;
}

absl::Status CallPipeline::Begin(ServerCall& call) {
  open_calls_.Add(call.turns);
  for (const auto& stage : stages_) {
    // Before Enter: after the last one `call` may be gone.
    ++call.entered_stage_count;
    CLIENTELE_RETURN_IF_ERROR(stage->Enter(call));
  }
  return absl::OkStatus();
}

absl::Status CallPipeline::CheckStillWanted(const ServerCall& call) const {
  // In this order: gRPC cancels a call at its deadline too.
  CLIENTELE_RETURN_IF_ERROR(CheckDeadline(call, clock_.Now()));
  if (call.cancelled) {
    return CallCancelled();
  }
  return open_calls_.refuses_queued() ? ShuttingDown() : absl::OkStatus();
}

grpc::Status CallPipeline::Conclude(ServerCall& call, const absl::Status& outcome) {
  grpc::Status sent = ToGrpcStatus(outcome, error_domain_);
  if (call.context.replayed) {
    call.transport.AddTrailingMetadata("clientele-replayed", "true");
  }
  const CallSummary summary{
      .method = call.method,
      .call_id = std::move(call.context.call_id),
      .trace_id = std::string(TraceIdOf(call.context.traceparent)),
      .principal = std::move(call.context.principal),
      .code = static_cast<absl::StatusCode>(sent.error_code()),
      .reason = sent.ok() ? "" : GetErrorReason(FromGrpcStatus(sent)),
      .hidden_message = HiddenMessage(outcome),
      .duration = clock_.Now() - call.context.start_time,
      .replayed = call.context.replayed,
      .let_in = call.let_in,
      .audit = AuditStateOf(call.context, sent.ok()),
  };
  for (int i = call.entered_stage_count - 1; i >= 0; --i) {
    stages_[i]->Leave(call, summary);
  }
  return sent;
}

void CallPipeline::End(const ServerCall& call) { open_calls_.Remove(call.turns); }

}  // namespace clientele::rpc
