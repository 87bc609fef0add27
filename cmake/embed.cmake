# SPDX-License-Identifier: Apache-2.0
# fp_embed(TARGET SYMBOL FILE...) puts files into TARGET as one table:
#   extern const struct embed_file SYMBOL[]; ends with a NULL name
# Names are relative to the calling CMakeLists.txt. See base/embed.h.
add_executable(embed ${PROJECT_SOURCE_DIR}/cmake/embed.c)

# fp_embed_tables(TARGET SYMBOL FILE...) does so with folders of CSV and text:
#   extern const struct embed_table SYMBOL[]
add_executable(embed_tables ${PROJECT_SOURCE_DIR}/cmake/embed_tables.c)
target_link_libraries(embed_tables PRIVATE base)

function(fp_embed target symbol)
  fp_embed_by(embed ${target} ${symbol} ${ARGN})
endfunction()

function(fp_embed_tables target symbol)
  fp_embed_by(embed_tables ${target} ${symbol} ${ARGN})
endfunction()

function(fp_embed_by tool target symbol)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${symbol}.c)
  set(files "")
  foreach(file ${ARGN})
    list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${tool} ${out} ${symbol} ${ARGN}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    DEPENDS ${tool} ${files}
    COMMENT "embedding ${symbol}")
  target_sources(${target} PRIVATE ${out})
endfunction()
