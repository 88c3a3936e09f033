#include "services/loyalty/api/handlers/ledger_posting.h"

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/api/handlers/ledger_writes.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;

// What a posting asks for.
struct Ask {
  int request = 0;
  std::string customer_id;
  int64_t points = 0;
  std::string content_hash = "hash";
  EntryKind kind = EntryKind::kRedeem;
  std::string traceparent;
  std::string call_id;           // "" = the call is not audited
  bool is_another_call = false;  // than the one before, though its call_id is the same
};

std::shared_ptr<const PostingCall> MakeCall(const Ask& ask) {
  rpc::CallContext call;
  call.principal = "local";
  call.call_id = ask.call_id;
  call.audits = !ask.call_id.empty();
  call.traceparent = ask.traceparent;
  return std::make_shared<PostingCall>(call);
}

std::unique_ptr<LedgerPosting> MakePosting(const Ask& ask,
                                           std::shared_ptr<const PostingCall> call) {
  PostingCommand command{ask.kind, {}};
  command.points.points = ask.points;
  command.points.ledger = {.customer_id = CustomerId(ask.customer_id),
                           .request_id = MakeRequestId(ask.request),
                           .content_hash = ask.content_hash,
                           .reason = "TEST"};
  return std::make_unique<LedgerPosting>(std::move(command), std::move(call));
}

// A loyalty whose postings are committed in batches of the test's choice.
class PostingLedger : public ApiFixture {
 public:
  // What became of each: its refusal's reason, "again" for a replay, else "". Asks with the call_id
  // of the one before are of its call.
  std::vector<std::string> Commit(const std::vector<Ask>& asks) {
    postings_.clear();
    std::vector<sql::GroupMember*> members;
    members.reserve(asks.size());
    std::shared_ptr<const PostingCall> call;
    std::string call_id;
    for (const Ask& ask : asks) {
      if (call == nullptr || ask.call_id.empty() || ask.call_id != call_id || ask.is_another_call) {
        call = MakeCall(ask);
        call_id = ask.call_id;
      }
      members.push_back(postings_.emplace_back(MakePosting(ask, call)).get());
    }
    EXPECT_EQ(CommitPostings(api(), members, absl::InfiniteFuture()), absl::OkStatus());
    std::vector<std::string> outcomes;
    outcomes.reserve(asks.size());
    for (const auto& posting : postings_) {
      outcomes.emplace_back(posting->replayed ? "again" : GetErrorReason(posting->refusal));
    }
    return outcomes;
  }

  // Of the last Commit.
  const LedgerPosting& posting(size_t i) const { return *postings_[i]; }

 private:
  std::vector<std::unique_ptr<LedgerPosting>> postings_;
};

class LedgerPostingTest : public ::testing::Test, public PostingLedger {};

