#include "services/segmentation/api/handlers/rfm_scores.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/handler/cached_message.h"
#include "common/handler/tx_options.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "services/segmentation/api/converters/run_converter.h"
#include "services/segmentation/api/converters/score_converter.h"
#include "services/segmentation/api/handlers/latest_run.h"
#include "services/segmentation/api/handlers/run_lookup.h"
#include "services/segmentation/domain/errors.h"
#include "services/segmentation/domain/explanation.h"
#include "services/segmentation/store/rfm_score_store.h"

namespace clientele::segmentation {
namespace {

// A score with the run that it belongs to.
struct FoundScore {
  FinishedRun run;
  ScoreRecord score;

  const std::string& run_id() const { return run.record.request.run_id; }
};

absl::StatusOr<FoundScore> LookUpScore(sql::Tx& tx, const ScoreQuery& query) {
  FoundScore found;
  CLIENTELE_ASSIGN_OR_RETURN(found.run, LookUpFinishedRun(tx, query.run_id));
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<ScoreRecord> score,
                             FindScore(tx, found.run.record.run_no, query.customer_id));
  if (!score.has_value()) {
    return ScoreNotFound({.run_id = found.run_id(), .customer_id = query.customer_id});
  }
  found.score = *std::move(score);
  return found;
}

// What the cache keeps of those customers of the query that are `wanted`: that a run has no score
// of somebody never changes either.
absl::StatusOr<std::vector<cache::Record>> LoadScores(sql::Tx& tx, const BatchScoreQuery& query,
                                                      absl::Span<const size_t> wanted) {
  CLIENTELE_ASSIGN_OR_RETURN(const FinishedRun run, LookUpFinishedRun(tx, query.run_id));
  const RunNo run_no = run.record.run_no;
  std::vector<cache::Record> records;
  records.reserve(wanted.size());
  for (const size_t i : wanted) {
    CLIENTELE_ASSIGN_OR_RETURN(const std::optional<ScoreRecord> score,
                               FindScore(tx, run_no, query.customer_ids[i]));
    const auto version = static_cast<int64_t>(run_no);
    records.push_back(
        score.has_value()
            ? MakeRecord(version, ToProto(run.spec, run.record.request.run_id, *score))
            : cache::Record{.version = version, .payload = std::nullopt});
  }
  return records;
}

absl::StatusOr<ScoreExplanation> ExplainFound(const FoundScore& found) {
  const std::string subject = absl::StrCat("customer ", found.score.customer_id);
  const NewRun& run = found.run.record.request;
  const ExplanationContext context{
      .subject = subject, .model_id = run.model_id, .model_version = run.model_version};
  const ScoreEntry& entry = found.score.entry;
  if (entry.out_of_window()) {
    return ExplainOutOfWindow(context, found.run.spec, entry.row.recency_days);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const CutPoints cut_points, CutPointsOf(found.run.record));
  return ExplainScore(context, found.run.spec, cut_points, entry.row);
}

// The segment's number in the run's rule set; unset when `segment_id` is empty.
absl::StatusOr<std::optional<SegmentIndex>> SegmentOf(const RfmModelSpec& spec,
                                                      const std::string& segment_id) {
  if (segment_id.empty()) {
    return std::nullopt;
  }
  const std::optional<SegmentIndex> segment = FindSegment(RulesOf(spec), segment_id);
  if (!segment.has_value()) {
    Violations violations;
    violations.Add("segment", absl::StrCat("is no segment of the rule set ", spec.rule_set_id));
    return violations.ToStatus();
  }
  return segment;
}

// What one page of a list reads: one row more than it shows tells whether there is another page.
struct ScorePage {
  FinishedRun run;
  std::vector<ScoreRecord> scores;
};

absl::StatusOr<ScorePage> ReadScorePage(sql::Tx& tx, const ScoreListQuery& query) {
  const PageCursor& cursor = query.page.cursor;
  ScorePage page;
  CLIENTELE_ASSIGN_OR_RETURN(page.run,
                             LookUpFinishedRun(tx, cursor.empty() ? query.run_id : cursor.front()));
  ScorePageQuery rows{.after_customer_id = cursor.empty() ? "" : cursor.back(),
                      .limit = query.page.page_size + 1};
  CLIENTELE_ASSIGN_OR_RETURN(rows.segment, SegmentOf(page.run.spec, query.segment));
  CLIENTELE_ASSIGN_OR_RETURN(page.scores, ListScores(tx, page.run.record.run_no, rows));
  return page;
}

}  // namespace

