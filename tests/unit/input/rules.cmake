if(TARGET ag_builtin)
  target_link_libraries(test_routes PRIVATE ag_builtin)
endif()
