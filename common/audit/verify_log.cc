#include "common/audit/verify_log.h"

#include <utility>

#include "common/audit/audit_store.h"
#include "common/status/macros.h"

namespace clientele::audit {
namespace {

// Whether the entry that `known` speaks of is there as it was.
absl::StatusOr<bool> IsThere(sql::Tx& tx, int partition, const chain::Head& known) {
  bool is_there = known.position == 0;
  CLIENTELE_RETURN_IF_ERROR(ReadEntries(tx, partition, known.position, 1, [&](const Entry& entry) {
    is_there = is_there || (entry.position == known.position && entry.hash == known.hash);
    return absl::OkStatus();
  }));
  return is_there;
}

}  // namespace

absl::StatusOr<Verdict> VerifyNext(sql::Tx& tx, int partition, const chain::Head& after,
                                   int limit) {
  Verdict verdict;
  CLIENTELE_ASSIGN_OR_RETURN(verdict.head, ReadHead(tx, partition));
  CLIENTELE_ASSIGN_OR_RETURN(const bool is_there, IsThere(tx, partition, after));
  if (!is_there) {
    verdict.first_bad_position = after.position;
    verdict.is_complete = true;
    return verdict;
  }
  chain::Verifier verifier(after);
  int read_count = 0;
  CLIENTELE_RETURN_IF_ERROR(
      ReadEntries(tx, partition, after.position + 1, limit, [&](const Entry& entry) {
        ++read_count;
        Accept(partition, entry, verifier);
        return absl::OkStatus();
      }));
  if (read_count < limit) {
    verifier.AcceptEnd(verdict.head);
  }
  verdict.verified = verifier.verified();
  verdict.first_bad_position = verifier.first_bad_position();
  verdict.is_complete = read_count < limit || verdict.first_bad_position != 0;
  return verdict;
}

}  // namespace clientele::audit
