# The plan is tested on a folder of cards of its own, and on the project's.
foreach(test test_plan_values test_plan_published)
  target_link_libraries(${test} PRIVATE ag_cards ag_casefile)
endforeach()
