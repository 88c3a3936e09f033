#ifndef TESTS_CONTRACT_SUITE_H_
#define TESTS_CONTRACT_SUITE_H_

// The methods of all servers of the suite, and what is published about them.

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "common/rpc/method.h"

namespace clientele::contract {

struct Server {
  std::string name;
  std::vector<const google::protobuf::FileDescriptor*> files;  // of its own services
};

std::vector<Server> Servers();

// Its own, and those that every server has.
std::vector<rpc::Method> MethodsOf(const Server& server);

// "" when it is not there.
std::string ReadFile(const std::string& path);

}  // namespace clientele::contract

#endif  // TESTS_CONTRACT_SUITE_H_
