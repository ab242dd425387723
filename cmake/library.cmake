# The libraries that are installed: libantegrade, of all the parts and the knowledge, and
# libantegrade-network, the network engine alone. Both are made from the objects of the parts, so
# that nothing compiles twice.

# A shared library exports the names that the public headers speak of, and no others.
file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/antegrade/*.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${headers})
set(names)
foreach(header IN LISTS headers)
  file(READ ${header} text)
  string(REGEX MATCHALL "ag_[a-z0-9_]+\\(" found "${text}")
  list(APPEND names ${found})
endforeach()
list(TRANSFORM names REPLACE "\\($" "")
list(REMOVE_DUPLICATES names)
set(exports ${PROJECT_BINARY_DIR}/exports.map)
file(CONFIGURE OUTPUT ${exports} CONTENT "{ global: ${names}; local: *; };\n")

# ag_library(NAME DESCRIPTION text PARTS targets...): a static library (target NAME), a shared one
# (NAME-shared) and NAME.pc, all installed.
function(ag_library name)
  cmake_parse_arguments(L "" "DESCRIPTION" "PARTS" ${ARGN})
  set(links)
  foreach(part IN LISTS L_PARTS)
    get_target_property(used ${part} INTERFACE_LINK_LIBRARIES)
    list(FILTER used INCLUDE REGEX "^[a-z][a-z0-9+]*$") # libraries, not parts
    list(APPEND links ${used})
    get_target_property(sources ${part} SOURCES)
    if(sources MATCHES "[.]cc")
      list(APPEND links stdc++)
    endif()
  endforeach()
  list(REMOVE_DUPLICATES links)
  list(TRANSFORM L_PARTS REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)
  add_library(${name} STATIC ${objects})
  add_library(${name}-shared SHARED ${objects})
  foreach(library ${name} ${name}-shared)
    set_target_properties(${library} PROPERTIES OUTPUT_NAME ${name} LINKER_LANGUAGE C)
    target_include_directories(${library} INTERFACE ${PROJECT_SOURCE_DIR}/include)
    target_link_libraries(${library} PUBLIC ${links})
  endforeach()
  target_link_libraries(${name}-shared PRIVATE ag_options)
  target_link_options(${name}-shared PRIVATE -Wl,--version-script=${exports})
  if(NOT AG_SANITIZE)
    target_link_options(${name}-shared PRIVATE -Wl,--no-undefined)
  endif()
  set_target_properties(${name}-shared PROPERTIES VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR} LINK_DEPENDS ${exports})

  set(library_name ${name})
  set(description ${L_DESCRIPTION})
  list(TRANSFORM links REPLACE "(.+)" "-l\\1")
  list(JOIN links " " private_libraries)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/library.pc.in ${name}.pc @ONLY)
  install(TARGETS ${name} ${name}-shared)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

get_property(parts GLOBAL PROPERTY AG_PARTS)
if(TARGET ag_builtin)
  list(APPEND parts ag_builtin)
endif()
ag_library(antegrade PARTS ${parts}
  DESCRIPTION "Works out why a man has little or no semen at orgasm")
if(TARGET ag_network)
  ag_library(antegrade-network PARTS ag_base ag_network
    DESCRIPTION "Exact inference in discrete Bayesian networks")
endif()
install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/antegrade)
