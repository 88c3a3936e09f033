// Concurrent callers of loyalty and profile at two replicas of each, and whether what they were
// told can be (quality.md R4); of the other services, when named, whether each call succeeds.
//
// Usage: history_load --loyalty A,B --profile A,B [--segmentation A,B] [--complaints A,B]
//                     --members ID,ID… --operations N --seed N
//                     [--service-configs FOLDER] [--bounded-for-strong]
//   --members             customers who are members and have bought, with whatever they have
//   --operations          how many at least; 0 = until a line comes in
//   --service-configs     call as the service configs published there say, whichever replica gRPC
//                         chooses; default: each replica in turn, and nothing is repeated
//   --bounded-for-strong  a planted defect: what is checked as a strong read may come from a cache
//
// Prints "begun" and, once the operations are made, "done", waits for its standard input to be
// closed, so that loyalty can be waited for, then reads what is stored and prints one JSON object.

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"
#include "tests/support/complaint_load.h"
#include "tests/support/customer_load.h"
#include "tests/support/ledger_load.h"
#include "tests/support/segmentation_load.h"

namespace clientele::history {
namespace {

constexpr uint64_t kCallers = 32;

struct Options {
  Target loyalty;
  Target profile;
  std::optional<Target> segmentation;
  std::optional<Target> complaints;
  std::vector<std::string> members;
  int64_t operations = 0;
  uint64_t seed = 0;
  bool takes_bounded_for_strong = false;
};

std::array<std::string, 2> ParsePair(const char* text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  CLIENTELE_CHECK(parts.size() == 2);
  return {parts[0], parts[1]};
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  CLIENTELE_CHECK(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Whether `name` is of an option that names the replicas of a service, and is taken.
bool ParseTarget(const std::string& name, const char* addresses, Options& options) {
  if (name == "--loyalty") {
    options.loyalty.addresses = ParsePair(addresses);
  } else if (name == "--profile") {
    options.profile.addresses = ParsePair(addresses);
  } else if (name == "--segmentation") {
    options.segmentation.emplace().addresses = ParsePair(addresses);
  } else if (name == "--complaints") {
    options.complaints.emplace().addresses = ParsePair(addresses);
  } else {
    return false;
  }
  return true;
}

void ReadServiceConfigs(const std::string& folder, Options& options) {
  options.loyalty.service_config = ReadFile(absl::StrCat(folder, "/loyalty.json"));
  options.profile.service_config = ReadFile(absl::StrCat(folder, "/profile.json"));
  if (options.segmentation.has_value()) {
    options.segmentation->service_config = ReadFile(absl::StrCat(folder, "/segmentation.json"));
  }
  if (options.complaints.has_value()) {
    options.complaints->service_config = ReadFile(absl::StrCat(folder, "/complaints.json"));
  }
}

Options ParseOptions(int argc, char** argv) {
  Options options;
  std::string configs;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--bounded-for-strong") {
      options.takes_bounded_for_strong = true;
      continue;
    }
    CLIENTELE_CHECK(++i < argc);
    if (ParseTarget(name, argv[i], options)) {
      continue;
    }
    if (name == "--members") {
      options.members = absl::StrSplit(argv[i], ',');
    } else if (name == "--service-configs") {
      configs = argv[i];
    } else if (name == "--operations") {
      CLIENTELE_CHECK(absl::SimpleAtoi(argv[i], &options.operations));
    } else {
      CLIENTELE_CHECK(name == "--seed" && absl::SimpleAtoi(argv[i], &options.seed));
    }
  }
  if (!configs.empty()) {
    ReadServiceConfigs(configs, options);
  }
  return options;
}

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        ledger_(options.loyalty, options.members, failures_),
        customers_(options.profile,
                   options.takes_bounded_for_strong ? common::v1::CONSISTENCY_BOUNDED
                                                    : common::v1::CONSISTENCY_STRONG,
                   failures_),
        purchases_(options.profile, options.members, failures_) {
    if (options.segmentation.has_value()) {
      segmentation_.emplace(*options.segmentation, options.members, failures_);
    }
    if (options.complaints.has_value()) {
      complaints_.emplace(*options.complaints, options.members, failures_);
    }
  }

  // Until the operations are made.
  void Run() {
    ledger_.ReadFirst();
    customers_.Create();
    if (segmentation_.has_value()) {
      segmentation_->Prepare();
    }
    std::vector<std::thread> threads;
    threads.reserve(kCallers);
    for (uint64_t caller = 0; caller < kCallers; ++caller) {
      threads.emplace_back([this, seed = options_.seed + caller] {
        Random random(seed);
        while (!IsDone()) {
          made_ += Call(random);
        }
      });
    }
    std::printf("begun\n");
    std::fflush(stdout);
    if (options_.operations == 0) {
      char byte = 0;
      CLIENTELE_CHECK(read(STDIN_FILENO, &byte, 1) == 1);
      is_told_to_end_ = true;
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }

  void Print() {
    const LedgerLoad::Verdict ledger = ledger_.Check(purchases_.begin_ns());
    const CustomerLoad::Verdict customers = customers_.Check();
    const int64_t runs = segmentation_.has_value() ? segmentation_->Check() : 0;
    const int64_t closed = complaints_.has_value() ? complaints_->Check() : 0;
    absl::PrintF(
        "{\"operations\":%d,\"failed\":%d,\"postings\":%d,\"postings_refused\":%d,"
        "\"balance_reads\":%d,\"updates\":%d,\"updates_refused\":%d,\"customer_reads\":%d,"
        "\"purchases\":%d,\"runs\":%d,\"complaints\":%d,\"miscounts\":%d,\"total_off\":%d,"
        "\"ledger\":%s,\"customers\":%s}\n",
        made_.load(), failures_.count(), ledger.postings, ledger.refusals, ledger.reads,
        customers.updates, customers.refusals, customers.reads, purchases_.begin_ns().size(), runs,
        closed, ledger.miscounts, ledger.total_off, ledger.anomalies.ToJson(),
        customers.anomalies.ToJson());
  }

 private:
  bool IsDone() const {
    return options_.operations == 0 ? is_told_to_end_.load() : made_ >= options_.operations;
  }

  // Of a hundred calls: to the ledger, then to customers, the others record purchases. One in ten
  // goes to either of the other services instead.
  int64_t Call(Random& random) {
    const int64_t service = Draw(random, 0, 9);
    if (service == 0 && segmentation_.has_value()) {
      return segmentation_->Call(random);
    }
    if (service == 1 && complaints_.has_value()) {
      return complaints_->Call(random);
    }
    const int64_t draw = Draw(random, 0, 99);
    return draw < 70   ? ledger_.Call(random)
           : draw < 98 ? customers_.Call(random)
                       : purchases_.Call(random);
  }

  const Options& options_;
  Failures failures_;
  LedgerLoad ledger_;
  CustomerLoad customers_;
  PurchaseLoad purchases_;
  std::optional<SegmentationLoad> segmentation_;
  std::optional<ComplaintLoad> complaints_;
  std::atomic<int64_t> made_ = 0;
  std::atomic<bool> is_told_to_end_ = false;
};

}  // namespace
}  // namespace clientele::history

int main(int argc, char** argv) {
  const clientele::history::Options options = clientele::history::ParseOptions(argc, argv);
  clientele::history::Load load(options);
  load.Run();
  std::printf("done\n");
  std::fflush(stdout);
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  load.Print();
  return 0;
}
