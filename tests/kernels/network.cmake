# The network engine's kernels against plain loops: here, and those of 64-bit ARM under an emulator.
add_executable(network_same_bits ${CMAKE_CURRENT_LIST_DIR}/network_same_bits.c)
target_link_libraries(network_same_bits PRIVATE ag_options ag_network)
add_test(NAME network_same_bits COMMAND network_same_bits)

find_program(AG_ARM_GCC aarch64-linux-gnu-gcc)
find_program(AG_ARM_QEMU qemu-aarch64)
if(AG_ARM_GCC AND AG_ARM_QEMU AND NOT AG_SANITIZE AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  file(GLOB network_arm_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/network/*.c)
  list(FILTER network_arm_sources EXCLUDE REGEX "_avx")
  list(APPEND network_arm_sources ${PROJECT_SOURCE_DIR}/src/base/random.c
    ${PROJECT_SOURCE_DIR}/src/base/fault.c ${PROJECT_SOURCE_DIR}/src/base/arena.c
    ${PROJECT_SOURCE_DIR}/src/base/pages.c ${PROJECT_SOURCE_DIR}/src/base/text.c
    ${CMAKE_CURRENT_LIST_DIR}/network_same_bits.c)
  file(GLOB network_arm_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/network/*.h
    ${PROJECT_SOURCE_DIR}/include/antegrade/network.h)
  add_custom_command(OUTPUT network_same_bits.arm
    COMMAND ${AG_ARM_GCC} -std=c17 -O3 -static -ffp-contract=off -Wno-psabi
      -D_POSIX_C_SOURCE=200809L -I${PROJECT_SOURCE_DIR}/include -I${PROJECT_SOURCE_DIR}/src/base
      -I${PROJECT_SOURCE_DIR}/src/network ${network_arm_sources} -lm -o network_same_bits.arm
    DEPENDS ${network_arm_sources} ${network_arm_headers})
  add_custom_target(network_same_bits_arm ALL DEPENDS network_same_bits.arm)
  add_test(NAME network_same_bits_arm COMMAND ${AG_ARM_QEMU}
    ${CMAKE_CURRENT_BINARY_DIR}/network_same_bits.arm)
endif()
