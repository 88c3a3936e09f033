#ifndef CLI_COMMANDS_BACKEND_OPTIONS_H_
#define CLI_COMMANDS_BACKEND_OPTIONS_H_

// --postgres and --redis of the commands that start a suite.

#include <string>

#include "CLI/App.hpp"

namespace clientele::cli {

// Where a suite keeps its data and its cache; "" = not given.
struct BackendOptions {
  std::string postgres;
  std::string redis;
};

// `options` outlives `command`.
inline void AddBackendOptions(CLI::App& command, BackendOptions& options) {
  command.add_option("--postgres", options.postgres,
                     "A PostgreSQL to keep the data in, a schema per service, instead of SQLite: "
                     "postgresql://user@host:5432/name or keywords, without the password (libpq "
                     "looks for it in $PGPASSFILE or ~/.pgpass)");
  command.add_option("--redis", options.redis,
                     "A Redis behind the caches, as host:port or unix:/path; needed only where "
                     "several processes share a database");
}

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_BACKEND_OPTIONS_H_
