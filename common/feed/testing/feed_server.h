#ifndef COMMON_FEED_TESTING_FEED_SERVER_H_
#define COMMON_FEED_TESTING_FEED_SERVER_H_

// A real server of one EventService on a loopback port, wired as a service's main.cc does.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/feed/event_service.h"
#include "common/rpc/rpc_server.h"
#include "common/rpc/testing/test_pipeline.h"
#include "common/status/macros.h"

namespace clientele::feed {

// Not thread-safe.
class FeedServer {
 public:
  // Listens on `port`; 0 = any free one. Aborts when it cannot.
  explicit FeedServer(const EventServiceSources& sources, int port = 0)
      : FeedServer(sources, {.bind_address = absl::StrCat("127.0.0.1:", port)}) {}

  // With all options of a server.
  FeedServer(const EventServiceSources& sources, const rpc::RpcServerOptions& options)
      : parts_(sources.service_name), service_(parts_.pipeline(), sources) {
    absl::StatusOr<std::unique_ptr<rpc::RpcServer>> server =
        rpc::RpcServer::Start(options, parts_.pipeline(), {{service_.full_name(), service_}});
    CLIENTELE_CHECK(server.ok());
    server_ = *std::move(server);
  }

  // Drains, as SIGTERM makes a service do.
  void Shutdown() { server_->Shutdown(); }

  int port() const { return server_->port(); }
  std::string address() const { return server_->address(); }

 private:
  rpc::TestPipeline parts_;
  EventService service_;
  std::unique_ptr<rpc::RpcServer> server_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_FEED_SERVER_H_
