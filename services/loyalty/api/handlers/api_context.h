#ifndef SERVICES_LOYALTY_API_HANDLERS_API_CONTEXT_H_
#define SERVICES_LOYALTY_API_HANDLERS_API_CONTEXT_H_

// What every handler of loyalty works with.

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/crypto/keyed_hash.h"
#include "common/handler/handler_context.h"
#include "services/loyalty/domain/program.h"
#include "services/loyalty/store/member_store.h"

namespace clientele::loyalty {

// The cache::Kind::name of tiers.
inline constexpr char kTierKind[] = "tier";

// Owned by the module; outlives every handler. Everything in it is thread-safe.
struct ApiContext : HandlerContext {
  ApiContext(const HandlerParts& parts, Program program)
      : HandlerContext("loyalty", parts,
                       [](sql::Tx& tx, absl::string_view customer_id) {
                         return LockMembers(tx, {std::string(customer_id)});
                       }),
        configured_program(std::move(program)),
        request_hash(parts.key, "loyalty.ledger-request"),
        cached_tiers(parts.cache.MakeKind(kTierKind)) {}

  const Program configured_program;  // what counts until one is published
  const KeyedHash request_hash;      // recognises a ledger request without keeping its content
  // By customer_id, versioned by the member's row; the payload is a v1::MemberTier. Only the feed
  // of purchases changes what it says, and time.
  const cache::Kind cached_tiers;
};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_API_CONTEXT_H_
