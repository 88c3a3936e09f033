#include "common/handler/write_call.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/audit/migrations.h"
#include "common/feed/migrations.h"
#include "common/handler/testing/handler_fixture.h"
#include "common/idempotency/migrations.h"
#include "common/rpc/testing/echo_service.pb.h"
#include "common/sql/errors.h"
#include "common/sql/testing/lost_commits.h"
#include "common/sql/testing/test_sqlite.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace pb = clientele::echo::v1;

class Fixture final : public HandlerFixture {
 public:
  Fixture()
      : HandlerFixture(std::make_unique<sql::LostCommits>(sql::OpenTestSqlite(sql::MergeMigrations(
            {feed::Migrations(), idempotency::Migrations(), audit::Migrations()})))),
        context_("test", Parts(), [this](sql::Tx&, absl::string_view customer_id) {
          story_.push_back("locked " + std::string(customer_id));
          return absl::OkStatus();
        }) {}

  const HandlerContext& context() const { return context_; }
  std::vector<std::string>& story() { return story_; }
  sql::LostCommits& lost_commits() { return static_cast<sql::LostCommits&>(database()); }

 private:
  std::vector<std::string> story_;
  const HandlerContext context_;
};

class WriteCallTest : public ::testing::Test {
 protected:
  using Apply = std::function<absl::StatusOr<WriteEffect>(sql::Tx&, absl::Time, pb::SaveResponse&)>;

  // Writes with request 1; the same `text` is the same request.
  absl::StatusOr<pb::SaveResponse> Write(const Apply& apply, const std::string& text = "a",
                                         const std::string& request_id = MakeRequestId(1)) {
    return Run(apply, text, request_id, false);
  }

  // The same request, only to be checked.
  absl::StatusOr<pb::SaveResponse> Validate(const Apply& apply, const std::string& text = "a") {
    return Run(apply, text, MakeRequestId(1), true);
  }

  // Answers how often it was called and tells the feed of it.
  Apply Counting() {
    return [this](sql::Tx&, absl::Time record_time,
                  pb::SaveResponse& response) -> absl::StatusOr<WriteEffect> {
      fixture_.story().emplace_back("applied");
      response.set_number(++applied_count_);
      return WriteEffect{.changed = true, .events = {EventAt(record_time)}};
    };
  }

  feed::OutboxEvent EventAt(absl::Time record_time) const {
    return {.event_id = MakeRequestId(100 + applied_count_),
            .type = "clientele.test.happened.v1",
            .subject = "thing/1",
            .customer_id = "c-1",
            .feed_seq = applied_count_ + 1,
            .occur_time = record_time,
            .record_time = record_time,
            .data_type = "clientele.test.Happened",
            .data = ""};
  }

  // Answers 7 and changes nothing.
  static Apply Looking() {
    return [](sql::Tx&, absl::Time, pb::SaveResponse& response) -> absl::StatusOr<WriteEffect> {
      response.set_number(7);
      return WriteEffect{};
    };
  }

  Fixture fixture_;
  rpc::CallContext call_;
  bool audits_ = false;
  std::string traceparent_;  // that calls come with
  int applied_count_ = 0;

 private:
  absl::StatusOr<pb::SaveResponse> Run(const Apply& apply, const std::string& text,
                                       const std::string& request_id, bool validate_only) {
    pb::SaveRequest request;
    request.set_request_id(request_id);
    request.set_text(text);
    request.set_validate_only(validate_only);
    call_ = fixture_.Call();
    call_.traceparent = traceparent_;
    call_.audits = audits_;
    call_.call_id = "call";
    return RunWrite<pb::SaveResponse>(fixture_.context(), call_, {"c-1", request.request_id()},
                                      request, apply);
  }
};

