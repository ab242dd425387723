# Arithmetic instructions (add, sub, mul, max, min, div, sqrt) in the loop of the scalar kernel, by
# objdump -d | grep -cE '(add|sub|mul|max|min|div|sqrt)sd'.
target_compile_definitions(bench_tract PRIVATE AG_TRACT_OPERATIONS=4600.0)
if(TARGET tract_plain)
  target_link_libraries(bench_tract PRIVATE tract_plain)
  target_compile_definitions(bench_tract PRIVATE AG_HAVE_CVODE)
endif()
