# Generated code and the precompiled header that spares every gRPC file two thirds of its parsing.

# clientele_proto_library(<name> PROTOS dir/a.proto ... [GRPC dir/a_service.proto ...] DEPS lib ...)
# PROTOS become messages, GRPC become messages and stubs. Paths are relative to proto/, those of
# protos that only tests use to the root of the repository.
# Generated code is neither warned about nor sanitized.
function(clientele_proto_library name)
  cmake_parse_arguments(ARG "" "" "PROTOS;GRPC;DEPS" ${ARGN})
  set(out "${PROJECT_BINARY_DIR}/generated")
  file(MAKE_DIRECTORY "${out}")
  set(sources)
  foreach(proto IN LISTS ARG_PROTOS ARG_GRPC)
    string(REGEX REPLACE "\\.proto$" "" stem "${proto}")
    set(file "${PROJECT_SOURCE_DIR}/proto/${proto}")
    if(NOT EXISTS "${file}")
      set(file "${PROJECT_SOURCE_DIR}/${proto}")
    endif()
    set(outputs "${out}/${stem}.pb.cc" "${out}/${stem}.pb.h")
    set(plugin)
    if(proto IN_LIST ARG_GRPC)
      list(APPEND outputs "${out}/${stem}.grpc.pb.cc" "${out}/${stem}.grpc.pb.h")
      set(plugin "--grpc_out=${out}" "--plugin=protoc-gen-grpc=${CLIENTELE_GRPC_CPP_PLUGIN}")
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND protobuf::protoc "-I${PROJECT_SOURCE_DIR}/proto" "-I${PROJECT_SOURCE_DIR}"
              -I/usr/include
              "--cpp_out=${out}" ${plugin} "${proto}"
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}/proto"
      DEPENDS "${file}"
      VERBATIM)
    list(APPEND sources ${outputs})
  endforeach()
  add_library(${name} STATIC ${sources})
  clientele_generates(${name} ${sources})
  target_include_directories(${name} SYSTEM PUBLIC "${out}")
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf gRPC::grpc++ ${ARG_DEPS})
  target_compile_options(${name} PRIVATE -w)
  clientele_use_pch(${name})
endfunction()

# One precompiled header for generated code (plain flags) and one for our own (our flags).
function(clientele_make_pch)
  file(WRITE "${PROJECT_BINARY_DIR}/pch_anchor.cc" "// Carries the precompiled header.\n")
  add_library(clientele_pch STATIC "${PROJECT_BINARY_DIR}/pch_anchor.cc")
  target_link_libraries(clientele_pch PUBLIC clientele::compile_options
                        protobuf::libprotobuf gRPC::grpc++)
  target_precompile_headers(clientele_pch PRIVATE
    <grpcpp/grpcpp.h> <google/protobuf/message.h> <google/protobuf/descriptor.h>
    <absl/status/statusor.h> <string> <vector>)
endfunction()

# Lets target `name` reuse the precompiled header when CLIENTELE_PCH is on.
function(clientele_use_pch name)
  if(NOT CLIENTELE_PCH)
    return()
  endif()
  if(NOT TARGET clientele_pch)
    clientele_make_pch()
  endif()
  get_target_property(libs ${name} LINK_LIBRARIES)
  if(libs MATCHES "clientele::compile_options")
    target_precompile_headers(${name} REUSE_FROM clientele_pch)
    # The header is compiled with -fPIC, and an executable's -fPIE would not fit it.
    target_compile_options(${name} PRIVATE -fPIC)
  else()
    target_precompile_headers(${name} PRIVATE <grpcpp/grpcpp.h> <google/protobuf/message.h>)
  endif()
endfunction()
