#ifndef COMMON_RPC_CALLER_H_
#define COMMON_RPC_CALLER_H_

// Who makes a call, once its credentials have been verified, and what they may do.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace clientele::rpc {

// Immutable, so thread-safe.
class Caller {
 public:
  // Each of `permissions` is one ("profile.customers.read"), all that begin alike ("profile.*"), or
  // all ("*"). Without any the caller may do nothing.
  Caller(std::string principal, std::vector<std::string> permissions);

  // The name in logs and beside stored answers: "complaints", or "token:" and a token's subject.
  const std::string& principal() const { return principal_; }

  // Whether `permission`, a full name, is among those given.
  bool MayDo(absl::string_view permission) const;

 private:
  const std::string principal_;
  std::vector<std::string> exact_;     // ascending
  std::vector<std::string> prefixes_;  // "profile." of "profile.*", "" of "*"
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CALLER_H_
