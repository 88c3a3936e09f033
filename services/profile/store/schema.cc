#include "services/profile/store/schema.h"

#include "common/feed/migrations.h"
#include "common/idempotency/migrations.h"
#include "services/profile/migrations.h"

namespace clientele::profile {

std::vector<sql::Migration> SchemaMigrations() {
  return sql::MergeMigrations({feed::Migrations(), idempotency::Migrations(), Migrations()});
}

}  // namespace clientele::profile
