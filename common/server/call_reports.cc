#include "common/server/call_reports.h"

#include "common/rpc/method.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

GrpcMethodType TypeOf(rpc::CallType type) {
  switch (type) {
    case rpc::CallType::kUnary:
      return GrpcMethodType::kUnary;
    case rpc::CallType::kServerStream:
      return GrpcMethodType::kServerStream;
    case rpc::CallType::kBidiStream:
      return GrpcMethodType::kBidiStream;
  }
  CLIENTELE_CHECK(false);
}

std::vector<GrpcMethod> MethodsOf(absl::Span<const std::string> grpc_services) {
  std::vector<GrpcMethod> methods;
  for (const std::string& service : grpc_services) {
    const auto loaded = rpc::LoadMethods(service);
    CLIENTELE_CHECK(loaded.ok());
    for (const rpc::Method& method : *loaded) {
      methods.push_back({method.path, TypeOf(method.type)});
    }
  }
  return methods;
}

// Codes that say the server, not the caller, is at fault.
bool IsServerError(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss || code == absl::StatusCode::kUnavailable ||
         code == absl::StatusCode::kResourceExhausted;
}

// Codes of callers who may not call: anybody can make as many such calls as they like.
bool IsRefusedCaller(absl::StatusCode code) {
  return code == absl::StatusCode::kUnauthenticated || code == absl::StatusCode::kPermissionDenied;
}

}  // namespace

CallMetrics::CallMetrics(Metrics& metrics, absl::Span<const std::string> grpc_services)
    : metrics_(metrics, MethodsOf(grpc_services)) {}

void CallMetrics::OnStarted(const rpc::Method& method) {
  metrics_.ForMethod(method.path).OnStarted();
}

void CallMetrics::OnMessageReceived(const rpc::Method& method) {
  metrics_.ForMethod(method.path).OnMessageReceived();
}

void CallMetrics::OnMessageSent(const rpc::Method& method) {
  metrics_.ForMethod(method.path).OnMessageSent();
}

void CallMetrics::OnHandled(const rpc::CallSummary& summary) {
  metrics_.ForMethod(summary.method.path)
      .OnHandled(summary.code, absl::ToDoubleSeconds(summary.duration));
}

CallLines::CallLines(Logger& logger, int read_sample, absl::Duration slow_min)
    : logger_(logger), read_sample_(read_sample), slow_min_(slow_min) {
  CLIENTELE_CHECK(read_sample >= 1);
}

bool CallLines::IsWanted(const rpc::CallSummary& summary) {
  if (summary.method.policy.audit() || IsRefusedCaller(summary.code) ||
      IsServerError(summary.code) ||
      (summary.duration >= slow_min_ && summary.method.type == rpc::CallType::kUnary)) {
    return true;
  }
  return read_count_.fetch_add(1, std::memory_order_relaxed) % read_sample_ == 0;
}

void CallLines::Write(const rpc::CallSummary& summary) {
  if (!IsWanted(summary)) {
    return;
  }
  const LogLevel level = IsServerError(summary.code) ? LogLevel::kError : LogLevel::kInfo;
  std::vector<LogField> fields = {
      {"method", summary.method.path},
      {"request_id", summary.call_id},
      {"principal", summary.principal},
      {"code", GrpcCodeName(summary.code)},
      {"seconds", absl::ToDoubleSeconds(summary.duration)},
  };
  if (!summary.trace_id.empty()) {
    fields.emplace_back("trace_id", summary.trace_id);
  }
  if (!summary.reason.empty()) {
    fields.emplace_back("reason", summary.reason);
  }
  if (summary.replayed) {
    fields.emplace_back("replayed", true);
  }
  if (!summary.hidden_message.empty()) {
    fields.emplace_back("cause", summary.hidden_message);
  }
  if (IsRefusedCaller(summary.code)) {
    logger_.Log(LogLevel::kWarn, "rpc_refused", "a caller was refused", fields);
  } else {
    logger_.LogEvery(level, "rpc", "call ended", fields);
  }
}

}  // namespace clientele::server
