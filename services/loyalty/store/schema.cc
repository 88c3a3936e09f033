#include "services/loyalty/store/schema.h"

#include "common/audit/migrations.h"
#include "common/feed/migrations.h"
#include "services/loyalty/migrations.h"

namespace clientele::loyalty {

std::vector<sql::Migration> SchemaMigrations() {
  return sql::MergeMigrations({feed::Migrations(), audit::Migrations(), Migrations()});
}

}  // namespace clientele::loyalty
