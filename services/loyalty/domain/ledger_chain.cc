#include "services/loyalty/domain/ledger_chain.h"

#include "absl/time/time.h"

namespace clientele::loyalty {
namespace {

constexpr absl::string_view kPurpose = "clientele-ledger-1";

void AddCause(const EntryCause& cause, chain::EntryHash& hash) {
  hash.AddText(cause.key);
  hash.AddText(cause.content_hash);
  hash.AddText(cause.purchase_id.value());
  hash.AddText(cause.refund_number);
  hash.AddText(cause.reason);
  hash.AddText(cause.reference);
}

}  // namespace

std::string EntryHash(absl::string_view previous_hash, const CustomerId& customer_id,
                      const Entry& entry) {
  chain::EntryHash hash(kPurpose, previous_hash);
  hash.AddText(customer_id.value());
  hash.AddNumber(entry.seq);
  hash.AddText(entry.transaction_id);
  hash.AddNumber(static_cast<int64_t>(entry.kind));
  hash.AddNumber(static_cast<int64_t>(entry.debit_account));
  hash.AddNumber(static_cast<int64_t>(entry.credit_account));
  hash.AddNumber(entry.points);
  hash.AddNumber(entry.balance_after);
  hash.AddNumber(absl::ToUnixMicros(entry.occur_time));
  hash.AddNumber(absl::ToUnixMicros(entry.record_time));
  AddCause(entry.cause, hash);
  hash.AddNumber(entry.program_version);
  hash.AddNumber(static_cast<int64_t>(entry.lot_uses.size()));
  for (const LotUse& use : entry.lot_uses) {
    hash.AddNumber(use.lot_seq);
    hash.AddNumber(use.points);
  }
  return hash.Sum();
}

bool Accept(const CustomerId& customer_id, const ChainEnd& end, const Entry& entry,
            chain::Verifier& verifier) {
  const bool is_other_head =
      entry.seq == end.head.position && absl::string_view(entry.hash) != end.head.hash;
  return verifier.Accept(entry.seq, is_other_head ? "" : entry.hash, [&](const chain::Head& last) {
    return entry.seq > end.head.position ? "" : EntryHash(last.hash, customer_id, entry);
  });
}

bool AcceptEnd(const ChainEnd& end, chain::Verifier& verifier) {
  const chain::Head unchained{end.entry_count, ""};
  if (end.head.position == 0 && !end.head.hash.empty()) {
    return verifier.AcceptEnd(end.head);  // which no chain has
  }
  if (end.entry_count > end.head.position) {
    return verifier.AcceptEnd(unchained);
  }
  return verifier.AcceptEnd(end.head) &&
         (end.entry_count == end.head.position || verifier.AcceptEnd(unchained));
}

}  // namespace clientele::loyalty
