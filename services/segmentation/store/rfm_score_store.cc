#include "services/segmentation/store/rfm_score_store.h"

#include <algorithm>

#include "common/status/macros.h"
#include "services/segmentation/store/sql_rfm.h"

namespace clientele::segmentation {
namespace {

ScoreRecord ScoreFromRow(const sql::Row& row) {
  ScoreRecord score;
  score.customer_id = std::string(row.Text(0));
  score.entry.row = {static_cast<int32_t>(row.Int64(1)), static_cast<int32_t>(row.Int64(2)),
                     row.Int64(3)};
  score.entry.r = static_cast<uint8_t>(row.Int64(4));
  score.entry.f = static_cast<uint8_t>(row.Int64(5));
  score.entry.m = static_cast<uint8_t>(row.Int64(6));
  if (!row.IsNull(7)) {
    score.entry.segment = static_cast<SegmentIndex>(row.Int64(7));
  }
  return score;
}

sql::Param SegmentParam(std::optional<SegmentIndex> segment) {
  return segment.has_value() ? sql::Param(int64_t{*segment}) : sql::Param(sql::kNull);
}

}  // namespace

absl::Status ScoreWriter::Write(sql::Tx& tx, absl::Span<const ScoreEntry> scores) {
  batch_.resize(std::max(batch_.size(), scores.size()));
  for (size_t i = 0; i < scores.size(); ++i) {
    const ScoreEntry& score = scores[i];
    batch_[i] = {static_cast<int64_t>(run_no_),
                 score.customer_id,
                 int64_t{score.row.recency_days},
                 int64_t{score.row.frequency},
                 score.row.revenue_minor,
                 int64_t{score.r},
                 int64_t{score.f},
                 int64_t{score.m},
                 SegmentParam(score.segment)};
  }
  return tx.ExecuteBatch(kInsertRfmScore, absl::MakeConstSpan(batch_).subspan(0, scores.size()))
      .status();
}

absl::StatusOr<int64_t> DeleteScores(sql::Tx& tx, RunNo run_no, int64_t limit) {
  return tx.Execute(kDeleteRfmScores, {static_cast<int64_t>(run_no), limit});
}

absl::StatusOr<std::optional<ScoreRecord>> FindScore(sql::Tx& tx, RunNo run_no,
                                                     absl::string_view customer_id) {
  std::optional<ScoreRecord> score;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectRfmScore, {static_cast<int64_t>(run_no), customer_id},
                                     [&score](const sql::Row& row) {
                                       score = ScoreFromRow(row);
                                       return absl::OkStatus();
                                     }));
  return score;
}

absl::StatusOr<std::vector<ScoreRecord>> ListScores(sql::Tx& tx, RunNo run_no,
                                                    const ScorePageQuery& query) {
  std::vector<sql::Param> params = {static_cast<int64_t>(run_no), query.after_customer_id,
                                    query.limit};
  if (query.segment.has_value()) {
    params.push_back(int64_t{*query.segment});
  }
  std::vector<ScoreRecord> scores;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(query.segment.has_value() ? kSelectRfmSegmentPage : kSelectRfmScorePage, params,
               [&scores](const sql::Row& row) {
                 scores.push_back(ScoreFromRow(row));
                 return absl::OkStatus();
               }));
  return scores;
}

}  // namespace clientele::segmentation
