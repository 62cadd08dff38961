# embed_files(<target> <symbol> ROOT <dir> FILES <relative paths...>): compiles text files into <target> as
#   namespace baseline::embedded { extern const std::span<const File> <symbol>; }   (see base/embedded.h)
function(embed_files target symbol)
  cmake_parse_arguments(EMBED "" "ROOT" "FILES" ${ARGN})
  set(out "${PROJECT_BINARY_DIR}/embedded/${symbol}.cc")
  set(inputs ${EMBED_FILES})
  list(TRANSFORM inputs PREPEND "${EMBED_ROOT}/")
  list(JOIN EMBED_FILES "|" names)
  add_custom_command(
    OUTPUT "${out}"
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DSYMBOL=${symbol} -DROOT=${EMBED_ROOT} "-DFILES=${names}" -P
            "${PROJECT_SOURCE_DIR}/cmake/EmbedScript.cmake"
    DEPENDS ${inputs} "${PROJECT_SOURCE_DIR}/cmake/EmbedScript.cmake"
    COMMENT "Embedding ${symbol}"
    VERBATIM)
  target_sources(${target} PRIVATE "${out}")
endfunction()
