# The outlines of the tract, which the page draws too.
set(outlines ${PROJECT_SOURCE_DIR}/share/tract-outlines.json)
set(outlines_script ${CMAKE_CURRENT_LIST_DIR}/outlines.cmake)
set(made ${CMAKE_CURRENT_BINARY_DIR}/outlines/outlines.h)
add_custom_command(OUTPUT ${made}
  COMMAND ${CMAKE_COMMAND} -DJSON=${outlines} -DOUTPUT=${made} -P ${outlines_script}
  DEPENDS ${outlines} ${outlines_script} VERBATIM)
target_sources(ag_report PRIVATE ${made})
target_include_directories(ag_report PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/outlines)

# ag_texts_of(PART FOLDER TABLE): the texts of knowledge/FOLDER become part of PART, as TABLE.
set(texts_script ${CMAKE_CURRENT_SOURCE_DIR}/report/leaflets.cmake CACHE INTERNAL "")
function(ag_texts_of part folder table)
  set(from ${PROJECT_SOURCE_DIR}/knowledge/${folder})
  file(GLOB texts CONFIGURE_DEPENDS ${from}/*/*.md)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${table}.c)
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${from} -DTABLE=${table} -DOUTPUT=${made} -P ${texts_script}
    DEPENDS ${texts} ${texts_script} VERBATIM)
  target_sources(${part} PRIVATE ${made})
endfunction()
ag_texts_of(ag_report leaflets ag_leaflet_files)
