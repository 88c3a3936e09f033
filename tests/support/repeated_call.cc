// Calls methods that are known by name only, many times at once and at several replicas, and tells
// what came back to the byte (quality.md R5).
//
// Usage: repeated_call list SERVER…    prints the methods of the servers, by reflection:
//          [{"method":"package.Service/Method","request_id":0,"audit":true,"streams":false},…]
//          (request_id is the number of the RequestIdRule)
// or:    repeated_call                 reads commands from its standard input, one JSON line each:
//          {"method":…,"request":{…},"servers":[…],"count":50,"cancel_after_us":0}
//          servers take turns; cancel_after_us > 0: the calls are given up then, answered or not.
//        For each it prints the answers in one line:
//          [{"code":0,"reason":"","replayed":false,"bytes":"hex","response":{…}},…]

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/client/dynamic_call.h"
#include "cli/client/reflection_client.h"
#include "cli/output/proto_json.h"
#include "clientele/common/v1/rpc_policy.pb.h"
#include "common/rpc/client.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "google/protobuf/dynamic_message.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"

namespace clientele {
namespace {

using google::protobuf::MethodDescriptor;
using nlohmann::ordered_json;

// Only a broken server takes that long; nor may one that is slow today expect of fifty dear calls
// at once that the last of them would be late.
constexpr absl::Duration kCallTimeout = absl::Minutes(5);

// One call under way. Stays where it is while it lasts.
struct Call {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
  grpc::Status status;
};

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  CLIENTELE_CHECK(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

class Caller {
 public:
  // Runs one command; answers what it prints.
  ordered_json Run(const ordered_json& command) {
    const std::vector<std::string> servers = command.at("servers");
    const MethodDescriptor& method = FindMethod(servers.at(0), command.at("method"));
    const std::unique_ptr<google::protobuf::Message> request(
        factory_.GetPrototype(method.input_type())->New());
    const absl::Status parsed =
        cli::ParseJson(command.at("request").dump(), *method.file()->pool(), *request);
    CLIENTELE_CHECK(parsed.ok());
    const grpc::Slice slice(request->SerializeAsString());

    std::vector<Call> calls(command.at("count"));
    for (Call& call : calls) {
      call.request = grpc::ByteBuffer(&slice, 1);
    }
    CallAll(method, servers, std::chrono::microseconds(command.at("cancel_after_us")), calls);
    ordered_json answers = ordered_json::array();
    for (const Call& call : calls) {
      answers.push_back(Describe(method, call));
    }
    return answers;
  }

 private:
  const MethodDescriptor& FindMethod(const std::string& server, const std::string& name) {
    auto& reflection = reflections_[server];
    if (reflection == nullptr) {
      reflection = std::make_unique<cli::ReflectionClient>(ChannelTo(server));
    }
    const auto found = reflection->FindMethod(name, absl::Now() + kCallTimeout);
    CLIENTELE_CHECK(found.ok());
    return **found;
  }

  std::shared_ptr<grpc::Channel> ChannelTo(const std::string& server) {
    auto& channel = channels_[server];
    if (channel == nullptr) {
      channel = rpc::Connect(server);
    }
    return channel;
  }

  // All at once; returns when all have ended.
  void CallAll(const MethodDescriptor& method, const std::vector<std::string>& servers,
               std::chrono::microseconds cancel_after, std::vector<Call>& calls) {
    std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
    stubs.reserve(servers.size());
    for (const std::string& server : servers) {
      stubs.push_back(std::make_unique<grpc::GenericStub>(ChannelTo(server)));
    }
    const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
    std::mutex mutex;
    std::condition_variable ended;
    size_t open_count = calls.size();
    for (size_t i = 0; i < calls.size(); ++i) {
      Call& call = calls[i];
      rpc::SetCallOptions(rpc::NewCall(kCallTimeout), call.context);
      call.context.set_wait_for_ready(true);
      stubs[i % stubs.size()]->UnaryCall(&call.context, path, {}, &call.request, &call.response,
                                         [&](const grpc::Status& status) {
                                           std::lock_guard<std::mutex> lock(mutex);
                                           call.status = status;
                                           --open_count;
                                           ended.notify_one();
                                         });
    }
    std::unique_lock<std::mutex> lock(mutex);
    const auto is_over = [&] { return open_count == 0; };
    if (cancel_after.count() > 0 && !ended.wait_for(lock, cancel_after, is_over)) {
      lock.unlock();
      for (Call& call : calls) {
        call.context.TryCancel();
      }
      lock.lock();
    }
    ended.wait(lock, is_over);
  }

  ordered_json Describe(const MethodDescriptor& method, const Call& call) {
    const std::string bytes = call.status.ok() ? BytesOf(call.response) : "";
    const std::unique_ptr<google::protobuf::Message> response(
        factory_.GetPrototype(method.output_type())->New());
    CLIENTELE_CHECK(response->ParseFromString(bytes));
    return {{"code", call.status.error_code()},
            {"reason", GetErrorReason(rpc::FromGrpcStatus(call.status))},
            {"replayed", call.context.GetServerTrailingMetadata().count("clientele-replayed") > 0},
            {"bytes", absl::BytesToHexString(bytes)},
            {"response", cli::ToJson(*response, true)}};
  }

  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
  std::map<std::string, std::unique_ptr<cli::ReflectionClient>> reflections_;
  google::protobuf::DynamicMessageFactory factory_;
};

std::vector<std::string> ListServices(const std::shared_ptr<grpc::Channel>& channel) {
  namespace reflection = grpc::reflection::v1;
  const auto stub = reflection::ServerReflection::NewStub(channel);
  grpc::ClientContext context;
  rpc::SetCallOptions(rpc::NewCall(kCallTimeout), context);
  const auto stream = stub->ServerReflectionInfo(&context);
  reflection::ServerReflectionRequest request;
  request.set_list_services("*");
  reflection::ServerReflectionResponse response;
  CLIENTELE_CHECK(stream->Write(request) && stream->Read(&response));
  stream->WritesDone();
  CLIENTELE_CHECK(stream->Finish().ok());
  std::vector<std::string> names;
  for (const auto& service : response.list_services_response().service()) {
    if (absl::StartsWith(service.name(), "clientele.")) {
      names.push_back(service.name());
    }
  }
  return names;
}

ordered_json ListMethods(const std::string& server) {
  const auto channel = rpc::Connect(server);
  cli::ReflectionClient reflection(channel);
  ordered_json methods = ordered_json::array();
  for (const std::string& name : ListServices(channel)) {
    // Learns the service; it has no such method.
    const auto unknown = reflection.FindMethod(absl::StrCat(name, "/"), absl::Now() + kCallTimeout);
    const auto* service = reflection.pool().FindServiceByName(name);
    CLIENTELE_CHECK(!unknown.ok() && service != nullptr);
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      const common::v1::RpcPolicy& policy = method.options().GetExtension(common::v1::rpc);
      methods.push_back({{"method", absl::StrCat(name, "/", method.name())},
                         {"request_id", policy.request_id()},
                         {"audit", policy.audit()},
                         {"streams", method.client_streaming() || method.server_streaming()}});
    }
  }
  return methods;
}

}  // namespace
}  // namespace clientele

int main(int argc, char** argv) {
  if (argc > 1) {
    nlohmann::ordered_json methods = nlohmann::ordered_json::array();
    for (int i = 2; i < argc; ++i) {
      for (auto& method : clientele::ListMethods(argv[i])) {
        methods.push_back(method);
      }
    }
    std::cout << methods.dump() << std::endl;
    return 0;
  }
  clientele::Caller caller;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << caller.Run(nlohmann::ordered_json::parse(line)).dump() << std::endl;
  }
  return 0;
}
