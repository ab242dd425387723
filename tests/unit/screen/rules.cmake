# Facts name cards of the project's own knowledge.
foreach(test test_fact_row test_prefixes test_screen_threads)
  target_link_libraries(${test} PRIVATE ag_builtin)
endforeach()
