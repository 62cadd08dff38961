# What nearly every source includes, read once for the sanitized builds: a third of the time that clang takes. The
# build that ships does without, and so it finds a source that forgot an include.
#
# baseline_precompiled goes with the sources of rooms, baseline_precompiled_tests with those of tests. Beside each .pch
# lies a .sum with a digest of all that went into it: the compiler cache takes that instead of the .pch, which names the
# folder that it was made in.
add_library(baseline_precompiled INTERFACE)
add_library(baseline_precompiled_tests INTERFACE)
if(NOT BASELINE_SANITIZE OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  return()
endif()

get_directory_property(precompiled_options COMPILE_OPTIONS)
function(precompile library header)
  set(pch "${PROJECT_BINARY_DIR}/${header}.pch")
  set(compile "${CMAKE_CXX_COMPILER}" -std=c++2b ${precompiled_options} ${ARGN} -x c++-header)
  add_custom_command(
    OUTPUT "${pch}" "${pch}.sum"
    COMMAND ${compile} -E -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${header}" -o "${pch}.text"
    COMMAND "${CMAKE_COMMAND}" -E sha256sum "${header}.pch.text" > "${pch}.sum"
    COMMAND "${CMAKE_COMMAND}" -E rm "${pch}.text"
    COMMAND ${compile} -Xclang -fno-pch-timestamp -MD -MF "${pch}.d" -c "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${header}"
            -o "${pch}"
    DEPFILE "${pch}.d"
    WORKING_DIRECTORY "${PROJECT_BINARY_DIR}"
    COMMENT "Precompiling ${header}"
    VERBATIM)
  add_custom_target(${library}_pch DEPENDS "${pch}")
  add_dependencies(${library} ${library}_pch)
  target_compile_options(${library} INTERFACE "SHELL:-Xclang -include-pch -Xclang \"${pch}\" -Xclang -fno-pch-timestamp")
endfunction()
precompile(baseline_precompiled precompiled.h)
precompile(baseline_precompiled_tests precompiled_tests.h -DGTEST_HAS_PTHREAD=1)
