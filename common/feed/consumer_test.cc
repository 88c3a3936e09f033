// The consumer against a source that says whatever a test wants.

#include "common/feed/consumer.h"

#include <atomic>
#include <mutex>

#include "common/feed/consumer_positions.h"
#include "common/feed/errors.h"
#include "common/feed/event_converter.h"
#include "common/feed/resume_token.h"
#include "common/feed/testing/applied_log.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/feed/testing/signal.h"
#include "common/feed/testing/whole_share.h"
#include "common/rpc/client.h"
#include "common/rpc/status_mapping.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace clientele::feed {
namespace {

namespace v1 = clientele::common::v1;

using ::testing::ElementsAre;
using Phase = ConsumerBootstrap::Phase;

using Writer = grpc::ServerWriter<v1::WatchEventsResponse>;
using Script =
    std::function<grpc::Status(grpc::ServerContext&, const v1::WatchEventsRequest&, Writer&)>;

using ExportWriter = grpc::ServerWriter<v1::ExportEventsResponse>;
using ExportScript = std::function<grpc::Status(const v1::ExportEventsRequest&, ExportWriter&)>;

grpc::Status RefuseExport(const v1::ExportEventsRequest&, ExportWriter&) {
  return rpc::ToGrpcStatus(EventsNotExported("profile"), "profile.clientele");
}

// A source whose streams run a script.
class ScriptedSource final : public v1::EventService::Service {
 public:
  ScriptedSource(Script script, ExportScript export_script)
      : script_(std::move(script)), export_script_(std::move(export_script)) {}

  grpc::Status WatchEvents(grpc::ServerContext* context, const v1::WatchEventsRequest* request,
                           Writer* writer) override {
    return script_(*context, *request, *writer);
  }

  grpc::Status ExportEvents(grpc::ServerContext*, const v1::ExportEventsRequest* request,
                            ExportWriter* writer) override {
    return export_script_(*request, *writer);
  }

 private:
  const Script script_;
  const ExportScript export_script_;
};

// Events `first`..`last` of one customer, whose partition is 0 as far as the consumer knows.
v1::WatchEventsResponse MakeMessage(int64_t first, int64_t last) {
  v1::WatchEventsResponse message;
  for (int64_t position = first; position <= last; ++position) {
    ToEventProto("profile", {0, position, MakeEvent("c-1", position)}, *message.add_events());
  }
  Positions next{};
  next[0] = last;
  message.set_next_resume_token(EncodeResumeToken("profile", next));
  AppendPositionProtos(next, AllPartitions(), *message.mutable_heads());
  return message;
}

// Where every export here begins: at the fifth event of partition 0.
Positions ExportStart() {
  Positions start{};
  start[0] = 5;
  return start;
}

// Event `seq` of an export, or none when it is 0; `next` is the page token behind it.
v1::ExportEventsResponse MakeExport(int64_t seq, const std::string& next) {
  v1::ExportEventsResponse message;
  if (seq > 0) {
    ToEventProto("profile", {0, ExportStart()[0], MakeEvent("c-1", seq)}, *message.add_events());
  }
  message.set_next_page_token(next);
  message.set_resume_token(EncodeResumeToken("profile", ExportStart()));
  return message;
}

class ConsumerTest : public ::testing::Test {
 protected:
  ConsumerTest() { log_.CreateTable(*database_); }
  ~ConsumerTest() override {
    consumer_.reset();
    if (server_ != nullptr) {
      server_->Shutdown(std::chrono::system_clock::now());
    }
  }

