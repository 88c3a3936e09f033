#ifndef SERVICES_PROFILE_STORE_SCHEMA_H_
#define SERVICES_PROFILE_STORE_SCHEMA_H_

// The schema of profile's database.

#include <vector>

#include "common/sql/migration.h"

namespace clientele::profile {

// Every migration, those of the feed and of idempotency included, ascending.
std::vector<sql::Migration> SchemaMigrations();

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_SCHEMA_H_
