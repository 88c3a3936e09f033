#include "services/complaints/domain/transitions.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::complaints {
namespace {

// The contract's table, written a second time: "" = not allowed.
const std::map<std::string, std::map<std::string, std::string>> kExpected = {
    {"RECEIVED",
     {{"ACKNOWLEDGE", "ACKNOWLEDGED"},
      {"ASSIGN", "RECEIVED"},
      {"ADD_MESSAGE", "RECEIVED"},
      {"ADD_NOTE", "RECEIVED"}}},
    {"ACKNOWLEDGED",
     {{"ASSIGN", "ACKNOWLEDGED"},
      {"ADD_MESSAGE", "ACKNOWLEDGED"},
      {"ADD_NOTE", "ACKNOWLEDGED"},
      {"PROPOSE_REMEDY", "ACKNOWLEDGED"},
      {"APPROVE_REMEDY", "ACKNOWLEDGED"},
      {"RESOLVE", "RESOLVED"}}},
    {"RESOLVED",
     {{"ADD_MESSAGE", "RESOLVED"},
      {"ADD_NOTE", "RESOLVED"},
      {"CLOSE", "CLOSED"},
      {"REOPEN", "REOPENED"}}},
    {"CLOSED", {{"ADD_NOTE", "CLOSED"}, {"REOPEN", "REOPENED"}}},
    {"REOPENED",
     {{"ASSIGN", "REOPENED"},
      {"ADD_MESSAGE", "REOPENED"},
      {"ADD_NOTE", "REOPENED"},
      {"PROPOSE_REMEDY", "REOPENED"},
      {"APPROVE_REMEDY", "REOPENED"},
      {"RESOLVE", "RESOLVED"}}},
};

TEST(Transitions, AllowExactlyWhatTheTableSays) {
  for (const ComplaintState state : kComplaintStates) {
    const std::string state_name(ComplaintStateName(state));
    const auto& verbs = kExpected.at(state_name);
    for (const Verb verb : kVerbs) {
      const std::string verb_name(VerbName(verb));
      SCOPED_TRACE(absl::StrCat(state_name, " ", verb_name));
      const auto next = NextState(ComplaintId("x"), state, verb);
      const auto expected = verbs.find(verb_name);
      ASSERT_EQ(next.ok(), expected != verbs.end());
      if (next.ok()) {
        EXPECT_EQ(ComplaintStateName(*next), expected->second);
      } else {
        EXPECT_EQ(next.status().code(), absl::StatusCode::kFailedPrecondition);
        const auto details = GetErrorDetails(next.status());
        EXPECT_EQ(details->reason, "COMPLAINT_STATE");
        EXPECT_EQ(details->metadata.at("state"), state_name);
        EXPECT_EQ(details->metadata.at("verb"), verb_name);
      }
    }
  }
}

TEST(Transitions, EveryOpenStateCanBeLeftAndEveryOtherReopened) {
  for (const ComplaintState state : kComplaintStates) {
    const bool reopens = NextState(ComplaintId("x"), state, Verb::kReopen).ok();
    EXPECT_EQ(reopens, !IsOpen(state)) << ComplaintStateName(state);
  }
}

}  // namespace
}  // namespace clientele::complaints
