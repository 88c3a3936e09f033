# clientele_embed_migrations(<target> NAMESPACE <c++ namespace> FILES NNNN_<what>.sql ...)
# Makes static library <target> from SQL files of the current folder (paths relative to it, in
# ascending order), each with the NNNN_<what>.citus.sql that lies beside it: its header
# "<folder from the root>/migrations.h" declares, in that namespace,
#   absl::Span<const clientele::sql::Migration> Migrations();
# The target's property CLIENTELE_MIGRATION_FILES is the list of the files, with their paths.
set(CLIENTELE_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/EmbedMigrations.cmake")

# clientele_write_migrations(<stem> FOLDER <folder from the root> NAMESPACE <c++ namespace> FILES ...)
# What writes "<stem>.h" and "<stem>.cc"; the latter includes "<folder from the root>/migrations.h".
function(clientele_write_migrations stem)
  cmake_parse_arguments(ARG "" "FOLDER;NAMESPACE" "FILES" ${ARGN})
  list(TRANSFORM ARG_FILES REPLACE "[.]sql$" ".citus.sql" OUTPUT_VARIABLE citus_names)
  file(GLOB citus_files CONFIGURE_DEPENDS ${citus_names})
  add_custom_command(
    OUTPUT "${stem}.h" "${stem}.cc"
    COMMAND "${CMAKE_COMMAND}" "-DSTEM=${stem}" "-DFOLDER=${ARG_FOLDER}"
            "-DNAMESPACE=${ARG_NAMESPACE}" "-DFILES=${ARG_FILES}" -P "${CLIENTELE_EMBED_SCRIPT}"
    DEPENDS ${ARG_FILES} ${citus_files} "${CLIENTELE_EMBED_SCRIPT}"
    COMMENT "Embedding ${ARG_FOLDER}/migrations"
    VERBATIM)
endfunction()

function(clientele_embed_migrations name)
  cmake_parse_arguments(ARG "" "NAMESPACE" "FILES" ${ARGN})
  file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  set(root "${PROJECT_BINARY_DIR}/generated-migrations")
  set(stem "${root}/${folder}/migrations")
  list(TRANSFORM ARG_FILES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" OUTPUT_VARIABLE files)
  clientele_write_migrations("${stem}"
    FOLDER "${folder}" NAMESPACE "${ARG_NAMESPACE}" FILES ${files})
  add_library(${name} STATIC "${stem}.cc" "${stem}.h")
  clientele_generates(${name} "${stem}.cc" "${stem}.h")
  set_target_properties(${name} PROPERTIES CLIENTELE_MIGRATION_FILES "${files}")
  target_include_directories(${name} PUBLIC "${root}")
  target_link_libraries(${name} PUBLIC clientele_common_sql)
endfunction()
