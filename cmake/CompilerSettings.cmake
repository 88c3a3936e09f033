# Language level, warnings, hardening and sanitizers. Everything here applies to our own targets
# through the interface target clientele::compile_options; generated code does not link it.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CLIENTELE_CCACHE ccache)
if(CLIENTELE_CCACHE)
  # The slop that lets ccache hit on files that use a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}" -E env
      "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" "${CLIENTELE_CCACHE}")
endif()

find_program(CLIENTELE_MOLD mold)
if(CLIENTELE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(clientele_compile_options INTERFACE)
add_library(clientele::compile_options ALIAS clientele_compile_options)
target_include_directories(clientele_compile_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(clientele_compile_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2
  -Wimplicit-fallthrough -Wno-missing-field-initializers)
if(CLIENTELE_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Lets ccache see the precompiled header.
  target_compile_options(clientele_compile_options INTERFACE -fpch-preprocess)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees short strings overrun when optimised code moves structs that hold them (GCC PR
  # 105329, 105651); the sanitizer suite looks for the real thing.
  target_compile_options(clientele_compile_options INTERFACE
    -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
endif()
if(CLIENTELE_WERROR)
  target_compile_options(clientele_compile_options INTERFACE -Werror)
endif()

if(CLIENTELE_SANITIZER STREQUAL "none" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(clientele_compile_options INTERFACE
    -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  add_link_options(-pie -Wl,-z,relro,-z,now)
elseif(CLIENTELE_SANITIZER STREQUAL "address-undefined")
  set(_checks signed-integer-overflow,shift,bounds,float-cast-overflow,return)
  target_compile_options(clientele_compile_options INTERFACE
    -fsanitize=address -fsanitize=${_checks} -fno-sanitize-recover=${_checks}
    -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address -fsanitize=undefined)
elseif(CLIENTELE_SANITIZER STREQUAL "thread")
  target_compile_options(clientele_compile_options INTERFACE
    -fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(NOT CLIENTELE_SANITIZER STREQUAL "none")
  message(FATAL_ERROR "CLIENTELE_SANITIZER is '${CLIENTELE_SANITIZER}'; "
                      "it must be none, address-undefined or thread")
endif()
