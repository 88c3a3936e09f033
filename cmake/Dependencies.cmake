# Every third-party library, all from Debian 12 packages (scripts/setup.sh installs them).

find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(OpenSSL 3.0.1 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(PkgConfig REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq>=15)
pkg_check_modules(YAML_CPP REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)  # Debian's CMake package of it is broken
find_path(CLIENTELE_CLI11_INCLUDE CLI/CLI.hpp REQUIRED)
find_path(CLIENTELE_JSON_INCLUDE nlohmann/json.hpp REQUIRED)
# Serves the ops port: it bounds threads, waiting connections, the size of a request and the time a
# whole request may take, which cpp-httplib 0.11 cannot (a client that sends a byte now and then
# holds one of its threads for ever). prometheus-cpp-dev brings it along.
find_package(civetweb CONFIG REQUIRED)
find_path(CLIENTELE_PHONENUMBER_INCLUDE phonenumbers/phonenumberutil.h REQUIRED)
find_library(CLIENTELE_PHONENUMBER_LIBRARY NAMES phonenumber REQUIRED)
find_program(CLIENTELE_GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
if(CLIENTELE_TESTS)
  find_package(GTest CONFIG REQUIRED)
  find_package(benchmark CONFIG REQUIRED)
endif()
