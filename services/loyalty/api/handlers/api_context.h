#ifndef SERVICES_LOYALTY_API_HANDLERS_API_CONTEXT_H_
#define SERVICES_LOYALTY_API_HANDLERS_API_CONTEXT_H_

// What every handler of loyalty works with.

#include <utility>

#include "common/crypto/keyed_hash.h"
#include "common/handler/handler_context.h"
#include "services/loyalty/domain/program.h"

namespace clientele::loyalty {

// Owned by the module; outlives every handler. Everything in it is thread-safe.
struct ApiContext : HandlerContext {
  ApiContext(const HandlerParts& parts, Program program)
      : HandlerContext("loyalty", parts),
        configured_program(std::move(program)),
        request_hash(parts.key, "loyalty.ledger-request") {}

  const Program configured_program;  // what counts until one is published
  const KeyedHash request_hash;      // recognises a ledger request without keeping its content
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_API_CONTEXT_H_
