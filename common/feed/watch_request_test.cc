#include "common/feed/watch_request.h"

#include <optional>

#include "common/feed/resume_token.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::feed {
namespace {

using clientele::common::v1::WatchEventsRequest;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const std::vector<std::string> kEventTypes = {"clientele.profile.customer.created.v1",
                                              "clientele.profile.purchase.recorded.v1"};

std::vector<std::string> ViolatedFields(const absl::Status& status) {
  std::vector<std::string> fields;
  const std::optional<ErrorDetails> details = GetErrorDetails(status);
  if (!details.has_value()) {
    return fields;
  }
  for (const FieldViolation& violation : details->field_violations) {
    fields.push_back(violation.field);
  }
  return fields;
}

TEST(ValidateWatchEvents, FillsInTheDefaults) {
  const WatchPlan plan = ValidateWatchEvents("profile", kEventTypes, WatchEventsRequest()).value();
  EXPECT_EQ(plan.after, Positions{});
  EXPECT_TRUE(plan.partitions.all());
  EXPECT_TRUE(plan.types.empty());
  EXPECT_EQ(plan.heartbeat_interval, absl::Seconds(10));
  EXPECT_FALSE(plan.stop_at_head);
  EXPECT_TRUE(plan.consumer.empty());
}

TEST(ValidateWatchEvents, TakesEverythingAsAsked) {
  Positions positions{};
  positions[5] = 42;
  WatchEventsRequest request;
  request.set_resume_token(EncodeResumeToken("profile", positions));
  request.add_types("clientele.profile.purchase.recorded.v1");
  request.add_partitions(0);
  request.add_partitions(15);
  request.mutable_heartbeat_interval()->set_nanos(100'000'000);
  request.set_stop_at_head(true);
  request.set_consumer("crm-2_eu.a");
  const WatchPlan plan = ValidateWatchEvents("profile", kEventTypes, request).value();
  EXPECT_EQ(plan.after, positions);
  EXPECT_EQ(plan.partitions.count(), 2u);
  EXPECT_TRUE(plan.partitions[0] && plan.partitions[15]);
  EXPECT_THAT(plan.types, ElementsAre("clientele.profile.purchase.recorded.v1"));
  EXPECT_EQ(plan.heartbeat_interval, absl::Milliseconds(100));
  EXPECT_TRUE(plan.stop_at_head);
  EXPECT_EQ(plan.consumer, "crm-2_eu.a");
}

TEST(ValidateWatchEvents, RefusesConsumerNamesThatAreNoPlainWords) {
  for (const std::string& name : {std::string("Loyalty"), std::string("a b"), std::string(64, 'a'),
                                  std::string("kund\xc3\xa4rt")}) {
    WatchEventsRequest request;
    request.set_consumer(name);
    EXPECT_THAT(ViolatedFields(ValidateWatchEvents("profile", kEventTypes, request).status()),
                ElementsAre("consumer"))
        << name;
  }
}

TEST(ValidateWatchEvents, ListsEveryViolationAtOnce) {
  WatchEventsRequest request;
  request.set_resume_token("garbage");
  request.add_types("clientele.profile.customer.created.v1");
  request.add_types("");
  request.add_types("clientele.profile.customer.created.v2");
  request.add_partitions(16);
  request.add_partitions(3);
  request.add_partitions(3);
  request.add_partitions(-1);
  request.mutable_heartbeat_interval()->set_seconds(61);
  const absl::Status status = ValidateWatchEvents("profile", kEventTypes, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorReason(status), "INVALID_ARGUMENT");
  EXPECT_THAT(ViolatedFields(status),
              UnorderedElementsAre("resume_token", "types[1]", "types[2]", "partitions[0]",
                                   "partitions[2]", "partitions[3]", "heartbeat_interval"));
}

TEST(ValidateWatchEvents, RefusesEveryTypeThatTheServiceDoesNotHave) {
  WatchEventsRequest request;
  request.add_types("clientele.profile.purchase.recorded.v1");
  request.add_types("clientele.profile.purchase.record.v1");
  request.add_types("clientele.loyalty.points.earned.v1");
  const absl::Status status = ValidateWatchEvents("profile", kEventTypes, request).status();
  EXPECT_EQ(GetErrorReason(status), "INVALID_ARGUMENT");
  EXPECT_THAT(ViolatedFields(status), ElementsAre("types[1]", "types[2]"));
  EXPECT_EQ(GetErrorDetails(status)->field_violations[0].description,
            "is no event type of profile");
  EXPECT_THAT(ViolatedFields(ValidateWatchEvents("segmentation", {}, request).status()),
              ElementsAre("types[0]", "types[1]", "types[2]"));
}

TEST(ValidateWatchEvents, NamesABadTokenThatIsTheOnlyFault) {
  WatchEventsRequest request;
  request.set_resume_token(EncodeResumeToken("loyalty", Positions{}));
  const absl::Status status = ValidateWatchEvents("profile", kEventTypes, request).status();
  EXPECT_EQ(GetErrorReason(status), "INVALID_RESUME_TOKEN");
  EXPECT_THAT(ViolatedFields(status), ElementsAre("resume_token"));
}

TEST(ValidateWatchEvents, RefusesMoreThanItLimits) {
  WatchEventsRequest request;
  for (int i = 0; i < 51; ++i) {
    request.add_types("some.type.v1");
    request.add_partitions(i);
  }
  request.mutable_heartbeat_interval()->set_seconds(-1);
  EXPECT_THAT(ViolatedFields(ValidateWatchEvents("profile", kEventTypes, request).status()),
              UnorderedElementsAre("types", "partitions", "heartbeat_interval"));
}

}  // namespace
}  // namespace clientele::feed
