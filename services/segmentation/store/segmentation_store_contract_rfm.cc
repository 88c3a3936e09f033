#include "absl/strings/str_cat.h"
#include "common/sql/errors.h"
#include "gmock/gmock.h"
#include "services/segmentation/store/rfm_model_store.h"
#include "services/segmentation/store/rfm_score_store.h"
#include "services/segmentation/store/segmentation_store_contract.h"

namespace clientele::segmentation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RfmModelRecord Model(const std::string& model_id, int64_t version) {
  return {model_id, version, absl::StrCat("spec of ", model_id, " ", version), Day(1)};
}

std::vector<ScoreEntry> Entries() {
  return {{.customer_id = "c-1", .row = {5, 2, 300}, .r = 5, .f = 2, .m = 1, .segment = 3},
          {.customer_id = "c-2", .row = {400, 0, 0}},
          {.customer_id = "c-3", .row = {7, 9, 900}, .r = 4, .f = 5, .m = 5, .segment = 0},
          {.customer_id = "c-4", .row = {6, 1, 100}, .r = 5, .f = 1, .m = 1, .segment = 3}};
}

std::vector<std::string> Ids(const std::vector<ScoreRecord>& scores) {
  std::vector<std::string> ids;
  for (const ScoreRecord& score : scores) {
    ids.push_back(score.customer_id);
  }
  return ids;
}

TEST_P(SegmentationStoreContract, KeepsEveryVersionOfAModel) {
  for (const int64_t version : {1, 2}) {
    Commit([&](sql::Tx& tx) { return InsertModel(tx, Model("m-1", version)); });
  }
  const auto find = [&](const std::string& model_id, int64_t version) {
    return Value([&](sql::Tx& tx) { return FindModel(tx, model_id, version); });
  };
  EXPECT_EQ(find("m-1", 0)->version, 2);
  EXPECT_EQ(find("m-1", 1)->spec_bytes, "spec of m-1 1");
  EXPECT_EQ(find("m-1", 1)->create_time, Day(1));
  EXPECT_FALSE(find("m-1", 3).has_value());
  EXPECT_FALSE(find("m-2", 0).has_value());
}

TEST_P(SegmentationStoreContract, TellsAVersionThatSomebodyElsePublishedAsAConflict) {
  Commit([&](sql::Tx& tx) { return InsertModel(tx, Model("m-1", 1)); });
  const absl::Status again = database().RunInTransaction(
      {}, [&](sql::Tx& tx) { return InsertModel(tx, Model("m-1", 1)); });
  EXPECT_TRUE(sql::IsTransactionConflict(again)) << again;
}

TEST_P(SegmentationStoreContract, ListsTheLatestVersionOfEachModel) {
  for (const auto& [model_id, version] :
       std::vector<std::pair<std::string, int64_t>>{{"b", 1}, {"a", 1}, {"a", 2}, {"c", 1}}) {
    Commit(
        [&, id = model_id, no = version](sql::Tx& tx) { return InsertModel(tx, Model(id, no)); });
  }
  const auto list = [&](const std::string& after, int64_t limit) {
    std::vector<std::string> seen;
    for (const RfmModelRecord& model :
         Value([&](sql::Tx& tx) { return ListLatestModels(tx, after, limit); })) {
      seen.push_back(absl::StrCat(model.model_id, " ", model.version));
    }
    return seen;
  };
  EXPECT_THAT(list("", 10), ElementsAre("a 2", "b 1", "c 1"));
  EXPECT_THAT(list("", 2), ElementsAre("a 2", "b 1"));
  EXPECT_THAT(list("b", 10), ElementsAre("c 1"));
}

TEST_P(SegmentationStoreContract, AcceptsRunsInOrder) {
  const RunNo first = AddRun("r-1");
  const RunNo second = AddRun("r-2");
  EXPECT_EQ(static_cast<int64_t>(first) + 1, static_cast<int64_t>(second));
  const RunRecord run = Run("r-1");
  EXPECT_EQ(run.run_no, first);
  EXPECT_EQ(run.state, RunState::kPending);
  EXPECT_EQ(run.request.model_id, "m-1");
  EXPECT_EQ(run.request.model_version, 2);
  EXPECT_EQ(run.request.spec_bytes, "spec");
  EXPECT_EQ(run.request.as_of, absl::CivilDay(2011, 12, 10));
  EXPECT_EQ(run.request.as_of_time, Day(344));
  EXPECT_TRUE(run.request.forced);
  EXPECT_EQ(run.request.create_time, Day(350));
  EXPECT_EQ(run.attempt_count, 0);
  EXPECT_FALSE(run.start_time.has_value());
  EXPECT_FALSE(Value([](sql::Tx& tx) { return FindRun(tx, "r-9"); }).has_value());
  EXPECT_EQ(Value([](sql::Tx& tx) { return CountWaitingRuns(tx); }), 2);
  EXPECT_EQ(Value(FindNextRun)->request.run_id, "r-1");
}

