#include "common/ids/uuid.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/ids/id_format.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

const absl::Time kNow = absl::FromUnixMillis(0x0190A6C47B1E);

TEST(UuidV7, StartsWithTheMillisecondsAndCarriesVersionAndVariant) {
  UuidV7Generator generator;
  const std::string id = generator.New(kNow);
  EXPECT_TRUE(IsUuid(id)) << id;
  EXPECT_EQ(CanonicalUuid(id), id);
  EXPECT_EQ(id.substr(0, 15), "0190a6c4-7b1e-7");
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
}

TEST(UuidV7, IncreasesStrictlyWhileTheClockStandsStill) {
  UuidV7Generator generator;
  std::string last = generator.New(kNow);
  for (int i = 0; i < 20'000; ++i) {  // several counters' worth, so milliseconds are borrowed
    const std::string next = generator.New(kNow);
    ASSERT_LT(last, next);
    last = next;
  }
}

TEST(UuidV7, IncreasesStrictlyWhenTheClockStepsBack) {
  UuidV7Generator generator;
  const std::string first = generator.New(kNow);
  EXPECT_LT(first, generator.New(kNow - absl::Hours(1)));
  EXPECT_LT(first, generator.New(absl::InfinitePast()));
}

TEST(UuidV7, TakesInstantsOutsideItsRangeAsTheNearestEdge) {
  UuidV7Generator past;
  EXPECT_EQ(past.New(absl::FromUnixSeconds(-5)).substr(0, 13), "00000000-0000");
  UuidV7Generator future;
  EXPECT_EQ(future.New(absl::InfiniteFuture()).substr(0, 13), "ffffffff-ffff");
}

TEST(UuidV7, NeverRepeatsAcrossThreads) {
  constexpr size_t kThreads = 4;
  constexpr size_t kPerThread = 2'000;
  UuidV7Generator generator;
  std::vector<std::vector<std::string>> made(kThreads);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&generator, &ids = made[t]] {
      for (size_t i = 0; i < kPerThread; ++i) {
        ids.push_back(generator.New(kNow));
      }
    });
  }
  std::for_each(threads.begin(), threads.end(), [](std::thread& thread) { thread.join(); });

  std::set<std::string> all;
  for (const std::vector<std::string>& ids : made) {
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    all.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(all.size(), kThreads * kPerThread);
}

TEST(UuidV7, NeverRepeatsInAForkedProcess) {
  UuidV7Generator generator;
  generator.New(kNow);
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const std::string id = generator.New(kNow);
    _exit(write(ends[1], id.data(), id.size()) == static_cast<ssize_t>(id.size()) ? 0 : 1);
  }
  std::string theirs(36, ' ');
  EXPECT_EQ(read(ends[0], theirs.data(), theirs.size()), 36);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_NE(generator.New(kNow), theirs);
  close(ends[0]);
  close(ends[1]);
}

TEST(UuidV5, MatchesThePublishedExamples) {
  // RFC 9562, appendix A.4: the DNS namespace and the name "www.example.com".
  EXPECT_EQ(UuidV5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com").value(),
            "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST(UuidV5, DependsOnBothTextsAndNotOnTheCaseOfTheNamespace) {
  const std::string id = UuidV5("0190a6c4-7b1e-7c3d-8f00-0123456789ab", "1").value();
  EXPECT_EQ(id, UuidV5("0190A6C4-7B1E-7C3D-8F00-0123456789AB", "1").value());
  EXPECT_NE(id, UuidV5("0190a6c4-7b1e-7c3d-8f00-0123456789ab", "2").value());
  EXPECT_NE(id, UuidV5("0190a6c4-7b1e-7c3d-8f00-0123456789ac", "1").value());
}

TEST(UuidV5, RefusesANamespaceThatIsNotAUuid) {
  EXPECT_EQ(UuidV5("customer-1", "1").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace clientele
