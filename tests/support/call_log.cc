#include "tests/support/call_log.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace clientele::history {

std::array<std::shared_ptr<grpc::Channel>, 2> ConnectTo(const Target& target) {
  const auto& [one, other] = target.addresses;
  if (target.service_config.empty()) {
    return {rpc::Connect(one), rpc::Connect(other)};
  }
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(target.service_config);
  const auto channel = grpc::CreateCustomChannel(absl::StrCat("ipv4:", one, ",", other),
                                                 grpc::InsecureChannelCredentials(), arguments);
  return {channel, channel};
}

std::string DrawUuid(Random& random) {
  const uint64_t high = random();
  const uint64_t low = random();
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", high >> 32, high >> 16 & 0xFFFF,
                         high & 0xFFF, low >> 48 & 0xFFF, low & 0xFFFF'FFFF'FFFF);
}

}  // namespace clientele::history
