#include "cli/output/proto_json.h"
#include "cli/output/table.h"
#include "clientele/common/v1/event.pb.h"
#include "clientele/profile/v1/events.pb.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

TEST(ProtoJson, WritesInt64AsNumbersAndFieldNamesAsInTheProto) {
  common::v1::Event event;
  event.set_customer_id("c-1");
  event.set_feed_seq(9007199254740993);
  event.mutable_occur_time()->set_seconds(1);
  EXPECT_EQ(ToJson(event, false).dump(), R"({"customer_id":"c-1","feed_seq":9007199254740993,)"
                                         R"("occur_time":"1970-01-01T00:00:01Z"})");
}

TEST(ProtoJson, OpensAnAnyOfAKnownType) {
  profile::v1::PurchaseCancelled cancelled;
  cancelled.set_gross_minor(250);
  common::v1::Event event;
  event.mutable_data()->PackFrom(cancelled);
  EXPECT_EQ(ToJson(event, false)["data"].dump(),
            R"({"@type":"type.googleapis.com/clientele.profile.v1.PurchaseCancelled",)"
            R"("gross_minor":250})");
}

TEST(ProtoJson, WritesMapsEnumsAndDefaults) {
  google::rpc::ErrorInfo info;
  (*info.mutable_metadata())["left"] = "2";
  EXPECT_EQ(ToJson(info, true).dump(), R"({"reason":"","domain":"","metadata":{"left":"2"}})");
  profile::v1::CustomerUpdated updated;
  updated.set_state(profile::v1::CUSTOMER_STATE_DELETED);
  EXPECT_EQ(ToJson(updated, false)["state"], "CUSTOMER_STATE_DELETED");
}

TEST(Table, AlignsColumnsAlsoWithWideCharacters) {
  Table table;
  table.Column("segment").Column("n", Align::kRight);
  table.Row({"重要价值", "12"}).Row({"LOYAL", "3"});
  EXPECT_EQ(table.ToString(), "segment    n\n重要价值  12\nLOYAL      3\n");
}

TEST(Table, ShowsControlCharactersHarmlessly) {
  Table table;
  table.Column("id");
  table.Row({"a\x1b[31mb"});
  EXPECT_EQ(table.ToString(), "id\na?[31mb\n");
}

TEST(Table, DrawsBarsAndNumbers) {
  EXPECT_EQ(Bar(5, 10, 4), "██");
  EXPECT_EQ(Bar(0, 10, 4), "");
  EXPECT_EQ(Bar(1, 1000, 4), "▏");
  EXPECT_EQ(WithSeparators(-1234567), "-1,234,567");
  EXPECT_EQ(WithSeparators(-123), "-123");
}

}  // namespace
}  // namespace clientele::cli
