# Every library from outside, found once. Headers of theirs are SYSTEM: their warnings are not ours.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED)
if(BASELINE_TESTS)
  find_package(GTest REQUIRED)
endif()
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(spdlog REQUIRED IMPORTED_TARGET spdlog)

# Debian has no static fmt, and the node-runner is static.
add_library(baseline_fmt STATIC "${CMAKE_CURRENT_LIST_DIR}/fmt.cc")

# Libraries of which Debian ships a static archive that the node-runner needs.
function(find_archive name)
  find_library(ARCHIVE_${name} NAMES lib${name}.a REQUIRED)
  add_library(archive::${name} STATIC IMPORTED GLOBAL)
  set_target_properties(archive::${name} PROPERTIES IMPORTED_LOCATION "${ARCHIVE_${name}}")
endfunction()
find_archive(yaml-cpp)
find_archive(protobuf-lite)
find_archive(zstd)
find_archive(mbedcrypto)
find_archive(mbedx509)
target_link_libraries(archive::mbedx509 INTERFACE archive::mbedcrypto)
target_link_libraries(archive::protobuf-lite INTERFACE Threads::Threads)
