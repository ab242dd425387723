# The tract's kernels against the scalar reference: here, and those of 64-bit ARM under an emulator.
add_executable(tract_same_bits ${CMAKE_CURRENT_LIST_DIR}/tract_same_bits.c)
target_link_libraries(tract_same_bits PRIVATE ag_options ag_tract)
add_test(NAME tract_same_bits COMMAND tract_same_bits)

find_program(AG_ARM_GCC aarch64-linux-gnu-gcc)
find_program(AG_ARM_QEMU qemu-aarch64)
if(AG_ARM_GCC AND AG_ARM_QEMU AND NOT AG_SANITIZE AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  file(GLOB arm_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/tract/*.c)
  list(APPEND arm_sources ${PROJECT_SOURCE_DIR}/src/base/random.c
    ${PROJECT_SOURCE_DIR}/src/base/fault.c ${CMAKE_CURRENT_LIST_DIR}/tract_same_bits.c)
  file(GLOB arm_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/tract/*.h
    ${PROJECT_SOURCE_DIR}/include/antegrade/tract*.h)
  add_custom_command(OUTPUT tract_same_bits.arm
    COMMAND ${AG_ARM_GCC} -std=c17 -O2 -static -ffp-contract=off -fno-math-errno
      -fno-trapping-math -D_POSIX_C_SOURCE=200809L -I${PROJECT_SOURCE_DIR}/include
      -I${PROJECT_SOURCE_DIR}/src/base -I${PROJECT_SOURCE_DIR}/src/tract ${arm_sources} -lm -lpthread
      -o tract_same_bits.arm
    DEPENDS ${arm_sources} ${arm_headers})
  add_custom_target(tract_same_bits_arm ALL DEPENDS tract_same_bits.arm)
  # The emulator is slow: a few men, and those over early see their lanes freeze.
  add_test(NAME tract_same_bits_arm COMMAND ${AG_ARM_QEMU}
    ${CMAKE_CURRENT_BINARY_DIR}/tract_same_bits.arm 5 7)
endif()
