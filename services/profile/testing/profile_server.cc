#include "services/profile/testing/profile_server.h"

#include "common/handler/testing/handler_fixture.h"
#include "common/sealing/testing/test_key_ring.h"
#include "services/profile/testing/test_database.h"

namespace clientele::profile {

ProfileServer::ProfileServer()
    : business_clock_(TestBusinessTime()),
      key_(TestKey()),
      key_ring_(sealing::TestKeyRing()),
      database_(OpenTestDatabase()),
      parts_("profile"),
      cache_(parts_.clock()),
      module_({.database = *database_,
               .cache = cache_.cache(),
               .business_clock = business_clock_,
               .record_clock = parts_.clock(),
               .ids = parts_.ids(),
               .key = key_,
               .key_wrapper = &key_ring_,
               .idempotency_retention = absl::Hours(24 * 7),
               .poke_outbox = [] {}},
              parts_.pipeline()),
      server_(parts_.pipeline(), module_.Services()) {}

}  // namespace clientele::profile
