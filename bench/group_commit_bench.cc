// P6: what the queue of group commit costs a caller who is alone.
//
// Usage: group_commit_bench [--postgres DSN] [--members N] [--postings N]
// One thread redeems in the handlers of loyalty's server, in turn through the queue and with the
// same work committed by the caller itself: validation, transaction, answer, and the event that the
// sequencer moves meanwhile are the same. Nothing of gRPC is in the times, which would hide a
// difference. Prints one JSON object.

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/ledger_fixture.h"
#include "common/status/macros.h"
#include "common/testing/temp_folder.h"
#include "services/loyalty/api/converters/ledger_proto.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/handlers/ledger_posting.h"
#include "services/loyalty/api/handlers/ledger_writes.h"
#include "services/loyalty/api/validation/requests.h"

namespace clientele::loyalty {
namespace {

// The first ones make connections and prepare statements.
constexpr int64_t kWarmUpPostings = 200;

// As LedgerWrites::Redeem, but for the queue.
v1::LedgerEntry RedeemAlone(const ApiContext& api, rpc::CallContext& call,
                            const v1::RedeemRequest& request) {
  auto command = Validate(call, api.request_hash, request);
  CLIENTELE_CHECK(command.ok());
  LedgerPosting posting({EntryKind::kRedeem, *std::move(command)},
                        std::make_shared<PostingCall>(call));
  sql::GroupMember* const member = &posting;
  CLIENTELE_CHECK(CommitPostings(api, {&member, 1}, call.deadline).ok() && posting.refusal.ok());
  return ToProto(posting.command.points.ledger.customer_id, posting.entry);
}

double MedianMs(std::vector<absl::Duration> times) {
  std::sort(times.begin(), times.end());
  return absl::ToDoubleMilliseconds(times[times.size() / 2]);
}

template <typename Work>
absl::Duration TimeOf(const Work& work) {
  const absl::Time begin = absl::Now();
  work();
  return absl::Now() - begin;
}

void RunBench(const LedgerOptions& options) {
  const TempFolder folder;
  LedgerServer server(folder.path(), options.postgres);
  server.Serve();
  const Program program = BenchProgram();
  server.SeedMembers(program, options.members);
  const ApiContext api(server.runtime().handler_parts(), program);
  const LedgerWrites writes(api);
  rpc::CallContext call;
  call.method = "bench";
  call.request_id_rule = common::v1::REQUEST_ID_RULE_REQUIRED;
  std::vector<absl::Duration> grouped;
  std::vector<absl::Duration> alone;
  for (int64_t i = -kWarmUpPostings; i < options.postings; ++i) {
    v1::RedeemRequest first;
    v1::RedeemRequest second;
    FillRedeem(server, i + kWarmUpPostings, options.members, first);
    FillRedeem(server, i + kWarmUpPostings, options.members, second);
    const absl::Duration by_queue =
        TimeOf([&] { CLIENTELE_CHECK(writes.Redeem(call, first).ok()); });
    const absl::Duration by_itself = TimeOf([&] { RedeemAlone(api, call, second); });
    if (i < 0) continue;
    grouped.push_back(by_queue);
    alone.push_back(by_itself);
  }
  absl::PrintF("{\"grouped_p50_ms\":%.4f,\"alone_p50_ms\":%.4f}\n", MedianMs(grouped),
               MedianMs(alone));
}

}  // namespace
}  // namespace clientele::loyalty

int main(int argc, char** argv) {
  clientele::loyalty::RunBench(clientele::loyalty::ParseLedgerOptions(argc, argv));
}
