# Run by clientele_embed_migrations() at build time: writes ${STEM}.h and ${STEM}.cc from ${FILES}.
cmake_minimum_required(VERSION 3.25)

# A raw string literal of C++ with the text of a file.
function(read_as_literal file variable)
  file(READ "${file}" text)
  string(FIND "${text}" ")migration\"" terminator)
  if(NOT terminator EQUAL -1)
    message(FATAL_ERROR "${file} holds the mark that ends its text in C++")
  endif()
  set(${variable} "R\"migration(${text})migration\"" PARENT_SCOPE)
endfunction()

set(rows "")
set(last_version 0)
foreach(file IN LISTS FILES)
  get_filename_component(base "${file}" NAME)
  if(NOT base MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.sql$")
    message(FATAL_ERROR "${base} is not named NNNN_<what>.sql")
  endif()
  set(what "${CMAKE_MATCH_2}")
  math(EXPR version "1${CMAKE_MATCH_1} - 10000")  # 0101 would be octal
  if(NOT version GREATER last_version)
    message(FATAL_ERROR "${base} is out of order: list migrations by ascending version")
  endif()
  set(last_version ${version})
  read_as_literal("${file}" text)
  set(citus_text "\"\"")
  string(REGEX REPLACE "\\.sql$" ".citus.sql" citus_file "${file}")
  if(EXISTS "${citus_file}")
    read_as_literal("${citus_file}" citus_text)
  endif()
  string(APPEND rows "    {${version}, \"${what}\", ${text}, ${citus_text}},\n")
endforeach()

string(TOUPPER "${FOLDER}_MIGRATIONS_H_" guard)
string(REGEX REPLACE "[^A-Z0-9]" "_" guard "${guard}")
file(WRITE "${STEM}.h"
"// Generated from ${FOLDER}/migrations by cmake/EmbedMigrations.cmake.
#ifndef ${guard}
#define ${guard}

#include \"absl/types/span.h\"
#include \"common/sql/migration.h\"

namespace ${NAMESPACE} {

// The migrations of ${FOLDER}, by ascending version; static storage.
absl::Span<const clientele::sql::Migration> Migrations();

}  // namespace ${NAMESPACE}

#endif  // ${guard}
")
file(WRITE "${STEM}.cc"
"// Generated from ${FOLDER}/migrations by cmake/EmbedMigrations.cmake.
#include \"${FOLDER}/migrations.h\"

namespace ${NAMESPACE} {
namespace {

constexpr clientele::sql::Migration kMigrations[] = {
${rows}};

}  // namespace

absl::Span<const clientele::sql::Migration> Migrations() { return kMigrations; }

}  // namespace ${NAMESPACE}
")
