#ifndef SERVICES_LOYALTY_STORE_SCHEMA_H_
#define SERVICES_LOYALTY_STORE_SCHEMA_H_

#include <vector>

#include "common/sql/migration.h"

namespace clientele::loyalty {

// Every migration of loyalty's database, those of the feed included,
// ascending.
std::vector<sql::Migration> SchemaMigrations();

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_SCHEMA_H_
