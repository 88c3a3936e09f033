#include "bench/ledger_fixture.h"

#include <unistd.h>

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/feed/feed_reader.h"
#include "common/status/macros.h"
#include "services/loyalty/loyalty_definition.h"
#include "services/loyalty/store/member_store.h"

namespace clientele::loyalty {
namespace {

constexpr int64_t kPointsEach = 1'000'000'000;
constexpr int64_t kMembersPerTransaction = 200;
constexpr absl::Duration kDrainMax = absl::Minutes(1);

LoyaltyConfig ConfigOfNoNeighbours() {
  LoyaltyConfig config;
  config.profile_address = "127.0.0.1:1";  // nobody is there, and nobody is needed
  return config;
}

}  // namespace

LedgerOptions ParseLedgerOptions(int argc, char** argv) {
  LedgerOptions options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--postgres") {
      options.postgres = argv[i + 1];
      continue;
    }
    int64_t* const target = name == "--callers"    ? &options.callers
                            : name == "--batch"    ? &options.batch
                            : name == "--members"  ? &options.members
                            : name == "--postings" ? &options.postings
                                                   : nullptr;
    CLIENTELE_CHECK(target != nullptr && absl::SimpleAtoi(argv[i + 1], target) && *target >= 0);
  }
  CLIENTELE_CHECK(options.members > 0 && options.postings > 0 &&
                  options.callers <= options.postings);
  return options;
}

int64_t BatchSizeAt(int64_t begin, const LedgerOptions& options) {
  return std::min(std::max<int64_t>(options.batch, 1), options.postings - begin);
}

std::string MemberId(int64_t number) { return absl::StrCat("member-", number); }

std::string LedgerPath(absl::string_view folder) { return absl::StrCat(folder, "/loyalty.db"); }

std::string LedgerSchema() { return absl::StrCat("bench_", getpid()); }

Program BenchProgram() { return DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone()); }

LedgerServer::LedgerServer(const std::string& folder, const std::string& postgres)
    : config_(ConfigOfNoNeighbours()),
      server_(LoyaltyDefinition(config_),
              {.database_path = LedgerPath(folder),
               .postgres = {.dsn = postgres, .schema = LedgerSchema()}}) {}

void LedgerServer::SeedMembers(const Program& program, int64_t count) {
  for (int64_t begin = 0; begin < count; begin += kMembersPerTransaction) {
    SeedRange(program, begin, std::min(begin + kMembersPerTransaction, count));
  }
}

void LedgerServer::SeedRange(const Program& program, int64_t begin, int64_t end) {
  const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(server_.clock().Now()));
  const absl::Status status = runtime().database().RunInTransaction({}, [&](sql::Tx& tx) {
    std::vector<LedgerBook> books;
    std::vector<LedgerBook*> saved;
    books.reserve(end - begin);
    saved.reserve(end - begin);
    for (int64_t i = begin; i < end; ++i) {
      Member member;
      member.id = CustomerId(MemberId(i));
      member.enroll_time = now;
      LedgerBook& book = books.emplace_back(program, member, std::vector<Lot>());
      Earning earning{.purchase_id = PurchaseId("seed"), .occur_time = now};
      earning.points = kPointsEach;
      book.Earn(earning, {now, now}, now);
      saved.push_back(&book);
    }
    return SaveBooks(tx, saved);
  });
  CLIENTELE_CHECK(status.ok());
}

void LedgerServer::AwaitDrained() {
  const absl::Time latest = absl::Now() + kDrainMax;
  for (int64_t count = 1; count > 0;) {
    CLIENTELE_CHECK(absl::Now() < latest);
    absl::SleepFor(absl::Milliseconds(1));  // counting the outbox costs the database, too
    const absl::Status status = runtime().database().RunReadOnly({}, [&](sql::Tx& tx) {
      const auto backlog = feed::ReadOutboxBacklog(tx, absl::Now());
      count = backlog.ok() ? backlog->count : 1;
      return backlog.status();
    });
    CLIENTELE_CHECK(status.ok());
  }
}

void LedgerServer::Analyze() {
  const absl::Status status = runtime().database().RunInTransaction(
      {}, [](sql::Tx& tx) { return tx.ExecuteSchema("ANALYZE"); });
  CLIENTELE_CHECK(status.ok());
}

void FillRedeem(LedgerServer& server, int64_t number, int64_t members, v1::RedeemRequest& request) {
  request.set_request_id(server.ids().New(absl::Now()));
  request.set_customer_id(MemberId(number % members));
  request.set_points(1);
}

}  // namespace clientele::loyalty
