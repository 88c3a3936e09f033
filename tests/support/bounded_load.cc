// Customers who buy, runs that score them, and readers of customers, tiers and scores who take what
// a cache has, at two replicas of each service. What is known to be in a database every reader gets
// in the time that is promised (quality.md R7 for what is outdated, not written through).
//
// Usage: bounded_load --profile A,B --loyalty A,B --segmentation A,B --members ID,ID…
//                     --behind-max-ms N --seed N
//   --members           customers who have bought long enough ago to be scored
//   --behind-max-ms N   how far behind a reader may be
//
// What is known comes from answers to writes and from reads that no cache has a part in: a strong
// Get would renew what the caches hold.
//
// Prints "ready" once there are customers and a run, goes on until its standard input is closed,
// waits for what was bought to arrive at loyalty and at the readers, compares that with strong
// reads, and prints one JSON object. Each line that it gets begins a new phase: how long a Get of
// one took is told by phase.

#include <atomic>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/status/macros.h"
#include "tests/support/buying.h"
#include "tests/support/cached_reads.h"
#include "tests/support/phase_times.h"

namespace clientele::history {
namespace {

using common::v1::CONSISTENCY_BOUNDED;
using common::v1::CONSISTENCY_STRONG;

constexpr size_t kWriters = 2;
constexpr size_t kReaders = 6;

struct Options {
  Servers servers;
  std::vector<std::string> members;
  absl::Duration behind_max;
  uint64_t seed = 0;
};

Options ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::vector<std::string> parts = absl::StrSplit(argv[i + 1], ',');
    int64_t ms = 0;
    if (name == "--members") {
      options.members = parts;
    } else if (name == "--behind-max-ms") {
      CLIENTELE_CHECK(absl::SimpleAtoi(argv[i + 1], &ms));
      options.behind_max = absl::Milliseconds(ms);
    } else if (name == "--seed") {
      CLIENTELE_CHECK(absl::SimpleAtoi(argv[i + 1], &options.seed));
    } else {
      CLIENTELE_CHECK(parts.size() == 2);
      Target& target = name == "--profile"   ? options.servers.profile
                       : name == "--loyalty" ? options.servers.loyalty
                                             : options.servers.segmentation;
      CLIENTELE_CHECK(&target != &options.servers.segmentation || name == "--segmentation");
      target.addresses = {parts[0], parts[1]};
    }
  }
  return options;
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        reads_(options.servers.profile, options.servers.loyalty, options.servers.segmentation),
        buying_(options.servers, absl::StrCat("buyer-", options.seed, "-"), options.members, known_,
                failures_) {}

  void Prepare() {
    Random random(options_.seed);
    buying_.Prepare(random);
  }

  // Until the standard input is closed, and everything has arrived.
  void Run() {
    std::vector<std::thread> readers;
    readers.reserve(kReaders + 1);
    for (size_t i = 0; i < kReaders; ++i) readers.emplace_back([this, i] { ReadCached(i); });
    readers.emplace_back([this] { FollowTiers(); });
    std::vector<std::thread> writers;
    writers.reserve(kWriters + 1);
    for (size_t i = 0; i < kWriters; ++i) {
      writers.emplace_back([this, i] {
        Random random(options_.seed + i);
        while (!writers_stop_ && buying_.Buy(i, kWriters, random)) {
        }
      });
    }
    writers.emplace_back([this] {
      Random random(options_.seed + kWriters);
      while (!writers_stop_ && buying_.Score(random)) {
      }
    });
    phases_.Follow();
    writers_stop_ = true;
    for (std::thread& writer : writers) writer.join();
    missing_ = Await(kCallTimeout, [this] { return CountMissing(); });
    // Longer than is promised, so that readers find what takes too long.
    unequal_ = Await(2 * options_.behind_max, [this] { return CountBehind(); });
    unequal_ += CountUnequal();
    readers_stop_ = true;
    for (std::thread& reader : readers) reader.join();
  }

  void Print() {
    std::vector<std::string> behind;
    std::vector<std::string> phases;
    for (size_t i = 0; i < kAllCached.size(); ++i) {
      behind.push_back(absl::StrFormat("\"%s\":%d", kCachedNames[i], too_far_behind_[i].load()));
      phases.push_back(
          absl::StrFormat("\"%s\":%s", kCachedNames[i], read_times_[i].ToJson(phases_.current())));
    }
    absl::PrintF(
        "{\"reads\":%d,\"customers\":%d,\"purchases\":%d,\"runs\":%d,\"tier_moves\":%d,"
        "\"failed\":%d,\"torn\":%d,\"missing\":%d,\"unequal\":%d,"
        "\"too_far_behind\":{%s},\"phases\":{%s}}\n",
        read_count_.load(), buying_.customer_count(), buying_.purchase_count(), buying_.run_count(),
        tier_moves_.load(), failures_.count(), torn_.load(), missing_, unequal_,
        absl::StrJoin(behind, ","), absl::StrJoin(phases, ","));
  }

 private:
  // Whose answers of that kind are compared.
  std::vector<std::string> IdsOf(Cached what) const {
    if (what == Cached::kScore) {
      return options_.members;
    }
    std::vector<std::string> ids;
    for (const Buyer& buyer : buying_.Buyers()) ids.push_back(buyer.customer_id);
    return ids;
  }

