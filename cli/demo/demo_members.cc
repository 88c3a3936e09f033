#include "cli/demo/demo_members.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "cli/client/feed_catch_up.h"
#include "cli/client/interrupt.h"
#include "cli/client/server_status.h"
#include "cli/commands/command.h"
#include "clientele/common/v1/event_service.grpc.pb.h"
#include "clientele/loyalty/v1/events.pb.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "common/status/macros.h"
#include "google/protobuf/util/time_util.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::loyalty::v1;

using clientele::common::v1::Event;
using clientele::common::v1::EventService;
using google::protobuf::util::TimeUtil;

constexpr size_t kBatchMax = 1000;  // of BatchGetTiers
constexpr absl::Duration kHorizon = absl::Hours(24 * 30);

absl::StatusOr<std::vector<pb::MemberTier>> ReadTiers(const PurchaseFile& file,
                                                      Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto members,
                             ConnectTo<pb::MemberService>(environment, kLoyalty));
  std::vector<pb::MemberTier> tiers;
  for (size_t begin = 0; begin < file.customers.size(); begin += kBatchMax) {
    const size_t end = std::min(file.customers.size(), begin + kBatchMax);
    pb::BatchGetTiersRequest request;
    for (size_t i = begin; i < end; ++i) {
      request.add_customer_ids(file.customers[i].customer_id);
    }
    CLIENTELE_ASSIGN_OR_RETURN(
        pb::BatchGetTiersResponse response,
        Call(environment, *members, &pb::MemberService::Stub::BatchGetTiers, request));
    for (pb::MemberTier& tier : *response.mutable_tiers()) {
      tiers.push_back(std::move(tier));
    }
  }
  return tiers;
}

// Adds what one event of loyalty's feed says of points. DATA_LOSS when it cannot be read.
absl::Status AddEvent(const Event& event, DemoPoints& points) {
  pb::PointsEarned earned;
  pb::PointsReversed reversed;
  if (event.data().UnpackTo(&earned)) {
    points.earned += earned.points();
  } else if (event.data().UnpackTo(&reversed)) {
    points.reversed -= reversed.points();
  } else {
    return absl::DataLossError("loyalty's feed holds an event that cannot be read");
  }
  return absl::OkStatus();
}

absl::Status AddFeed(Environment& environment, DemoPoints& points) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto loyalty, ConnectTo<EventService>(environment, kLoyalty));
  // What loyalty has written may not have reached its feed yet.
  InterruptScope interrupts;
  CLIENTELE_RETURN_IF_ERROR(
      RecordedPositions(
          *loyalty, absl::Now() + environment.TimeoutOr(kCallTimeout),
          [&interrupts](absl::Duration pause, int64_t) { return interrupts.Wait(pause); })
          .status());
  clientele::common::v1::WatchEventsRequest request;
  for (const char* type :
       {"clientele.loyalty.points.earned.v1", "clientele.loyalty.points.reversed.v1"}) {
    request.add_types(type);
  }
  request.set_stop_at_head(true);
  const std::unique_ptr<grpc::ClientContext> context = environment.NewCall();
  const auto reader = loyalty->WatchEvents(context.get(), request);
  clientele::common::v1::WatchEventsResponse response;
  while (reader->Read(&response)) {
    for (const Event& event : response.events()) {
      CLIENTELE_RETURN_IF_ERROR(AddEvent(event, points));
    }
  }
  return FromServer(reader->Finish());
}

}  // namespace

absl::StatusOr<DemoPoints> ReadPoints(const PurchaseFile& file, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<pb::MemberTier> members,
                             ReadTiers(file, environment));
  DemoPoints points;
  std::map<int32_t, DemoTier> by_rank;
  for (const pb::MemberTier& member : members) {
    DemoTier& tier = by_rank[member.rank()];
    tier.tier = member.tier();
    ++tier.member_count;
    tier.net_spend_minor += member.net_spend().minor_units();
    points.currency_code = member.net_spend().currency_code();
  }
  for (auto& [rank, tier] : by_rank) {
    points.tiers.push_back(std::move(tier));
  }
  CLIENTELE_RETURN_IF_ERROR(AddFeed(environment, points));
  return points;
}

absl::StatusOr<DemoDue> ReadDue(const PurchaseFile& file, const std::string& customer_id,
                                Environment& environment) {
  DemoDue due;
  due.horizon = kHorizon;
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<pb::MemberTier> members,
                             ReadTiers(file, environment));
  const pb::MemberTier* next = nullptr;
  for (const pb::MemberTier& member : members) {
    if (!member.has_valid_until_time()) {
      continue;
    }
    const auto left = member.valid_until_time() - member.as_of_time();
    due.tiers_ending_count += absl::Seconds(TimeUtil::DurationToSeconds(left)) <= kHorizon ? 1 : 0;
    if (next == nullptr || member.valid_until_time() < next->valid_until_time()) {
      next = &member;
    }
  }
  if (next != nullptr) {
    CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                               ConnectTo<pb::MemberService>(environment, kLoyalty));
    pb::ExplainTierRequest explain;
    explain.set_customer_id(next->customer_id());
    CLIENTELE_ASSIGN_OR_RETURN(
        due.next_tier, Call(environment, *stub, &pb::MemberService::Stub::ExplainTier, explain));
  }
  CLIENTELE_ASSIGN_OR_RETURN(const auto ledger,
                             ConnectTo<pb::LedgerService>(environment, kLoyalty));
  pb::GetBalanceRequest balance;
  balance.set_customer_id(customer_id);
  CLIENTELE_ASSIGN_OR_RETURN(
      due.balance, Call(environment, *ledger, &pb::LedgerService::Stub::GetBalance, balance));
  return due;
}

}  // namespace clientele::cli
