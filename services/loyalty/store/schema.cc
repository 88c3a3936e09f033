#include "services/loyalty/store/schema.h"

#include "common/audit/migrations.h"
#include "common/feed/migrations.h"
#include "common/key_check/migrations.h"
#include "services/loyalty/migrations.h"

namespace clientele::loyalty {

std::vector<sql::Migration> SchemaMigrations() {
  return sql::MergeMigrations(
      {feed::Migrations(), audit::Migrations(), key_check::Migrations(), Migrations()});
}

}  // namespace clientele::loyalty