TEST_F(WriteCallTest, GivesTheFirstAnswerWhenWhatRefusesItIsItsOwnEffect) {
  constexpr sql::Statement kHide = {"Hide", "UPDATE idempotency SET customer_id = 'aside'"};
  constexpr sql::Statement kShow = {"Show", "UPDATE idempotency SET customer_id = 'c-1'"};
  ASSERT_EQ(Write(Counting())->number(), 1);
  ASSERT_TRUE(fixture_.database()
                  .RunInTransaction({}, [&](sql::Tx& tx) { return tx.Execute(kHide, {}).status(); })
                  .ok());
  // As when another process commits the same request between the look-up and the decision.
  const Apply refuse = [&](sql::Tx& tx, absl::Time,
                           pb::SaveResponse& response) -> absl::StatusOr<WriteEffect> {
    response.set_number(99);
    EXPECT_TRUE(tx.Execute(kShow, {}).ok());
    return absl::AlreadyExistsError("it is there");
  };
  EXPECT_EQ(Write(refuse)->number(), 1);
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(Write(refuse, "a", MakeRequestId(2)).status().code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(WriteCallTest, GivesARepetitionTheFirstAnswer) {
  EXPECT_EQ(Write(Counting())->number(), 1);
  EXPECT_FALSE(call_.replayed);
  EXPECT_EQ(Write(Counting())->number(), 1);
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(applied_count_, 1);
}

TEST_F(WriteCallTest, TellsTheAuditLogOfAnEffectOnceAndInItsTransaction) {
  audits_ = true;
  ASSERT_TRUE(Write(Counting()).ok());
  EXPECT_TRUE(call_.audit_committed);
  ASSERT_TRUE(Write(Counting()).ok());
  EXPECT_FALSE(call_.audit_committed);  // but replayed
  EXPECT_THAT(fixture_.AuditedWrites(), ElementsAre("call: "));
}

TEST_F(WriteCallTest, LeavesItToTheWrapperToTellOfWhatHadNoEffect) {
  audits_ = true;
  const Apply refuse = [](sql::Tx&, absl::Time, pb::SaveResponse&) -> absl::StatusOr<WriteEffect> {
    return absl::NotFoundError("there is none");
  };
  EXPECT_FALSE(Write(refuse).ok());
  EXPECT_FALSE(call_.audit_committed);
  EXPECT_TRUE(Write(Looking()).ok());
  EXPECT_FALSE(call_.audit_committed);
  EXPECT_TRUE(Validate(Looking()).ok());
  EXPECT_FALSE(call_.audit_committed);
  EXPECT_THAT(fixture_.AuditedWrites(), IsEmpty());
}

TEST_F(WriteCallTest, TellsTheAuditLogNothingOfCallersWhomNobodyKnows) {
  ASSERT_TRUE(Write(Counting()).ok());
  EXPECT_FALSE(call_.audit_committed);
  EXPECT_THAT(fixture_.AuditedWrites(), IsEmpty());
}

TEST_F(WriteCallTest, RefusesAnIdThatCameWithOtherContent) {
  ASSERT_TRUE(Write(Counting(), "a").ok());
  EXPECT_EQ(GetErrorReason(Write(Counting(), "b").status()), "REQUEST_ID_REUSED");
}

TEST_F(WriteCallTest, LocksTheCustomerBeforeItLooksTheRequestUp) {
  ASSERT_TRUE(Write(Counting()).ok());
  ASSERT_TRUE(Write(Counting()).ok());
  EXPECT_THAT(fixture_.story(), ElementsAre("locked c-1", "applied", "locked c-1"));
}

TEST_F(WriteCallTest, TellsTheFeedOfTheTraceOfItsCall) {
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  traceparent_ = trace;
  ASSERT_TRUE(Write(Counting()).ok());
  EXPECT_EQ(fixture_.Outbox().at(0).traceparent, trace);
}

TEST_F(WriteCallTest, TellsTheFeedOnceAndWakesIt) {
  ASSERT_TRUE(Write(Counting()).ok());
  ASSERT_TRUE(Write(Counting()).ok());
  const std::vector<feed::OutboxEvent> events = fixture_.Outbox();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].record_time, TestRecordTime());
  EXPECT_EQ(fixture_.poke_count(), 1);
}

TEST_F(WriteCallTest, LeavesNothingBehindOfARefusal) {
  const auto refuse = [&](sql::Tx& tx, absl::Time record_time,
                          pb::SaveResponse& response) -> absl::StatusOr<WriteEffect> {
    EXPECT_TRUE(feed::AppendToOutbox(tx, {EventAt(record_time)}).ok());
    response.set_number(9);
    return ErrorBuilder(absl::StatusCode::kNotFound, "GONE", "gone").Build();
  };
  EXPECT_EQ(GetErrorReason(Write(refuse).status()), "GONE");
  EXPECT_THAT(fixture_.Outbox(), IsEmpty());
  EXPECT_EQ(fixture_.poke_count(), 0);
  EXPECT_EQ(Write(Counting())->number(), 1);
  EXPECT_FALSE(call_.replayed);
}

