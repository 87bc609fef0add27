# SPDX-License-Identifier: Apache-2.0
# Warnings and module targets.
set(FP_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wvla
    -Wstrict-prototypes)
if(FP_WERROR)
  list(APPEND FP_WARNINGS -Werror)
endif()

# fp_module(NAME [DEPS target...]) makes one static library of the *.c files
# beside the calling CMakeLists.txt. Headers are included from the top folder
# or from src/: "inventory/inventory.h", "base/err.h".
function(fp_module name)
  cmake_parse_arguments(arg "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  if(NOT sources) # headers alone, like src/wire
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_DEPS})
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_compile_options(${name} PRIVATE ${FP_WARNINGS})
  target_compile_definitions(${name} PUBLIC _DEFAULT_SOURCE)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}
                             ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${arg_DEPS})
endfunction()

# A program loads the libraries it calls, not all that its modules name.
include(CheckLinkerFlag)
check_linker_flag(C LINKER:--as-needed FP_AS_NEEDED)
if(FP_AS_NEEDED)
  add_link_options(LINKER:--as-needed)
endif()
