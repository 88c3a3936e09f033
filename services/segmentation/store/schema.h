#ifndef SERVICES_SEGMENTATION_STORE_SCHEMA_H_
#define SERVICES_SEGMENTATION_STORE_SCHEMA_H_

#include <vector>

#include "common/sql/migration.h"

namespace clientele::segmentation {

// Every migration of segmentation's database, those of the feed and of idempotency included,
// ascending.
std::vector<sql::Migration> SchemaMigrations();

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_SCHEMA_H_
