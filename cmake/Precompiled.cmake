# What nearly every source includes, read once: a third of the time that a compiler takes. Rooms have it in the
# sanitized builds alone, so the build that ships finds a source that forgot an include.
#
# baseline_precompiled goes with the sources of rooms, baseline_precompiled_tests with those of tests. Beside each
# precompiled header lies a .sum with a digest of all that went into it: the compiler cache takes that instead of the
# file itself, which names the folder that it was made in.
add_library(baseline_precompiled INTERFACE)
add_library(baseline_precompiled_tests INTERFACE)

get_directory_property(precompiled_options COMPILE_OPTIONS)
get_target_property(precompiled_warnings baseline_warnings INTERFACE_COMPILE_OPTIONS)  # -Wpedantic changes macros of g++
string(TOUPPER "${CMAKE_BUILD_TYPE}" precompiled_type)
separate_arguments(precompiled_flags UNIX_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${precompiled_type}}")

#   precompile(<interface library> <header in this folder> [options of the sources that use it])
function(precompile library header)
  set(source "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${header}")
  # -w: g++ cannot be told otherwise that this main file is a header, and may say once.
  set(compile "${CMAKE_CXX_COMPILER}" ${precompiled_flags} ${precompiled_options} ${precompiled_warnings} ${ARGN}
              ${CMAKE_CXX23_STANDARD_COMPILE_OPTION} -w -x c++-header)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    set(out "${PROJECT_BINARY_DIR}/${header}.pch")
    set(use "SHELL:-Xclang -include-pch -Xclang \"${out}\" -Xclang -fno-pch-timestamp")
    list(APPEND compile -Xclang -fno-pch-timestamp)
  else()
    set(out "${PROJECT_BINARY_DIR}/${header}.gch")
    set(use "SHELL:-Winvalid-pch -include \"${PROJECT_BINARY_DIR}/${header}\"")
  endif()
  add_custom_command(
    OUTPUT "${out}" "${out}.sum"
    COMMAND ${compile} -E -P "${source}" -o "${header}.text"
    COMMAND "${CMAKE_COMMAND}" -E sha256sum "${header}.text" > "${out}.sum"
    COMMAND "${CMAKE_COMMAND}" -E rm "${header}.text"
    COMMAND ${compile} -MD -MF "${out}.d" -c "${source}" -o "${out}"
    DEPFILE "${out}.d"
    WORKING_DIRECTORY "${PROJECT_BINARY_DIR}"
    COMMENT "Precompiling ${header}"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${library}_made DEPENDS "${out}")
  add_dependencies(${library} ${library}_made)
  target_compile_options(${library} INTERFACE "${use}")
endfunction()

if(BASELINE_SANITIZE)
  precompile(baseline_precompiled precompiled.h)
endif()
if(BASELINE_TESTS)
  precompile(baseline_precompiled_tests precompiled_tests.h -DGTEST_HAS_PTHREAD=1 ${baseline_test_options})
endif()
