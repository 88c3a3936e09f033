#ifndef BENCH_LOOPBACK_SERVER_H_
#define BENCH_LOOPBACK_SERVER_H_

// A server of the suite within a benchmark, put together as the server binaries are.

#include <memory>

#include "absl/strings/string_view.h"
#include "common/crypto/key_ring.h"
#include "common/crypto/secret_key.h"
#include "common/ids/uuid.h"
#include "common/observability/log.h"
#include "common/observability/ops_pages.h"
#include "common/server/service_runtime.h"
#include "common/time/clock.h"

namespace clientele::bench {

// One service on loopback, on a port of its own and the machine's clock. Not thread-safe but for
// runtime(). Whatever fails is a CHECK.
class LoopbackServer {
 public:
  // Opens and migrates the database that `options` name; the address in them is not used.
  LoopbackServer(const server::ServiceDefinition& definition, server::RuntimeOptions options);
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer();

  // From here on it answers RPCs at runtime().address() and moves its outbox. Once only.
  void Serve();

  server::ServiceRuntime& runtime() const { return *runtime_; }
  UuidV7Generator& ids() { return ids_; }
  const Clock& clock() const { return clock_; }

 private:
  // Nobody reads the log of a benchmark.
  class NoLog final : public LogSink {
   public:
    void Write(absl::string_view) override {}
  };

  const SystemClock clock_;
  UuidV7Generator ids_;
  NoLog log_;
  OpsPages pages_;
  const SecretKey key_;
  const KeyRing key_ring_;
  std::unique_ptr<server::ServiceRuntime> runtime_;
};

}  // namespace clientele::bench

#endif  // BENCH_LOOPBACK_SERVER_H_
