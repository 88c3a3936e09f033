#include "common/feed/consumer_positions.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "common/feed/errors.h"
#include "common/feed/sql_consumer.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

// Runs a compare-and-set that must find every row.
absl::Status MoveAll(sql::Tx& tx, absl::string_view source, const sql::Statement& statement,
                     const std::vector<std::vector<sql::Param>>& batch) {
  if (batch.empty()) {
    return absl::OkStatus();
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t changed, tx.ExecuteBatch(statement, batch));
  return changed == static_cast<int64_t>(batch.size())
             ? absl::OkStatus()
             : FenceLost(absl::StrCat("the consumer of ", source));
}

}  // namespace

absl::Status ClaimConsumerPositions(sql::Tx& tx, absl::string_view source, PartitionGroup group,
                                    int64_t fence, ConsumerPlace& place) {
  std::vector<std::vector<sql::Param>> batch;
  for (int p = group.first(); p <= group.last(); ++p) {
    batch.push_back({source, int64_t{p}});
  }
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertConsumerPosition, batch).status());
  size_t claimed_count = 0;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(
      kClaimConsumerPositions, {fence, source, int64_t{group.first()}, int64_t{group.last()}},
      [&](const sql::Row& row) {
        place.positions.at(row.Int64(0)) = row.Int64(1);
        place.page_tokens.at(row.Int64(0)) = std::string(row.Text(2));
        ++claimed_count;
        return absl::OkStatus();
      }));
  return claimed_count == batch.size() ? absl::OkStatus()
                                       : FenceLost(absl::StrCat("the consumer of ", source));
}

absl::StatusOr<Positions> ReadConsumerPositions(sql::Tx& tx, absl::string_view source) {
  Positions positions{};
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectConsumerPositions, {source}, [&](const sql::Row& row) {
    positions.at(row.Int64(0)) = row.Int64(1);
    return absl::OkStatus();
  }));
  return positions;
}

absl::StatusOr<bool> IsInExport(sql::Tx& tx, absl::string_view source) {
  int64_t count = 0;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kCountExportedPartitions, {source}, [&count](const sql::Row& row) {
        count = row.Int64(0);
        return absl::OkStatus();
      }));
  return count > 0;
}

absl::Status MoveConsumerPositions(sql::Tx& tx, absl::string_view source, const Positions& from,
                                   const Positions& to, const GroupFences& fences) {
  std::vector<std::vector<sql::Param>> batch;
  for (int p = 0; p < kPartitionCount; ++p) {
    if (from[p] != to[p]) {
      batch.push_back(
          {to[p], source, int64_t{p}, from[p], fences.at(PartitionGroup::Of(p).number)});
    }
  }
  return MoveAll(tx, source, kMoveConsumerPosition, batch);
}

absl::Status MoveExportPlaces(sql::Tx& tx, absl::string_view source, const PartitionSet& partitions,
                              const ConsumerPlace& from, const ConsumerPlace& to,
                              const GroupFences& fences) {
  std::vector<std::vector<sql::Param>> batch;
  for (int p = 0; p < kPartitionCount; ++p) {
    if (partitions[p]) {
      batch.push_back({to.positions[p], source, int64_t{p}, from.positions[p],
                       fences.at(PartitionGroup::Of(p).number),
                       absl::string_view(to.page_tokens[p]),
                       absl::string_view(from.page_tokens[p])});
    }
  }
  return MoveAll(tx, source, kMoveExportPlace, batch);
}

}  // namespace clientele::feed
