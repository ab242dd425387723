# Files may be gzipped where zlib is at hand; the bare core does without.
if(NOT AG_CORE_ONLY)
  target_compile_definitions(ag_network PRIVATE AG_NETWORK_ZLIB)
  target_link_libraries(ag_network PUBLIC z)
endif()

# Kernels are built once per instruction set and chosen at run time; they are always optimised.
set(kernel_flags "-O3 -Wno-psabi")
if(AG_SANITIZE)
  set(kernel_flags "-O1 -Wno-psabi") # quick to compile
endif()
set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/network/network_kernels_base.c
  PROPERTIES COMPILE_FLAGS "${kernel_flags}")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_definitions(ag_network PRIVATE AG_NETWORK_X86)
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/network/network_kernels_avx2.c
    PROPERTIES COMPILE_FLAGS "${kernel_flags} -mavx2")
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/network/network_kernels_avx512.c
    PROPERTIES COMPILE_FLAGS
    "${kernel_flags} -mavx512f -mavx512dq -mavx512vl -mprefer-vector-width=512")
else()
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/network/network_kernels_avx2.c
    ${CMAKE_CURRENT_SOURCE_DIR}/network/network_kernels_avx512.c PROPERTIES HEADER_FILE_ONLY ON)
endif()
