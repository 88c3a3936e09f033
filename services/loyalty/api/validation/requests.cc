#include "services/loyalty/api/validation/requests.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/handler/cached_message.h"
#include "common/handler/request_content.h"
#include "common/ids/id_format.h"
#include "common/pagination/page_size.h"
#include "common/rpc/request_id_rule.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "common/status/merge_violations.h"
#include "common/status/value_unless.h"
#include "common/text/text.h"
#include "services/loyalty/domain/ledger.h"
#include "services/loyalty/limits.h"

namespace clientele::loyalty {
namespace {

constexpr size_t kReasonBytesMin = 2;
constexpr size_t kReasonBytesMax = 50;

CustomerId CheckCustomerId(absl::string_view field, absl::string_view id, Violations& violations) {
  if (!IsCallerChosenId(id)) {
    violations.Add(field, "must match ^[a-z0-9][a-z0-9-]{2,62}$");
  }
  return CustomerId(id);
}

std::string CheckUuid(absl::string_view field, absl::string_view id, Violations& violations) {
  const std::optional<std::string> canonical = CanonicalUuid(id);
  if (!canonical.has_value()) {
    violations.Add(field, "must be a UUID");
  }
  return canonical.value_or("");
}

bool IsReason(absl::string_view reason) {
  if (reason.size() < kReasonBytesMin || reason.size() > kReasonBytesMax ||
      !absl::ascii_isupper(static_cast<unsigned char>(reason.front()))) {
    return false;
  }
  for (const char c : reason) {
    if (!absl::ascii_isupper(static_cast<unsigned char>(c)) &&
        !absl::ascii_isdigit(static_cast<unsigned char>(c)) && c != '_') {
      return false;
    }
  }
  return true;
}

void CheckReason(absl::string_view reason, Violations& violations) {
  if (!IsReason(reason)) {
    violations.Add("reason", "must match ^[A-Z][A-Z0-9_]{1,49}$");
  }
}

// What the three writes have in common. `empty_reason` stands for an empty reason; "" = required.
template <typename Request>
LedgerCommand CheckLedgerRequest(const rpc::CallContext& call, const KeyedHash& hash,
                                 const Request& request, absl::string_view empty_reason,
                                 Violations& violations) {
  rpc::ValidateRequestId(call.request_id_rule, request.request_id(), violations);
  LedgerCommand command;
  command.request_id = CanonicalUuid(request.request_id()).value_or("");
  command.customer_id = CheckCustomerId("customer_id", request.customer_id(), violations);
  command.reason = request.reason().empty() ? std::string(empty_reason) : request.reason();
  CheckReason(command.reason, violations);
  command.validate_only = request.validate_only();
  command.content_hash =
      hash.Hex(absl::StrCat(call.principal, "\n", call.method, "\n", ContentOf(request)));
  return command;
}

template <typename Request>
absl::StatusOr<CustomerId> ValidateMember(const Request& request) {
  Violations violations;
  CustomerId id = CheckCustomerId("customer_id", request.customer_id(), violations);
  return ValueUnless(violations, std::move(id));
}

// `more_arguments`: what the token is bound to beside the method and the member.
template <typename Request>
absl::StatusOr<MemberPageQuery> ValidatePage(const rpc::CallContext& call,
                                             const PageTokenCodec& tokens, const Request& request,
                                             PageSizeLimits limits,
                                             absl::string_view more_arguments = "") {
  Violations violations;
  MemberPageQuery query{
      .customer_id = CheckCustomerId("customer_id", request.customer_id(), violations),
      .page_size = ResolvePageSize(request.page_size(), limits, violations),
      .arguments = absl::StrCat(call.method, "\n", request.customer_id(), "\n", more_arguments),
      .cursor = {}};
  absl::StatusOr<PageCursor> cursor = tokens.Decode(request.page_token(), query.arguments);
  CLIENTELE_RETURN_IF_ERROR(MergeViolations(violations, {cursor.status()}));
  query.cursor = *std::move(cursor);
  return query;
}

// The call as if it had been of `method` of the same service, which requires a request_id: a
// posting of a batch is the same request as one by its own RPC.
rpc::CallContext CallOf(const rpc::CallContext& call, absl::string_view method) {
  rpc::CallContext own;
  own.principal = call.principal;
  own.method = absl::StrCat(call.method.substr(0, call.method.rfind('/') + 1), method);
  own.request_id_rule = common::v1::REQUEST_ID_RULE_REQUIRED;
  return own;
}

absl::StatusOr<PostingCommand> ValidatePosting(const rpc::CallContext& call, const KeyedHash& hash,
                                               const v1::BatchPostRequest::Posting& posting) {
  PostingCommand command;
  if (posting.has_redeem()) {
    CLIENTELE_ASSIGN_OR_RETURN(command.points,
                               Validate(CallOf(call, "Redeem"), hash, posting.redeem()));
  } else if (posting.has_adjust()) {
    command.kind = EntryKind::kAdjust;
    CLIENTELE_ASSIGN_OR_RETURN(command.points,
                               Validate(CallOf(call, "Adjust"), hash, posting.adjust()));
  } else {
    Violations violations;
    violations.Add("kind", "must be redeem or adjust");
    return violations.ToStatus();
  }
  return command;
}

}  // namespace

absl::StatusOr<PointsCommand> Validate(const rpc::CallContext& call, const KeyedHash& hash,
                                       const v1::RedeemRequest& request) {
  Violations violations;
  PointsCommand command{CheckLedgerRequest(call, hash, request, "REDEMPTION", violations),
                        request.points()};
  if (request.points() < 1 || request.points() > kPointsMax) {
    violations.Add("points", "must be 1 to 4e18");
  }
  command.ledger.reference =
      ValidateText("reference", request.reference(), kReferenceCharactersMax, violations);
  return ValueUnless(violations, std::move(command));
}

absl::StatusOr<PointsCommand> Validate(const rpc::CallContext& call, const KeyedHash& hash,
                                       const v1::AdjustRequest& request) {
  Violations violations;
  PointsCommand command{CheckLedgerRequest(call, hash, request, "", violations), request.points()};
  if (request.points() == 0 || request.points() > kAdjustPointsMax ||
      request.points() < -kAdjustPointsMax) {
    violations.Add("points", absl::StrCat("must be -", kAdjustPointsMax, " to ", kAdjustPointsMax,
                                          " and not 0"));
  }
  command.ledger.reference =
      ValidateText("reference", request.reference(), kReferenceCharactersMax, violations);
  return ValueUnless(violations, std::move(command));
}

absl::StatusOr<std::vector<absl::StatusOr<PostingCommand>>> Validate(
    const rpc::CallContext& call, const KeyedHash& hash, const v1::BatchPostRequest& request) {
  if (request.postings().empty() || request.postings_size() > kBatchPostingsMax) {
    Violations violations;
    violations.Add("postings", absl::StrCat("must be 1..", kBatchPostingsMax));
    return violations.ToStatus();
  }
  std::vector<absl::StatusOr<PostingCommand>> commands;
  commands.reserve(request.postings_size());
  for (const v1::BatchPostRequest::Posting& posting : request.postings()) {
    absl::StatusOr<PostingCommand>& command =
        commands.emplace_back(ValidatePosting(call, hash, posting));
    if (command.ok()) {
      command->points.ledger.validate_only = request.validate_only();
    }
  }
  return commands;
}

absl::StatusOr<ReverseCommand> Validate(const rpc::CallContext& call, const KeyedHash& hash,
                                        const v1::ReverseRequest& request) {
  Violations violations;
  ReverseCommand command{
      CheckLedgerRequest(call, hash, request, "REVERSAL", violations),
      CheckUuid("original_request_id", request.original_request_id(), violations)};
  if (!command.original_request_id.empty() &&
      command.original_request_id == command.ledger.request_id) {
    violations.Add("original_request_id", "must be another one than request_id");
  }
  return ValueUnless(violations, std::move(command));
}

absl::StatusOr<CustomerId> Validate(const v1::GetBalanceRequest& request) {
  return ValidateMember(request);
}

absl::StatusOr<TierQuery> Validate(const v1::GetTierRequest& request) {
  Violations violations;
  TierQuery query{
      .customer_ids = {CheckCustomerId("customer_id", request.customer_id(), violations).value()},
      .rule = ToReadRule(request.consistency(), std::nullopt, violations)};
  return ValueUnless(violations, std::move(query));
}

absl::StatusOr<CustomerId> Validate(const v1::ExplainTierRequest& request) {
  return ValidateMember(request);
}

absl::StatusOr<MemberPageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                         const v1::ListEntriesRequest& request) {
  return ValidatePage(call, tokens, request, kEntryPageSize);
}

