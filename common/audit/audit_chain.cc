#include "common/audit/audit_chain.h"

#include <utility>

#include "absl/time/time.h"

namespace clientele::audit {
namespace {

constexpr absl::string_view kPurpose = "clientele-audit-1";

}  // namespace

std::string EntryHash(absl::string_view previous_hash, int partition, int64_t position,
                      const StoredRecord& record) {
  chain::EntryHash hash(kPurpose, previous_hash);
  hash.AddNumber(partition);
  hash.AddNumber(position);
  hash.AddNumber(absl::ToUnixMicros(record.record_time));
  hash.AddText(record.id);
  hash.AddText(record.content);
  return hash.Sum();
}

Entry AppendToChain(int partition, StoredRecord record, chain::Head& head) {
  Entry entry{partition, head.position + 1, std::move(record), ""};
  entry.hash = EntryHash(head.hash, partition, entry.position, entry.record);
  head = {entry.position, entry.hash};
  return entry;
}

bool Accept(int partition, const Entry& entry, chain::Verifier& verifier) {
  return verifier.Accept(entry.position, entry.hash, [&](const chain::Head& last) {
    return EntryHash(last.hash, partition, last.position + 1, entry.record);
  });
}

}  // namespace clientele::audit