TEST_F(WriteCallTest, DoesNotRememberWhatChangedNothing) {
  ASSERT_TRUE(Write(Looking()).ok());
  EXPECT_EQ(Write(Counting())->number(), 1);
}

TEST_F(WriteCallTest, BeginsASecondAttemptWithAnEmptyResponse) {
  const auto lose_once = [&](sql::Tx&, absl::Time,
                             pb::SaveResponse& response) -> absl::StatusOr<WriteEffect> {
    EXPECT_EQ(response.number(), 0);
    response.set_number(5);
    if (++applied_count_ == 1) {
      return sql::TransactionConflict("the first attempt loses");
    }
    return WriteEffect{.changed = true};
  };
  EXPECT_EQ(Write(lose_once)->number(), 5);
  EXPECT_EQ(applied_count_, 2);
}

TEST_F(WriteCallTest, WhatIsOnlyValidatedLeavesItsRequestIdFree) {
  EXPECT_EQ(Validate(Looking())->number(), 7);
  EXPECT_THAT(fixture_.story(), IsEmpty());
  EXPECT_EQ(Write(Counting(), "b")->number(), 1);
  EXPECT_FALSE(call_.replayed);
}

TEST_F(WriteCallTest, WhatIsOnlyValidatedGetsTheAnswerOfTheSameRequest) {
  ASSERT_TRUE(Write(Counting()).ok());
  EXPECT_EQ(Validate(Looking())->number(), 1);
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(GetErrorReason(Validate(Looking(), "b").status()), "REQUEST_ID_REUSED");
}

TEST_F(WriteCallTest, TheDatabaseRefusesToWriteWhatIsOnlyValidated) {
  EXPECT_EQ(GetErrorReason(Validate(Counting()).status()), "INTERNAL");
  EXPECT_THAT(fixture_.Outbox(), IsEmpty());
  EXPECT_EQ(fixture_.poke_count(), 0);
}

TEST_F(WriteCallTest, AnswersWhatALostCommitHasStored) {
  fixture_.lost_commits().LoseNext(1, sql::LostCommits::Fate::kCommitted);
  EXPECT_EQ(Write(Counting())->number(), 1);
  EXPECT_EQ(applied_count_, 1);
}

TEST_F(WriteCallTest, AppliesAgainWhatALostCommitHasNotStored) {
  fixture_.lost_commits().LoseNext(1, sql::LostCommits::Fate::kRolledBack);
  EXPECT_EQ(Write(Counting())->number(), 2);
  EXPECT_THAT(fixture_.Outbox(), SizeIs(1));
}

TEST_F(WriteCallTest, IsUnavailableWhileCommitsAreLost) {
  fixture_.lost_commits().LoseNext(2, sql::LostCommits::Fate::kRolledBack);
  EXPECT_EQ(GetErrorReason(Write(Counting()).status()), "DATABASE_UNAVAILABLE");
}

TEST_F(WriteCallTest, DoesNotKnowTheOutcomeWithoutARequestId) {
  fixture_.lost_commits().LoseNext(1, sql::LostCommits::Fate::kCommitted);
  EXPECT_EQ(GetErrorReason(Write(Counting(), "a", "").status()), "OUTCOME_UNKNOWN");
  EXPECT_EQ(applied_count_, 1);
}

TEST_F(WriteCallTest, ForgetsAnswersAfterTheirRetention) {
  ASSERT_TRUE(Write(Counting()).ok());
  fixture_.record_clock().Advance(absl::Hours(24 * 7) - absl::Seconds(1));
  EXPECT_EQ(DeleteExpiredAnswers(fixture_.context()).value(), 0);
  EXPECT_EQ(Write(Counting())->number(), 1);
  fixture_.record_clock().Advance(absl::Seconds(2));
  EXPECT_EQ(DeleteExpiredAnswers(fixture_.context()).value(), 1);
  EXPECT_EQ(Write(Counting())->number(), 2);
}

}  // namespace
}  // namespace clientele
