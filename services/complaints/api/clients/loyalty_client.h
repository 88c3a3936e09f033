#ifndef SERVICES_COMPLAINTS_API_CLIENTS_LOYALTY_CLIENT_H_
#define SERVICES_COMPLAINTS_API_CLIENTS_LOYALTY_CLIENT_H_

// What complaints asks loyalty: tiers, and points given and taken back.

#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "common/rpc/client.h"
#include "services/complaints/domain/ids.h"
#include "services/complaints/domain/priority.h"
#include "services/complaints/domain/remedy_plan.h"

namespace clientele::complaints {

// Points of one remedy.
struct PointsGrant {
  CustomerId customer_id;
  RemedyId remedy_id;     // makes the request_id: the same remedy is given once, ever
  int64_t points = 0;     // positive
  std::string reference;  // the complaint's number
};

// What became of an attempt.
struct LedgerResult {
  LedgerAnswer answer = LedgerAnswer::kUnknown;
  std::string transaction_id;  // kDone of Give
  std::string reason;          // kRefused: loyalty's
  absl::Status error;          // unless kDone
};

// Thread-safe. Each call blocks at most until the deadline of its options.
class LoyaltyClient {
 public:
  // `channel` from rpc::Connect.
  explicit LoyaltyClient(const std::shared_ptr<grpc::Channel>& channel);

  // kNone for somebody who is not a member, never kUnknown: an error means that loyalty could not
  // be asked.
  absl::StatusOr<Tier> GetTier(const rpc::CallOptions& options, const CustomerId& id) const;

  // The tiers of 1..1,000 customers, each as GetTier's.
  absl::StatusOr<absl::flat_hash_map<CustomerId, Tier>> GetTiers(
      const rpc::CallOptions& options, absl::Span<const CustomerId> ids) const;

  // Gives the points, however often it is called for one remedy, at most once.
  LedgerResult Give(const rpc::CallOptions& options, const PointsGrant& grant) const;

  // kDone: the remedy's points are not with the customer, and a Give that is still on its way will
  // not change that. kRefused: loyalty has decided not to take them back; a person must look.
  LedgerResult TakeBack(const rpc::CallOptions& options, const PointsGrant& grant) const;

 private:
  const std::unique_ptr<loyalty::v1::MemberService::Stub> members_;
  const std::unique_ptr<loyalty::v1::LedgerService::Stub> ledger_;
};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_API_CLIENTS_LOYALTY_CLIENT_H_
