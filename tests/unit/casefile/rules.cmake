if(TARGET ag_builtin)
  target_link_libraries(test_understand PRIVATE ag_builtin)
  target_link_libraries(test_patient_facts PRIVATE ag_builtin jansson)
endif()
