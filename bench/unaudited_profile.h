#ifndef BENCH_UNAUDITED_PROFILE_H_
#define BENCH_UNAUDITED_PROFILE_H_

// Profile as P1 of the quality plan names it: authentication, metrics and cache on, and no audit
// log, which no configuration of a server leaves out of it where callers are asked who they are.

#include <memory>
#include <string>

#include "bench/loopback_server.h"
#include "bench/security.h"
#include "common/server/service_runtime.h"

namespace clientele::bench {

// As LoopbackServer; serves from the start.
class UnauditedProfile {
 public:
  // Migrates the database at `path`; takes the tokens of `secrets`.
  UnauditedProfile(const std::string& path, const Secrets& secrets);
  ~UnauditedProfile();

  server::ServiceRuntime& runtime() const { return server_.runtime(); }

 private:
  class Pipeline;

  std::unique_ptr<Pipeline> pipeline_;  // made when it serves
  LoopbackServer server_;
};

}  // namespace clientele::bench

#endif  // BENCH_UNAUDITED_PROFILE_H_
