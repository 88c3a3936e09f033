#ifndef CLI_COMMANDS_POSTGRES_OPTION_H_
#define CLI_COMMANDS_POSTGRES_OPTION_H_

// --postgres of the commands that start a suite.

#include <string>

#include "CLI/App.hpp"

namespace clientele::cli {

// `url`, which outlives `command`, stays "" when it is not given.
inline void AddPostgresOption(CLI::App& command, std::string& url) {
  command.add_option("--postgres", url,
                     "A PostgreSQL to keep the data in, a schema per service, instead of SQLite: "
                     "postgresql://user@host:5432/name or keywords, without the password (libpq "
                     "looks for it in $PGPASSFILE or ~/.pgpass)");
}

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_POSTGRES_OPTION_H_