TEST_F(LedgerPostingTest, DecidesEachOnWhatThoseBeforeItLeft) {
  AddMember("c-1", 100);
  EXPECT_THAT(Commit({{1, "c-1", 60}, {2, "c-1", 60}, {3, "c-1", 40}}),
              ElementsAre("", "INSUFFICIENT_POINTS", ""));
  EXPECT_EQ(posting(0).entry.balance_after, 40);
  EXPECT_EQ(posting(2).entry.balance_after, 0);
  EXPECT_EQ(Balance("c-1").available(), 0);
  EXPECT_EQ(Entries("c-1").size(), 3U);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(LedgerPostingTest, TellsTheTraceOfThoseWhoAreAloneWithTheirMember) {
  for (const char* id : {"c-1", "c-2", "c-3"}) AddMember(id, 100);
  const EntryKind redeem = EntryKind::kRedeem;
  Commit({{1, "c-1", 1, "hash", redeem, "trace-1"},
          {2, "c-2", 1, "hash", redeem, "trace-2"},
          {3, "c-2", 1, "hash", redeem, "trace-3"},
          {4, "c-3", 1}});
  std::vector<std::string> traces;
  for (const feed::OutboxEvent& event : Outbox()) {
    if (event.type == kPointsRedeemedType) {
      traces.push_back(event.customer_id + " " + event.traceparent);
    }
  }
  EXPECT_THAT(traces, ElementsAre("c-1 trace-1", "c-2 ", "c-2 ", "c-3 "));
}

TEST_F(LedgerPostingTest, TellsTheAuditLogWhatEachCallHasPosted) {
  for (const char* id : {"c-1", "c-2"}) AddMember(id, 100);
  const EntryKind redeem = EntryKind::kRedeem;
  Commit({{1, "c-1", 1, "hash", redeem, "", "one"},
          {2, "c-2", 1, "hash", redeem, "", "two"},  // the same call as the next
          {3, "c-1", 2, "hash", redeem, "", "two"},
          {6, "c-1", 1, "hash", redeem, "", "two", true},
          {4, "c-2", 999, "hash", redeem, "", "refused"},
          {5, "c-2", 1}});
  Commit({{1, "c-1", 1, "hash", redeem, "", "again"}});
  EXPECT_THAT(AuditedWrites(), ElementsAre("one: customer/c-1", "two: customer/c-2 customer/c-1",
                                           "two: customer/c-1"));
}

TEST_F(LedgerPostingTest, OneRequestAgainHasOneEffect) {
  AddMember("c-1", 100);
  Commit({{1, "c-1", 60}, {2, "c-1", 10}});
  const Entry first = posting(0).entry;
  EXPECT_THAT(Commit({{3, "c-1", 10}, {1, "c-1", 60}, {2, "c-1", 10, "other"}}),
              ElementsAre("", "again", "REQUEST_ID_REUSED"));
  EXPECT_EQ(posting(1).entry.transaction_id, first.transaction_id);
  EXPECT_EQ(posting(1).entry.lot_uses, first.lot_uses);
  EXPECT_EQ(Balance("c-1").available(), 20);
}

TEST_F(LedgerPostingTest, ARequestAgainIsAnsweredThoughItWouldBeRefusedNow) {
  AddMember("c-1", 100);
  Commit({{1, "c-1", 100}});
  const Entry first = posting(0).entry;
  EXPECT_THAT(Commit({{2, "c-1", 1}, {1, "c-1", 100}, {1, "c-1", 100, "other"}}),
              ElementsAre("INSUFFICIENT_POINTS", "again", "REQUEST_ID_REUSED"));
  EXPECT_EQ(posting(1).entry.transaction_id, first.transaction_id);
  EXPECT_EQ(Entries("c-1").size(), 2U);
}

TEST_F(LedgerPostingTest, WhatABatchGivesItMaySpend) {
  AddMember("c-1", 10);
  EXPECT_THAT(Commit({{1, "c-1", 50, "hash", EntryKind::kAdjust}, {2, "c-1", 60}, {3, "c-1", 1}}),
              ElementsAre("", "", "INSUFFICIENT_POINTS"));
  EXPECT_EQ(posting(1).entry.lot_uses.size(), 2U);
  EXPECT_EQ(Lots("c-1").size(), 2U);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(LedgerPostingTest, RefusesVoidedAndUsedUpRequestsAmongOthers) {
  AddMember("c-1", 100);
  rpc::CallContext call = Call(common::v1::REQUEST_ID_RULE_REQUIRED);
  ASSERT_TRUE(LedgerWrites(api()).Reverse(call, MakeReverse(2, "c-1", 1)).ok());
  EXPECT_THAT(Commit({{1, "c-1", 10}, {2, "c-1", 10}, {3, "c-1", 10}}),
              ElementsAre("REQUEST_ID_VOIDED", "REQUEST_ID_REUSED", ""));
  EXPECT_EQ(Balance("c-1").available(), 90);
}

TEST_F(LedgerPostingTest, MembersDoNotDisturbEachOther) {
  AddMember("c-1", 100);
  AddMember("c-2", 10);
  EXPECT_THAT(Commit({{1, "c-2", 60}, {1, "c-1", 60}, {1, "c-3", 1}, {2, "c-2", 10}}),
              ElementsAre("INSUFFICIENT_POINTS", "", "MEMBER_NOT_FOUND", ""));
  EXPECT_EQ(Balance("c-1").available(), 40);
  EXPECT_EQ(Balance("c-2").available(), 0);
}

TEST_F(LedgerPostingTest, ABatchOfRefusalsWritesNothing) {
  AddMember("c-1", 100);
  business_clock().Advance(absl::Hours(24 * 366 * 3));  // the points are due to expire
  const size_t events = Outbox().size();
  const int pokes = poke_count();
  EXPECT_THAT(Commit({{1, "c-1", 60}}), ElementsAre("INSUFFICIENT_POINTS"));
  EXPECT_EQ(Entries("c-1").size(), 1U);
  EXPECT_EQ(Outbox().size(), events);
  EXPECT_EQ(poke_count(), pokes);
}

TEST_F(LedgerPostingTest, WakesTheFeedOnceForABatch) {
  AddMember("c-1", 100);
  const int pokes = poke_count();
  Commit({{1, "c-1", 1}, {2, "c-1", 1}});
  EXPECT_EQ(poke_count(), pokes + 1);
}

// Random asks of few members; some requests come again in a later batch, of the same or of another
// member and with the same or with other content.
std::vector<Ask> RandomAsks(std::mt19937& random, int first_request) {
  std::vector<Ask> asks(1 + random() % 12);
  int request = first_request;
  for (Ask& ask : asks) {
    const int64_t points = 1 + static_cast<int64_t>(random() % 40);
    ask = {.request = request++,
           .customer_id = absl::StrCat("c-", 1 + random() % 3),
           .points = points,
           .content_hash = absl::StrCat("hash-", random() % 2)};
    if (random() % 3 == 0) {
      ask.kind = EntryKind::kAdjust;
      ask.points = random() % 2 == 0 ? points : -points;
    }
  }
  return asks;
}

// A batch is only a faster way to say the same: whatever it holds, everything ends as if each
// posting had been a transaction of its own.
TEST(LedgerPostingsTest, ABatchDoesWhatItsPostingsDoAlone) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    PostingLedger together;
    PostingLedger alone;
    for (const char* id : {"c-1", "c-2", "c-3"}) {
      together.AddMember(id, 300);
      alone.AddMember(id, 300);
    }
    for (int round = 0; round < 10; ++round) {
      const std::vector<Ask> asks = RandomAsks(random, 1 + round * 6);
      std::vector<std::string> outcomes;
      outcomes.reserve(asks.size());
      for (const Ask& ask : asks) {
        outcomes.push_back(alone.Commit({ask}).front());
      }
      EXPECT_EQ(together.Commit(asks), outcomes) << "seed " << seed;
    }
    for (const char* id : {"c-1", "c-2", "c-3"}) {
      const auto expected = alone.Entries(id);
      const auto entries = together.Entries(id);
      ASSERT_EQ(entries.size(), expected.size()) << "seed " << seed;
      for (size_t i = 0; i < entries.size(); ++i) {
        EXPECT_EQ(entries[i].SerializeAsString(), expected[i].SerializeAsString());
      }
    }
    EXPECT_EQ(together.Outbox().size(), alone.Outbox().size());
    EXPECT_EQ(together.Imbalance(), 0);
  }
}

}  // namespace
}  // namespace clientele::loyalty
