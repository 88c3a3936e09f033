#include "services/loyalty/api/converters/tier_proto.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/money/decimal.h"
#include "common/time/civil.h"
#include "common/time/time_proto.h"
#include "services/loyalty/api/converters/explanation_parts.h"

namespace clientele::loyalty {
namespace {

void SetMoney(const Program& program, int64_t amount_minor, common::v1::Money& proto) {
  proto.set_currency_code(program.currency.ToString());
  proto.set_minor_units(amount_minor);
}

// "3,700.00 GBP".
std::string MoneyText(const Program& program, int64_t amount_minor) {
  return absl::StrCat(FormatMinorUnitsGrouped(amount_minor, program.currency), " ",
                      program.currency.ToString());
}

// What must still be spent while the tier is valid, so that it is renewed.
int64_t KeepDistanceMinor(const Program& program, const TierStanding& standing) {
  return standing.rank == 0 ? 0
                            : std::max<int64_t>(0, program.threshold_minor(standing.rank) -
                                                       standing.kept_spend_minor);
}

void AddInputs(const Program& program, const MemberStanding& member,
               common::v1::Explanation& proto) {
  const TierStanding& standing = member.standing;
  const absl::CivilDay today = DayOf(member.now, program.zone);
  AddInput("net_spend_minor", absl::StrCat(standing.net_spend_minor), "purchases and refunds",
           proto);
  AddInput("currency_code", program.currency.ToString(), "program", proto);
  AddInput("window_first_date", FormatDate(today - (program.spend_window_days - 1)), "program",
           proto);
  AddInput("window_last_date", FormatDate(today), "clock", proto);
  AddInput("reach_date", FormatDate(DayOf(standing.reach_time, program.zone)), "tier history",
           proto);
  if (standing.valid_until.has_value()) {
    AddInput("valid_until_date", FormatDate(DayOf(*standing.valid_until, program.zone)),
             "tier history", proto);
    AddInput("spend_kept_at_valid_until_minor", absl::StrCat(standing.kept_spend_minor),
             "purchases and refunds", proto);
    AddInput("keep_distance_minor", absl::StrCat(KeepDistanceMinor(program, standing)), "rule",
             proto);
  }
}

}  // namespace

v1::MemberTier ToProto(const Program& program, const MemberStanding& member) {
  const TierStanding& standing = member.standing;
  v1::MemberTier proto;
  proto.set_customer_id(member.member.id.value());
  proto.set_tier(program.tiers[standing.rank].name);
  proto.set_rank(standing.rank);
  *proto.mutable_reach_time() = ToTimestamp(standing.reach_time);
  if (standing.valid_until.has_value()) {
    *proto.mutable_valid_until_time() = ToTimestamp(*standing.valid_until);
  }
  SetMoney(program, standing.net_spend_minor, *proto.mutable_net_spend());
  *proto.mutable_enroll_time() = ToTimestamp(member.member.enroll_time);
  proto.set_program_version(program.version);
  *proto.mutable_as_of_time() = ToTimestamp(member.now);
  return proto;
}

v1::TierChange ToProto(const Program& program, const TierStep& step) {
  v1::TierChange proto;
  *proto.mutable_occur_time() = ToTimestamp(step.occur_time);
  proto.set_reason(static_cast<v1::TierChangeReason>(step.reason));
  proto.set_previous_tier(program.tiers[step.previous_rank].name);
  proto.set_tier(program.tiers[step.rank].name);
  if (step.valid_until.has_value()) {
    *proto.mutable_valid_until_time() = ToTimestamp(*step.valid_until);
  }
  SetMoney(program, step.net_spend_minor, *proto.mutable_net_spend());
  return proto;
}

v1::TierExplanation ExplainTier(const Program& program, const MemberStanding& member) {
  const TierStanding& standing = member.standing;
  v1::TierExplanation proto;
  *proto.mutable_tier() = ToProto(program, member);
  common::v1::Explanation& explanation = *proto.mutable_explanation();
  explanation.set_subject(absl::StrCat("customer ", member.member.id.value()));
  explanation.set_outcome(program.tiers[standing.rank].name);
  SetRule(program.id, program.version, explanation);
  AddInputs(program, member, explanation);
  for (TierRank rank = 1; rank <= program.top_rank(); ++rank) {
    const int64_t threshold = program.threshold_minor(rank);
    AddCheck({absl::StrCat("net_spend_minor ", program.tiers[rank].name),
              absl::StrCat(standing.net_spend_minor), ">=", absl::StrCat(threshold)},
             standing.net_spend_minor >= threshold, explanation);
  }
  if (standing.valid_until.has_value()) {
    // It holds whatever the spend is, since it was reached and up to this day.
    AddCheck({"valid_until_date", FormatDate(DayOf(*standing.valid_until, program.zone)), ">",
              FormatDate(DayOf(member.now, program.zone))},
             *standing.valid_until > member.now, explanation);
  }
  SetMoney(program, KeepDistanceMinor(program, standing), *proto.mutable_keep_distance());
  if (standing.rank < program.top_rank()) {
    const int64_t missing = program.threshold_minor(standing.rank + 1) - standing.net_spend_minor;
    const std::string& next = program.tiers[standing.rank + 1].name;
    SetMoney(program, missing, *proto.mutable_next_distance());
    explanation.set_next_outcome(next);
    explanation.set_distance_to_next(
        absl::StrCat(next, ": ", MoneyText(program, missing), " more net spend"));
  }
  return proto;
}

}  // namespace clientele::loyalty
