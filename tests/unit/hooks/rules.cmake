# The connections are tested on the program's own knowledge.
foreach(test test_cds_hooks test_hook_prefetch test_hook_tokens test_launching
    test_infobutton test_hooks_threads)
  target_link_libraries(${test} PRIVATE ag_builtin)
endforeach()
