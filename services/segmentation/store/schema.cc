#include "services/segmentation/store/schema.h"

#include "common/audit/migrations.h"
#include "common/feed/migrations.h"
#include "common/idempotency/migrations.h"
#include "common/key_check/migrations.h"
#include "services/segmentation/migrations.h"

namespace clientele::segmentation {

std::vector<sql::Migration> SchemaMigrations() {
  return sql::MergeMigrations({feed::Migrations(), idempotency::Migrations(), audit::Migrations(),
                               key_check::Migrations(), Migrations()});
}

}  // namespace clientele::segmentation
