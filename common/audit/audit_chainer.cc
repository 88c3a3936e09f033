#include "common/audit/audit_chainer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/audit/audit_chain.h"
#include "common/audit/limits.h"
#include "common/audit/sql.h"
#include "common/feed/errors.h"
#include "common/ids/stable_hash.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace clientele::audit {
namespace {

constexpr char kLeaseName[] = "audit";

using Heads = std::array<chain::Head, kPartitionCount>;

// The oldest records, and those few that were written among them meanwhile, by id.
absl::StatusOr<std::vector<StoredRecord>> TakeRecords(sql::Tx& tx) {
  std::string end;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kFindAuditOutboxEnd, {int64_t{kChainBatchMax}}, [&](const sql::Row& row) {
        end = std::string(row.Text(0));
        return absl::OkStatus();
      }));
  std::vector<StoredRecord> records;
  if (end.empty()) {
    return records;
  }
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kTakeFromAuditOutbox, {absl::string_view(end)}, [&](const sql::Row& row) {
        records.push_back({std::string(row.Text(0)), absl::FromUnixMicros(row.Int64(1)),
                           std::string(row.Blob(2))});
        return absl::OkStatus();
      }));
  std::sort(records.begin(), records.end(),
            [](const StoredRecord& a, const StoredRecord& b) { return a.id < b.id; });
  return records;
}

absl::StatusOr<Heads> ClaimHeads(sql::Tx& tx, int64_t fence) {
  Heads heads;
  int claimed_count = 0;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kClaimAuditHeads, {fence}, [&](const sql::Row& row) {
    heads.at(row.Int64(0)) = {row.Int64(1), row.IsNull(2) ? "" : std::string(row.Blob(2))};
    ++claimed_count;
    return absl::OkStatus();
  }));
  if (claimed_count != kPartitionCount) {
    return feed::FenceLost(kLeaseName);
  }
  return heads;
}

// Stores the heads that changed, if the fence still stands.
absl::Status MoveHeads(sql::Tx& tx, const Heads& old_heads, const Heads& heads, int64_t fence) {
  std::vector<std::vector<sql::Param>> batch;
  batch.reserve(kPartitionCount);
  for (int p = 0; p < kPartitionCount; ++p) {
    if (!(heads[p] == old_heads[p])) {
      batch.push_back({heads[p].position, sql::Bytes{heads[p].hash}, int64_t{p}, fence});
    }
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t changed, tx.ExecuteBatch(kMoveAuditHead, batch));
  return changed == static_cast<int64_t>(batch.size()) ? absl::OkStatus()
                                                       : feed::FenceLost(kLeaseName);
}

absl::Status InsertEntries(sql::Tx& tx, absl::Span<const Entry> entries) {
  std::vector<std::vector<sql::Param>> batch;
  batch.reserve(entries.size());
  for (const Entry& entry : entries) {
    batch.push_back({int64_t{entry.partition}, entry.position, absl::string_view(entry.record.id),
                     absl::ToUnixMicros(entry.record.record_time), sql::Bytes{entry.record.content},
                     sql::Bytes{entry.hash}});
  }
  return tx.ExecuteBatch(kInsertAuditEntry, batch).status();
}

}  // namespace

AuditChainer::AuditChainer(sql::Database& database, const Clock& clock, std::string holder,
                           absl::Duration lease_ttl)
    : database_(database), lease_(kLeaseName, std::move(holder), lease_ttl, clock) {}

absl::StatusOr<int64_t> AuditChainer::Chain() {
  int64_t chained_count = 0;
  for (int i = 0; i < kChainBatchesMax; ++i) {
    CLIENTELE_ASSIGN_OR_RETURN(const bool has_work, HasWork());
    if (!has_work) {
      break;
    }
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t batch_count,
                               sql::WriteIn(database_, sql::BackgroundTx(),
                                            [this](sql::Tx& tx) { return ChainBatch(tx); }));
    chained_count += batch_count;
    if (batch_count < kChainBatchMax) {
      break;
    }
  }
  return chained_count;
}

absl::StatusOr<bool> AuditChainer::HasWork() {
  return sql::ReadIn(database_, sql::BackgroundTx(), [](sql::Tx& tx) -> absl::StatusOr<bool> {
    bool has_work = false;
    CLIENTELE_RETURN_IF_ERROR(tx.Query(kProbeAuditOutbox, {}, [&](const sql::Row&) {
      has_work = true;
      return absl::OkStatus();
    }));
    return has_work;
  });
}

absl::StatusOr<int64_t> AuditChainer::ChainBatch(sql::Tx& tx) const {
  // 1. The right to it, and the heads under it.
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<feed::LeaseGrant> grant, lease_.Acquire(tx));
  if (!grant.has_value()) {
    return 0;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const Heads old_heads, ClaimHeads(tx, grant->fence));
  // 2. What comes out of the outbox goes into the chains, no more and no less.
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<StoredRecord> records, TakeRecords(tx));
  if (records.empty()) {
    return 0;
  }
  Heads heads = old_heads;
  std::vector<Entry> entries;
  entries.reserve(records.size());
  for (StoredRecord& record : records) {
    const int partition = PartitionOf(record.id);
    entries.push_back(AppendToChain(partition, std::move(record), heads.at(partition)));
  }
  CLIENTELE_RETURN_IF_ERROR(MoveHeads(tx, old_heads, heads, grant->fence));
  CLIENTELE_RETURN_IF_ERROR(InsertEntries(tx, entries));
  return static_cast<int64_t>(entries.size());
}

}  // namespace clientele::audit
