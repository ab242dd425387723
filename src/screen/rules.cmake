# The scanner's kernels are built once per instruction set and chosen at run time.
set(kernel_flags "-O2")
if(AG_SANITIZE)
  set(kernel_flags "-O1")
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_definitions(ag_screen PRIVATE AG_SCAN_X86)
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/screen/scan_kernels_avx2.c
    PROPERTIES COMPILE_FLAGS "${kernel_flags} -mavx2")
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/screen/scan_kernels_avx512.c
    PROPERTIES COMPILE_FLAGS "${kernel_flags} -mavx512f -mavx512bw")
else()
  set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/screen/scan_kernels_avx2.c
    ${CMAKE_CURRENT_SOURCE_DIR}/screen/scan_kernels_avx512.c PROPERTIES HEADER_FILE_ONLY ON)
endif()
