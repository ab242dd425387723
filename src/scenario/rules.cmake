# knowledge/tract/*.yaml becomes part of the program.
set(rules_source ${CMAKE_CURRENT_BINARY_DIR}/tract_rules.c)
set(rules_files ${PROJECT_SOURCE_DIR}/knowledge/tract/causes.yaml
  ${PROJECT_SOURCE_DIR}/knowledge/tract/functions.yaml)
add_custom_command(OUTPUT ${rules_source}
  COMMAND ${CMAKE_COMMAND} "-DFILES=${rules_files}" -DOUTPUT=${rules_source}
    -P ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  DEPENDS ${rules_files} ${CMAKE_CURRENT_LIST_DIR}/embed.cmake VERBATIM)
target_sources(ag_scenario PRIVATE ${rules_source})
