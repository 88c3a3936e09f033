#include "common/observability/grpc_metrics.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

constexpr std::array<absl::string_view, 17> kCodeNames = {
    "OK",       "Canceled",        "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",   "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",      "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated",
};

// Index of a code; whatever gRPC does not define counts as Unknown (2).
size_t CodeIndex(absl::StatusCode code) {
  const auto index = static_cast<size_t>(code);
  return index < kCodeNames.size() ? index : 2;
}

absl::string_view TypeName(GrpcMethodType type) {
  switch (type) {
    case GrpcMethodType::kUnary:
      return "unary";
    case GrpcMethodType::kClientStream:
      return "client_stream";
    case GrpcMethodType::kServerStream:
      return "server_stream";
    case GrpcMethodType::kBidiStream:
      return "bidi_stream";
  }
  return "unary";
}

// The five families, shared by all methods of a side.
struct Families {
  Families(Metrics& metrics, GrpcSide side)
      : prefix(side == GrpcSide::kServer ? "grpc_server_" : "grpc_client_"),
        started(Counter(metrics, "started_total", "Calls that began.")),
        handled(Counter(metrics, "handled_total", "Calls completed, by status.")),
        received(Counter(metrics, "msg_received_total", "Messages received.")),
        sent(Counter(metrics, "msg_sent_total", "Messages sent.")),
        seconds(prometheus::BuildHistogram()
                    .Name(absl::StrCat(prefix, "handling_seconds"))
                    .Help("Seconds from a call's beginning to its status.")
                    .Labels(metrics.constant_labels())
                    .Register(metrics.registry())) {}

  prometheus::Family<prometheus::Counter>& Counter(Metrics& metrics, const char* name,
                                                   const char* help) const {
    return prometheus::BuildCounter()
        .Name(absl::StrCat(prefix, name))
        .Help(help)
        .Labels(metrics.constant_labels())
        .Register(metrics.registry());
  }

  const std::string prefix;
  prometheus::Family<prometheus::Counter>& started;
  prometheus::Family<prometheus::Counter>& handled;
  prometheus::Family<prometheus::Counter>& received;
  prometheus::Family<prometheus::Counter>& sent;
  prometheus::Family<prometheus::Histogram>& seconds;
};

prometheus::Labels MethodLabels(absl::string_view full_name, GrpcMethodType type) {
  const std::vector<std::string> parts = absl::StrSplit(full_name, '/');
  CLIENTELE_CHECK(parts.size() == 3 && parts[0].empty());
  return {{"grpc_type", std::string(TypeName(type))},
          {"grpc_service", parts[1]},
          {"grpc_method", parts[2]}};
}

}  // namespace

void GrpcMethodMetrics::OnHandled(absl::StatusCode code, double seconds) {
  handled_[CodeIndex(code)]->Increment();
  handling_seconds_->Observe(seconds);
}

GrpcMetrics::GrpcMetrics(Metrics& metrics, GrpcSide side, absl::Span<const GrpcMethod> methods) {
  const Families families(metrics, side);
  const auto make = [&families](absl::string_view full_name, GrpcMethodType type) {
    const prometheus::Labels labels = MethodLabels(full_name, type);
    auto method = std::make_unique<GrpcMethodMetrics>();
    method->started_ = &families.started.Add(labels);
    method->received_ = &families.received.Add(labels);
    method->sent_ = &families.sent.Add(labels);
    method->handling_seconds_ = &families.seconds.Add(labels, CallSecondsBuckets());
    for (size_t code = 0; code < kCodeNames.size(); ++code) {
      prometheus::Labels with_code = labels;
      with_code["grpc_code"] = std::string(kCodeNames[code]);
      method->handled_[code] = &families.handled.Add(with_code);
    }
    return method;
  };
  methods_.reserve(methods.size());
  for (const GrpcMethod& method : methods) {
    methods_[method.full_name] = make(method.full_name, method.type);
  }
  unknown_ = make("/unknown/unknown", GrpcMethodType::kUnary);
}

GrpcMethodMetrics& GrpcMetrics::ForMethod(absl::string_view full_name) {
  const auto found = methods_.find(full_name);
  return found == methods_.end() ? *unknown_ : *found->second;
}

absl::string_view GrpcCodeName(absl::StatusCode code) { return kCodeNames[CodeIndex(code)]; }

}  // namespace clientele
