#include "common/rpc/service_calls.h"

#include <cstdio>
#include <vector>

#include "common/status/macros.h"

namespace clientele::rpc {

ServiceCalls::ServiceCalls(CallPipeline& pipeline, absl::string_view service_full_name)
    : pipeline_(pipeline), service_(service_full_name) {
  absl::StatusOr<std::vector<Method>> methods = LoadMethods(service_full_name);
  if (!methods.ok()) {
    std::fprintf(stderr, "%s\n", std::string(methods.status().message()).c_str());
  }
  CLIENTELE_CHECK(methods.ok());
  for (Method& method : *methods) {
    std::string name = method.name;
    methods_.emplace(std::move(name), std::move(method));
  }
}

const Method& ServiceCalls::Find(absl::string_view name, CallType type) const {
  const auto found = methods_.find(std::string(name));
  CLIENTELE_CHECK(found != methods_.end() && found->second.type == type);
  return found->second;
}

}  // namespace clientele::rpc
