#include "common/rpc/caller.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace clientele::rpc {

Caller::Caller(std::string principal, std::vector<std::string> permissions)
    : principal_(std::move(principal)), exact_(std::move(permissions)) {
  const auto wild = std::partition(exact_.begin(), exact_.end(), [](const std::string& permission) {
    return permission != "*" && !absl::EndsWith(permission, ".*");
  });
  prefixes_.reserve(static_cast<size_t>(exact_.end() - wild));
  for (auto permission = wild; permission != exact_.end(); ++permission) {
    prefixes_.emplace_back(absl::StripSuffix(*permission, "*"));
  }
  exact_.erase(wild, exact_.end());
  std::sort(exact_.begin(), exact_.end());
}

bool Caller::MayDo(absl::string_view permission) const {
  return std::binary_search(exact_.begin(), exact_.end(), permission) ||
         std::any_of(prefixes_.begin(), prefixes_.end(), [&](const std::string& prefix) {
           return absl::StartsWith(permission, prefix);
         });
}

}  // namespace clientele::rpc
