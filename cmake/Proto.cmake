# Compiles <folder>/<name>.proto into the static library <target>, which includes as "<folder>/<name>.pb.h".
#   add_proto(<target> <folder>/<name>.proto)
# protoc writes into a folder of its own, so that the generated header is included like any other.
function(add_proto target file)
  cmake_path(GET file PARENT_PATH folder)
  cmake_path(REPLACE_EXTENSION file LAST_ONLY pb OUTPUT_VARIABLE generated_name)
  string(REPLACE "/" "-" flat "${folder}")
  set(generated "${PROJECT_BINARY_DIR}/generated/${flat}")
  file(MAKE_DIRECTORY "${generated}")
  add_custom_command(
    OUTPUT "${generated}/${generated_name}.cc" "${generated}/${generated_name}.h"
    COMMAND protobuf::protoc "--proto_path=${PROJECT_SOURCE_DIR}" "--cpp_out=${generated}" "${PROJECT_SOURCE_DIR}/${file}"
    DEPENDS "${PROJECT_SOURCE_DIR}/${file}"
    COMMENT "Generating ${generated_name}.cc"
    VERBATIM)
  # Generated code does not keep our warnings; its header is SYSTEM for the same reason.
  add_library(${target} STATIC "${generated}/${generated_name}.cc" "${generated}/${generated_name}.h")
  target_include_directories(${target} SYSTEM PUBLIC "${generated}")
  target_compile_options(${target} PRIVATE -w)
  target_link_libraries(${target} PUBLIC archive::protobuf-lite)
endfunction()
