#include "services/loyalty/api/converters/ledger_proto.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/time/time_proto.h"
#include "services/loyalty/api/converters/explanation_parts.h"

namespace clientele::loyalty {

v1::LedgerEntry ToProto(const CustomerId& customer_id, const Entry& entry) {
  v1::LedgerEntry proto;
  proto.set_customer_id(customer_id.value());
  proto.set_seq(entry.seq);
  proto.set_transaction_id(entry.transaction_id);
  proto.set_kind(static_cast<v1::EntryKind>(entry.kind));
  proto.set_debit_account(static_cast<v1::LedgerAccount>(entry.debit_account));
  proto.set_credit_account(static_cast<v1::LedgerAccount>(entry.credit_account));
  proto.set_points(entry.points);
  proto.set_balance_after(entry.balance_after);
  *proto.mutable_occur_time() = ToTimestamp(entry.occur_time);
  *proto.mutable_record_time() = ToTimestamp(entry.record_time);
  proto.set_request_id(entry.cause.request_id);
  proto.set_purchase_id(entry.cause.purchase_id.value());
  proto.set_refund_number(entry.cause.refund_number);
  proto.set_reason(entry.cause.reason);
  proto.set_reference(entry.cause.reference);
  proto.set_program_version(entry.program_version);
  for (const LotUse& use : entry.lot_uses) {
    v1::LotUse& use_proto = *proto.add_lot_uses();
    use_proto.set_lot_id(use.lot_id);
    use_proto.set_points(use.points);
  }
  return proto;
}

v1::Lot ToProto(const Lot& lot, absl::Time now) {
  const int64_t due = lot.expire_time <= now ? lot.remaining : 0;
  v1::Lot proto;
  proto.set_lot_id(lot.lot_id);
  proto.set_points(lot.points);
  proto.set_remaining(lot.remaining - due);
  proto.set_expired(lot.expired + due);
  *proto.mutable_activate_time() = ToTimestamp(lot.activate_time);
  *proto.mutable_expire_time() = ToTimestamp(lot.expire_time);
  proto.set_purchase_id(lot.purchase_id.value());
  proto.set_program_version(lot.program_version);
  return proto;
}

v1::Balance ToProto(const Member& member, const LotOutlook& outlook, absl::Time now) {
  v1::Balance proto;
  proto.set_customer_id(member.id.value());
  proto.set_available(member.available - outlook.due_points);
  proto.set_debt(member.debt);
  proto.set_lifetime_earned(member.lifetime_earned);
  proto.set_entry_count(member.entry_count);
  proto.set_next_expiring(outlook.next_points);
  if (outlook.next_expire_time.has_value()) {
    *proto.mutable_next_expire_time() = ToTimestamp(*outlook.next_expire_time);
  }
  *proto.mutable_as_of_time() = ToTimestamp(now);
  return proto;
}

common::v1::Explanation ExplainEarning(const Program& program, const Earning& earning) {
  common::v1::Explanation proto;
  proto.set_subject(absl::StrCat("purchase ", earning.purchase_id.value()));
  proto.set_outcome(absl::StrCat(EarningOutcomeName(earning.outcome), " ", earning.points));
  SetRule(program.id, earning.program_version, proto);
  AddInput("gross_minor", absl::StrCat(earning.gross_minor), "profile's feed", proto);
  AddInput("currency_code", earning.currency_code, "profile's feed", proto);
  AddInput("refunded_minor", absl::StrCat(earning.refunded_minor), "profile's feed", proto);
  AddInput("points_per_major_unit", absl::StrCat(program.points_per_major_unit), "program", proto);
  AddInput("reversed_points", absl::StrCat(earning.reversed_points), "ledger", proto);
  const std::string currency = program.currency.ToString();
  AddCheck({"currency_code", earning.currency_code, "=", currency},
           earning.currency_code == currency, proto);
  const int64_t unit_minor = program.minor_per_major();
  AddCheck({"gross_minor", absl::StrCat(earning.gross_minor), ">=", absl::StrCat(unit_minor)},
           earning.gross_minor >= unit_minor, proto);
  AddCheck({"points_limit", EarningOutcomeName(earning.outcome),
            "!=", EarningOutcomeName(EarningOutcome::kPointsLimit)},
           earning.outcome != EarningOutcome::kPointsLimit, proto);
  return proto;
}

}  // namespace clientele::loyalty
