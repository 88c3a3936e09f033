# clientele_embed_migrations(<target> NAMESPACE <c++ namespace> FILES NNNN_<what>.sql ...)
# Makes static library <target> from SQL files of the current folder (paths relative to it, in
# ascending order), each with the NNNN_<what>.citus.sql that lies beside it: its header
# "<folder from the root>/migrations.h" declares, in that namespace,
#   absl::Span<const clientele::sql::Migration> Migrations();
set(CLIENTELE_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/EmbedMigrations.cmake")

function(clientele_embed_migrations name)
  cmake_parse_arguments(ARG "" "NAMESPACE" "FILES" ${ARGN})
  file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  set(root "${PROJECT_BINARY_DIR}/generated-migrations")
  set(stem "${root}/${folder}/migrations")
  list(TRANSFORM ARG_FILES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" OUTPUT_VARIABLE files)
  file(GLOB citus_files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.citus.sql")
  add_custom_command(
    OUTPUT "${stem}.h" "${stem}.cc"
    COMMAND "${CMAKE_COMMAND}" "-DSTEM=${stem}" "-DFOLDER=${folder}"
            "-DNAMESPACE=${ARG_NAMESPACE}" "-DFILES=${files}" -P "${CLIENTELE_EMBED_SCRIPT}"
    DEPENDS ${files} ${citus_files} "${CLIENTELE_EMBED_SCRIPT}"
    COMMENT "Embedding ${folder}/migrations"
    VERBATIM)
  add_library(${name} STATIC "${stem}.cc" "${stem}.h")
  target_include_directories(${name} PUBLIC "${root}")
  target_link_libraries(${name} PUBLIC clientele_common_sql)
endfunction()
