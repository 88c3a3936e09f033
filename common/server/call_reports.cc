#include "common/server/call_reports.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/rpc/method.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

constexpr absl::string_view kOverloaded = "OVERLOADED";
constexpr absl::string_view kRateLimited = "RATE_LIMITED";
constexpr absl::string_view kAuditBacklog = "AUDIT_BACKLOG";

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

// The method called `path`; its service is linked into the program.
GrpcMethod MethodOf(absl::string_view path) {
  const std::pair<absl::string_view, absl::string_view> names =
      absl::StrSplit(absl::StripPrefix(path, "/"), absl::MaxSplits('/', 1));
  const auto loaded = rpc::LoadMethods(names.first);
  CLIENTELE_CHECK(loaded.ok());
  for (const rpc::Method& method : *loaded) {
    if (method.path == path) {
      return {method.path, TypeOf(method.type)};
    }
  }
  CLIENTELE_CHECK(false);
}

std::vector<GrpcMethod> MethodsAt(absl::Span<const std::string> paths) {
  std::vector<GrpcMethod> methods;
  methods.reserve(paths.size());
  for (const std::string& path : paths) {
    methods.push_back(MethodOf(path));
  }
  return methods;
}

// Codes that say the server, not the caller, is at fault.
bool IsServerError(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss || code == absl::StatusCode::kUnavailable ||
         code == absl::StatusCode::kResourceExhausted;
}

// Whether the call was refused for the load: a storm has many of them, and so has an audit log that
// cannot be written.
bool IsRefusedForLoad(const rpc::CallSummary& summary) {
  return summary.reason == kOverloaded || summary.reason == kRateLimited ||
         summary.reason == kAuditBacklog;
}

// Codes of callers who may not call: anybody can make as many such calls as they like.
bool IsRefusedCaller(absl::StatusCode code) {
  return code == absl::StatusCode::kUnauthenticated || code == absl::StatusCode::kPermissionDenied;
}

// Calls that a caller has given too little time to begin: as many as they like, likewise.
constexpr char kTooLateReason[] = "DEADLINE_TOO_SHORT";

// A counter for each type of call: the objective of availability is of unary ones alone.
std::array<prometheus::Counter*, 3> RefusedCounters(Metrics& metrics, const char* cause,
                                                    const char* kind) {
  const auto counter_of = [&](rpc::CallType type) {
    return &metrics.AddCounter(
        "calls_refused_total",
        "Calls refused for the load: before any work as the server was busy (overloaded) or the "
        "caller had used its share (rate_limited), or after some as a queue was full (queue_full).",
        {{"cause", cause}, {"kind", kind}, {"grpc_type", std::string(rpc::CallTypeName(type))}});
  };
  return {counter_of(rpc::CallType::kUnary), counter_of(rpc::CallType::kServerStream),
          counter_of(rpc::CallType::kBidiStream)};
}

}  // namespace

CallMetrics::Refused::Refused(Metrics& metrics, const char* cause)
    : reads(RefusedCounters(metrics, cause, "read")),
      writes(RefusedCounters(metrics, cause, "write")) {}

CallMetrics::CallMetrics(Metrics& metrics, absl::Span<const std::string> grpc_services)
    : metrics_(metrics, GrpcSide::kServer, MethodsOf(grpc_services)),
      overloaded_(metrics, "overloaded"),
      queue_full_(metrics, "queue_full"),
      rate_limited_(metrics, "rate_limited") {}

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
  if (summary.reason == kOverloaded) {
    (summary.let_in ? queue_full_ : overloaded_).Count(summary.method);
  } else if (summary.reason == kRateLimited) {
    rate_limited_.Count(summary.method);
  }
  metrics_.ForMethod(summary.method.path)
      .OnHandled(summary.code, absl::ToDoubleSeconds(summary.duration));
}

ClientCallMetrics::ClientCallMetrics(Metrics& metrics, absl::Span<const std::string> methods)
    : metrics_(metrics, GrpcSide::kClient, MethodsAt(methods)) {}

void ClientCallMetrics::OnStarted(absl::string_view method) {
  metrics_.ForMethod(method).OnStarted();
}

void ClientCallMetrics::OnMessageSent(absl::string_view method) {
  metrics_.ForMethod(method).OnMessageSent();
}

void ClientCallMetrics::OnMessageReceived(absl::string_view method) {
  metrics_.ForMethod(method).OnMessageReceived();
}

void ClientCallMetrics::OnHandled(absl::string_view method, absl::StatusCode code,
                                  absl::Duration duration) {
  metrics_.ForMethod(method).OnHandled(code, absl::ToDoubleSeconds(duration));
}

CallLines::CallLines(Logger& logger, int read_sample, absl::Duration slow_min)
    : logger_(logger), read_sample_(read_sample), slow_min_(slow_min) {
  CLIENTELE_CHECK(read_sample >= 1);
}

bool CallLines::IsOfComplete(const rpc::CallSummary& summary) const {
  return summary.method.writes() || IsServerError(summary.code) ||
         (summary.duration >= slow_min_ && summary.method.type == rpc::CallType::kUnary);
}

bool CallLines::IsWanted(const rpc::CallSummary& summary) {
  return IsOfComplete(summary) || summary.code != absl::StatusCode::kOk ||
         read_count_.fetch_add(1, std::memory_order_relaxed) % read_sample_ == 0;
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
  if (IsRefusedForLoad(summary)) {
    logger_.Log(LogLevel::kWarn, "rpc_shed", "a call was refused for the load", fields);
  } else if (IsRefusedCaller(summary.code)) {
    logger_.Log(LogLevel::kWarn, "rpc_refused", "a caller was refused", fields);
  } else if (summary.reason == kTooLateReason) {
    logger_.Log(level, "rpc", "call came too late to begin", fields);
  } else if (summary.code == absl::StatusCode::kOk || IsOfComplete(summary)) {
    logger_.LogEvery(level, "rpc", "call ended", fields);
  } else {
    // A read of a caller who may have gone wrong without end.
    const std::string kind = absl::StrCat(summary.method.path, " ", GrpcCodeName(summary.code));
    logger_.LogOfKind(level, "rpc", "call ended", kind, fields);
  }
}

}  // namespace clientele::server