  void FollowTiers() {
    Random random(options_.seed + kWriters + kReaders + 1);
    while (!readers_stop_) {
      for (const Buyer& buyer : buying_.Buyers()) {
        const int64_t before = known_.At(Cached::kTier, buyer.customer_id, absl::Now());
        tier_moves_ += RankOf(buying_.FindSpend(buyer, random)) > RankOf(before) ? 1 : 0;
      }
    }
  }

  // Every third call reads all of a kind, the others one.
  void ReadCached(size_t reader) {
    Random random(options_.seed + kWriters + 1 + reader);
    std::vector<PhaseTimes::Own> own_times(kAllCached.size());  // by Cached
    while (!readers_stop_) {
      const Cached what = kAllCached[random() % kAllCached.size()];
      std::vector<std::string> ids = IdsOf(what);
      const size_t phase = phases_.current();
      const absl::Time begin = absl::Now();
      if (random() % 3 == 0) {
        Check(what, ids, begin, reads_.BatchGet(what, random() % 2, ids, CONSISTENCY_BOUNDED));
        continue;
      }
      ids = {ids[random() % ids.size()]};
      const auto answers = reads_.Get(what, random() % 2, ids[0], CONSISTENCY_BOUNDED);
      own_times[static_cast<size_t>(what)].Add(phase, absl::Now() - begin);
      Check(what, ids, begin, answers);
    }
    for (size_t i = 0; i < kAllCached.size(); ++i) read_times_[i].Add(own_times[i]);
  }

  void Check(Cached what, const std::vector<std::string>& ids, absl::Time begin,
             const absl::StatusOr<Answers>& answers) {
    ++read_count_;
    if (!failures_.IsNone("a read", answers)) {
      return;
    }
    for (const std::string& id : ids) {
      const auto found = answers->find(id);
      const int64_t value = found == answers->end() ? 0 : found->second.value;
      torn_ += found != answers->end() && found->second.is_torn ? 1 : 0;
      if (value < known_.At(what, id, begin - options_.behind_max)) {
        ++too_far_behind_[static_cast<size_t>(what)];
      }
    }
  }

  // Counts until there are none, or it has lasted too long; each count takes a moment.
  static int64_t Await(absl::Duration duration_max, const std::function<int64_t()>& count) {
    const absl::Time deadline = absl::Now() + duration_max;
    while (true) {
      const bool is_late = absl::Now() > deadline;
      const int64_t left = count();
      if (left == 0 || is_late) {
        return left;
      }
    }
  }

  // The buyers of whom loyalty has not had everything.
  int64_t CountMissing() {
    Random random(options_.seed);
    int64_t missing = 0;
    for (const Buyer& buyer : buying_.Buyers()) {
      missing += buying_.FindSpend(buyer, random) == buyer.spent_minor ? 0 : 1;
    }
    return missing;
  }

  Answers ReadAll(Cached what, size_t replica, common::v1::Consistency consistency) const {
    auto answers = reads_.BatchGet(what, replica, IdsOf(what), consistency);
    CLIENTELE_CHECK(answers.ok());
    return *std::move(answers);
  }

  // The answers of either replica that are not of what is known.
  int64_t CountBehind() const {
    int64_t behind = 0;
    for (const Cached what : kAllCached) {
      for (const size_t replica : {0, 1}) {
        Answers bounded = ReadAll(what, replica, CONSISTENCY_BOUNDED);
        for (const std::string& id : IdsOf(what)) {
          behind += bounded[id].value == known_.At(what, id, absl::Now()) ? 0 : 1;
        }
      }
    }
    return behind;
  }

  // The answers of either replica that are not what a strong read gets.
  int64_t CountUnequal() const {
    int64_t unequal = 0;
    for (const Cached what : kAllCached) {
      std::array<Answers, 2> bounded = {ReadAll(what, 0, CONSISTENCY_BOUNDED),
                                        ReadAll(what, 1, CONSISTENCY_BOUNDED)};
      Answers strong = ReadAll(what, 0, CONSISTENCY_STRONG);
      for (const std::string& id : IdsOf(what)) {
        for (Answers& answers : bounded) unequal += answers[id].text == strong[id].text ? 0 : 1;
      }
    }
    return unequal;
  }

  const Options& options_;
  const CachedReads reads_;
  KnownValues known_;
  Failures failures_;
  Buying buying_;
  Phases phases_;
  std::array<PhaseTimes, kAllCached.size()> read_times_;
  std::array<std::atomic<int64_t>, kAllCached.size()> too_far_behind_ = {};
  std::atomic<bool> writers_stop_ = false;
  std::atomic<bool> readers_stop_ = false;
  std::atomic<int64_t> read_count_ = 0;
  std::atomic<int64_t> torn_ = 0;
  std::atomic<int64_t> tier_moves_ = 0;
  int64_t missing_ = 0;  // buyers whose purchases did not arrive
  int64_t unequal_ = 0;  // what may come from a cache and is not the truth in the end
};

}  // namespace
}  // namespace clientele::history

int main(int argc, char** argv) {
  const clientele::history::Options options = clientele::history::ParseOptions(argc, argv);
  clientele::history::Load load(options);
  load.Prepare();
  std::printf("ready\n");
  std::fflush(stdout);
  load.Run();
  load.Print();
  return 0;
}
