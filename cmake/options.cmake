# Compiler flags of every target.
add_library(ag_options INTERFACE)
target_compile_options(ag_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wstrict-aliasing
  -Wvla -ffp-contract=off $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>)
target_compile_definitions(ag_options INTERFACE _POSIX_C_SOURCE=200809L)
if(AG_WERROR)
  target_compile_options(ag_options INTERFACE -Werror)
endif()
if(AG_SANITIZE)
  target_compile_options(ag_options INTERFACE -fsanitize=${AG_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(ag_options INTERFACE -fsanitize=${AG_SANITIZE})
endif()
if(AG_LIBFUZZER)
  target_compile_options(ag_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
