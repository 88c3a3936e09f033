#include "tests/support/history.h"

#include "gtest/gtest.h"

namespace clientele::history {
namespace {

// Five acknowledged writes, one after the other; version n has the value 10 n.
History Sound() {
  History history;
  for (int64_t n = 1; n <= 5; ++n) {
    history.writes.push_back({{n, 10 * n}, {100 * n, 100 * n + 50}});
    history.stored.push_back({n, 10 * n});
  }
  return history;
}

// What is found is `anomaly`, once, and nothing else.
void ExpectOnly(Anomaly anomaly, const History& history) {
  Anomalies one;
  one.Count(anomaly);
  EXPECT_EQ(FindAnomalies(history).ToJson(), one.ToJson());
}

void ExpectSound(const History& history) {
  EXPECT_EQ(FindAnomalies(history).ToJson(), Anomalies().ToJson());
}

TEST(History, IsSoundWhenEveryAnswerFitsTheOrderOfTheVersions) {
  History history = Sound();
  history.reads.push_back({{3, 30}, {360, 390}, 3, true});
  history.reads.push_back({{1, 10}, {600, 610}, 1, false});
  history.refusals.push_back({{360, 390}, [](const Version& state) { return state.value == 30; }});
  ExpectSound(history);
}

TEST(History, AllowsWhatIsConcurrentInAnyOrder) {
  History history = Sound();
  // Began before the first and was told after the last.
  history.writes.push_back({{6, 60}, {90, 900}});
  history.stored.push_back({6, 60});
  // Each of these overlaps the writes it has and those it lacks.
  history.reads.push_back({{2, 20}, {240, 520}, 0, true});
  history.reads.push_back({{5, 50}, {250, 520}, 0, true});
  history.reads.push_back({{6, 60}, {560, 570}, 0, true});
  ExpectSound(history);
}

TEST(History, AllowsWritesThatNobodyWasToldOf) {
  History history = Sound();
  history.writes[2].when.end_ns = kNeverToldNs;
  history.reads.push_back({{2, 20}, {260, 390}, 0, true});
  ExpectSound(history);
}

TEST(History, FindsAnAcknowledgedWriteThatIsNotStored) {
  History history = Sound();
  history.stored.pop_back();
  ExpectOnly(Anomaly::kLost, history);
}

TEST(History, FindsAnAcknowledgedWriteThatIsMissingInTheMiddle) {
  History history = Sound();
  history.stored.erase(history.stored.begin() + 2);
  ExpectOnly(Anomaly::kLost, history);
}

TEST(History, NeedsNoMoreThanTheLastVersionToBeRead) {
  History history = Sound();
  history.stored.erase(history.stored.begin(), history.stored.end() - 1);
  ExpectSound(history);
}

TEST(History, FindsAnAcknowledgedWriteThatIsStoredAsAnother) {
  History history = Sound();
  history.stored[3].value = 41;
  ExpectOnly(Anomaly::kLost, history);
}

TEST(History, FindsALostUpdate) {
  History history = Sound();
  // Two callers saw version 4 and both made a 5th of it.
  history.writes.push_back({{5, 51}, {500, 560}});
  ExpectOnly(Anomaly::kOverwritten, history);
}

TEST(History, FindsAWriteThatWasAppliedTwice) {
  History history = Sound();
  history.stored.push_back({6, 60});
  ExpectOnly(Anomaly::kUnasked, history);
}

TEST(History, FindsAWriteThatWasAppliedTwiceInTheMiddle) {
  History history = Sound();
  history.writes.erase(history.writes.begin() + 2);
  ExpectOnly(Anomaly::kUnasked, history);
}

TEST(History, FindsAWriteThatCameBeforeOneToldAlready) {
  History history = Sound();
  std::swap(history.writes[1].when, history.writes[2].when);
  ExpectOnly(Anomaly::kReordered, history);
}

TEST(History, FindsAWriteThatCameBeforeOneReadAlready) {
  History history = Sound();
  // Version 5 was read, though not yet told by its writer, before version 4 began.
  history.writes[3].when = {480, 490};
  history.writes[4].when = {410, 550};
  history.reads.push_back({{5, 50}, {450, 470}, 0, false});
  ExpectOnly(Anomaly::kReordered, history);
}

TEST(History, FindsAStrongReadThatLacksWhatWasTold) {
  History history = Sound();
  history.reads.push_back({{4, 40}, {551, 600}, 0, true});
  ExpectOnly(Anomaly::kStale, history);
}

TEST(History, FindsAStrongReadThatLacksWhatWasReadBefore) {
  History history = Sound();
  history.reads.push_back({{5, 50}, {510, 520}, 0, true});
  history.reads.push_back({{4, 40}, {525, 530}, 0, true});
  ExpectOnly(Anomaly::kStale, history);
}

TEST(History, FindsAReadOfWhatNobodyWrote) {
  History history = Sound();
  history.reads.push_back({{3, 31}, {600, 610}, 0, false});
  ExpectOnly(Anomaly::kFromNowhere, history);
}

TEST(History, FindsAReadOfWhatWasNotYetAskedFor) {
  History history = Sound();
  history.reads.push_back({{5, 50}, {460, 490}, 0, false});
  // What it told makes the 5th one come too late as well.
  const Anomalies found = FindAnomalies(history);
  EXPECT_EQ(found.count(Anomaly::kFromNowhere), 1);
  EXPECT_EQ(found.count(Anomaly::kReordered), 1);
}

TEST(History, FindsAReadBelowWhatItInsistedOn) {
  History history = Sound();
  history.reads.push_back({{3, 30}, {600, 610}, 4, false});
  ExpectOnly(Anomaly::kBelowMin, history);
}

TEST(History, FindsARefusalThatNoStateItCanHaveMetAccountsFor) {
  History history = Sound();
  const auto is_due = [](const Version& state) { return state.value < 30; };
  history.refusals.push_back({{260, 310}, is_due});
  ExpectSound(history);
  history.refusals.push_back({{360, 410}, is_due});
  ExpectOnly(Anomaly::kUnduly, history);
}

TEST(History, AddsUpAndNamesEveryAnomaly) {
  Anomalies sum;
  for (size_t i = 0; i < kAnomalyCount; ++i) {
    Anomalies one;
    one.Count(static_cast<Anomaly>(i));
    sum.Add(one);
    EXPECT_FALSE(AnomalyName(static_cast<Anomaly>(i)).empty());
  }
  EXPECT_EQ(sum.ToJson(),
            "{\"lost\":1,\"overwritten\":1,\"unasked\":1,\"reordered\":1,\"stale\":1,"
            "\"from_nowhere\":1,\"below_min\":1,\"unduly\":1}");
}

}  // namespace
}  // namespace clientele::history
