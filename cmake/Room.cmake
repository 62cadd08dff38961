# A room is one folder (top-level, or nested such as baseline/facts): a static library with the alias
# baseline::<alias>. It can include only its own headers and those of the rooms it names in DEPENDS, because the
# include path of a room is a folder that holds a link to that room and nothing else. An include that goes the wrong
# way does not compile.
#
#   add_room(<folder> ALIAS <alias> SOURCES <files...> [DEPENDS <baseline::x ...>] [LIBRARIES <targets...>]
#            [PUBLIC_LIBRARIES <targets...>] [PART <name>] [CXX_STANDARD <number>])
# PART names a second library inside the same folder (for a piece with fewer dependencies than the rest). CXX_STANDARD is
# for a piece that cannot be compiled as the project is; it has no precompiled headers.
function(add_room folder)
  cmake_parse_arguments(ROOM "" "ALIAS;PART;CXX_STANDARD" "SOURCES;DEPENDS;LIBRARIES;PUBLIC_LIBRARIES" ${ARGN})
  string(REPLACE "/" "-" target "room-${folder}")
  if(ROOM_PART)
    set(target "${target}-${ROOM_PART}")
  endif()
  list(TRANSFORM ROOM_SOURCES PREPEND "${PROJECT_SOURCE_DIR}/${folder}/")
  add_library(${target} STATIC ${ROOM_SOURCES})
  add_library(baseline::${ROOM_ALIAS} ALIAS ${target})
  room_include_directory(${folder} include_dir)
  target_include_directories(${target} PUBLIC "${include_dir}")
  target_link_libraries(${target} PUBLIC ${ROOM_DEPENDS} ${ROOM_PUBLIC_LIBRARIES}
                        PRIVATE baseline_warnings ${ROOM_LIBRARIES})
  if(ROOM_CXX_STANDARD)
    set_target_properties(${target} PROPERTIES CXX_STANDARD ${ROOM_CXX_STANDARD})
  else()
    target_link_libraries(${target} PRIVATE baseline_precompiled)
  endif()
endfunction()

# The folder through which exactly one room's headers can be included: for a nested room too the include starts at the
# project's root ("baseline/facts/x.h") and reaches nothing of the room around it.
function(room_include_directory folder out)
  string(REPLACE "/" "-" flat "${folder}")
  set(dir "${PROJECT_BINARY_DIR}/rooms/${flat}")
  cmake_path(GET folder PARENT_PATH parent)
  file(MAKE_DIRECTORY "${dir}/${parent}")
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${folder}" "${dir}/${folder}" SYMBOLIC)
  set(${out} "${dir}" PARENT_SCOPE)
endfunction()

# Adds tests/unit/<room>/*: one executable per room, so that a room can be built and tested alone.
#   add_room_test(<name> SOURCES <files...> LIBRARIES <targets...>)
function(add_room_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES} baseline_warnings baseline_precompiled_tests GTest::gmock
                        GTest::gtest_main)
  target_compile_options(${name} PRIVATE ${baseline_test_options})
  # Relative to where tests run, so that a compiler cache serves every checkout.
  target_compile_definitions(${name} PRIVATE TEST_DATA_DIR="tests/data" PROJECT_DIR=".")
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests/support")
  if(BASELINE_SANITIZE)
    # A process for each case costs minutes under a sanitizer: one for the whole program.
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  else()
    gtest_discover_tests(${name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}" DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
  endif()
endfunction()