TEST_P(SegmentationStoreContract, TakesARunThroughItsLife) {
  const RunNo run_no = AddRun("r-1");
  AddRun("r-2");
  EXPECT_FALSE(Value(FindLatestSucceededRun).has_value());
  EXPECT_TRUE(Value([&](sql::Tx& tx) { return BeginRun(tx, run_no, Day(351), "spec 2"); }));
  Commit([&](sql::Tx& tx) { return SaveProgress(tx, run_no, {"writing", 3, 7}); });
  RunRecord run = Run("r-1");
  EXPECT_EQ(run.state, RunState::kRunning);
  EXPECT_EQ(run.request.spec_bytes, "spec 2");
  EXPECT_EQ(run.start_time, Day(351));
  EXPECT_EQ(run.progress.phase, "writing");
  EXPECT_EQ(run.progress.done_count, 3);
  EXPECT_EQ(run.progress.total_count, 7);
  EXPECT_EQ(Value(FindNextRun)->request.run_id, "r-1") << "an interrupted run comes first";
  EXPECT_TRUE(Value([&](sql::Tx& tx) { return SucceedRun(tx, run_no, Day(352), "result"); }));
  run = Run("r-1");
  EXPECT_EQ(run.state, RunState::kSucceeded);
  EXPECT_EQ(run.result_bytes, "result");
  EXPECT_EQ(run.end_time, Day(352));
  EXPECT_EQ(run.progress.done_count, 7);
  EXPECT_EQ(Value(FindLatestSucceededRun)->request.run_id, "r-1");
  EXPECT_EQ(Value(FindNextRun)->request.run_id, "r-2");
  EXPECT_FALSE(Value([&](sql::Tx& tx) { return BeginRun(tx, run_no, Day(353), "spec"); }));
}

TEST_P(SegmentationStoreContract, CountsTheAttemptsOfARunUntilItEnds) {
  const RunNo run_no = AddRun("r-1");
  const auto take = [&](sql::Tx& tx) { return TakeAttempt(tx, run_no); };
  const auto give_back = [&](sql::Tx& tx) { return ReturnAttempt(tx, run_no); };
  EXPECT_EQ(Value(take), 1);
  Commit([&](sql::Tx& tx) { return BeginRun(tx, run_no, Day(351), "spec").status(); });
  EXPECT_EQ(Value(take), 2);
  EXPECT_EQ(Value(FindNextRun)->attempt_count, 2);
  Commit(give_back);
  Commit(give_back);
  Commit(give_back);
  EXPECT_EQ(Run("r-1").attempt_count, 0);
  EXPECT_EQ(Value(take), 1);
  Commit([&](sql::Tx& tx) { return CancelRun(tx, run_no, Day(353)); });
  EXPECT_EQ(Value(take), std::nullopt);
  Commit(give_back);
  EXPECT_EQ(Run("r-1").attempt_count, 1) << "an end is final";
}

TEST_P(SegmentationStoreContract, ARunThatIsToBeCancelledCannotSucceed) {
  const RunNo run_no = AddRun("r-1");
  Commit([&](sql::Tx& tx) { return BeginRun(tx, run_no, Day(351), "spec").status(); });
  const auto is_requested = [&](sql::Tx& tx) { return IsCancelRequested(tx, run_no); };
  EXPECT_FALSE(Value(is_requested));
  Commit([&](sql::Tx& tx) { return RequestCancel(tx, run_no); });
  EXPECT_TRUE(Value(is_requested));
  EXPECT_FALSE(Value([&](sql::Tx& tx) { return SucceedRun(tx, run_no, Day(352), "result"); }));
  Commit([&](sql::Tx& tx) { return CancelRun(tx, run_no, Day(353)); });
  EXPECT_EQ(Run("r-1").state, RunState::kCancelled);
  Commit([&](sql::Tx& tx) { return FailRun(tx, run_no, Day(354), "error"); });
  EXPECT_EQ(Run("r-1").state, RunState::kCancelled) << "an end is final";
  EXPECT_EQ(Run("r-1").end_time, Day(353));
}

TEST_P(SegmentationStoreContract, KeepsTheErrorOfARunThatFailed) {
  const RunNo run_no = AddRun("r-1");
  Commit([&](sql::Tx& tx) { return FailRun(tx, run_no, Day(354), "error"); });
  EXPECT_EQ(Run("r-1").state, RunState::kFailed);
  EXPECT_EQ(Run("r-1").error_bytes, "error");
  EXPECT_FALSE(Value(FindNextRun).has_value());
}

