#include "services/segmentation/jobs/snapshot_writer.h"

#include <vector>

#include "common/status/macros.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/store/rfm_score_store.h"

namespace clientele::segmentation {
namespace {

// Goes through both kinds of customers in one ascending order.
class EntryStream {
 public:
  EntryStream(const RfmModelSpec& spec, const LoadedPopulation& loaded, const RunScores& scores)
      : loaded_(loaded),
        scores_(scores),
        out_of_window_segment_(SegmentWithoutScore(RulesOf(spec), Exclusion::kOutOfWindow)) {}

  bool AtEnd() const {
    return next_scored_ == loaded_.scored.size() && next_out_ == loaded_.out_of_window.size();
  }

  ScoreEntry Next() {
    const bool scored = next_out_ == loaded_.out_of_window.size() ||
                        (next_scored_ < loaded_.scored.size() &&
                         loaded_.scored[next_scored_] < loaded_.out_of_window[next_out_].customer);
    return scored ? NextScored() : NextOutOfWindow();
  }

 private:
  ScoreEntry NextScored() {
    const size_t i = next_scored_++;
    const Score score = scores_.At(i);
    return {loaded_.customers.IdOf(loaded_.scored[i]),
            loaded_.population.columns.At(i),
            score.r,
            score.f,
            score.m,
            score.segment};
  }

  ScoreEntry NextOutOfWindow() {
    const CustomerOutOfWindow& customer = loaded_.out_of_window[next_out_++];
    ScoreEntry entry;
    entry.customer_id = loaded_.customers.IdOf(customer.customer);
    entry.row.recency_days = customer.recency_days;
    entry.segment = out_of_window_segment_;
    return entry;
  }

  const LoadedPopulation& loaded_;
  const RunScores& scores_;
  const std::optional<SegmentIndex> out_of_window_segment_;
  size_t next_scored_ = 0;
  size_t next_out_ = 0;
};

}  // namespace

absl::Status WriteSnapshot(RunLease& lease, const RfmModelSpec& spec,
                           const LoadedPopulation& loaded, const RunScores& scores,
                           RunWatch& watch) {
  EntryStream entries(spec, loaded, scores);
  ScoreWriter writer(watch.run_no());
  std::vector<ScoreEntry> chunk;
  chunk.reserve(kWriteChunkRows);
  while (!entries.AtEnd()) {
    chunk.clear();
    while (chunk.size() < kWriteChunkRows && !entries.AtEnd()) {
      chunk.push_back(entries.Next());
    }
    const auto write = [&](sql::Tx& tx) {
      const absl::Status status = watch.Check(tx);
      return status.ok() ? writer.Write(tx, chunk) : status;
    };
    CLIENTELE_RETURN_IF_ERROR(lease.Write(write));
    watch.Advance(static_cast<int64_t>(chunk.size()));
  }
  return absl::OkStatus();
}

absl::Status DeleteSnapshot(RunLease& lease, RunNo run_no) {
  int64_t deleted_count = kWriteChunkRows;
  while (deleted_count == kWriteChunkRows) {
    CLIENTELE_RETURN_IF_ERROR(lease.Write([&](sql::Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(deleted_count, DeleteScores(tx, run_no, kWriteChunkRows));
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace clientele::segmentation
