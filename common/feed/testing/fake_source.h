#ifndef COMMON_FEED_TESTING_FAKE_SOURCE_H_
#define COMMON_FEED_TESTING_FAKE_SOURCE_H_

// A service that has nothing but a feed, for tests of its consumers.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clientele/common/v1/event.pb.h"
#include "common/feed/event_record.h"
#include "common/feed/event_service.h"
#include "common/feed/feed_notifier.h"
#include "common/feed/feed_reader.h"
#include "common/feed/migrations.h"
#include "common/feed/outbox_mover.h"
#include "common/feed/positions.h"
#include "common/feed/testing/feed_server.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "common/time/clock.h"
#include "common/time/time_proto.h"

namespace clientele::feed {

// Its feed outlives its server, which can be taken down and brought back. Not thread-safe.
class FakeSource {
 public:
  // `service` is the short name ("profile"). Serves on a free port. Aborts when it cannot.
  explicit FakeSource(std::string service)
      : service_(std::move(service)),
        database_(sql::OpenTestSqlite(Migrations())),
        mover_(*database_, clock_, "local", absl::Minutes(1), 1000) {
    Up();
    port_ = server_->port();
  }

  // Where it serves, also while it is down.
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  void Down() { server_.reset(); }

  // Serves again, at the same address.
  void Up() {
    server_ = std::make_unique<FeedServer>(EventServiceSources{.service_name = service_,
                                                               .database = *database_,
                                                               .notifier = notifier_,
                                                               .clock = clock_,
                                                               .consumers = {}},
                                           port_);
  }

  // Commits the events (type, customer, times and data; ids are kept) and moves them into the feed.
  void Tell(const std::vector<common::v1::Event>& events) {
    Write(events);
    while (mover_.Move().value().has_more) {
    }
    notifier_.Notify();
  }

  // Commits them only: the feed has them with what it is told next.
  void Write(const std::vector<common::v1::Event>& events) {
    std::vector<OutboxEvent> rows;
    rows.reserve(events.size());
    for (const common::v1::Event& event : events) {
      rows.push_back(
          {.event_id = event.id(),
           .type = event.type(),
           .subject = absl::StrCat("customer/", event.customer_id()),
           .customer_id = event.customer_id(),
           .feed_seq = ++feed_seq_,
           .occur_time = FromTimestamp(event.occur_time()),
           .record_time = FromTimestamp(event.record_time()),
           .data_type = event.data().type_url().substr(std::string("type.googleapis.com/").size()),
           .data = event.data().value()});
    }
    CLIENTELE_CHECK(
        database_->RunInTransaction({}, [&](sql::Tx& tx) { return AppendToOutbox(tx, rows); })
            .ok());
  }

  // Where the feed is.
  sql::Database& database() { return *database_; }

  Positions Heads() { return sql::ReadIn(*database_, {}, ReadHeads).value(); }

 private:
  const std::string service_;
  const SystemClock clock_;
  const std::unique_ptr<sql::Database> database_;
  FeedNotifier notifier_;
  OutboxMover mover_;
  int port_ = 0;
  int64_t feed_seq_ = 0;  // dense per customer is not needed: nothing here counts it
  std::unique_ptr<FeedServer> server_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_FAKE_SOURCE_H_
