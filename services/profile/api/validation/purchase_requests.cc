#include "services/profile/api/validation/purchase_requests.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/money/money.h"
#include "common/status/macros.h"
#include "services/profile/api/validation/content_hash.h"
#include "services/profile/api/validation/fields.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {
namespace {

constexpr absl::string_view kAmountRange = "must stay within 4e18 minor units";

// Checks a number in [min, max].
void CheckRange(const FieldPath& parent, absl::string_view name, int64_t value, int64_t min,
                int64_t max, Violations& violations) {
  if (value >= min && value <= max) return;
  violations.Add(parent.Field(name).ToString(), absl::StrCat("must lie in ", min, "..", max));
}

std::optional<CurrencyCode> ReadCurrency(const FieldPath& path, absl::string_view text,
                                         Violations& violations) {
  const absl::StatusOr<CurrencyCode> currency = CurrencyCode::Parse(text);
  if (currency.ok()) return *currency;
  violations.Add(path.ToString(), text.empty() ? "is required" : currency.status().message());
  return std::nullopt;
}

PurchaseLine ReadLine(const FieldPath& path, const v1::PurchaseLine& proto,
                      Violations& violations) {
  CheckRange(path, "line_number", proto.line_number(), 1, std::numeric_limits<int32_t>::max(),
             violations);
  CheckRange(path, "quantity", proto.quantity(), 1, kQuantityMax, violations);
  CheckRange(path, "unit_price_micros", proto.unit_price_micros(), 0, kUnitPriceMicrosMax,
             violations);
  return PurchaseLine{.line_number = proto.line_number(),
                      .sku = ReadText(path.Field("sku"), proto.sku(), kSaleTextCharactersMax,
                                      Presence::kRequired, violations),
                      .category = ReadText(path.Field("category"), proto.category(),
                                           kSaleTextCharactersMax, Presence::kOptional, violations),
                      .quantity = proto.quantity(),
                      .unit_price_micros = proto.unit_price_micros()};
}

// Adds a violation for every item whose line number stood in an earlier one.
template <typename Items>
void CheckLineNumbersOnce(const FieldPath& parent, const Items& items, Violations& violations) {
  absl::flat_hash_set<int32_t> seen;
  for (int i = 0; i < items.size(); ++i) {
    if (!seen.insert(items[i].line_number()).second) {
      violations.Add(parent.Item("lines", i).Field("line_number").ToString(),
                     "occurs more than once");
    }
  }
}

bool AreSortedByNumber(const std::vector<PurchaseLine>& lines) {
  return std::adjacent_find(lines.begin(), lines.end(),
                            [](const PurchaseLine& left, const PurchaseLine& right) {
                              return left.line_number >= right.line_number;
                            }) == lines.end();
}

std::vector<PurchaseLine> ReadLines(const FieldPath& path, const v1::Purchase& proto,
                                    Violations& violations) {
  std::vector<PurchaseLine> lines;
  if (proto.lines().empty() || proto.lines_size() > kPurchaseLinesMax) {
    violations.Add(path.Field("lines").ToString(), absl::StrCat("must be 1..", kPurchaseLinesMax));
    return lines;
  }
  lines.reserve(proto.lines_size());
  for (int i = 0; i < proto.lines_size(); ++i) {
    lines.push_back(ReadLine(path.Item("lines", i), proto.lines(i), violations));
  }
  if (AreSortedByNumber(lines)) return lines;
  CheckLineNumbersOnce(path, proto.lines(), violations);
  std::sort(lines.begin(), lines.end(), [](const PurchaseLine& left, const PurchaseLine& right) {
    return left.line_number < right.line_number;
  });
  return lines;
}

// Says which amount is out of range.
void ExplainTotals(const FieldPath& path, const v1::Purchase& proto, CurrencyCode currency,
                   Violations& violations) {
  const size_t violation_count = violations.all().size();
  for (int i = 0; i < proto.lines_size(); ++i) {
    const v1::PurchaseLine& line = proto.lines(i);
    if (!LineAmountMinor(line.quantity(), line.unit_price_micros(), currency).ok()) {
      violations.Add(path.Item("lines", i).Field("unit_price_micros").ToString(), kAmountRange);
    }
  }
  if (violations.all().size() == violation_count) {
    violations.Add(path.Field("lines").ToString(), kAmountRange);
  }
}

std::string ReadOwnSourceSystem(const FieldPath& path, absl::string_view own,
                                absl::string_view of_import, Violations& violations) {
  if (of_import.empty()) return ReadSourceSystem(path, own, violations);
  if (!own.empty() && own != of_import) {
    violations.Add(path.ToString(), "must be that of the config, or empty");
  }
  return std::string(of_import);
}

std::vector<RefundLine> ReadRefundLines(
    const FieldPath& path, const google::protobuf::RepeatedPtrField<v1::RefundLine>& protos,
    Violations& violations) {
  std::vector<RefundLine> lines;
  if (protos.size() > kPurchaseLinesMax) {
    violations.Add(path.Field("lines").ToString(),
                   absl::StrCat("must be at most ", kPurchaseLinesMax));
    return lines;
  }
  for (int i = 0; i < protos.size(); ++i) {
    const FieldPath line = path.Item("lines", i);
    CheckRange(line, "line_number", protos[i].line_number(), 1, std::numeric_limits<int32_t>::max(),
               violations);
    CheckRange(line, "quantity", protos[i].quantity(), 1, kQuantityMax, violations);
    lines.push_back({.line_number = protos[i].line_number(), .quantity = protos[i].quantity()});
  }
  CheckLineNumbersOnce(path, protos, violations);
  std::sort(lines.begin(), lines.end(), [](const RefundLine& left, const RefundLine& right) {
    return left.line_number < right.line_number;
  });
  return lines;
}

// What RefundPurchaseRequest and Refund share: lines or amount, reason, time, number.
template <typename Proto>
Refund ReadRefund(const FieldPath& path, const Proto& proto, Presence number_presence,
                  absl::Time now, Violations& violations) {
  Refund refund;
  refund.refund_number = ReadText(path.Field("refund_number"), proto.refund_number(),
                                  kRefundNumberCharactersMax, number_presence, violations);
  refund.reason = ReadText(path.Field("reason"), proto.reason(), kRefundReasonCharactersMax,
                           Presence::kOptional, violations);
  const std::optional<absl::Time> occur_time = ReadOccurTime(
      path.Field("occur_time"), proto.has_occur_time() ? &proto.occur_time() : nullptr, now,
      Presence::kOptional, violations);
  refund.occur_time = occur_time.value_or(now);
  refund.lines = ReadRefundLines(path, proto.lines(), violations);
  refund.amount_minor = proto.amount_minor();
  if (proto.lines().empty()) {
    CheckRange(path, "amount_minor", proto.amount_minor(), 1, kAmountMinorMax, violations);
  } else if (proto.amount_minor() != 0) {
    violations.Add(path.Field("amount_minor").ToString(), "must be 0 when lines are given");
  }
  refund.content_hash = ContentHash(CanonicalContent(refund, occur_time));
  return refund;
}

// Which purchase a request changes, in which version and under which request_id.
template <typename Command, typename Request>
Validated<Command> ReadChange(const Request& request, common::v1::RequestIdRule rule,
                              Violations& violations) {
  const FieldPath root;
  Validated<Command> read;
  read.request_id = ReadRequestId(request.request_id(), rule, violations);
  read.command.customer_id =
      ReadCustomerId(root.Field("customer_id"), request.customer_id(), violations);
  read.command.purchase_id =
      ReadPurchaseId(root.Field("purchase_id"), request.purchase_id(), violations);
  read.command.expected_version = ReadEtag(root.Field("etag"), request.etag(), violations);
  return read;
}

}  // namespace

