#include "common/crypto/digest.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

template <typename Digest>
std::string ToHex(const Digest& digest) {
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// The examples of FIPS 180-4, "abc" and the empty text.
TEST(Digest, IsThatOfTheStandard) {
  EXPECT_EQ(ToHex(Sha1Of("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(ToHex(Sha1Of("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(ToHex(Sha256Of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256Of("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, OneTextDoesNotReachTheNextNorAnotherThreads) {
  const Sha256Digest expected = Sha256Of("abc");
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&expected, i] {
      for (int round = 0; round < 1000; ++round) {
        EXPECT_NE(Sha256Of(std::string(static_cast<size_t>(i) + 1, 'x')), expected);
        EXPECT_EQ(Sha256Of("abc"), expected);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace clientele
