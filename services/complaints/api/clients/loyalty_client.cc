#include "services/complaints/api/clients/loyalty_client.h"

#include "absl/strings/string_view.h"
#include "common/ids/uuid.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele::complaints {
namespace {

namespace pb = clientele::loyalty::v1;

// A tier decides how urgent a complaint is, and so must not come from a cache.
constexpr auto kConsistency = common::v1::CONSISTENCY_STRONG;

constexpr absl::string_view kReasonCode = "COMPLAINT_REMEDY";
constexpr absl::string_view kRequestIdReused = "REQUEST_ID_REUSED";

// The same for the same remedy, for ever.
std::string RequestId(const RemedyId& id, absl::string_view what) {
  const auto request_id = UuidV5(id.value(), what);
  CLIENTELE_CHECK(request_id.ok());  // every remedy id is a UUID
  return *request_id;
}

std::string GiveRequestId(const RemedyId& id) { return RequestId(id, "give"); }

// Whether loyalty itself, not something on the way, has decided against the request for good.
// ALREADY_EXISTS is not such a decision: the request_id has had some effect then.
bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
      return !GetErrorReason(status).empty();
    default:
      return false;
  }
}

}  // namespace

LoyaltyClient::LoyaltyClient(const std::shared_ptr<grpc::Channel>& channel)
    : members_(pb::MemberService::NewStub(channel)), ledger_(pb::LedgerService::NewStub(channel)) {}

absl::StatusOr<Tier> LoyaltyClient::GetTier(const rpc::CallOptions& options,
                                            const CustomerId& id) const {
  pb::GetTierRequest request;
  request.set_customer_id(id.value());
  request.set_consistency(kConsistency);
  const absl::StatusOr<pb::MemberTier> tier = rpc::CallUnary<pb::MemberTier>(
      options, [&](grpc::ClientContext* context, pb::MemberTier* out) {
        return members_->GetTier(context, request, out);
      });
  if (tier.ok()) {
    return TierOf(tier->tier(), tier->rank());
  }
  if (GetErrorReason(tier.status()) == "MEMBER_NOT_FOUND") {
    return Tier::kNone;
  }
  return tier.status();
}

absl::StatusOr<absl::flat_hash_map<CustomerId, Tier>> LoyaltyClient::GetTiers(
    const rpc::CallOptions& options, absl::Span<const CustomerId> ids) const {
  pb::BatchGetTiersRequest request;
  for (const CustomerId& id : ids) {
    request.add_customer_ids(id.value());
  }
  request.set_consistency(kConsistency);
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::BatchGetTiersResponse response,
      rpc::CallUnary<pb::BatchGetTiersResponse>(
          options, [&](grpc::ClientContext* context, pb::BatchGetTiersResponse* out) {
            return members_->BatchGetTiers(context, request, out);
          }));
  absl::flat_hash_map<CustomerId, Tier> tiers;
  for (const pb::MemberTier& tier : response.tiers()) {
    tiers[CustomerId(tier.customer_id())] = TierOf(tier.tier(), tier.rank());
  }
  for (const std::string& id : response.missing_customer_ids()) {
    tiers[CustomerId(id)] = Tier::kNone;
  }
  return tiers;
}

LedgerResult LoyaltyClient::Give(const rpc::CallOptions& options, const PointsGrant& grant) const {
  pb::AdjustRequest request;
  request.set_request_id(GiveRequestId(grant.remedy_id));
  request.set_customer_id(grant.customer_id.value());
  request.set_points(grant.points);
  request.set_reason(std::string(kReasonCode));
  request.set_reference(grant.reference);
  const absl::StatusOr<pb::LedgerEntry> entry = rpc::CallUnary<pb::LedgerEntry>(
      options, [&](grpc::ClientContext* context, pb::LedgerEntry* out) {
        return ledger_->Adjust(context, request, out);
      });
  if (entry.ok()) {
    return {.answer = LedgerAnswer::kDone, .transaction_id = entry->transaction_id()};
  }
  return {.answer = IsRefusal(entry.status()) ? LedgerAnswer::kRefused : LedgerAnswer::kUnknown,
          .reason = GetErrorReason(entry.status()),
          .error = entry.status()};
}

LedgerResult LoyaltyClient::TakeBack(const rpc::CallOptions& options,
                                     const PointsGrant& grant) const {
  pb::ReverseRequest request;
  request.set_request_id(RequestId(grant.remedy_id, "take back"));
  request.set_customer_id(grant.customer_id.value());
  request.set_original_request_id(GiveRequestId(grant.remedy_id));
  request.set_reason(std::string(kReasonCode));
  const absl::Status status =
      rpc::CallUnary<pb::ReverseResponse>(options, [&](grpc::ClientContext* context,
                                                       pb::ReverseResponse* out) {
        return ledger_->Reverse(context, request, out);
      }).status();
  if (status.ok()) {
    return {.answer = LedgerAnswer::kDone};
  }
  // Unlike Give's, a reused request_id is no sign that the points were moved as asked.
  const std::string reason = GetErrorReason(status);
  const bool refused = IsRefusal(status) || reason == kRequestIdReused;
  return {.answer = refused ? LedgerAnswer::kRefused : LedgerAnswer::kUnknown,
          .reason = reason,
          .error = status};
}

}  // namespace clientele::complaints
