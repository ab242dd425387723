# The connections are tested on the program's own knowledge.
foreach(test test_cds_hooks)
  target_link_libraries(${test} PRIVATE ag_builtin)
endforeach()
