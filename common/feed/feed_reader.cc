#include "common/feed/feed_reader.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "common/feed/errors.h"
#include "common/feed/limits.h"
#include "common/feed/sql.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

constexpr int kTypeColumn = 5;
constexpr int kPositionColumn = 11;

// Fills one page, partition by partition.
class PageReader {
 public:
  PageReader(const FeedRead& read, FeedPage& page) : read_(read), page_(page) {}

  bool full() const {
    return page_.events.size() >= kReadEventsMax || byte_count_ >= kReadBytesMax || rows_left_ <= 0;
  }

  // Reads `partition` up to `end` as far as the page has room.
  absl::Status Read(sql::Tx& tx, int partition, int64_t end) {
    int64_t& next = page_.next[partition];
    const int64_t rows_max =
        read_.types.empty() ? std::min<int64_t>(rows_left_, kReadEventsMax - page_.events.size())
                            : rows_left_;
    const int64_t rows_wanted = std::min(rows_max, end - next);
    const int64_t expected = next + rows_wanted;
    CLIENTELE_RETURN_IF_ERROR(tx.Query(
        kSelectFeed, {int64_t{partition}, next, end, rows_wanted},
        [&](const sql::Row& row) { return full() ? absl::OkStatus() : Take(partition, row); }));
    // Fewer rows than the head promises: the missing ones are at the end.
    if (!full() && next < expected) {
      return FeedHole(partition, next + 1);
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Take(int partition, const sql::Row& row) {
    int64_t& next = page_.next[partition];
    const int64_t position = row.Int64(kPositionColumn);
    if (position != next + 1) {
      return FeedHole(partition, next + 1);
    }
    next = position;
    --rows_left_;
    if (read_.types.empty() || absl::c_linear_search(read_.types, row.Text(kTypeColumn))) {
      OutboxEvent event = OutboxEventFromRow(row);
      byte_count_ += event.data.size() + event.subject.size() + event.customer_id.size() +
                     event.type.size() + event.data_type.size();
      page_.events.push_back({partition, position, std::move(event)});
    }
    return absl::OkStatus();
  }

  const FeedRead& read_;
  FeedPage& page_;
  size_t byte_count_ = 0;
  int64_t rows_left_ = kReadRowsMax;
};

}  // namespace

absl::StatusOr<Positions> ReadHeads(sql::Tx& tx) {
  Positions heads{};
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectHeads, {}, [&](const sql::Row& row) {
    heads.at(row.Int64(0)) = row.Int64(1);
    return absl::OkStatus();
  }));
  return heads;
}

absl::StatusOr<FeedBounds> ReadFeedBounds(sql::Tx& tx) {
  FeedBounds bounds;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectFeedBounds, {}, [&](const sql::Row& row) {
    bounds.heads.at(row.Int64(0)) = row.Int64(1);
    bounds.oldest.at(row.Int64(0)) = row.Int64(2);
    return absl::OkStatus();
  }));
  return bounds;
}

absl::Status CheckIsKept(const FeedBounds& bounds, const Positions& after,
                         const PartitionSet& partitions) {
  PartitionSet expired;
  int first = 0;
  for (int p = kPartitionCount - 1; p >= 0; --p) {
    if (partitions[p] && after[p] + 1 < bounds.oldest[p]) {
      expired.set(p);
      first = p;
    }
  }
  return expired.any() ? ResumeTokenExpired(expired, after[first] + 1, bounds.oldest[first])
                       : absl::OkStatus();
}

absl::StatusOr<FeedPage> ReadFeed(sql::Tx& tx, const FeedRead& read) {
  FeedPage page;
  page.next = read.after;
  // The heads come first: whatever they promise is visible to the later statements.
  CLIENTELE_ASSIGN_OR_RETURN(const FeedBounds bounds, ReadFeedBounds(tx));
  page.heads = bounds.heads;
  CLIENTELE_RETURN_IF_ERROR(CheckIsKept(bounds, read.after, read.partitions));
  Positions end = page.heads;
  if (read.until.has_value()) {
    for (int p = 0; p < kPartitionCount; ++p) {
      end[p] = std::min(end[p], (*read.until)[p]);
    }
  }
  PageReader reader(read, page);
  for (int i = 0; i < kPartitionCount && !reader.full(); ++i) {
    const int partition = (read.first_partition + i) % kPartitionCount;
    if (read.partitions[partition] && page.next[partition] < end[partition]) {
      CLIENTELE_RETURN_IF_ERROR(reader.Read(tx, partition, end[partition]));
    }
  }
  page.caught_up = HasReached(page.next, end, read.partitions);
  return page;
}

absl::StatusOr<OutboxBacklog> ReadOutboxBacklog(sql::Tx& tx, absl::Time now) {
  OutboxBacklog backlog;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kMeasureOutbox, {}, [&](const sql::Row& row) {
    backlog.count = row.Int64(0);
    if (!row.IsNull(1)) {
      backlog.oldest_record_time = absl::FromUnixMicros(row.Int64(1));
      backlog.oldest_age = std::max(absl::ZeroDuration(), now - *backlog.oldest_record_time);
    }
    return absl::OkStatus();
  }));
  return backlog;
}

}  // namespace clientele::feed
