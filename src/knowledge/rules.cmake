# ag_builtin: the knowledge compiled in, from the C file that tools/compile-knowledge writes. A
# build that cannot run that tool (for another machine, or of the core only) takes the file that
# another build has written.
set(AG_BUILTIN_C "" CACHE FILEPATH "C file of the built-in knowledge, written by another build")

function(ag_builtin_library source)
  add_library(ag_builtin STATIC ${source})
  target_link_libraries(ag_builtin PRIVATE ag_options PUBLIC ag_knowledge)
  # Text may be longer than the 4095 bytes that C guarantees.
  target_compile_options(ag_builtin PRIVATE -Wno-overlength-strings)
endfunction()

if(AG_BUILTIN_C)
  ag_builtin_library(${AG_BUILTIN_C})
endif()
