#include "common/feed/registered_consumers.h"

#include <algorithm>
#include <cstdint>

#include "common/feed/errors.h"
#include "common/feed/limits.h"
#include "common/feed/sql.h"
#include "common/status/macros.h"

namespace clientele::feed {

absl::Status RegisterConsumer(sql::Tx& tx, absl::string_view name, const PartitionSet& partitions,
                              const Positions& positions) {
  int64_t others_count = 0;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kCountOtherFeedConsumers, {name}, [&](const sql::Row& row) {
    others_count = row.Int64(0);
    return absl::OkStatus();
  }));
  if (others_count >= kFeedConsumersMax) {
    return TooManyFeedConsumers(kFeedConsumersMax);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const absl::Time now, tx.DatabaseTime());
  std::vector<std::vector<sql::Param>> batch;
  batch.reserve(partitions.count());
  for (int p = 0; p < kPartitionCount; ++p) {
    if (partitions[p]) {
      batch.push_back({name, int64_t{p}, positions[p], absl::ToUnixMicros(now)});
    }
  }
  return tx.ExecuteBatch(kUpsertFeedConsumer, batch).status();
}

absl::StatusOr<std::vector<RegisteredConsumer>> ListRegisteredConsumers(sql::Tx& tx) {
  std::vector<RegisteredConsumer> consumers;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectFeedConsumers, {}, [&](const sql::Row& row) {
    if (consumers.empty() || consumers.back().name != row.Text(0)) {
      consumers.push_back({.name = std::string(row.Text(0)),
                           .partitions = {},
                           .positions = {},
                           .seen_time = absl::InfiniteFuture()});
    }
    RegisteredConsumer& consumer = consumers.back();
    consumer.partitions.set(row.Int64(1));
    consumer.positions.at(row.Int64(1)) = row.Int64(2);
    consumer.seen_time = std::min(consumer.seen_time, absl::FromUnixMicros(row.Int64(3)));
    return absl::OkStatus();
  }));
  return consumers;
}

absl::Status ForgetSilentConsumers(sql::Tx& tx, absl::Duration silence_max) {
  CLIENTELE_ASSIGN_OR_RETURN(const absl::Time now, tx.DatabaseTime());
  return tx.Execute(kDeleteSilentFeedConsumers, {absl::ToUnixMicros(now - silence_max)}).status();
}

}  // namespace clientele::feed
