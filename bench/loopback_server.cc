#include "bench/loopback_server.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/server/version.h"
#include "common/status/macros.h"

namespace clientele::bench {

LoopbackServer::LoopbackServer(const server::ServiceDefinition& definition,
                               server::RuntimeOptions options)
    : pages_(server::kVersion, {definition.service}),
      key_(*SecretKey::FromBytes(std::string(kSecretKeyBytes, 'b'))),
      key_ring_(*KeyRing::Parse(
          absl::StrCat("bench ", absl::Base64Escape(std::string(kSecretKeyBytes, 'k'))))) {
  options.bind_address = "127.0.0.1:0";
  auto runtime = server::ServiceRuntime::Open(definition, options,
                                              {.system_clock = clock_,
                                               .business_clock = clock_,
                                               .uuids = ids_,
                                               .log_sink = log_,
                                               .pages = pages_,
                                               .key = key_,
                                               .key_wrapper = &key_ring_});
  CLIENTELE_CHECK(runtime.ok());
  runtime_ = *std::move(runtime);
  CLIENTELE_CHECK(runtime_->Migrate().ok());
}

LoopbackServer::~LoopbackServer() {
  runtime_->Shutdown();
  pages_.Close();
}

void LoopbackServer::Serve() { CLIENTELE_CHECK(runtime_->Serve().ok()); }

}  // namespace clientele::bench
