#ifndef COMMON_SQL_TESTING_DUMP_TABLES_H_
#define COMMON_SQL_TESTING_DUMP_TABLES_H_

// A whole database as text, for tests that compare two bit for bit.

#include <map>
#include <string>
#include <vector>

#include "common/sql/database.h"

namespace clientele::sql {

// By table: its rows with every column, sorted. Comparable within one driver. Aborts on error.
std::map<std::string, std::vector<std::string>> DumpTables(Database& database);

}  // namespace clientele::sql

#endif  // COMMON_SQL_TESTING_DUMP_TABLES_H_
