#ifndef COMMON_AUTH_KNOWN_PERMISSIONS_H_
#define COMMON_AUTH_KNOWN_PERMISSIONS_H_

#include <string>
#include <vector>

namespace clientele::auth {

// The permissions of all services of the suite, in order: those of proto/permissions.json. A server
// links the protos of its own methods only, and its roles may name the permissions of others'.
std::vector<std::string> KnownPermissions();

}  // namespace clientele::auth

#endif  // COMMON_AUTH_KNOWN_PERMISSIONS_H_
