#include "services/complaints/store/schema.h"

#include "common/audit/migrations.h"
#include "common/feed/migrations.h"
#include "common/idempotency/migrations.h"
#include "common/key_check/migrations.h"
#include "common/sealing/migrations.h"
#include "services/complaints/migrations.h"

namespace clientele::complaints {

std::vector<sql::Migration> SchemaMigrations() {
  return sql::MergeMigrations({feed::Migrations(), idempotency::Migrations(), audit::Migrations(),
                               sealing::Migrations(), key_check::Migrations(), Migrations()});
}

}  // namespace clientele::complaints