std::optional<Purchase> ReadPurchase(const FieldPath& path, const v1::Purchase& proto,
                                     absl::string_view source_system, absl::Time now,
                                     Violations& violations) {
  const size_t violation_count = violations.all().size();
  const auto read_sale_text = [&](absl::string_view name, const std::string& text) {
    return ReadText(path.Field(name), text, kSaleTextCharactersMax, Presence::kOptional,
                    violations);
  };
  // 1. Every field by itself, so that every violation is listed.
  const CustomerId customer_id =
      ReadCustomerId(path.Field("customer_id"), proto.customer_id(), violations);
  const std::string system = ReadOwnSourceSystem(path.Field("source_system"), proto.source_system(),
                                                 source_system, violations);
  const std::string order_number =
      ReadText(path.Field("order_number"), proto.order_number(), kOrderNumberCharactersMax,
               Presence::kRequired, violations);
  const std::optional<absl::Time> occur_time = ReadOccurTime(
      path.Field("occur_time"), proto.has_occur_time() ? &proto.occur_time() : nullptr, now,
      Presence::kRequired, violations);
  const std::optional<CurrencyCode> currency =
      ReadCurrency(path.Field("currency_code"), proto.currency_code(), violations);
  std::string channel = read_sale_text("channel", proto.channel());
  std::string store = read_sale_text("store", proto.store());
  std::string region = read_sale_text("region", proto.region());
  std::vector<PurchaseLine> lines = ReadLines(path, proto, violations);
  if (violations.all().size() != violation_count) return std::nullopt;

  // 2. What follows from them.
  Purchase purchase{.header = {.id = PurchaseIdOf(system, order_number),
                               .customer_id = customer_id,
                               .source_system = system,
                               .order_number = order_number,
                               .occur_time = *occur_time,
                               .currency = *currency,
                               .channel = std::move(channel),
                               .store = std::move(store),
                               .region = std::move(region)},
                    .lines = std::move(lines)};
  if (!ComputeTotals(purchase).ok()) {
    ExplainTotals(path, proto, *currency, violations);
    return std::nullopt;
  }
  purchase.header.content_hash = ContentHash(CanonicalContent(purchase));
  return purchase;
}