  void StartSource(Script script, ExportScript export_script = RefuseExport) {
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
               Writer& writer) {
          const int64_t from = DecodeResumeToken("profile", request.resume_token()).value()[0];
          if (from < ExportStart()[0]) {
            return rpc::ToGrpcStatus(ResumeTokenExpired(0, from + 1, 6), "profile.clientele");
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
  void Send(Writer& writer, const v1::WatchEventsResponse& message) {
    writer.Write(message);
    progress_.Wake();
  }

  bool AwaitState(ConsumerState state) {
    return progress_.Await([&] { return consumer_->Status().state == state; });
  }

  // Sends heartbeats until the caller leaves; flow control sets the pace.
  grpc::Status StayOpen(grpc::ServerContext& context, Writer& writer, int64_t last) {
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

TEST_F(ConsumerTest, StopsAtAHoleAndSaysSo) {
  StartSource([&](grpc::ServerContext&, const v1::WatchEventsRequest&, Writer& writer) {
    Send(writer, MakeMessage(1, 2));
    Send(writer, MakeMessage(4, 5));
    return grpc::Status::OK;
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  const ConsumerStatus status = consumer_->Status();
  EXPECT_EQ(GetErrorReason(status.error), "FEED_HOLE");
  EXPECT_EQ(status.positions[0], 2);
  EXPECT_EQ(log_.Read(*database_).size(), 2u);
}

TEST_F(ConsumerTest, StopsWhenTheSourceHasNoSuchPosition) {
  StartSource([&](grpc::ServerContext&, const v1::WatchEventsRequest&, Writer&) {
    return grpc::Status(grpc::StatusCode::OUT_OF_RANGE, "expired");
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  EXPECT_EQ(consumer_->Status().error.code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(progress_.Await([&] { return error_count_ == 1; }));
  EXPECT_EQ(final_count_, 1);
}

TEST_F(ConsumerTest, StopsWhenTheHandlerRefusesForGood) {
  log_.SetFault([] { return absl::InvalidArgumentError("cannot be applied"); });
  StartSource([&](grpc::ServerContext& context, const v1::WatchEventsRequest&, Writer& writer) {
    Send(writer, MakeMessage(1, 2));
    return StayOpen(context, writer, 2);
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  EXPECT_TRUE(log_.Read(*database_).empty());
}

TEST_F(ConsumerTest, ComesBackWithItsOwnPositionAfterEveryBreak) {
  std::atomic<int> stream_count{0};
  StartSource([&](grpc::ServerContext&, const v1::WatchEventsRequest& request, Writer& writer) {
    const int64_t from = DecodeResumeToken("profile", request.resume_token()).value()[0];
    ++stream_count;
    Send(writer, MakeMessage(from + 1, from + 3));
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
  });
  StartConsumer();
  EXPECT_TRUE(progress_.Await([&] { return stream_count >= 5; }));
  consumer_->Stop();
  const std::vector<std::string> applied = log_.Read(*database_);
  EXPECT_GE(applied.size(), 9u);
  for (size_t i = 0; i < applied.size(); ++i) {
    EXPECT_EQ(applied[i], absl::StrCat("c-1#", i + 1));
  }
}

TEST_F(ConsumerTest, KeepsTryingWhileTheSourceIsAway) {
  StartConsumer();
  EXPECT_TRUE(progress_.Await([&] { return error_count_ >= 3; }));
  const ConsumerStatus status = consumer_->Status();
  EXPECT_EQ(status.state, ConsumerState::kConnecting);
  EXPECT_FALSE(status.heard_time.has_value());
  EXPECT_EQ(final_count_, 0) << "it tries again";
  consumer_->Stop();
  EXPECT_EQ(consumer_->Status().state, ConsumerState::kStopped);
}

TEST_F(ConsumerTest, StopsAtOnceInTheMiddleOfASilentStream) {
  std::atomic<bool> open{false};
  StartSource([&](grpc::ServerContext& context, const v1::WatchEventsRequest&, Writer& writer) {
    Send(writer, MakeMessage(1, 1));
    open = true;
    progress_.Wake();
    return StayOpen(context, writer, 1);
  });
  StartConsumer();
  EXPECT_TRUE(progress_.Await([&] { return open.load(); }));
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  consumer_->Stop();
  EXPECT_EQ(consumer_->Status().state, ConsumerState::kStopped);
}

TEST_F(ConsumerTest, KnowsHowFarTheSourceIsAhead) {
  StartSource([&](grpc::ServerContext& context, const v1::WatchEventsRequest&, Writer& writer) {
    v1::WatchEventsResponse message = MakeMessage(1, 2);
    message.mutable_heads(0)->set_position(12);
    Send(writer, message);
    while (!context.IsCancelled()) {
      v1::WatchEventsResponse heartbeat = MakeMessage(3, 2);
      heartbeat.mutable_heads(0)->set_position(12);
      Send(writer, heartbeat);
    }
    return grpc::Status::OK;
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  const ConsumerStatus status = consumer_->Status();
  EXPECT_GT(LagTime(status, clock_.Now()), absl::Hours(1)) << "applied, but not all";
  EXPECT_EQ(LagCount(status.positions, status.source_heads, status.partitions), 10);
  EXPECT_TRUE(status.heard_time.has_value());
}

TEST_F(ConsumerTest, RegistersWithItsSourceAndAsksForItsPartitions) {
  std::mutex mutex;
  std::vector<v1::WatchEventsRequest> requests;
  StartSource(
      [&](grpc::ServerContext& context, const v1::WatchEventsRequest& request, Writer& writer) {
        {
          std::lock_guard<std::mutex> lock(mutex);
          requests.push_back(request);
        }
        return StayOpen(context, writer, 0);
      });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  consumer_->Stop();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].consumer(), "thing");
  EXPECT_EQ(requests[0].partitions_size(), kPartitionCount);
}

TEST_F(ConsumerTest, BeginsWithAnExportWhenTheFirstEventsAreGone) {
  StartLossySource([](const v1::ExportEventsRequest& request, ExportWriter& writer) {
    EXPECT_EQ(request.consumer(), "thing");
    EXPECT_EQ(request.partitions_size(), kPartitionCount);
    writer.Write(MakeExport(0, "t-1"));
    writer.Write(MakeExport(1, "t-2"));
    writer.Write(MakeExport(2, ""));
    return grpc::Status::OK;
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  EXPECT_THAT(log_.Read(*database_), ElementsAre("c-1#1", "c-1#2", "c-1#6"));
  EXPECT_EQ(consumer_->Status().positions[0], 6);
  EXPECT_THAT(Phases(), ElementsAre(Phase::kBegun, Phase::kDone));
  EXPECT_EQ(exported_count_, 2);
  EXPECT_EQ(final_count_, 0);
}

TEST_F(ConsumerTest, GoesOnWithABrokenExportWhereItWas) {
  StartLossySource([](const v1::ExportEventsRequest& request, ExportWriter& writer) {
    if (request.page_token().empty()) {
      writer.Write(MakeExport(0, "t-1"));
      writer.Write(MakeExport(1, "t-2"));
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
    }
    EXPECT_EQ(request.page_token(), "t-2");
    writer.Write(MakeExport(2, ""));
    return grpc::Status::OK;
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  EXPECT_THAT(log_.Read(*database_), ElementsAre("c-1#1", "c-1#2", "c-1#6"));
  EXPECT_THAT(Phases(), ElementsAre(Phase::kBegun, Phase::kResumed, Phase::kDone));
}

TEST_F(ConsumerTest, IsAsFarBehindAsTheFeedIsLongUntilTheExportIsThrough) {
  std::atomic<bool> goes_on{false};
  StartLossySource([&](const v1::ExportEventsRequest&, ExportWriter& writer) {
    writer.Write(MakeExport(0, "t-1"));
    writer.Write(MakeExport(1, "t-2"));
    EXPECT_TRUE(progress_.Await([&] { return goes_on.load(); }));
    writer.Write(MakeExport(0, ""));
    return grpc::Status::OK;
  });
  log_.SetFault([this] {
    progress_.Wake();
    return absl::OkStatus();
  });
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kExporting));
  const ConsumerStatus status = consumer_->Status();
  EXPECT_EQ(LagCount(status.positions, status.source_heads, status.partitions), 5);
  goes_on = true;
  progress_.Wake();
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
}

TEST_F(ConsumerTest, BeginsAnewWhenABrokenExportCannotBeFinished) {
  for (const absl::Status& refusal :
       {InvalidExportToken("is malformed"), ResumeTokenExpired(0, 6, 9)}) {
    std::atomic<int> begun_count{0};
    StartLossySource([&](const v1::ExportEventsRequest& request, ExportWriter& writer) {
      if (!request.page_token().empty()) {
        return rpc::ToGrpcStatus(refusal, "profile.clientele");
      }
      writer.Write(MakeExport(0, "t-1"));
      if (++begun_count == 1) {
        return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken");
      }
      writer.Write(MakeExport(0, ""));
      return grpc::Status::OK;
    });
    database_ = OpenFreshSqlite();
    log_.CreateTable(*database_);
    StartConsumer();
    EXPECT_TRUE(AwaitState(ConsumerState::kFollowing)) << refusal;
    EXPECT_EQ(begun_count, 2);
    consumer_.reset();
    server_->Shutdown(std::chrono::system_clock::now());
  }
}

TEST_F(ConsumerTest, StopsForGoodWhenTheSourceExportsNothing) {
  StartLossySource(RefuseExport);
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  EXPECT_EQ(GetErrorReason(CheckConsumers({consumer_.get()})), "EVENTS_NOT_EXPORTED");
}

class ConsumerWithAPositionTest : public ConsumerTest {
 protected:
  // It has had one event of partition 0, and then fallen behind.
  ConsumerWithAPositionTest() {
    Positions had{};
    had[0] = 1;
    EXPECT_EQ(database_->RunInTransaction(
                  {},
                  [&](sql::Tx& tx) -> absl::Status {
                    CLIENTELE_RETURN_IF_ERROR(ClaimWholeShare(tx, "profile", 1).status());
                    return MoveConsumerPositions(tx, "profile", {}, had, WholeShare(1));
                  }),
              absl::OkStatus());
    // The first lease has fence 1: let its own be the second.
    EXPECT_EQ(
        database_->RunInTransaction(
            {},
            [](sql::Tx& tx) {
              const sql::Statement reset{"ResetFences", "UPDATE consumer_position SET fence = 0"};
              return tx.Execute(reset, {}).status();
            }),
        absl::OkStatus());
  }

  static grpc::Status ExportAll(const v1::ExportEventsRequest&, ExportWriter& writer) {
    writer.Write(MakeExport(0, "t-1"));
    writer.Write(MakeExport(2, ""));
    return grpc::Status::OK;
  }
};

TEST_F(ConsumerWithAPositionTest, StopsForGoodWhenItsEventsAreNoLongerKept) {
  StartLossySource(ExportAll);
  StartConsumer();
  EXPECT_TRUE(AwaitState(ConsumerState::kFailed));
  EXPECT_EQ(GetErrorReason(CheckConsumers({consumer_.get()})), "RESUME_TOKEN_EXPIRED")
      << "readiness says why";
  EXPECT_TRUE(Phases().empty()) << "nothing goes over what is there unasked";
}

TEST_F(ConsumerWithAPositionTest, TakesAnExportInsteadWhenAnOperatorAllowsIt) {
  StartLossySource(ExportAll);
  StartConsumer(true);
  EXPECT_TRUE(AwaitState(ConsumerState::kFollowing));
  EXPECT_THAT(log_.Read(*database_), ElementsAre("c-1#2", "c-1#6"));
}

TEST(LagTimeTest, IsHowOldTheOldestEventIsThatIsNotApplied) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  ConsumerStatus status;
  status.state = ConsumerState::kFollowing;
  EXPECT_EQ(LagTime(status, now), std::nullopt) << "other replicas have the partitions";
  status.partitions = AllPartitions();
  EXPECT_EQ(LagTime(status, now), std::nullopt) << "nothing heard yet";
  status.heard_time = now - absl::Seconds(3);
  EXPECT_EQ(LagTime(status, now), absl::ZeroDuration());
  status.pending_record_time = now - absl::Seconds(40);
  EXPECT_EQ(LagTime(status, now), absl::Seconds(40));
  status.pending_record_time = now + absl::Seconds(1);
  EXPECT_EQ(LagTime(status, now), absl::ZeroDuration()) << "the source's clock is ahead";
}

TEST(LagTimeTest, GrowsWhileTheSourceIsAway) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  ConsumerStatus status;
  status.partitions = AllPartitions();
  status.heard_time = now - absl::Seconds(30);
  status.state = ConsumerState::kConnecting;
  EXPECT_EQ(LagTime(status, now), absl::Seconds(30));
}

}  // namespace
}  // namespace clientele::feed
