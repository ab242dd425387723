# po/es.po, checked and compiled by msgfmt, becomes part of the program.
find_program(MSGFMT msgfmt REQUIRED)
set(translations ${PROJECT_SOURCE_DIR}/po/es.po)
set(compiled ${CMAKE_CURRENT_BINARY_DIR}/es.mo)
set(catalogues ${CMAKE_CURRENT_BINARY_DIR}/catalogues.c)
add_custom_command(OUTPUT ${catalogues} BYPRODUCTS ${compiled}
  COMMAND ${MSGFMT} --check-format --check-domain --no-hash --endianness=little -o ${compiled} ${translations}
  COMMAND ${CMAKE_COMMAND} -DMO=${compiled} -DOUTPUT=${catalogues}
    -P ${CMAKE_CURRENT_LIST_DIR}/catalogues.cmake
  DEPENDS ${translations} ${CMAKE_CURRENT_LIST_DIR}/catalogues.cmake VERBATIM)
target_sources(ag_base PRIVATE ${catalogues})