std::optional<RefundCommand> ReadImportRefund(const FieldPath& path, const v1::ImportRefund& proto,
                                              absl::string_view source_system, absl::Time now,
                                              Violations& violations) {
  const size_t violation_count = violations.all().size();
  RefundCommand command;
  command.customer_id = ReadCustomerId(path.Field("customer_id"), proto.customer_id(), violations);
  const std::string order_number =
      ReadText(path.Field("order_number"), proto.order_number(), kOrderNumberCharactersMax,
               Presence::kRequired, violations);
  command.purchase_id = PurchaseIdOf(source_system, order_number);
  command.refund =
      ReadRefund(path.Field("refund"), proto.refund(), Presence::kRequired, now, violations);
  if (violations.all().size() != violation_count) return std::nullopt;
  return command;
}

absl::StatusOr<Validated<RefundCommand>> ValidateRefundPurchase(
    const v1::RefundPurchaseRequest& request, common::v1::RequestIdRule rule, absl::Time now) {
  const FieldPath root;
  Violations violations;
  auto read = ReadChange<RefundCommand>(request, rule, violations);
  read.command.refund = ReadRefund(root, request, Presence::kOptional, now, violations);
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return read;
}

absl::StatusOr<Validated<CancelCommand>> ValidateCancelPurchase(
    const v1::CancelPurchaseRequest& request, common::v1::RequestIdRule rule, absl::Time now) {
  const FieldPath root;
  Violations violations;
  auto read = ReadChange<CancelCommand>(request, rule, violations);
  read.command.occur_time =
      ReadOccurTime(root.Field("occur_time"),
                    request.has_occur_time() ? &request.occur_time() : nullptr, now,
                    Presence::kOptional, violations)
          .value_or(now);
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return read;
}

}  // namespace clientele::profile
