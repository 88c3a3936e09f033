#include "common/chain/hash_chain.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace clientele::chain {
namespace {

std::string HashOf(absl::string_view previous_hash, int64_t number, absl::string_view text) {
  EntryHash hash("test-1", previous_hash);
  hash.AddNumber(number);
  hash.AddText(text);
  return hash.Sum();
}

// A chain of the texts.
std::string HashAt(const Head& last, absl::string_view text) {
  return HashOf(last.hash, last.position + 1, text);
}

bool AcceptNext(absl::string_view text, Verifier& verifier) {
  const std::string hash = HashAt(verifier.verified(), text);
  return verifier.Accept(verifier.verified().position + 1, hash,
                         [text](const Head& last) { return HashAt(last, text); });
}

// By `printf 'test-1' … | sha256sum`: 32 zeros, 7, and "ab" behind its length.
TEST(EntryHashTest, IsWhatAnybodyComputes) {
  EXPECT_EQ(absl::BytesToHexString(HashOf("", 7, "ab")),
            "e12ec63306426d9dd5f8e0909eb42c77f385c387fba49507ccad24934b6f0079");
}

TEST(EntryHashTest, NoTwoListsOfValuesReadAlike) {
  EntryHash left("test-1", "");
  left.AddText("ab");
  left.AddText("c");
  EntryHash right("test-1", "");
  right.AddText("a");
  right.AddText("bc");
  EXPECT_NE(left.Sum(), right.Sum());
}

TEST(VerifierTest, AcceptsEntriesThatFollowEachOtherUpToTheHead) {
  Verifier verifier;
  EXPECT_TRUE(AcceptNext("a", verifier));
  EXPECT_TRUE(AcceptNext("b", verifier));
  const Head head = verifier.verified();
  EXPECT_EQ(head.position, 2);
  EXPECT_TRUE(verifier.AcceptEnd(head));
  EXPECT_EQ(verifier.first_bad_position(), 0);
}

TEST(VerifierTest, RefusesWhatFollowsFromSomethingElse) {
  Verifier verifier;
  EXPECT_TRUE(AcceptNext("a", verifier));
  EXPECT_FALSE(
      verifier.Accept(2, HashOf("", 2, "b"), [](const Head& last) { return HashAt(last, "b"); }));
  EXPECT_EQ(verifier.first_bad_position(), 2);
  EXPECT_EQ(verifier.verified().position, 1);
}

TEST(VerifierTest, NothingIsGoodBehindABadEntry) {
  Verifier verifier;
  EXPECT_FALSE(verifier.Accept(2, "", [](const Head&) { return ""; }));
  EXPECT_FALSE(AcceptNext("a", verifier));
  EXPECT_EQ(verifier.first_bad_position(), 1);
}

TEST(VerifierTest, AnEndThatWasCutOffIsMissingWhereItBegan) {
  Verifier verifier;
  EXPECT_TRUE(AcceptNext("a", verifier));
  EXPECT_FALSE(verifier.AcceptEnd({3, std::string(32, 'h')}));
  EXPECT_EQ(verifier.first_bad_position(), 2);
}

TEST(VerifierTest, AHeadBeforeTheFirstEntryHasNoHash) {
  Verifier verifier;
  EXPECT_FALSE(verifier.AcceptEnd({0, "x"}));
  EXPECT_EQ(verifier.first_bad_position(), 1);
}

TEST(VerifierTest, WhatIsBehindTheHeadIsBad) {
  Verifier verifier;
  EXPECT_TRUE(AcceptNext("a", verifier));
  EXPECT_FALSE(verifier.AcceptEnd({}));
  EXPECT_EQ(verifier.first_bad_position(), 1);
}

}  // namespace
}  // namespace clientele::chain
