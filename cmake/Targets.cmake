# One target per layer. A file that includes gRPC goes into a target with PCH; domain never has it.

# All generated code, of folders that a build leaves out too: what lint.sh needs to compile any file.
add_custom_target(clientele_generated)

# clientele_generates(<library> file ...)
# The library's generated files belong to clientele_generated.
function(clientele_generates name)
  add_custom_target(${name}_generated DEPENDS ${ARGN})
  add_dependencies(${name} ${name}_generated)
  add_dependencies(clientele_generated ${name}_generated)
endfunction()

# clientele_library(<name> [PCH] SOURCES a.cc ... DEPS lib ...)
# Static library from the current folder. PCH reuses the precompiled gRPC / protobuf header.
function(clientele_library name)
  cmake_parse_arguments(ARG "PCH" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC clientele::compile_options ${ARG_DEPS})
  if(ARG_PCH)
    clientele_use_pch(${name})
  endif()
endfunction()

# clientele_executable(<name> OUTPUT file-name SOURCES a.cc ... DEPS lib ...)
# Its malloc is jemalloc's (docs/adr/0068), but for the sanitizers, which have their own.
function(clientele_executable name)
  cmake_parse_arguments(ARG "PCH" "OUTPUT" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE clientele::compile_options ${ARG_DEPS})
  if(CLIENTELE_SANITIZER STREQUAL "none")
    target_link_libraries(${name} PRIVATE clientele_malloc)
  endif()
  if(ARG_PCH)
    clientele_use_pch(${name})
  endif()
  if(ARG_OUTPUT)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${ARG_OUTPUT}
                          RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  endif()
endfunction()

# clientele_test_objects(<test> SOURCE a.cc [PCH] [DEPS lib ...])
# Adds the objects of a source that several tests list, compiled once, by the first of them.
function(clientele_test_objects test)
  cmake_parse_arguments(ARG "PCH" "SOURCE" "DEPS" ${ARGN})
  get_filename_component(path "${ARG_SOURCE}" ABSOLUTE)
  file(RELATIVE_PATH objects "${PROJECT_SOURCE_DIR}" "${path}")
  string(MAKE_C_IDENTIFIER "objects_of_${objects}" objects)
  if(NOT TARGET ${objects})
    add_library(${objects} OBJECT "${path}")
    target_link_libraries(${objects} PRIVATE clientele::compile_options ${ARG_DEPS} GTest::gmock)
    if(ARG_PCH)
      clientele_use_pch(${objects})
    endif()
  endif()
  target_sources(${test} PRIVATE $<TARGET_OBJECTS:${objects}>)
endfunction()

# clientele_test(<name> [PCH] [LABEL unit|contract|service|integration|e2e|fault|fuzz]
#                [TSAN] [POSTGRES] [TIMEOUT seconds] SOURCES a_test.cc ... DEPS lib ...)
# A GoogleTest program registered with ctest as one test. TSAN: it loads neither gRPC nor
# absl::Mutex, so it also runs in the thread sanitizer suite (label tsan). POSTGRES: it needs the
# server that scripts/run_tests.sh starts, and skips its tests without (label postgres); a contract
# is registered a second time, as <name>_on_citus (label citus). A contract (a_contract*.cc) and its
# fixture are compiled once for all tests of a folder.
function(clientele_test name)
  if(NOT CLIENTELE_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "PCH;TSAN;POSTGRES" "LABEL;TIMEOUT" "SOURCES;DEPS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set(shared_sources ${ARG_SOURCES})
  list(FILTER shared_sources INCLUDE REGEX "_(contract|fixture)(_[a-z_]+)?\\.cc$")
  list(FILTER shared_sources EXCLUDE REGEX "_test\\.cc$")
  list(REMOVE_ITEM ARG_SOURCES ${shared_sources})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE clientele::compile_options ${ARG_DEPS}
                        GTest::gmock_main)
  set(pch)
  if(ARG_PCH)
    set(pch PCH)
    clientele_use_pch(${name})
  endif()
  foreach(source ${shared_sources})
    clientele_test_objects(${name} SOURCE ${source} ${pch} DEPS ${ARG_DEPS})
  endforeach()
  add_test(NAME ${name} COMMAND ${name})
  set(labels ${ARG_LABEL})
  if(ARG_POSTGRES)
    clientele_test_objects(${name}
      SOURCE "${PROJECT_SOURCE_DIR}/common/sql/testing/postgres_test_main.cc"
      DEPS clientele_common_sql_postgres_testing)
    target_link_libraries(${name} PRIVATE clientele_common_sql_postgres_testing)
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
    list(APPEND labels postgres)
    if(ARG_LABEL STREQUAL contract)
      # By a name of its own, which the file with its results gets too.
      add_custom_command(TARGET ${name} POST_BUILD
        COMMAND "${CMAKE_COMMAND}" -E create_symlink
                "$<TARGET_FILE_NAME:${name}>" "$<TARGET_FILE:${name}>_on_citus"
        VERBATIM)
      add_test(NAME ${name}_on_citus COMMAND "$<TARGET_FILE:${name}>_on_citus" --citus)
      set_tests_properties(${name}_on_citus PROPERTIES
        SKIP_RETURN_CODE 77 LABELS "${labels};citus" TIMEOUT ${ARG_TIMEOUT})
    endif()
  endif()
  if(ARG_TSAN)
    list(APPEND labels tsan)
    set_property(GLOBAL APPEND PROPERTY CLIENTELE_TSAN_TESTS ${name})
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${ARG_TIMEOUT})
endfunction()
