#ifndef SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_

// What every handler of segmentation works with.

#include <functional>
#include <utility>

#include "common/handler/handler_context.h"
#include "services/segmentation/store/run_board.h"

namespace clientele::segmentation {

// The cache::Kind::name of each.
inline constexpr char kScoreKind[] = "score";
inline constexpr char kLatestRunKind[] = "latest_run";

// Owned by the module; outlives every handler. Everything in it is thread-safe.
struct ApiContext : HandlerContext {
  // `poke` is called after a commit that accepted a run; cheap. `runs` outlives the context.
  ApiContext(const HandlerParts& parts, const RunBoard& runs, std::function<void()> poke)
      : HandlerContext("segmentation", parts),
        board(runs),
        poke_runner(std::move(poke)),
        cached_scores(parts.cache.MakeKind(kScoreKind)),
        cached_latest_run(parts.cache.MakeKind(kLatestRunKind)) {}

  const RunBoard& board;
  const std::function<void()> poke_runner;
  const cache::Kind cached_scores;      // by run_id/customer_id, versioned by the run
  const cache::Kind cached_latest_run;  // of one record, versioned by the run (latest_run.h)
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_