absl::StatusOr<MemberPageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                         const v1::ListLotsRequest& request) {
  return ValidatePage(call, tokens, request, kLotPageSize, request.open_only() ? "open" : "all");
}

absl::StatusOr<MemberPageQuery> Validate(const rpc::CallContext& call, const PageTokenCodec& tokens,
                                         const v1::ListTierHistoryRequest& request) {
  return ValidatePage(call, tokens, request, kTierHistoryPageSize);
}

absl::StatusOr<EarningQuery> Validate(const v1::ExplainEarningRequest& request) {
  Violations violations;
  EarningQuery query{CheckCustomerId("customer_id", request.customer_id(), violations),
                     PurchaseId(CheckUuid("purchase_id", request.purchase_id(), violations))};
  return ValueUnless(violations, std::move(query));
}

absl::StatusOr<TierQuery> Validate(const v1::BatchGetTiersRequest& request) {
  Violations violations;
  if (request.customer_ids().empty() || request.customer_ids_size() > kBatchTiersMax) {
    violations.Add("customer_ids", absl::StrCat("must hold 1 to ", kBatchTiersMax, " ids"));
  } else {
    for (int i = 0; i < request.customer_ids_size(); ++i) {
      CheckCustomerId(absl::StrCat("customer_ids[", i, "]"), request.customer_ids(i), violations);
    }
  }
  TierQuery query{.customer_ids = {request.customer_ids().begin(), request.customer_ids().end()},
                  .rule = ToReadRule(request.consistency(), std::nullopt, violations)};
  return ValueUnless(violations, std::move(query));
}

absl::StatusOr<std::vector<LedgerHead>> Validate(const v1::VerifyLedgerHeadsRequest& request) {
  Violations violations;
  std::vector<LedgerHead> heads;
  if (request.heads().empty() || request.heads_size() > kVerifyHeadsMax) {
    violations.Add("heads", absl::StrCat("must hold 1 to ", kVerifyHeadsMax));
    return violations.ToStatus();
  }
  heads.reserve(request.heads_size());
  for (int i = 0; i < request.heads_size(); ++i) {
    const v1::LedgerHead& head = request.heads(i);
    const std::string field = absl::StrCat("heads[", i, "]");
    CustomerId customer_id =
        CheckCustomerId(absl::StrCat(field, ".customer_id"), head.customer_id(), violations);
    if (head.seq() < 1) {
      violations.Add(absl::StrCat(field, ".seq"), "must be positive");
    }
    if (head.hash().size() != chain::kHashBytes) {
      violations.Add(absl::StrCat(field, ".hash"), "must be 32 bytes");
    }
    heads.push_back({std::move(customer_id), {head.seq(), head.hash()}});
  }
  return ValueUnless(violations, std::move(heads));
}

}  // namespace clientele::loyalty
