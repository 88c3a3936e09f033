#ifndef SERVICES_COMPLAINTS_STORE_SCHEMA_H_
#define SERVICES_COMPLAINTS_STORE_SCHEMA_H_

// The schema of complaints' database.

#include <vector>

#include "common/sql/migration.h"

namespace clientele::complaints {

// Every migration, those of the feed and of idempotency included, ascending.
std::vector<sql::Migration> SchemaMigrations();

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_SCHEMA_H_