absl::StatusOr<std::vector<cache::Record>> RfmScores::ReadCached(
    absl::Time deadline, const BatchScoreQuery& query) const {
  std::vector<std::string> keys;
  std::vector<cache::ReadRequest> reads;
  keys.reserve(query.customer_ids.size());
  reads.reserve(query.customer_ids.size());
  for (const std::string& customer_id : query.customer_ids) {
    reads.push_back({keys.emplace_back(absl::StrCat(query.run_id, "/", customer_id)), query.rule});
  }
  return api_.cache.BatchGet(
      api_.cached_scores, reads, deadline, [&](absl::Span<const size_t> wanted) {
        return ReadIn(api_.database, {.deadline = deadline},
                      [&](sql::Tx& tx) { return LoadScores(tx, query, wanted); });
      });
}

absl::StatusOr<v1::RfmScore> RfmScores::Get(rpc::CallContext& call,
                                            const v1::GetScoreRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(ScoreQuery query, Validate(request));
  if (query.run_id.empty()) {
    CLIENTELE_ASSIGN_OR_RETURN(query.run_id, FindLatestRun(api_, query.rule, call.deadline));
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<cache::Record> records,
                             ReadCached(call.deadline, {.customer_ids = {query.customer_id},
                                                        .run_id = query.run_id,
                                                        .rule = query.rule}));
  if (!records[0].payload.has_value()) {
    return ScoreNotFound({.run_id = query.run_id, .customer_id = query.customer_id});
  }
  v1::RfmScore score;
  CLIENTELE_RETURN_IF_ERROR(ReadRecord(records[0], score));
  return score;
}

absl::StatusOr<v1::BatchGetScoresResponse> RfmScores::BatchGet(
    rpc::CallContext& call, const v1::BatchGetScoresRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(BatchScoreQuery query, Validate(request));
  if (query.run_id.empty()) {
    CLIENTELE_ASSIGN_OR_RETURN(query.run_id, FindLatestRun(api_, query.rule, call.deadline));
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<cache::Record> records,
                             ReadCached(call.deadline, query));
  v1::BatchGetScoresResponse response;
  for (size_t i = 0; i < records.size(); ++i) {
    if (records[i].payload.has_value()) {
      CLIENTELE_RETURN_IF_ERROR(ReadRecord(records[i], *response.add_scores()));
    } else {
      response.add_missing_customer_ids(query.customer_ids[i]);
    }
  }
  return response;
}

absl::StatusOr<v1::ListScoresResponse> RfmScores::List(rpc::CallContext& call,
                                                       const v1::ListScoresRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ScoreListQuery query, Validate(call, api_.page_tokens, request));
  CLIENTELE_ASSIGN_OR_RETURN(const ScorePage page,
                             ReadIn(api_.database, TxOptionsOf(call),
                                    [&](sql::Tx& tx) { return ReadScorePage(tx, query); }));
  const std::string& run_id = page.run.record.request.run_id;
  v1::ListScoresResponse response;
  for (const ScoreRecord& score : page.scores) {
    if (response.scores_size() == query.page.page_size) {
      // The token names the run, so that later pages of "the latest" stay in the same one.
      const PageCursor next = {run_id, response.scores().rbegin()->customer_id()};
      CLIENTELE_ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                                 api_.page_tokens.Encode(next, query.page.arguments));
      break;
    }
    *response.add_scores() = ToProto(page.run.spec, run_id, score);
  }
  return response;
}

absl::StatusOr<v1::RfmScoreExplanation> RfmScores::Explain(
    rpc::CallContext& call, const v1::ExplainScoreRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ScoreQuery query, Validate(request));
  CLIENTELE_ASSIGN_OR_RETURN(const FoundScore found,
                             ReadIn(api_.database, TxOptionsOf(call),
                                    [&](sql::Tx& tx) { return LookUpScore(tx, query); }));
  CLIENTELE_ASSIGN_OR_RETURN(const ScoreExplanation explanation, ExplainFound(found));
  v1::RfmScoreExplanation response = ToProto(explanation);
  *response.mutable_score() = ToProto(found.run.spec, found.run_id(), found.score);
  return response;
}

}  // namespace clientele::segmentation
