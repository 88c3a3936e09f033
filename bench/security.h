#ifndef BENCH_SECURITY_H_
#define BENCH_SECURITY_H_

// Keys, certificates and a token for the servers of benchmarks and those who call them.

#include "common/rpc/client.h"
#include "common/server/security_config.h"
#include "common/testing/temp_folder.h"

namespace clientele::bench {

// Of a server and of its caller; without anything, all of security is off.
struct Secrets {
  server::SecurityConfig server;
  rpc::ChannelSecurity client;
};

// A token that may do everything, signed by ES256, over an unencrypted port. The audit log is on,
// as it always is where callers are asked who they are. A failure is a CHECK.
Secrets MakeTokenSecrets(const TempFolder& folder);

// The same over mutual TLS.
Secrets MakeTlsSecrets(const TempFolder& folder);

}  // namespace clientele::bench

#endif  // BENCH_SECURITY_H_
