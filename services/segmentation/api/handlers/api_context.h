#ifndef SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_
#define SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_

// What every handler of segmentation works with.

#include <functional>
#include <utility>

#include "common/handler/handler_context.h"
#include "services/segmentation/store/run_board.h"

namespace clientele::segmentation {

// Owned by the module; outlives every handler. Everything in it is thread-safe.
struct ApiContext : HandlerContext {
  // `poke` is called after a commit that accepted a run; cheap. `runs` outlives the context.
  ApiContext(const HandlerParts& parts, const RunBoard& runs, std::function<void()> poke)
      : HandlerContext("segmentation", parts), board(runs), poke_runner(std::move(poke)) {}

  const RunBoard& board;
  const std::function<void()> poke_runner;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_API_HANDLERS_API_CONTEXT_H_
