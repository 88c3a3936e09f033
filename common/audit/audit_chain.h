#ifndef COMMON_AUDIT_AUDIT_CHAIN_H_
#define COMMON_AUDIT_AUDIT_CHAIN_H_

// The chain of one partition of the audit log.
// Thread safety: pure functions and values.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/audit/call_record.h"
#include "common/chain/hash_chain.h"

namespace clientele::audit {

// A record with its place.
struct Entry {
  int partition = 0;
  int64_t position = 0;
  StoredRecord record;
  std::string hash;
};

// What AuditEntry.hash in audit_service.proto says. `previous_hash`: of the entry before; empty for
// the first.
std::string EntryHash(absl::string_view previous_hash, int partition, int64_t position,
                      const StoredRecord& record);

// The entry that puts `record` behind `head`, which moves on.
Entry AppendToChain(int partition, StoredRecord record, chain::Head& head);

// chain::Verifier::Accept for an entry as stored in `partition`.
bool Accept(int partition, const Entry& entry, chain::Verifier& verifier);

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_AUDIT_CHAIN_H_