TEST_P(SegmentationStoreContract, ListsRunsNewestFirst) {
  for (const std::string run_id : {"r-1", "r-2", "r-3"}) {
    AddRun(run_id);
  }
  const auto list = [&](std::optional<RunNo> before, int64_t limit) {
    std::vector<std::string> ids;
    for (const RunRecord& run : Value([&](sql::Tx& tx) { return ListRuns(tx, before, limit); })) {
      ids.push_back(run.request.run_id);
    }
    return ids;
  };
  EXPECT_THAT(list(std::nullopt, 2), ElementsAre("r-3", "r-2"));
  EXPECT_THAT(list(Run("r-2").run_no, 2), ElementsAre("r-1"));
}

TEST_P(SegmentationStoreContract, KeepsTheScoresOfEachRunApart) {
  ScoreWriter first(RunNo{1});
  ScoreWriter second(RunNo{2});
  const std::vector<ScoreEntry> entries = Entries();
  Commit([&](sql::Tx& tx) { return first.Write(tx, absl::MakeConstSpan(entries).subspan(0, 3)); });
  Commit([&](sql::Tx& tx) { return first.Write(tx, absl::MakeConstSpan(entries).subspan(3)); });
  Commit([&](sql::Tx& tx) { return second.Write(tx, absl::MakeConstSpan(entries).subspan(0, 1)); });
  const auto find = [&](RunNo run_no, const std::string& customer_id) {
    return Value([&](sql::Tx& tx) { return FindScore(tx, run_no, customer_id); });
  };
  const ScoreRecord score = find(RunNo{1}, "c-3").value();
  EXPECT_EQ(score.customer_id, "c-3");
  EXPECT_EQ(score.entry.row.recency_days, 7);
  EXPECT_EQ(score.entry.row.frequency, 9);
  EXPECT_EQ(score.entry.row.revenue_minor, 900);
  EXPECT_EQ(score.entry.r, 4);
  EXPECT_EQ(score.entry.f, 5);
  EXPECT_EQ(score.entry.m, 5);
  EXPECT_EQ(score.entry.segment, SegmentIndex{0});
  EXPECT_TRUE(find(RunNo{1}, "c-2")->entry.out_of_window());
  EXPECT_EQ(find(RunNo{1}, "c-2")->entry.segment, std::nullopt);
  EXPECT_TRUE(find(RunNo{2}, "c-1").has_value());
  EXPECT_FALSE(find(RunNo{2}, "c-3").has_value());
  EXPECT_FALSE(find(RunNo{3}, "c-1").has_value());
}

TEST_P(SegmentationStoreContract, ListsScoresByCustomerAndBySegment) {
  ScoreWriter writer(RunNo{1});
  Commit([&](sql::Tx& tx) { return writer.Write(tx, Entries()); });
  const auto list = [&](const ScorePageQuery& query) {
    return Ids(Value([&](sql::Tx& tx) { return ListScores(tx, RunNo{1}, query); }));
  };
  EXPECT_THAT(list({.limit = 10}), ElementsAre("c-1", "c-2", "c-3", "c-4"));
  EXPECT_THAT(list({.limit = 2}), ElementsAre("c-1", "c-2"));
  EXPECT_THAT(list({.after_customer_id = "c-2", .limit = 10}), ElementsAre("c-3", "c-4"));
  EXPECT_THAT(list({.segment = 3, .limit = 10}), ElementsAre("c-1", "c-4"));
  EXPECT_THAT(list({.after_customer_id = "c-1", .segment = 3, .limit = 10}), ElementsAre("c-4"));
  EXPECT_THAT(list({.segment = 5, .limit = 10}), IsEmpty());
}

TEST_P(SegmentationStoreContract, DeletesScoresOfOneRunPieceByPiece) {
  ScoreWriter first(RunNo{1});
  ScoreWriter second(RunNo{2});
  Commit([&](sql::Tx& tx) { return first.Write(tx, Entries()); });
  Commit([&](sql::Tx& tx) { return second.Write(tx, Entries()); });
  const auto delete_some = [](sql::Tx& tx) { return DeleteScores(tx, RunNo{1}, 3); };
  EXPECT_EQ(Value(delete_some), 3);
  EXPECT_EQ(Value(delete_some), 1);
  EXPECT_EQ(Value(delete_some), 0);
  EXPECT_EQ(Value([](sql::Tx& tx) { return ListScores(tx, RunNo{2}, {.limit = 9}); }).size(), 4u);
}

}  // namespace
}  // namespace clientele::segmentation
