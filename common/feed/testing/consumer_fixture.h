#ifndef COMMON_FEED_TESTING_CONSUMER_FIXTURE_H_
#define COMMON_FEED_TESTING_CONSUMER_FIXTURE_H_

// The fixture of consumer_test.cc and consumer_export_test.cc: a consumer and its scripted source.

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "common/feed/consumer.h"
#include "common/feed/testing/applied_log.h"
#include "common/feed/testing/scripted_source.h"
#include "common/feed/testing/signal.h"
#include "common/rpc/client.h"
#include "gmock/gmock.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace clientele::feed {

class ConsumerTest : public ::testing::Test {
 protected:
  ConsumerTest() { log_.CreateTable(*database_); }
  ~ConsumerTest() override {
    consumer_.reset();
    if (server_ != nullptr) {
      server_->Shutdown(std::chrono::system_clock::now());
    }
  }

  void StartSource(WatchScript script, ExportScript export_script = RefuseExport) {
    source_ = std::make_unique<ScriptedSource>(std::move(script), std::move(export_script));
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(source_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    address_ = absl::StrCat("127.0.0.1:", port);
  }

  // Serves a feed that has lost the first five events of partition 0.
  void StartLossySource(ExportScript export_script) {
    StartSource(
        [this](grpc::ServerContext& context, const v1::WatchEventsRequest& request,
               WatchWriter& writer) {
          const int64_t from = DecodeResumeToken("profile", request.resume_token()).value()[0];
          if (from < ExportStart()[0]) {
            return rpc::ToGrpcStatus(ResumeTokenExpired(OnlyTheFirst(), from + 1, 6),
                                     "profile.clientele");
          }
          Send(writer, MakeMessage(from + 1, from + 1));
          return StayOpen(context, writer, from + 1);
        },
        std::move(export_script));
  }

  void StartConsumer(bool bootstraps_when_behind = false) {
    ConsumerOptions options;
    options.bootstraps_when_behind = bootstraps_when_behind;
    options.on_bootstrap = [this](const ConsumerBootstrap& bootstrap) {
      std::lock_guard<std::mutex> lock(mutex_);
      phases_.push_back(bootstrap.phase);
      exported_count_ = bootstrap.event_count;
    };
    options.backoff_min = absl::Milliseconds(1);
    options.backoff_max = absl::Milliseconds(5);
    consumer_ = std::make_unique<Consumer>(FeedSource{"profile", rpc::Connect(address_), "thing"},
                                           options, *database_, log_, clock_,
                                           [this](const ConsumerFailure& failure) {
                                             final_count_ += failure.is_final ? 1 : 0;
                                             ++error_count_;
                                             progress_.Wake();
                                           });
    consumer_->Start();
  }

  // Sends a message and lets the test look.
  void Send(WatchWriter& writer, const v1::WatchEventsResponse& message) {
    writer.Write(message);
    progress_.Wake();
  }

  bool AwaitState(ConsumerState state) {
    return progress_.Await([&] { return consumer_->Status().state == state; });
  }

  // Sends heartbeats until the caller leaves; flow control sets the pace.
  grpc::Status StayOpen(grpc::ServerContext& context, WatchWriter& writer, int64_t last) {
    while (!context.IsCancelled()) {
      Send(writer, MakeMessage(last + 1, last));
    }
    return grpc::Status::CANCELLED;
  }

  std::vector<ConsumerBootstrap::Phase> Phases() {
    std::lock_guard<std::mutex> lock(mutex_);
    return phases_;
  }

  const SystemClock clock_;
  std::mutex mutex_;
  std::vector<ConsumerBootstrap::Phase> phases_;
  int64_t exported_count_ = 0;
  std::unique_ptr<sql::Database> database_ = OpenFreshSqlite();
  AppliedLog log_;
  Signal progress_;
  std::atomic<int> error_count_{0};
  std::atomic<int> final_count_{0};
  std::unique_ptr<ScriptedSource> source_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_ = "127.0.0.1:1";
  std::unique_ptr<Consumer> consumer_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_CONSUMER_FIXTURE_H_
