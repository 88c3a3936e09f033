#include "services/profile/api/handlers/purchase_recording.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/handlers/customer_writes.h"
#include "services/profile/api/validation/purchase_requests.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;

// What a recording asks for: orders of the shop as (customer_id, order_number).
struct Ask {
  int request = 0;
  std::vector<std::pair<std::string, std::string>> orders;
  std::string content = "content";
  std::string traceparent = "";
  std::string call_id = "";  // "" = the call is not audited
};

class PurchaseRecordingTest : public ::testing::Test, public ApiFixture {
 protected:
  void SetUp() override {
    rpc::CallContext call = Call();
    const CustomerWrites customers(api());
    for (const char* id : {"c-1", "c-2"}) {
      ASSERT_TRUE(customers.Create(call, MakeCreateRequest(id)).ok());
    }
  }

  void Commit(const std::vector<Ask>& asks) {
    rpc::CallContext call = Call();
    recordings_.clear();
    std::vector<sql::GroupMember*> members;
    members.reserve(asks.size());
    for (const Ask& ask : asks) {
      call.traceparent = ask.traceparent;
      call.call_id = ask.call_id;
      call.audits = !ask.call_id.empty();
      members.push_back(recordings_
                            .emplace_back(std::make_unique<PurchaseRecording>(
                                call, MakeRequestId(ask.request), ask.content, ItemsOf(ask)))
                            .get());
    }
    EXPECT_EQ(CommitRecordings(api(), members, absl::InfiniteFuture()), absl::OkStatus());
  }

  // Of the last Commit.
  const PurchaseRecording& recording(size_t i) const { return *recordings_[i]; }

  // Per item of a recording: its refusal's reason, "again" for an order that was there, else "".
  std::vector<std::string> Outcomes(size_t i) const {
    std::vector<std::string> outcomes;
    for (const auto& result : recording(i).response.results()) {
      outcomes.push_back(result.already_recorded() ? "again" : ReasonOf(result.status()));
    }
    return outcomes;
  }

  size_t EventCount() { return Outbox().size(); }

 private:
  std::vector<PurchaseItem> ItemsOf(const Ask& ask) {
    std::vector<PurchaseItem> items;
    items.reserve(ask.orders.size());
    for (const auto& order : ask.orders) {
      Violations violations;
      auto purchase = ReadPurchase(FieldPath(), MakePurchaseProto(order.first, order.second), "",
                                   business_clock().Now(), violations);
      items.emplace_back(OrderItem{.purchase = std::move(purchase).value(), .buyer = std::nullopt});
    }
    return items;
  }

  std::vector<std::unique_ptr<PurchaseRecording>> recordings_;
};

TEST_F(PurchaseRecordingTest, GivesEachCallItsOwnAnswer) {
  Commit({{1, {{"c-1", "1"}, {"c-9", "2"}}}, {2, {}}, {3, {{"c-2", "3"}}}});
  EXPECT_THAT(Outcomes(0), ElementsAre("", "CUSTOMER_NOT_FOUND"));
  EXPECT_THAT(Outcomes(1), ElementsAre());
  EXPECT_THAT(Outcomes(2), ElementsAre(""));
  EXPECT_EQ(recording(2).response.results(0).purchase_id(), PurchaseIdOf("shop", "3").value());
}

TEST_F(PurchaseRecordingTest, TellsTheTraceOfThoseWhoAreAloneWithTheirCustomer) {
  Commit({{1, {{"c-1", "1"}}, "content", "trace-1"}, {2, {{"c-2", "2"}}, "content", "trace-2"}});
  Commit({{3, {{"c-1", "3"}}, "content", "trace-3"}, {4, {{"c-1", "4"}}, "content", "trace-4"}});
  std::vector<std::string> traces;
  for (const feed::OutboxEvent& event : Outbox()) {
    if (event.type == kPurchaseRecordedType) {
      traces.push_back(event.customer_id + " " + event.traceparent);
    }
  }
  EXPECT_THAT(traces, ElementsAre("c-1 trace-1", "c-1 ", "c-1 ", "c-2 trace-2"));
}

TEST_F(PurchaseRecordingTest, TellsTheAuditLogWhomEachCallHasChanged) {
  Commit({{1, {{"c-2", "1"}, {"c-9", "2"}, {"c-1", "3"}}, "content", "", "one"},
          {2, {{"c-1", "3"}}, "content", "", "nothing new"},
          {3, {{"c-2", "4"}}, "content", "", "three"},
          {4, {{"c-2", "5"}}}});
  Commit({{3, {{"c-2", "4"}}, "content", "", "again"}});
  EXPECT_THAT(AuditedWrites(),
              ElementsAre("one: customer/c-1 customer/c-2", "three: customer/c-2"));
  EXPECT_FALSE(recording(0).changed);
}

TEST_F(PurchaseRecordingTest, AnOrderInTwoCallsIsRecordedOnce) {
  const size_t events = EventCount();
  Commit({{1, {{"c-1", "1"}}}, {2, {{"c-1", "1"}, {"c-1", "2"}}}, {3, {{"c-2", "1"}}}});
  EXPECT_THAT(Outcomes(0), ElementsAre(""));
  EXPECT_THAT(Outcomes(1), ElementsAre("again", ""));
  EXPECT_THAT(Outcomes(2), ElementsAre("PURCHASE_CONFLICT"));
  EXPECT_EQ(EventCount(), events + 3);  // two purchases and a customer who became EXISTING
}

TEST_F(PurchaseRecordingTest, ARepetitionGetsTheFirstAnswerAmongOthers) {
  Commit({{1, {{"c-1", "1"}}}});
  const v1::RecordPurchasesResponse first = recording(0).response;
  Commit({{2, {{"c-1", "2"}}}, {1, {{"c-1", "1"}}}, {3, {{"c-1", "3"}}}});
  EXPECT_TRUE(recording(1).replayed);
  EXPECT_TRUE(MessageDifferencer::Equals(recording(1).response, first));
  EXPECT_THAT(Outcomes(0), ElementsAre(""));
  EXPECT_FALSE(recording(0).replayed);
  EXPECT_THAT(Outcomes(2), ElementsAre(""));
}

TEST_F(PurchaseRecordingTest, AReusedRequestIdIsRefusedAlone) {
  Commit({{1, {{"c-1", "1"}}}});
  Commit({{1, {{"c-1", "2"}}, "other"}, {2, {{"c-1", "3"}}}});
  EXPECT_EQ(GetErrorReason(recording(0).refusal), "REQUEST_ID_REUSED");
  EXPECT_EQ(recording(1).refusal, absl::OkStatus());
  EXPECT_THAT(Outcomes(1), ElementsAre(""));
}

TEST_F(PurchaseRecordingTest, ACallThatChangesNothingIsNotRemembered) {
  Commit({{1, {{"c-1", "1"}}}});
  Commit({{2, {{"c-1", "1"}}}, {3, {{"c-9", "1"}}}});
  const size_t events = EventCount();
  const int pokes = poke_count();
  Commit({{2, {{"c-1", "1"}}, "other"}, {3, {{"c-9", "1"}}}});
  EXPECT_EQ(recording(0).refusal, absl::OkStatus());
  EXPECT_FALSE(recording(1).replayed);
  EXPECT_EQ(EventCount(), events);
  EXPECT_EQ(poke_count(), pokes);
}

}  // namespace
}  // namespace clientele::profile
