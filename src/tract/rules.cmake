# Each kernel is built for its own processor, optimised also in debug builds; the reference stays scalar.
set(kernel_flags "-O2;-fno-math-errno;-fno-trapping-math")
if(AG_SANITIZE)
  list(APPEND kernel_flags -O1) # quick to compile
endif()
set(source ${CMAKE_CURRENT_LIST_DIR})
set_source_files_properties(${source}/kernel_scalar.c PROPERTIES COMPILE_OPTIONS
  "${kernel_flags};-fno-tree-vectorize;-fno-tree-slp-vectorize")
set_source_files_properties(${source}/kernel_avx2.c PROPERTIES COMPILE_OPTIONS
  "${kernel_flags}$<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:;-mavx2>")
set_source_files_properties(${source}/kernel_avx512.c PROPERTIES COMPILE_OPTIONS
  "${kernel_flags}$<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:;-mavx512f;-mavx512dq;-mavx512vl>")
set_source_files_properties(${source}/kernel_neon.c PROPERTIES COMPILE_OPTIONS "${kernel_flags}")
