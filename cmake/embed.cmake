# SPDX-License-Identifier: Apache-2.0
# fp_embed(TARGET SYMBOL FILE...) puts files into TARGET as one table:
#   extern const struct embed_file SYMBOL[]; ends with a NULL name
# Names are relative to the calling CMakeLists.txt. See base/embed.h.
add_executable(embed ${PROJECT_SOURCE_DIR}/cmake/embed.c)

function(fp_embed target symbol)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  set(files "")
  foreach(file ${ARGN})
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${out}
    COMMAND embed ${out} ${symbol} ${ARGN}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    DEPENDS embed ${files}
    COMMENT "embedding ${symbol}")
  target_sources(${target} PRIVATE ${out})
endfunction()
